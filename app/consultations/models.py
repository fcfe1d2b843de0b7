"""The consultation: questions put to the public, with dates and a receiving body."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.vocabulary import ConsultationStatus
from app.database import Base, Instant, JsonList, Localized, words


class Consultation(Base):
    """A participation process. ``revision`` counts visible changes of content or membership,
    ``places_revision`` those of the displayed words about places.

    ``rehearsal_of`` is the id of the session of which this is a copy with invented people: such a
    consultation answers at its own address and is listed nowhere (no foreign key: a session
    belongs to a consultation already)."""

    __tablename__ = "consultation"
    __table_args__ = (CheckConstraint("status IN ('draft', 'published', 'closed')", name="status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[Localized]
    summary: Mapped[Localized | None]
    timezone: Mapped[str]
    languages: Mapped[JsonList]
    receiving_body: Mapped[Localized | None]
    scope_note: Mapped[Localized | None]
    convenor: Mapped[Localized | None]
    document_deadline: Mapped[date | None]
    contact_email: Mapped[str | None]
    hashtag: Mapped[str | None]
    controller: Mapped[str | None]
    purpose: Mapped[Localized | None]
    prefix: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(default=ConsultationStatus.DRAFT.value)
    published_at: Mapped[Instant | None]
    rehearsal_of: Mapped[int | None] = mapped_column(index=True)
    preview_version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    places_revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]

    guiding_questions: Mapped[list[GuidingQuestion]] = relationship(
        order_by="GuidingQuestion.number", cascade="all, delete-orphan"
    )

    @property
    def language(self) -> str:
        """The first language, in which a bare address is shown."""
        return self.languages[0]

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.status != ConsultationStatus.DRAFT

    @property
    def is_rehearsal(self) -> bool:
        """Whether its people are invented and nobody is to be told anything."""
        return self.rehearsal_of is not None

    def words(self, name: str, language: str) -> str:
        """Return the text called ``name`` in ``language``, else in the first language."""
        return words(getattr(self, name), language, self.language)


class GuidingQuestion(Base):
    """One of the questions all sessions work on; ``number`` counts from 1."""

    __tablename__ = "guiding_question"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[Localized]
