"""How often what live pages show has changed; how far a rehearsal was played."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Instant
from app.programme.models import Session


class LiveBook(Base):
    """A session's counters: ``revision`` of what everybody sees, ``inner`` of that and of what
    only one person or the console sees; ``stage_version`` is that of the projector's key."""

    __tablename__ = "live_book"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(default=0)
    inner: Mapped[int] = mapped_column(default=0)
    stage_version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]


class Rehearsal(Base):
    """How far the copy of a session was played: ``done`` counts the steps behind it.

    ``session_id`` is the copy; the session it was made of is its consultation's ``rehearsal_of``.
    """

    __tablename__ = "rehearsal"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), index=True
    )
    done: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[Instant]

    session: Mapped[Session] = relationship()
