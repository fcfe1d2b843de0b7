"""Tables of a session, the plans of who sits at them, and the rounds that began."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.links import new_id
from app.core.seating import Plan
from app.core.vocabulary import Mode
from app.database import Base, Instant, JsonObject
from app.programme.models import Session
from app.registration.models import Participant

DRAFT, PUBLISHED = "draft", "published"


class CafeTable(Base):
    """One table of one mode, called by its ``number``.

    ``least`` is a wish and ``most`` a rule; both count everybody, host included. ``twin`` is the
    number of the table in the other mode whose notes its host sees. ``join_url`` is the secret
    room of an online table: shown to those seated there, once the plan is published. ``place`` is
    where it stands ("by the window"). ``fingerprint`` is the SHA-256 of the host's link, which
    ``link_version`` makes anew.
    """

    __tablename__ = "cafe_table"
    __table_args__ = (
        UniqueConstraint("session_id", "number"),
        CheckConstraint("mode IN ('on_site', 'online')", name="mode"),
        CheckConstraint("least >= 1 AND most >= least", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True, default=new_id)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    number: Mapped[int]
    mode: Mapped[str] = mapped_column(String(12))
    host_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL"), index=True
    )
    guiding_question: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(12))
    least: Mapped[int]
    most: Mapped[int]
    twin: Mapped[int | None]
    join_url: Mapped[str | None]
    place: Mapped[str] = mapped_column(default="")
    link_version: Mapped[int] = mapped_column(default=1)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)

    session: Mapped[Session] = relationship(lazy="joined", innerjoin=True)
    host: Mapped[Participant | None] = relationship()

    @property
    def is_online(self) -> bool:
        """Whether it stands in the online room."""
        return self.mode == Mode.ONLINE


class Seating(Base):
    """A plan of who sits where: at most one draft and one published of a session.

    ``document`` is the engine's plan, ``problem`` what it was made from (people as they were then
    and those who arrived since, tables, wishes), so that patches build on the same question;
    people are called by their opaque ids. ``report`` is what it is worth; none of it is ever
    computed again. ``digest`` is the SHA-256 of the plan, ``people`` who was asked for: those
    ``present`` or ``confirmed``.
    """

    __tablename__ = "seating"
    __table_args__ = (
        UniqueConstraint("session_id", "state"),
        CheckConstraint("state IN ('draft', 'published')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(12))
    document: Mapped[JsonObject]
    problem: Mapped[JsonObject]
    report: Mapped[JsonObject]
    digest: Mapped[str] = mapped_column(String(64))
    seed: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int]
    policy: Mapped[str] = mapped_column(String(12))
    people: Mapped[str] = mapped_column(String(12))
    made_at: Mapped[Instant]
    published_at: Mapped[Instant | None]

    @property
    def plan(self) -> Plan:
        """The plan as the engine knows it."""
        return Plan.read(self.document)

    @property
    def is_draft(self) -> bool:
        """Whether only those who run the session see it."""
        return self.state == DRAFT


class Round(Base):
    """A round that began. ``ends_at`` is when it is to end, ``ended_at`` when it did."""

    __tablename__ = "cafe_round"
    __table_args__ = (UniqueConstraint("session_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    number: Mapped[int]
    started_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]

    @property
    def is_running(self) -> bool:
        """Whether nobody has ended it yet; past ``ends_at`` it runs over its time."""
        return self.ended_at is None


class Stage(Base):
    """What the projector shows: ``seats`` or the ``harvest``, and which screen of it, from 1."""

    __tablename__ = "cafe_stage"
    __table_args__ = (CheckConstraint("shows IN ('seats', 'harvest')", name="shows"),)

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), primary_key=True
    )
    shows: Mapped[str] = mapped_column(String(12))
    screen: Mapped[int]
