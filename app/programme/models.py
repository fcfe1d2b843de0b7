"""Sessions of a consultation: one format, one period, on site or online or both."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import formats
from app.consultations.models import Consultation
from app.core import clocks, timing
from app.core.vocabulary import Mode, SessionStatus
from app.database import Base, Instant, JsonList, JsonObject, Localized, WallClock, words


class Session(Base):
    """One meeting or round.

    The promise on the poster is the wall clock (``starts``, ``ends``) with its IANA ``timezone``;
    ``starts_at`` and ``ends_at`` are derived from it for sorting and queries. ``capacity`` maps a
    mode to its places: absent means not offered, ``None`` unlimited, 0 that everybody waits.
    ``sequence`` counts changes of meaning (RFC 5545), ``revision`` every visible change.
    ``ever_public`` stays true once the public could see it: its feed entry becomes a tombstone.
    ``last_public`` is what the public last saw of it, kept while it is withdrawn.
    """

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("consultation_id", "slug"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(
            "status IN ('draft', 'published', 'postponed', 'cancelled', 'closed')", name="status"
        ),
        Index("ix_session_starts_at", "consultation_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(60))
    uid: Mapped[str] = mapped_column(String(255), unique=True)
    title: Mapped[Localized]
    description: Mapped[Localized | None]
    format: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(12), default=SessionStatus.DRAFT.value)
    starts: Mapped[WallClock]
    ends: Mapped[WallClock]
    timezone: Mapped[str] = mapped_column(String(64))
    fold: Mapped[int] = mapped_column(default=0)
    ends_fold: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    to_be_announced: Mapped[JsonList]
    venue: Mapped[JsonObject | None]
    join_url: Mapped[str | None]
    stream_url: Mapped[str | None]
    recording_url: Mapped[str | None]
    capacity: Mapped[JsonObject]
    waiting_list: Mapped[bool] = mapped_column(default=True)
    languages: Mapped[JsonList]
    registration_opens: Mapped[WallClock | None]
    registration_closes: Mapped[WallClock | None]
    registration_opens_at: Mapped[Instant | None]
    registration_closed_at: Mapped[Instant | None]
    settings: Mapped[JsonObject]
    cancel_reason: Mapped[Localized | None]
    ever_public: Mapped[bool] = mapped_column(default=False)
    last_public: Mapped[JsonObject | None]
    published_at: Mapped[Instant | None]
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    places_revision: Mapped[int] = mapped_column(default=1)
    notice_due_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]

    consultation: Mapped[Consultation] = relationship(lazy="joined", innerjoin=True)
    agenda: Mapped[list[AgendaItem]] = relationship(
        order_by="AgendaItem.position", cascade="all, delete-orphan"
    )

    @property
    def kind(self) -> formats.SessionFormat:
        """The format it follows."""
        return formats.of(self.format)

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes offered, in the format's order."""
        return tuple(mode for mode in self.kind.modes if mode.value in self.capacity)

    @property
    def is_hybrid(self) -> bool:
        """Whether it is offered on site and online."""
        return len(self.modes) > 1

    @property
    def is_long(self) -> bool:
        """Whether it lasts over 24 h: such a session has deadlines rather than a start."""
        return self.ends_at - self.starts_at > timedelta(hours=24)

    @property
    def period(self) -> timing.Period:
        """Its half-open interval of instants."""
        return timing.Period(self.starts_at, self.ends_at)

    @property
    def city(self) -> str | None:
        """The city of its venue, if it has one and is held there."""
        held_there = self.venue and Mode.ON_SITE in self.modes
        return (self.venue or {}).get("city") or None if held_there else None

    def clocks(self, viewer_zone: str | None = None) -> clocks.Clocks:
        """Return its two clocks, for somebody in ``viewer_zone``."""
        return clocks.clocks(
            self.starts_at, self.ends_at, self.timezone, self.city, viewer_zone, self.is_long
        )

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it (its consultation permitting)."""
        return self.status != SessionStatus.DRAFT

    def registration_closes_at(self, mode: Mode):
        """Return the instant from which nobody can register for ``mode`` any more.

        By default the start for ``on_site``, the end for ``online`` and for sessions over 24 h.
        """
        if self.registration_closed_at is not None:
            return self.registration_closed_at
        late = mode is Mode.ONLINE or self.is_long
        return self.ends_at if late else self.starts_at

    def takes_registrations(self, mode: Mode, *, at) -> bool:
        """Say whether registration for ``mode`` is open at instant ``at``."""
        return (
            self.status == SessionStatus.PUBLISHED
            and self.consultation.status == "published"
            and mode in self.modes
            and (self.registration_opens_at is None or at >= self.registration_opens_at)
            and at < self.registration_closes_at(mode)
        )

    def words(self, name: str, language: str) -> str:
        """Return the text called ``name`` in ``language``, else in the consultation's first."""
        return words(getattr(self, name), language, self.consultation.language)


class AgendaItem(Base):
    """A line of a session's running order; starts follow from the lengths before it."""

    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[Localized]
    minutes: Mapped[int]
    who: Mapped[str] = mapped_column(default="")


class Change(Base):
    """One visible change of the programme, for the public page "What changed"."""

    __tablename__ = "programme_change"
    __table_args__ = (Index("ix_programme_change_consultation", "consultation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="SET NULL"))
    at: Mapped[Instant]
    kind: Mapped[str] = mapped_column(String(30))
    before: Mapped[JsonObject | None]
    after: Mapped[JsonObject | None]

    session: Mapped[Session | None] = relationship(lazy="joined")
