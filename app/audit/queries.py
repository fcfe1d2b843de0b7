"""Reads of the audit."""

from __future__ import annotations

from sqlalchemy import select

from app.audit.models import AuditEntry
from app.database import db


def of(consultation_id: int, *, before: int | None = None, limit: int = 100) -> list[AuditEntry]:
    """Return the acts in one consultation, the newest first, older than the id ``before``."""
    query = select(AuditEntry).where(AuditEntry.consultation_id == consultation_id)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)))


def about(consultation_id: int, objects: list[str], *, limit: int = 100) -> list[AuditEntry]:
    """Return the acts on ``objects`` (``registration:7``) of one consultation, the newest first."""
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.consultation_id == consultation_id, AuditEntry.object.in_(objects))
            .order_by(AuditEntry.id.desc())
            .limit(limit)
        )
    )
