"""Facts of presence: door scans and online joins; attendance is concluded, never stored."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Instant, JsonObject
from app.programme.models import Session
from app.registration.models import Participant


class Scan(Base):
    """One scan as a device recorded it, never refused for being late, double or odd.

    ``id`` is the device's own; ``scanned_at`` what it said, ``received_at`` when we got it.
    ``participant_id`` is who it is about, once known. ``verdict`` is what the door was told: a
    batch sent again is answered the same. ``admits`` says that the person was let in by it,
    whatever becomes of their place. ``problem`` is the code of an unusable item, kept as ``raw``.
    """

    __tablename__ = "scan"
    __table_args__ = (
        UniqueConstraint("session_id", "key"),
        Index("ix_scan_participant", "session_id", "participant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(12))
    ticket: Mapped[str | None] = mapped_column(String(80))
    undoes: Mapped[str | None] = mapped_column(String(80))
    participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL")
    )
    device: Mapped[str] = mapped_column(String(80))
    scanned_at: Mapped[Instant]
    received_at: Mapped[Instant]
    skew_seconds: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(60))
    verdict: Mapped[str] = mapped_column(String(20))
    admits: Mapped[bool]
    problem: Mapped[str | None] = mapped_column(String(60))
    raw: Mapped[JsonObject | None]

    session: Mapped[Session] = relationship()
    participant: Mapped[Participant | None] = relationship()


class Join(Base):
    """Somebody opened the online room through their join link."""

    __tablename__ = "join_event"
    __table_args__ = (Index("ix_join_event_session", "session_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    at: Mapped[Instant]
