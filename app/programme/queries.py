"""Reads about sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.consultations.models import Consultation
from app.core.vocabulary import SessionStatus
from app.database import db
from app.programme.models import Change, Session

IN_ORDER = (Session.starts_at, Session.ends_at, Session.id)


def by_slug(consultation: Consultation, slug: str) -> Session | None:
    """Return the session called ``slug`` in ``consultation``."""
    return db.session.scalar(
        select(Session).where(Session.consultation_id == consultation.id, Session.slug == slug)
    )


def by_id(session_id: int) -> Session | None:
    """Return the session numbered ``session_id``."""
    return db.session.get(Session, session_id)


def all_of(consultation: Consultation) -> list[Session]:
    """Return every session of ``consultation``, drafts too, in order of time."""
    return list(
        db.session.scalars(
            select(Session)
            .where(Session.consultation_id == consultation.id)
            .order_by(*IN_ORDER)
            .options(selectinload(Session.agenda))
        )
    )


def public_of(consultation: Consultation) -> list[Session]:
    """Return the sessions anybody may read, cancelled ones too, in order of time."""
    return [session for session in all_of(consultation) if session.is_public]


def feed_of(consultation: Consultation, *, at: datetime) -> list[Session]:
    """Return what the public feed may hold: public sessions, and those withdrawn since."""
    return [session for session in all_of(consultation) if session.is_public or session.ever_public]


def open_of(consultation: Consultation, *, at: datetime) -> list[Session]:
    """Return the sessions that take registrations for at least one mode at instant ``at``."""
    return [
        session
        for session in all_of(consultation)
        if any(session.takes_registrations(mode, at=at) for mode in session.modes)
    ]


def to_come(*, at: datetime) -> list[Session]:
    """Return the sessions of all consultations but rehearsals that have not ended at ``at``."""
    return list(
        db.session.scalars(
            select(Session)
            .join(Session.consultation)
            .where(Session.ends_at > at, Consultation.rehearsal_of.is_(None))
            .order_by(*IN_ORDER)
        )
    )


def live_ids_due(*, now: datetime) -> list[int]:
    """Return the ids of sessions whose window of coalesced change notices has ended."""
    return list(
        db.session.scalars(
            select(Session.id).where(
                Session.notice_due_at.is_not(None),
                Session.notice_due_at <= now,
                Session.status != SessionStatus.DRAFT,
            )
        )
    )


def changes_of(consultation: Consultation, *, limit: int = 200) -> list[Change]:
    """Return what changed in the programme, the newest first."""
    return list(
        db.session.scalars(
            select(Change)
            .where(Change.consultation_id == consultation.id)
            .order_by(Change.id.desc())
            .limit(limit)
        )
    )
