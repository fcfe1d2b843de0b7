"""Who did what, when: ids, field names and non-personal values only."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Instant, JsonObject


class AuditEntry(Base):
    """One act. ``actor`` is ``person:3``, ``token:5``, ``participant:12`` or ``system``."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_consultation", "consultation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    object: Mapped[str] = mapped_column(String(80))
    consultation_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE")
    )
    details: Mapped[JsonObject | None]
