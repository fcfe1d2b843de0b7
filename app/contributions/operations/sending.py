"""Sending something: numbered, named as its author chose, published or kept for a moderator."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from app import clock
from app.announcements import announce
from app.audit import operations as audit
from app.contributions import mails, queries
from app.contributions.announcements import ContributionMade
from app.contributions.models import Contribution, cap_of
from app.contributions.operations.pages import turn_inside, turn_page
from app.core import attribution, contributions, texts
from app.core.attribution import Attribution
from app.core.contributions import ON_BEHALF, TOOLS, Kind, Source, Stance, Status
from app.core.refusals import N_, Invalid, NotFound, Refusal
from app.core.vocabulary import ConsultationStatus, SessionStatus
from app.database import db, lock, operation
from app.programme.models import Session
from app.registration.models import Participant
from app.web import access

CIRCLE = 1_000_003  # a prime: orders of a board go round it in steps


class ContributionsClosed(Refusal):
    """The session takes no contributions of this kind now."""

    code = "contributions_closed"
    message = N_("Nothing can be sent here now.")


class NotPublished(Refusal):
    """Only what is published can be answered or supported."""

    code = "not_published"
    message = N_("This is not published, so it cannot be answered or supported.")


class AlreadySent(Refusal):
    """Everybody leaves one card in a session; its words can be changed."""

    code = "already_sent"
    message = N_("Your card of this session is here already. You can change what it says.")


@dataclass(frozen=True)
class Sent:
    """What somebody wrote, as it came: `checked` cleans it and refuses what cannot be kept."""

    text: str
    title: str = ""
    guiding_question: int | None = None
    attribution: str = Attribution.ANONYMOUS.value
    language: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as a plain object."""
        return asdict(self)


def checked(session: Session, sent: Sent, *, needs_text: bool = True) -> Sent:
    """Return ``sent`` cleaned. Raises `Invalid`: title, text, `unknown_guiding_question`."""
    title, text = contributions.words(sent.title, sent.text, needs_text=needs_text)
    number = sent.guiding_question
    if number is not None and not queries.has_question(session.consultation, number):
        raise Invalid.field(
            "guiding_question",
            "unknown_guiding_question",
            N_("There is no guiding question with this number"),
        )
    return replace(sent, title=title, text=text, attribution=Attribution(sent.attribution).value)


def check_open(session: Session, kind: Kind, *, at: datetime) -> None:
    """Refuse what the session does not take at instant ``at``.

    Raises `NotFound` where its format knows nothing of the kind, else `ContributionsClosed`.
    """
    if kind in TOOLS and TOOLS[kind] not in session.kind.tools:
        raise NotFound
    running = session.status == SessionStatus.PUBLISHED
    running = running and session.consultation.status == ConsultationStatus.PUBLISHED
    if not running or not contributions.is_open(kind, session.starts_at, session.ends_at, at=at):
        raise ContributionsClosed


@operation
def submit(
    session: Session,
    kind: Kind,
    sent: Sent,
    *,
    participant: Participant | None = None,
    answers: Contribution | None = None,
    stance: str | None = None,
    sent_at: datetime | None = None,
    source: Source = Source.PARTICIPANT,
    source_url: str | None = None,
    author: dict[str, Any] | None = None,
) -> Contribution:
    """Keep what ``participant`` sent, published at once where the session moderates afterwards.

    ``answers`` is what a comment answers, one level deep. With a ``source`` staff entered it for
    somebody, perhaps of whom we know only ``author`` (name, organisation, …); then it is taken at
    any time. ``sent_at`` is when it was sent, if it waited for its owner; a sample is taken as of
    then, published, and nobody is told. Raises `Invalid`,
    `NotFound`, `ContributionsClosed`, `NotPublished`, `AlreadySent` (a second card).
    """
    is_sample = source is Source.SAMPLE
    now = sent_at if is_sample and sent_at else clock.now()
    lock(session.consultation)
    words = checked(session, sent, needs_text=kind is not Kind.TURN)
    if kind is Kind.TURN:
        pass  # it was held: the floor decided, and what was spoken may have no words yet
    elif source is Source.PARTICIPANT:
        check_open(session, kind, at=sent_at or now)
    elif not session.is_public or (kind in TOOLS and TOOLS[kind] not in session.kind.tools):
        raise ContributionsClosed
    if answers is not None:
        db.session.refresh(answers)
        if not (answers.is_published and answers.is_public) or answers.parent_id is not None:
            raise NotPublished
    check_first(session, kind, participant)
    series = contributions.series(kind)
    number = queries.last_number(session.consultation, series) + 1
    waits = queries.is_moderated_before(session, kind) and not is_sample
    contribution = Contribution(
        consultation=session.consultation,
        session=session,
        kind=kind.value,
        series=series,
        number=number,
        reference=contributions.reference(session.consultation.prefix, kind, series, number),
        parent=answers,
        stance=Stance(stance).value if stance else None,
        participant_id=participant.id if participant else None,
        author=facts_of(participant) if participant else typed(author or {}),
        attribution=attribution.lower(words.attribution, cap_of(session)).value,
        source=source.value,
        source_url=source_url,
        entered_by=access.actor_key() if source in ON_BEHALF else None,
        language=words.language or spoken_by(session, participant),
        guiding_question=words.guiding_question,
        title=words.title,
        text=words.text,
        status=(Status.SUBMITTED if waits else Status.PUBLISHED).value,
        spin=1 + secrets.randbelow(CIRCLE - 1),
        comments=0,
        revision=1,
        sent_at=sent_at or now,
        changed_at=now,
        published_at=None if waits else now,
    )
    db.session.add(contribution)
    db.session.flush()
    if source is Source.PARTICIPANT:
        announce(ContributionMade(contribution))
    elif source in ON_BEHALF:
        details = {"kind": kind.value, "source": source.value}
        note(contribution, "contribution_entered", details)
    if kind is Kind.IDEA and not is_sample:
        mails.received(contribution)
    if waits:
        turn_inside(contribution)
    else:
        turn_page(contribution)
    return contribution


def check_first(session: Session, kind: Kind, participant: Participant | None) -> None:
    """Refuse a second card of the same person in a session."""
    if kind is Kind.CARD and participant and queries.card_of(session, participant) is not None:
        raise AlreadySent


def facts_of(participant: Participant) -> dict[str, Any]:
    """Return what a participant's record says now; what is shown of it is decided elsewhere."""
    return {name: getattr(participant, name) or "" for name in attribution.FACTS}


def typed(author: dict[str, Any]) -> dict[str, Any]:
    """Return what staff typed of somebody who is no participant, cleaned like anybody's name."""
    return {name: texts.clean_name(author.get(name) or "") for name in attribution.FACTS}


def spoken_by(session: Session, participant: Participant | None) -> str:
    """Return the language of a text that does not say it."""
    return participant.language if participant else session.consultation.language


def note(contribution: Contribution, action: str, details: dict[str, Any] | None = None) -> None:
    """Write an act of staff into the audit: reference, field names, nobody's words."""
    audit.record(
        action,
        contribution,
        consultation_id=contribution.consultation_id,
        details={"reference": contribution.reference} | (details or {}),
    )
