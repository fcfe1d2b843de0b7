"""Where moderators decide: what waits, one contribution, the log, entering on somebody's behalf."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.consultations.models import Consultation
from app.contributions import operations, panels, queries
from app.contributions.forms import DecisionForm, EntryForm
from app.contributions.models import Contribution
from app.core.contributions import Decision, Kind, Source, Status
from app.core.permissions import Permission
from app.programme import queries as programme
from app.programme.models import Session
from app.web import access, viewer
from app.web.access import requires
from app.web.staff_forms import sent

bp = Blueprint("contributions_staff", __name__, url_prefix="/manage/<consultation>")
P = Permission
PAGE = 20
TABS = (Status.SUBMITTED, Status.HELD, Status.PUBLISHED, Status.REJECTED, Status.WITHDRAWN)


@bp.get("/contributions/")
@requires(P.SEE_DRAFTS)
def index(consultation: Consultation) -> ResponseReturnValue:
    """List the sessions one may moderate, with what waits in each."""
    sessions = [
        each for each in programme.all_of(consultation)
        if access.may(P.RUN_LIVE, consultation, each)
    ]  # fmt: skip
    ids = [session.id for session in sessions]
    return page(
        "index",
        consultation=consultation,
        sessions=sessions,
        tally=queries.tally(ids),
        reported=queries.reported(ids),
    )


@bp.get("/<session>/contributions/")
@requires(P.RUN_LIVE)
def queue(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Show what stands at one status, or was reported, the oldest first."""
    asked = request.args.get("status", "")
    reported = asked == "reported"
    status = asked if asked in set(Status) else Status.SUBMITTED.value
    text = request.args.get("after", "0")
    after = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    rows = queries.queue(session, status, reported=reported, after=after, limit=PAGE + 1)
    here = rows[:PAGE]
    counts = queries.supports_of([row.id for row in here])
    tally = queries.tally([session.id])
    tabs = [
        (str(panels.STATUSES[each]), each.value, tally.get((session.id, each.value), 0))
        for each in TABS
    ]
    tabs.insert(2, (_("Reported"), "reported", queries.reported([session.id]).get(session.id, 0)))
    return page(
        "queue",
        consultation=consultation,
        session=session,
        rows=panels.numbers_of(here, counts),
        form=DecisionForm(),
        tabs=tabs,
        current="reported" if reported else status,
        older=here[-1].id if len(rows) > PAGE else None,
    )


@bp.route("/contributions/<reference>", methods=["GET", "POST"])
@requires(P.RUN_LIVE)
def contribution(consultation: Consultation, contribution: Contribution) -> ResponseReturnValue:
    """Show one with all that is known of it but its author, and decide."""
    form = DecisionForm(sent())
    if form.is_sent:
        act = request.form.get("decision", "")
        if act not in set(Decision):
            abort(422)
        decision = Decision(act)

        def decide() -> None:
            operations.moderate(
                contribution, decision, rule=form.number(), reason=form.reason.data or ""
            )

        if form.done(decide):
            flash(_("%(reference)s: decided.", reference=contribution.reference), "ok")
            return back_to_queue(contribution)
    return one(contribution, form)


@bp.post("/contributions/<reference>/withdraw")
@requires(P.RUN_LIVE)
def withdraw(consultation: Consultation, contribution: Contribution) -> ResponseReturnValue:
    """Take it back for its author, who asked for it."""
    operations.withdraw(contribution, by_staff=True)
    flash(_("%(reference)s is withdrawn.", reference=contribution.reference), "ok")
    return back_to_queue(contribution)


@bp.post("/contributions/<reference>/author")
@requires(P.SEE_AUTHORS)
def author(consultation: Consultation, contribution: Contribution) -> ResponseReturnValue:
    """Say once who is behind it; the look is written into the audit."""
    person = operations.look_at_author(contribution)
    return one(contribution, DecisionForm(), behind=person, looked=True)


@bp.get("/<session>/contributions/log")
@requires(P.RUN_LIVE)
def log(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Show what was decided, by whom, by which rule and why."""
    rulings = queries.log(session)
    return page(
        "log",
        consultation=consultation,
        session=session,
        rulings=rulings,
        names={key: name_of(key) for key in {ruling.actor for ruling in rulings}},
    )


@bp.route("/<session>/contributions/new", methods=["GET", "POST"])
@requires(P.RUN_LIVE)
def enter(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Enter something for somebody, marked as such."""
    form = EntryForm(sent(), session=session, language=viewer.language())
    made: list[Contribution] = []

    def submit() -> None:
        number = form.guiding_question.data
        words = operations.Sent(
            text=form.text.data or "",
            title=form.title.data or "",
            guiding_question=int(number) if number else None,
            attribution=form.attribution.data,
            language=form.language.data,
        )
        made.append(
            operations.submit(
                session,
                Kind(form.kind.data),
                words,
                source=Source(form.source.data),
                source_url=form.source_url.value,
                author=form.author(),
            )
        )

    if form.is_sent and form.done(submit):
        flash(_("Entered as %(reference)s.", reference=made[-1].reference), "ok")
        another = request.form.get("then") == "another"
        return redirect(url_for(".enter" if another else ".queue", **slugs(session)), 303)
    return page("enter", form.status, consultation=consultation, session=session, form=form)


# --- What these pages share -------------------------------------------------------------------


def page(name: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Render a staff page about contributions."""
    html = render_template(f"contributions/{name}.html", rules=panels.rules(), **context)
    return html, status


def one(contribution: Contribution, form: DecisionForm, **more: Any) -> ResponseReturnValue:
    """Render the page of one contribution."""
    count = queries.supports_of([contribution.id]).get(contribution.id, 0)
    return page(
        "contribution",
        form.status,
        consultation=contribution.consultation,
        session=contribution.session,
        contribution=contribution,
        row=panels.shown(contribution, count),
        form=form,
        reports=queries.reports_of(contribution),
        rulings=queries.rulings_of(contribution),
        may_look=access.may(P.SEE_AUTHORS, contribution.consultation, contribution.session),
        **{"behind": None, "looked": False} | more,
    )


def back_to_queue(contribution: Contribution) -> ResponseReturnValue:
    """Lead back to what still waits."""
    return redirect(url_for(".queue", **slugs(contribution.session)), 303)


def slugs(session: Session) -> dict[str, Any]:
    """Return the parts of a session's addresses."""
    return {"consultation": session.consultation.slug, "session": session.slug}


def name_of(actor: str) -> str:
    """Return who acted, as a person reads it."""
    kind, _sep, number = actor.partition(":")
    person = accounts.by_id(int(number)) if kind == "person" else None
    return (person.name or person.email) if person else actor
