"""What feeds show, and the single look-ups that say whether it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, null, or_, select

from app.consultations.models import Consultation
from app.core.links import Purpose
from app.core.refusals import N_, NotFound, Refusal
from app.core.vocabulary import ConsultationStatus, SessionStatus
from app.database import db
from app.feeds.models import StaffFeed
from app.programme.models import Change, Session
from app.registration.models import Participant, Registration, Secret

WITHDRAWN_FOR = timedelta(days=60)  # after its old end a withdrawn or cancelled entry is kept
REMOVED_FOR = timedelta(days=14)  # after staff removed a person, or a registration lapsed

IS_PUBLIC = Consultation.status != ConsultationStatus.DRAFT.value
PROGRAMME = select(Consultation.id.label("id"), Consultation.revision.label("revision")).where(
    Consultation.slug == bindparam("consultation"), IS_PUBLIC
)
ONE_SESSION = (
    select(
        Session.id.label("id"),
        Session.revision.label("revision"),
        Consultation.revision.label("consultation"),
    )
    .join(Consultation, Consultation.id == Session.consultation_id)
    .where(
        Consultation.slug == bindparam("consultation"),
        Session.slug == bindparam("session"),
        IS_PUBLIC,
        or_(Session.status != SessionStatus.DRAFT.value, Session.last_public.is_not(null())),
    )
)
PERSONAL = (
    select(
        Participant.id.label("id"),
        Participant.revision.label("revision"),
        Consultation.revision.label("consultation"),
        Secret.revoked_at.label("revoked_at"),
    )
    .join(Participant, Participant.id == Secret.participant_id)
    .join(Consultation, Consultation.id == Participant.consultation_id)
    .where(Secret.fingerprint == bindparam("fingerprint"), Secret.purpose == Purpose.FEED.value)
)


class FeedRevoked(Refusal):
    """This feed was made anew; calendar apps stop asking for the old address."""

    code = "gone"
    status = 410
    message = N_("This calendar address was replaced by a newer one and no longer works.")


def programme_state(consultation: str) -> Any:
    """Return id and revision of a public consultation by its slug. Raises `NotFound`."""
    return _one(PROGRAMME, consultation=consultation)


def session_state(consultation: str, session: str) -> Any:
    """Return id and revisions of a session that is or was public. Raises `NotFound`."""
    return _one(ONE_SESSION, consultation=consultation, session=session)


def personal_state(fingerprint: str) -> Any:
    """Return id and revisions behind a secret. Raises `NotFound`, `FeedRevoked`."""
    found = _one(PERSONAL, fingerprint=fingerprint)
    if found.revoked_at is not None:
        raise FeedRevoked
    return found


def _one(statement: Any, **values: str) -> Any:
    found = db.session.execute(statement, values).one_or_none()
    if found is None:
        raise NotFound
    return found


def staff_feed(fingerprint: str) -> StaffFeed:
    """Return an organiser's feed. Raises `NotFound`; `FeedRevoked`, also once they have left."""
    found = db.session.get(StaffFeed, fingerprint)
    if found is None:
        raise NotFound
    if found.revoked_at is not None or not found.person.active:
        raise FeedRevoked
    return found


def staff_feed_of(person_id: int) -> StaffFeed | None:
    """Return the feed in force of a person."""
    return db.session.scalar(
        select(StaffFeed).where(StaffFeed.person_id == person_id, StaffFeed.revoked_at.is_(None))
    )


def staff_feed_versions(person_id: int) -> int:
    """Return how many secrets a person's feed has had."""
    return db.session.scalar(
        select(func.count()).select_from(StaffFeed).where(StaffFeed.person_id == person_id)
    ) or 0  # fmt: skip


def every_session() -> list[Session]:
    """Return the sessions of all consultations but rehearsals, in order of time."""
    return list(
        db.session.scalars(
            select(Session)
            .join(Session.consultation)
            .where(Consultation.rehearsal_of.is_(None))
            .order_by(Session.starts_at, Session.id)
        )
    )


def counts(session_ids: Sequence[int]) -> dict[int, dict[tuple[str, str], int]]:
    """Return how many registrations there are, by session and (mode, status): no names."""
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Registration.session_id, Registration.mode, Registration.status, func.count())
        .where(Registration.session_id.in_(session_ids))
        .group_by(Registration.session_id, Registration.mode, Registration.status)
    )
    for session_id, mode, status, number in rows:
        found[session_id][mode, status] = number
    return found


def newest_registrations(session_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when the registrations of each session last changed."""
    rows = db.session.execute(
        select(Registration.session_id, func.max(Registration.changed_at))
        .where(Registration.session_id.in_(session_ids))
        .group_by(Registration.session_id)
    )
    return {row[0]: row[1] for row in rows}


def moves(*consultation_ids: int) -> dict[int, dict[str, Any]]:
    """Return, by session, the wall clock and zone before its last move."""
    rows = db.session.execute(
        select(Change.session_id, Change.before)
        .where(
            Change.consultation_id.in_(consultation_ids),
            Change.kind == "changed",
            Change.session_id.is_not(None),
        )
        .order_by(Change.id)
    )
    return {
        session_id: before
        for session_id, before in rows
        if session_id is not None and before and "starts" in before
    }
