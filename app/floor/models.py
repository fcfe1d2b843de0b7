"""Who asked for the floor, the turns they had, and what became of questions sent in writing."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.contributions.models import Contribution
from app.core.attribution import Attribution
from app.core.floor import Kind
from app.core.links import new_id
from app.database import Base, Instant
from app.programme.models import Session
from app.registration.models import Participant

IS_OPEN = text("state IN ('waiting', 'speaking')")
LASTS = text("ended_at IS NULL")


class FloorList(Base):
    """Whether anybody new may ask; a session without a row has an open list."""

    __tablename__ = "floor_list"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), primary_key=True
    )
    is_open: Mapped[bool]


class FloorRequest(Base):
    """One person's wish to speak, from asking until it is spoken or withdrawn.

    ``participant_id`` is null for people added by staff under their name alone; ``person`` says
    whose it is in either case, so that the database too keeps one open request a person. Name,
    representation, group and country are as they were when it was asked; they are shown only as
    ``attribution`` and the session let them. ``text`` is what is read aloud, or noted while it is
    spoken. ``hub`` names the hub an online speaker sits in. ``contribution_id`` is the turn as it
    is cited.
    """

    __tablename__ = "floor_request"
    __table_args__ = (
        CheckConstraint("mode IN ('on_site', 'online')", name="mode"),
        CheckConstraint("kind IN ('voice', 'text')", name="kind"),
        CheckConstraint("state IN ('waiting', 'speaking', 'done', 'withdrawn')", name="state"),
        CheckConstraint(
            "attribution IN ('named', 'organisation', 'group_country', 'anonymous')",
            name="attribution",
        ),
        Index("ix_floor_request_session", "session_id", "state"),
        Index("ix_floor_request_participant", "participant_id"),
        Index(
            "uq_floor_request_open", "session_id", "person", unique=True,
            sqlite_where=IS_OPEN, postgresql_where=IS_OPEN,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True, default=new_id)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL")
    )
    person: Mapped[str] = mapped_column(String(80))
    name: Mapped[str]
    representation: Mapped[str] = mapped_column(default="")
    country: Mapped[str | None] = mapped_column(String(2))
    stakeholder_group: Mapped[str | None] = mapped_column(String(40))
    attribution: Mapped[str] = mapped_column(String(20), default=Attribution.NAMED.value)
    mode: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(12), default=Kind.VOICE.value)
    text: Mapped[str] = mapped_column(default="")
    needs_time: Mapped[bool] = mapped_column(default=False)
    hub: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[Instant]
    paused: Mapped[bool] = mapped_column(default=False)
    losses: Mapped[int] = mapped_column(default=0)
    lost_at: Mapped[Instant | None]
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    contribution_id: Mapped[int | None] = mapped_column(
        ForeignKey("contribution.id", ondelete="SET NULL"), index=True
    )

    session: Mapped[Session] = relationship(lazy="joined", innerjoin=True)
    participant: Mapped[Participant | None] = relationship()
    contribution: Mapped[Contribution | None] = relationship()


class FloorTurn(Base):
    """One stretch at the microphone; a turn cut off, or followed up, has several.

    ``mode`` is the one in which it was held; ``limit_seconds`` was fixed when it was given and
    grows only by ``extended``. ``because`` is the one word where another was suggested;
    ``is_follow_up`` marks the same person's second stretch. One lasts at a time in a session:
    the database says so too.
    """

    __tablename__ = "floor_turn"
    __table_args__ = (
        CheckConstraint("limit_seconds > 0", name="limit_seconds"),
        Index("ix_floor_turn_session", "session_id", "id"),
        Index("ix_floor_turn_request", "request_id"),
        Index(
            "uq_floor_turn_lasting", "session_id", unique=True,
            sqlite_where=LASTS, postgresql_where=LASTS,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    request_id: Mapped[int] = mapped_column(ForeignKey("floor_request.id", ondelete="CASCADE"))
    mode: Mapped[str] = mapped_column(String(12))
    started_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    limit_seconds: Mapped[int]
    extended: Mapped[int] = mapped_column(default=0)
    because: Mapped[str | None] = mapped_column(String(20))
    is_follow_up: Mapped[bool] = mapped_column(default=False)
    answer_started_at: Mapped[Instant | None]
    answer_ended_at: Mapped[Instant | None]


class QuestionMark(Base):
    """What became of a question in writing: read out, answered; one without a row waits."""

    __tablename__ = "question_mark"

    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True
    )
    read_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
