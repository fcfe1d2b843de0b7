"""Ideas on their way: drafts, and those kept until the owner of an address says yes."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.links import new_id
from app.database import Base, Instant, JsonObject
from app.programme.models import Session
from app.registration.models import Participant


class KeptIdea(Base):
    """An idea nobody has vouched for yet: shown and counted nowhere.

    ``words`` are title, text, guiding_question, language and attribution as they were sent;
    emptied once the idea is made (``contribution_id``) or lapses.
    """

    __tablename__ = "kept_idea"
    __table_args__ = (Index("ix_kept_idea_participant", "participant_id", "session_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True, default=new_id)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    words: Mapped[JsonObject]
    sent_at: Mapped[Instant]
    lapses_at: Mapped[Instant]
    contribution_id: Mapped[int | None] = mapped_column(
        ForeignKey("contribution.id", ondelete="SET NULL")
    )

    participant: Mapped[Participant] = relationship(lazy="joined", innerjoin=True)
    session: Mapped[Session] = relationship(lazy="joined", innerjoin=True)


class Draft(Base):
    """An idea somebody has not sent yet: nobody sees it but its author.

    ``words`` as in `KeptIdea`, perhaps without title or text.
    """

    __tablename__ = "idea_draft"
    __table_args__ = (Index("ix_idea_draft_participant", "participant_id", "session_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True, default=new_id)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    words: Mapped[JsonObject]
    saved_at: Mapped[Instant]

    participant: Mapped[Participant] = relationship(lazy="joined", innerjoin=True)
    session: Mapped[Session] = relationship(lazy="joined", innerjoin=True)
