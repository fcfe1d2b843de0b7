"""Contributions, their versions, what was decided and became of them, supports and reports."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation
from app.core.attribution import Author, author
from app.core.contributions import Source, Status
from app.database import Base, Instant, JsonObject, Localized, words
from app.programme.models import Session


class Contribution(Base):
    """Anything said in a consultation, of whatever kind.

    ``author`` holds what the author's record said when it was sent (name, organisation,
    stakeholder_group, country): never shown but through `shown_author`. ``attribution`` is the
    lower of what was chosen and what the session allowed then. ``source`` says how it came,
    ``entered_by`` who entered it on somebody's behalf. ``sent_at`` is when its author sent it.
    ``spin`` is a random place on a circle, for orders that favour nobody; ``comments`` counts the
    published ones. ``tag`` is what a note of a table says of it. ``revision`` counts what readers
    of its page see.
    """

    __tablename__ = "contribution"
    __table_args__ = (
        UniqueConstraint("consultation_id", "series", "number"),
        CheckConstraint(
            "kind IN ('note', 'card', 'turn', 'question', 'idea', 'comment', 'written')",
            name="kind",
        ),
        CheckConstraint(
            "status IN ('submitted', 'held', 'published', 'rejected', 'withdrawn')", name="status"
        ),
        CheckConstraint(
            "attribution IN ('named', 'organisation', 'group_country', 'anonymous')",
            name="attribution",
        ),
        Index("ix_contribution_session", "session_id", "kind", "status"),
        Index("ix_contribution_consultation", "consultation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    series: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), index=True
    )
    stance: Mapped[str | None] = mapped_column(String(12))
    tag: Mapped[str | None] = mapped_column(String(12))
    participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL"), index=True
    )
    author: Mapped[JsonObject]
    attribution: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(12), default=Source.PARTICIPANT.value)
    source_url: Mapped[str | None]
    entered_by: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(12))
    guiding_question: Mapped[int | None]
    title: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(String(12))
    spin: Mapped[int] = mapped_column(BigInteger)
    comments: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    sent_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    published_at: Mapped[Instant | None]
    withdrawn_at: Mapped[Instant | None]

    session: Mapped[Session] = relationship(lazy="joined", innerjoin=True)
    consultation: Mapped[Consultation] = relationship()
    parent: Mapped[Contribution | None] = relationship(remote_side="Contribution.id")
    versions: Mapped[list[Version]] = relationship(
        order_by="Version.number", cascade="all, delete-orphan"
    )

    @property
    def shown_author(self) -> Author:
        """What may be said of its author, now and everywhere."""
        return author(self.author, self.attribution, cap_of(self.session))

    @property
    def shown_source_url(self) -> str | None:
        """The post it was taken from; a link tells who wrote it, so only where they are named."""
        return self.source_url if self.shown_author.name else None

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author took it back: nothing is left but reference, kind, date, status."""
        return self.status == Status.WITHDRAWN

    @property
    def is_published(self) -> bool:
        """Whether it may be read where what it answers may."""
        return self.status == Status.PUBLISHED

    @property
    def is_public(self) -> bool:
        """Whether its page answers to everybody."""
        if self.is_withdrawn:
            return True
        answers_nothing_hidden = self.parent is None or self.parent.is_public
        return self.is_published and answers_nothing_hidden


class Version(Base):
    """What a contribution said before it was changed; ``was_public`` if it could be read."""

    __tablename__ = "contribution_version"
    __table_args__ = (UniqueConstraint("contribution_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]
    was_public: Mapped[bool]
    replaced_at: Mapped[Instant]


class Ruling(Base):
    """What a moderator decided of a contribution: the log of moderation."""

    __tablename__ = "ruling"
    __table_args__ = (Index("ix_ruling_contribution", "contribution_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(60))
    decision: Mapped[str] = mapped_column(String(12))
    rule: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")

    contribution: Mapped[Contribution] = relationship()


class Support(Base):
    """One person's light vote for a contribution: once, whatever happens at the same time."""

    __tablename__ = "support"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[Instant]


class Report(Base):
    """What a reader finds wrong with a contribution; nobody's name is asked."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_contribution", "contribution_id", "settled_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    reason: Mapped[str]
    at: Mapped[Instant]
    settled_at: Mapped[Instant | None]


class Answer(Base):
    """What became of a contribution, and why: one each, read by everybody once it is published.

    ``statement`` is the number (``3.1``) under which the document speaks of it. ``told_at`` is
    when its author was told, once, whatever changes afterwards.
    """

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint(
            "disposition IN ('reflected', 'brought_together', 'few', 'outside_scope', "
            "'not_reflected')",
            name="disposition",
        ),
        Index("ix_answer_consultation", "consultation_id", "statement"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), unique=True
    )
    disposition: Mapped[str] = mapped_column(String(20))
    statement: Mapped[str | None] = mapped_column(String(12))
    text: Mapped[Localized]
    published_at: Mapped[Instant | None]
    told_at: Mapped[Instant | None]
    changed_at: Mapped[Instant]

    contribution: Mapped[Contribution] = relationship()

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it."""
        return self.published_at is not None

    def words(self, *languages: str) -> str:
        """Return its text in the first of ``languages`` it has."""
        return words(self.text, *languages)


class Book(Base):
    """How often what the public reads of a session's contributions changed, and when last."""

    __tablename__ = "contribution_book"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[Instant]


def cap_of(session: Session) -> str:
    """Return the most that a session says of anybody."""
    return session.kind.settings(session.settings).get("attribution", "named")
