"""From what was said to the document: themes, excerpts, statements, editions, what came of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation
from app.contributions.models import Contribution
from app.database import Base, Instant, JsonList, JsonObject, Localized


class Theme(Base):
    """What several people spoke about, under a guiding question or under none.

    ``number`` is its name, for ever: no other theme of the consultation gets it. ``last_sentence``
    is the highest number given to a statement of it; ``merged_into_id`` the theme it went into.
    """

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    number: Mapped[int]
    guiding_question: Mapped[int | None]
    title: Mapped[Localized]
    last_sentence: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"))
    created_at: Mapped[Instant]

    merged_into: Mapped[Theme | None] = relationship(remote_side="Theme.id")


class Excerpt(Base):
    """A passage of a contribution, marked with a theme and a stance.

    ``start`` and ``end`` are offsets in code points in its text; ``quote`` is the passage as it was
    marked, until its author takes it back. ``answered``: it is listed under differences of view.
    ``marked_in`` is the number of the theme it was marked with, whatever was merged since;
    ``coder`` who marked it.
    """

    __tablename__ = "excerpt"
    __table_args__ = (
        CheckConstraint("stance IN ('for', 'against', 'mixed', 'question', 'fact')", name="stance"),
        CheckConstraint('start >= 0 AND "end" > start', name="passage"),
        Index("ix_excerpt_contribution", "contribution_id"),
        Index("ix_excerpt_theme", "theme_id", "id"),
        Index("ix_excerpt_consultation", "consultation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"))
    marked_in: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    stance: Mapped[str] = mapped_column(String(12))
    quote: Mapped[str]
    answered: Mapped[bool] = mapped_column(default=False)
    coder: Mapped[str] = mapped_column(String(60))
    at: Mapped[Instant]

    contribution: Mapped[Contribution] = relationship()
    theme: Mapped[Theme] = relationship()


class Statement(Base):
    """One sentence of the document: numbered ``<theme>.<n>``, citing excerpts.

    ``place`` orders the statements of a theme. ``revision`` counts saved changes of its words and
    citations, which take the review away.
    """

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        Index("ix_statement_theme", "theme_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(12))
    place: Mapped[int]
    text: Mapped[Localized]
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]
    changed_by: Mapped[str] = mapped_column(String(60))
    reviewed_at: Mapped[Instant | None]
    reviewed_by: Mapped[str | None] = mapped_column(String(60))

    consultation: Mapped[Consultation] = relationship()
    theme: Mapped[Theme] = relationship()
    citations: Mapped[list[Citation]] = relationship(
        order_by="Citation.excerpt_id", cascade="all, delete-orphan"
    )

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody reviewed it as it is now."""
        return self.reviewed_at is not None


class Citation(Base):
    """A statement cites an excerpt: it supports it, opposes it, or illustrates it."""

    __tablename__ = "citation"
    __table_args__ = (
        CheckConstraint("role IN ('supports', 'opposes', 'illustrates')", name="role"),
        Index("ix_citation_excerpt", "excerpt_id"),
    )

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statement.id", ondelete="CASCADE"), primary_key=True
    )
    excerpt_id: Mapped[int] = mapped_column(
        ForeignKey("excerpt.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(12))


class MergeTrace(Base):
    """A theme went into another: which excerpts (ids) and statements (numbers) went along."""

    __tablename__ = "merge_trace"
    __table_args__ = (Index("ix_merge_trace_consultation", "consultation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    theme: Mapped[int]
    into: Mapped[int]
    excerpts: Mapped[JsonList]
    statements: Mapped[JsonList]
    actor: Mapped[str] = mapped_column(String(60))
    at: Mapped[Instant]


class Paper(Base):
    """What the document says around its sentences: number, summary, mandate, method, next steps.

    ``words`` holds the fields of `core.document.Document` that a person writes, by name.
    """

    __tablename__ = "paper"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    words: Mapped[JsonObject]
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]


class Edition(Base):
    """A frozen edition. ``document`` is `core.document.Document` as JSON, sealed, without
    what people said: that is in `EditionPart`, from where a later withdrawal takes it away.

    Number, snapshot, hash and sentences stay for ever; ``revision`` counts what was taken out.
    ``sentences`` are its statements' words by number.
    """

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    number: Mapped[int]
    snapshot_at: Mapped[Instant]
    sha256: Mapped[str] = mapped_column(String(64))
    compilation: Mapped[bool]
    sentences: Mapped[JsonObject]
    document: Mapped[str] = mapped_column(deferred=True)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]

    consultation: Mapped[Consultation] = relationship()


class EditionPart(Base):
    """What one contribution says in an edition: passages, names and their salts, in the order in
    which the document has them. Gone as soon as its author takes it back."""

    __tablename__ = "edition_part"
    __table_args__ = (Index("ix_edition_part_reference", "reference"),)

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
    )
    reference: Mapped[str] = mapped_column(String(40), primary_key=True)
    said: Mapped[JsonList]


class EditionFile(Base):
    """One form of an edition in one language, made once: no upgrade changes a byte of it.

    ``form`` is html (the paper without the site's frame), docx, pdf, md or json. ``is_original``
    says that ``language`` is the one the edition speaks where nobody asks for another; ``title``
    is its title in it. ``body`` is packed by zlib. Gone as soon as anything is taken back of what
    the edition holds.
    """

    __tablename__ = "edition_file"
    __table_args__ = (
        CheckConstraint("form IN ('html', 'docx', 'pdf', 'md', 'json')", name="form"),
    )

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
    )
    form: Mapped[str] = mapped_column(String(4), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    is_original: Mapped[bool]
    title: Mapped[str]
    media: Mapped[str] = mapped_column(String(100))
    body: Mapped[bytes] = mapped_column(deferred=True)
    made_at: Mapped[Instant]


class Redaction(Base):
    """A contribution was withdrawn (``passage``), or its author erased, ``at`` an instant."""

    __tablename__ = "redaction"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    reference: Mapped[str] = mapped_column(String(40), primary_key=True)
    passage: Mapped[bool] = mapped_column(primary_key=True)
    at: Mapped[Instant]


class Outcome(Base):
    """What the receiving body did with an edition. ``told_at``: participants are told once."""

    __tablename__ = "outcome"
    __table_args__ = (
        UniqueConstraint("consultation_id", "edition"),
        CheckConstraint("what IN ('noted', 'discussed', 'action', 'not_taken_up')", name="what"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    edition: Mapped[int]
    body: Mapped[Localized]
    on: Mapped[date]
    what: Mapped[str] = mapped_column(String(16))
    text: Mapped[Localized]
    told_at: Mapped[Instant | None]
    changed_at: Mapped[Instant]


class Freezing(Base):
    """The freeze that somebody asked for last, and how far it is; one a consultation.

    ``stage`` is one of `core.synthesis.freezing.Stage`; ``done`` of ``total`` files are made.
    ``process`` works at it (`jobs.this_process`), ``tries`` counts those that took it up.
    ``edition`` is the number it got, written in the transaction that freezes it.
    """

    __tablename__ = "freezing"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    compilation: Mapped[bool]
    asked_by: Mapped[str] = mapped_column(String(60))
    asked_name: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[Instant]
    stage: Mapped[str] = mapped_column(String(12))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    process: Mapped[str | None] = mapped_column(String(80))
    tries: Mapped[int] = mapped_column(default=0)
    touched_at: Mapped[Instant]
    edition: Mapped[int | None]

    consultation: Mapped[Consultation] = relationship()
