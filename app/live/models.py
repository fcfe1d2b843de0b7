"""How often what live pages show has changed."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Instant


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
