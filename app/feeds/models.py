"""The organisers' feeds: whose they are, and the secrets that opened them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Instant


class StaffFeed(Base):
    """One secret of one person's feed; ``version`` counts up when it is made anew.

    The secret itself is derived, so that it can be shown again; this row finds it by its SHA-256.
    """

    __tablename__ = "staff_feed"
    __table_args__ = (UniqueConstraint("person_id", "version"),)

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    version: Mapped[int]
    created_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    first_used_at: Mapped[Instant | None]
    last_used_at: Mapped[Instant | None]
    user_agent: Mapped[str | None] = mapped_column(String(200))

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
