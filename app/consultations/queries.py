"""Reads about consultations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.consultations.models import Consultation
from app.core.vocabulary import ConsultationStatus
from app.database import db

IS_REAL = Consultation.rehearsal_of.is_(None)


def by_slug(slug: str) -> Consultation | None:
    """Return the consultation called ``slug``."""
    return db.session.scalar(select(Consultation).where(Consultation.slug == slug))


def by_id(consultation_id: int) -> Consultation | None:
    """Return the consultation numbered ``consultation_id``."""
    return db.session.get(Consultation, consultation_id)


def published() -> list[Consultation]:
    """Return what anybody may read, the newest first; rehearsals are listed nowhere."""
    return list(
        db.session.scalars(
            select(Consultation)
            .where(Consultation.status != ConsultationStatus.DRAFT, IS_REAL)
            .order_by(Consultation.published_at.desc(), Consultation.id.desc())
            .options(selectinload(Consultation.guiding_questions))
        )
    )


def every() -> list[Consultation]:
    """Return all consultations, the newest first, but rehearsals."""
    return list(
        db.session.scalars(
            select(Consultation)
            .where(IS_REAL)
            .order_by(Consultation.id.desc())
            .options(selectinload(Consultation.guiding_questions))
        )
    )


def prefixes() -> set[str]:
    """Return the prefixes of references in use."""
    return set(db.session.scalars(select(Consultation.prefix)))


def rehearsal_of(session_id: int) -> Consultation | None:
    """Return the copy in which the session numbered ``session_id`` is rehearsed, if one is."""
    return db.session.scalar(select(Consultation).where(Consultation.rehearsal_of == session_id))


def is_rehearsal(consultation_id: int) -> bool:
    """Say whether the people of a consultation are invented."""
    found = db.session.get(Consultation, consultation_id)  # known already to whoever writes to many
    return found is not None and found.rehearsal_of is not None
