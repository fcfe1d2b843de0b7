"""Contributions under `/api/v1`: sent, answered, supported, reported, withdrawn, moderated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, g, request

from app import clock
from app.consultations.models import Consultation
from app.contributions import operations, queries
from app.contributions.models import Contribution
from app.contributions.permissions import acts, participant_of
from app.contributions.schemas import (
    AnswerIn,
    AnswerOut,
    AnswersIn,
    AnswersOut,
    CommentNew,
    ContributionNew,
    ContributionOut,
    MadeOut,
    ModerationIn,
    ReportNew,
    SupportNew,
    TitledNew,
    answered,
    csv_text,
    shown,
)
from app.core.contributions import Decision, Kind, Source, Status
from app.core.permissions import Permission
from app.core.refusals import Invalid
from app.programme import queries as programme
from app.programme.models import Session
from app.web import access, api
from app.web.access import public_or_token, requires
from app.web.openapi import documented

bp = Blueprint("contributions_api", __name__, url_prefix="/api/v1/consultations/<consultation>")
ONE = "/contributions/<reference>"
IN_SESSION = "/sessions/<session>"
FILTERS = (
    ("kind", "Only contributions of this kind"),
    ("session", "Only those of the session with this slug"),
    ("status", "Only those with this status"),
    ("guiding_question", "Only those that answer the guiding question with this number"),
)


# --- Sending ----------------------------------------------------------------------------------


@bp.post(f"{IN_SESSION}/ideas")
@documented("Send an idea to the board", takes=TitledNew, gives=MadeOut, made=True)
@acts
def ideas(consultation: Consultation, session: Session):
    """Take an idea while the board is open."""
    return send(session, Kind.IDEA, api.read(TitledNew))


@bp.post(f"{IN_SESSION}/questions")
@documented("Send a question in writing", takes=TitledNew, gives=MadeOut, made=True)
@acts
def questions(consultation: Consultation, session: Session):
    """Take a question to the floor."""
    return send(session, Kind.QUESTION, api.read(TitledNew))


@bp.post(f"{IN_SESSION}/cards")
@documented("Send one's card at the end of a session", takes=ContributionNew, gives=MadeOut,
            made=True)  # fmt: skip
@acts
def cards(consultation: Consultation, session: Session):
    """Take a card."""
    return send(session, Kind.CARD, api.read(ContributionNew))


@bp.post(f"{IN_SESSION}/written")
@documented("Send a contribution in writing", takes=ContributionNew, gives=MadeOut, made=True)
@acts
def written(consultation: Consultation, session: Session):
    """Take something in writing."""
    return send(session, Kind.WRITTEN, api.read(ContributionNew))


def send(session: Session, kind: Kind, body: ContributionNew) -> Response:
    """Keep it and answer with its reference."""
    source = Source(body.source or Source.PARTICIPANT)
    if g.acting is not None and (body.source or body.source_url or body.author):
        raise access.Forbidden
    on_behalf = source is not Source.PARTICIPANT
    participant = None
    if not on_behalf or body.participant is not None:
        participant = participant_of(session, body.participant)
    author = body.author.model_dump() if body.author else {}

    def act() -> tuple[int, api.Ids]:
        made = operations.submit(
            session,
            kind,
            body.sent(),
            participant=participant,
            source=source,
            source_url=body.source_url,
            author=author,
        )
        return 201, {"reference": made.reference}

    return api.perform(act, made_out)


@bp.post(f"{ONE}/comments")
@documented("Comment on what is published", takes=CommentNew, gives=MadeOut, made=True)
@acts
def comments(consultation: Consultation, contribution: Contribution):
    """Take a comment."""
    body = api.read(CommentNew)
    participant = participant_of(contribution.session, body.participant)
    sent = operations.Sent(text=body.text, attribution=body.attribution, language=body.language)

    def act() -> tuple[int, api.Ids]:
        made = operations.submit(
            contribution.session,
            Kind.COMMENT,
            sent,
            participant=participant,
            answers=contribution,
            stance=body.stance,
        )
        return 201, {"reference": made.reference}

    return api.perform(act, made_out)


# --- Acts -------------------------------------------------------------------------------------


@bp.post(f"{ONE}/supports")
@documented("Support it, once a person", takes=SupportNew, gives=ContributionOut, made=True)
@acts
def supports(consultation: Consultation, contribution: Contribution):
    """Support it: 201, or 200 where this person does already."""
    participant = participant_of(contribution.session, api.read(SupportNew).participant)

    def act() -> tuple[int, api.Ids]:
        is_new = operations.support(contribution, participant)
        return 201 if is_new else 200, {"reference": contribution.reference}

    return api.perform(act, by_name)


@bp.post(f"{ONE}/reports")
@documented("Report it to the moderators", takes=ReportNew, gives=MadeOut, made=True)
@acts
def reports(consultation: Consultation, contribution: Contribution):
    """Take a reader's report."""
    reason = api.read(ReportNew).reason

    def act() -> tuple[int, api.Ids]:
        operations.report(contribution, reason)
        return 201, {"reference": contribution.reference}

    return api.perform(act, made_out)


@bp.post(f"{ONE}/withdraw")
@documented("Withdraw it: its words go from everything", gives=ContributionOut)
@acts
def withdraw(consultation: Consultation, contribution: Contribution):
    """Take it back, at any time; nobody takes back what another person said."""
    theirs = g.acting is None or contribution.participant_id == g.acting[0].id
    if not (theirs or contribution.is_withdrawn):
        raise access.Forbidden

    def act() -> tuple[int, api.Ids]:
        done = operations.withdraw(contribution, by_staff=g.acting is None)
        return 200, {"reference": done.reference}

    return api.perform(act, by_name)


@bp.post(f"{ONE}/moderation")
@documented("Publish, hold or reject it", takes=ModerationIn, gives=ContributionOut)
@requires(Permission.RUN_LIVE)
def moderation(consultation: Consultation, contribution: Contribution):
    """Decide; the author is told why."""
    body = api.read(ModerationIn)

    def act() -> tuple[int, api.Ids]:
        done = operations.moderate(
            contribution, Decision(body.decision), rule=body.rule, reason=body.reason or ""
        )
        return 200, {"reference": done.reference}

    return api.perform(act, by_name)


# --- Answers ----------------------------------------------------------------------------------


@bp.put(f"{ONE}/answer")
@documented("Say what became of it; its author is told once", takes=AnswerIn, gives=AnswerOut)
@requires(Permission.WRITE_DOCUMENT)
def answer(consultation: Consultation, contribution: Contribution):
    """Answer one contribution."""
    given = api.read(AnswerIn).given(consultation.language)

    def act() -> tuple[int, api.Ids]:
        return 200, {"reference": operations.answer(contribution, given).contribution.reference}

    return api.perform(act, answer_out)


@bp.post("/answers")
@documented("Answer several contributions: all, or none", takes=AnswersIn, gives=AnswersOut)
@requires(Permission.WRITE_DOCUMENT)
def answers(consultation: Consultation):
    """Answer several contributions."""
    items = api.read(AnswersIn).items
    given = [(each.reference, each.given(consultation.language)) for each in items]

    def act() -> tuple[int, api.Ids]:
        before = queries.count_answers(consultation)
        made = operations.answer_many(consultation, given)
        is_new = queries.count_answers(consultation) > before
        references = [each.contribution.reference for each in made]
        return 201 if is_new else 200, {"references": references}

    def show(references: list[str]) -> dict[str, Any]:
        found = queries.by_references(consultation, references)
        known = queries.answers_of([found[each].id for each in references])
        return {"items": [answered(known[found[each].id]) for each in references]}

    return api.perform(act, show)


def answer_out(reference: str) -> dict[str, Any]:
    """Return the answer to the contribution called so."""
    found = queries.by_reference(reference)
    row = queries.answer_to(found) if found else None
    assert row is not None
    return answered(row)


# --- Reading ----------------------------------------------------------------------------------


@bp.get("/contributions")
@documented("List contributions", lists=ContributionOut, query=FILTERS, also=("text/csv",))
@public_or_token
def contributions(consultation: Consultation):
    """Answer with a page of contributions, or all of them as CSV; staff see every status."""
    session = session_named(consultation)
    wanted: dict[str, Any] = {
        "kind": one_of(Kind, "kind"),
        "status": one_of(Status, "status"),
        "session": session,
        "guiding_question": number("guiding_question"),
        "inside": follows(consultation, session),
    }
    if request.accept_mimetypes.best_match(["application/json", "text/csv"]) == "text/csv":
        text = csv_text(described(queries.listed(consultation, **wanted)), bom=False)
        response = Response(text, content_type="text/csv; charset=utf-8")
        response.headers["Cache-Control"] = "no-cache" if access.actor() is None else "no-store"
        response.headers["Vary"] = "Authorization, Accept"
        return response
    start = api.after(int)
    rows = queries.listed(
        consultation, after=start[0] if start else 0, limit=api.limit() + 1, **wanted
    )
    return api.page(rows, lambda row: (row.id,), described)


@bp.get(ONE)
@documented("Read a contribution", gives=ContributionOut)
@public_or_token
def read(consultation: Consultation, contribution: Contribution):
    """Answer with one contribution."""
    return api.answer(described([contribution])[0])


def described(rows: Sequence[Contribution]) -> list[dict[str, Any]]:
    """Return the answers about ``rows``, their supports counted at once for who may see them."""
    now = clock.now()
    seen = [
        row.id
        for row in rows
        if queries.supports_are_shown(row.session, at=now)
        or follows(row.session.consultation, row.session)
    ]
    counts = queries.supports_of(seen) if seen else {}
    return [shown(row, counts.get(row.id, 0) if row.id in set(seen) else None) for row in rows]


def follows(consultation: Consultation, session: Session | None) -> bool:
    """Whether a token follows from inside: what is not published, and supports before the close."""
    return access.may(Permission.SEE_LIVE, consultation, session)


def by_name(reference: str) -> dict[str, Any]:
    """Return the answer about the contribution called so."""
    found = queries.by_reference(reference)
    assert found is not None
    return described([found])[0]


def made_out(reference: str) -> dict[str, Any]:
    """Return reference and status of the contribution called so."""
    found = queries.by_reference(reference)
    assert found is not None
    return {"reference": found.reference, "status": found.status}


def one_of(words: Any, name: str) -> str | None:
    """Return the filter called ``name``, one of ``words``, or nothing."""
    value = request.args.get(name) or None
    if value is not None and value not in list(words):
        raise Invalid.field(
            name, f"invalid_{name}", "This must be one of: %(words)s", words=", ".join(words)
        )
    return value


def number(name: str) -> int | None:
    """Return a filter that is a number, or nothing."""
    text = request.args.get(name) or ""
    if text and not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise Invalid.field(name, "invalid_number", "This must be a whole number")
    return int(text) if text else None


def session_named(consultation: Consultation) -> Session | None:
    """Return the session the filter names."""
    slug = request.args.get("session")
    if not slug:
        return None
    found = programme.by_slug(consultation, slug)
    if found is None:
        raise Invalid.field("session", "unknown_session", "There is no session with this slug")
    return found
