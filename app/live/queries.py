"""What the validators of live pages and documents look up: one statement each, no rows loaded."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Select, bindparam, func, literal, select

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.core import links
from app.core.links import Purpose
from app.core.vocabulary import ConsultationStatus, SessionStatus
from app.database import db
from app.live.models import LiveBook, Rehearsal
from app.programme.models import Session
from app.registration.models import Participant, Registration, Secret

RUNS_ON = timedelta(hours=1)  # sessions overrun; from then on nobody polls any more

C, S, B = Consultation, Session, LiveBook
STATE = (
    S.id.label("id"),
    C.revision.label("programme"),
    S.revision.label("session_revision"),
    func.coalesce(B.revision, 0).label("revision"),
    func.coalesce(B.inner, 0).label("inner"),
    func.coalesce(B.changed_at, S.changed_at).label("changed_at"),
    S.starts_at.label("starts_at"),
    S.ends_at.label("ends_at"),
)
SHOWN = (C.status != ConsultationStatus.DRAFT.value, S.status != SessionStatus.DRAFT.value)


def inside(*more: Any) -> Select:
    """Return the look-up of one session's live state, with ``more`` columns."""
    return (
        select(*STATE, *more)
        .select_from(S)
        .join(C, C.id == S.consultation_id)
        .outerjoin(B, B.session_id == S.id)
        .where(*SHOWN)
    )


OF_SESSION = (
    select(*STATE, literal(0).label("person"))
    .select_from(S)
    .join(C, C.id == S.consultation_id)
    .outerjoin(B, B.session_id == S.id)
    .where(S.id == bindparam("id"))
)
PUBLIC = inside().where(C.slug == bindparam("consultation"), S.slug == bindparam("session"))
PERSON = (Participant.revision.label("person"), Secret.revoked_at.label("revoked_at"),
          Secret.expires_at.label("expires_at"))  # fmt: skip
BY_MANAGE = (
    inside(*PERSON)
    .join(Participant, Participant.consultation_id == C.id)
    .join(Secret, Secret.participant_id == Participant.id)
    .where(
        Secret.fingerprint == bindparam("fingerprint"),
        Secret.purpose == Purpose.MANAGE.value,
        S.slug == bindparam("slug"),
    )
)
BY_JOIN = (
    inside(*PERSON)
    .join(Registration, Registration.session_id == S.id)
    .join(Participant, Participant.id == Registration.participant_id)
    .join(Secret, Secret.registration_id == Registration.id)
    .where(Secret.fingerprint == bindparam("fingerprint"), Secret.purpose == Purpose.JOIN.value)
)


def public(consultation: str, session: str) -> Any | None:
    """Return the live state of a public session by its names; ``None`` if there is none."""
    values = {"consultation": consultation, "session": session}
    return db.session.execute(PUBLIC, values).one_or_none()


def public_by_number(number: str) -> Any | None:
    """Return the names in the address of a public session by its number; ``None`` if none.

    Numbers are easily tried, so they lead to no rehearsal.
    """
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    return db.session.execute(
        select(C.slug.label("consultation"), S.slug.label("session"))
        .join(C, C.id == S.consultation_id)
        .where(S.id == int(number), C.rehearsal_of.is_(None), *SHOWN)
    ).one_or_none()


def of_session(session: Session) -> Any:
    """Return the live state of any session, drafts too, for those who run it."""
    return db.session.execute(OF_SESSION, {"id": session.id}).one()


def counted(session: Session) -> tuple[int, int]:
    """Return how often a session's live pages changed: for everybody, and all in all."""
    row = db.session.execute(
        select(B.revision, B.inner).where(B.session_id == session.id)
    ).one_or_none()
    return (row[0], row[1]) if row else (0, 0)


def revision(row: Any, *, inner: bool = False, count: int = 0) -> int:
    """Return the revision of a live document: every counter it depends on, added up, so that it
    only grows. ``count`` is how many moments of the session have passed."""
    own = row.inner + row.person if inner else row.revision
    return row.programme + row.session_revision + own + count


def moments(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the instants at which time alone changes a session's live pages, in order."""
    return [starts_at, ends_at, ends_at + RUNS_ON]


def by_link(statement: Select, token: str, **values: str) -> Any | None:
    """Return the live state one person's link opens by `BY_MANAGE` or `BY_JOIN`, or ``None``."""
    values["fingerprint"] = links.fingerprint(token)
    return db.session.execute(statement, values).one_or_none()


def stage_key(session: Session) -> str:
    """Return the console's key: with it the projector shows who sits where."""
    version = db.session.scalar(select(B.stage_version).where(B.session_id == session.id))
    key = current_app.config["LINK_KEY"]
    return links.derive(key, Purpose.STAGE, f"session:{session.id}", version or 1)


def opens_stage(session: Session, key: str) -> bool:
    """Say whether ``key`` is the console's."""
    return hmac.compare_digest(key.encode("utf-8", "replace"), stage_key(session).encode())


def version(row: Any) -> tuple[int, ...]:
    """Return what public live pages and documents are made of."""
    return row.id, row.programme, row.session_revision, row.revision


def rehearsal_of(session: Session) -> Rehearsal | None:
    """Return how a session is being rehearsed, if it is."""
    copy = consultations.rehearsal_of(session.id)
    return None if copy is None else db.session.get(Rehearsal, copy.id)
