"""Reads about consultations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.consultations.models import Consultation
from app.core.vocabulary import ConsultationStatus
from app.database import db


def by_slug(slug: str) -> Consultation | None:
    """Return the consultation called ``slug``."""
    return db.session.scalar(select(Consultation).where(Consultation.slug == slug))


def by_id(consultation_id: int) -> Consultation | None:
    """Return the consultation numbered ``consultation_id``."""
    return db.session.get(Consultation, consultation_id)


def published() -> list[Consultation]:
    """Return what anybody may read, the newest first."""
    return list(
        db.session.scalars(
            select(Consultation)
            .where(Consultation.status != ConsultationStatus.DRAFT)
            .order_by(Consultation.published_at.desc(), Consultation.id.desc())
            .options(selectinload(Consultation.guiding_questions))
        )
    )


def every() -> list[Consultation]:
    """Return all consultations, the newest first."""
    return list(
        db.session.scalars(
            select(Consultation)
            .order_by(Consultation.id.desc())
            .options(selectinload(Consultation.guiding_questions))
        )
    )


def prefixes() -> set[str]:
    """Return the prefixes of references in use."""
    return set(db.session.scalars(select(Consultation.prefix)))
