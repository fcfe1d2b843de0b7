"""Two clocks: what a session's times are at the venue, for the reader, and in UTC.

This is the view-model; templates write the dates in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core import timing


class Relation(StrEnum):
    """How the reader's date and offset stand to the venue's."""

    SAME_OFFSET = "same_offset"
    SAME_DAY = "same_day"
    EVENING_BEFORE = "evening_before"
    DAY_BEFORE = "day_before"
    TWO_DAYS_BEFORE = "two_days_before"
    NEXT_MORNING = "next_morning"
    NEXT_DAY = "next_day"
    TWO_DAYS_AFTER = "two_days_after"


@dataclass(frozen=True)
class Clock:
    """One period on the clocks of one place; ``starts`` and ``ends`` are wall clocks of ``zone``.

    ``label`` is the zone's letters, else its offset, at the time that counts: the start, or the
    end of a deadline; ``offset_label`` is always the offset ("UTC+2"). ``other_date`` says that
    the date that counts is not the venue's, ``relation`` how it differs (``None`` at the venue).
    """

    zone: str
    city: str
    starts_at: datetime
    ends_at: datetime
    starts: datetime
    ends: datetime
    label: str
    offset: timedelta
    offset_label: str
    relation: Relation | None

    @property
    def other_date(self) -> bool:
        """Whether its date must be printed in bold, since the venue's is another."""
        return self.relation not in (None, Relation.SAME_OFFSET, Relation.SAME_DAY)

    @property
    def crosses_midnight(self) -> bool:
        """Whether start and end have different dates here: print both."""
        return self.starts.date() != self.ends.date()


@dataclass(frozen=True)
class ClockChange:
    """A zone changes its clocks at ``at``: from ``before`` to ``after`` (wall clocks)."""

    zone: str
    city: str
    at: datetime
    before: datetime
    after: datetime

    @property
    def by(self) -> timedelta:
        """How far the clocks move; forward is positive."""
        return self.after - self.before

    @property
    def direction(self) -> str:
        """``forward`` or ``back``."""
        return "forward" if self.by > timedelta(0) else "back"


@dataclass(frozen=True)
class Clocks:
    """A session's clocks. ``you`` is ``None`` while the reader's zone is unknown.

    ``changes`` are the clock changes, at the venue or for the reader, between start and end.
    """

    venue: Clock
    you: Clock | None
    utc: Clock
    deadline: bool
    changes: tuple[ClockChange, ...]

    @property
    def same(self) -> bool:
        """Whether one line says it all: the venue's time is the reader's."""
        return self.you is not None and self.you.relation is Relation.SAME_OFFSET


def clocks(
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    venue_city: str | None = None,
    viewer_zone: str | None = None,
    deadline: bool = False,
) -> Clocks:
    """Return the clocks of a session from ``starts_at`` to ``ends_at`` (instants) in ``zone``.

    ``venue_city`` is the session's own ("Bali"); without it the zone's city. ``deadline`` makes
    the end the time that counts. ``viewer_zone`` must be canonical (``timing.canonical_zone``).
    """
    period = (starts_at, ends_at)
    venue = _clock(period, zone, venue_city, deadline, None)
    you = None
    if viewer_zone:
        you = _clock(period, viewer_zone, None, deadline, venue)
    places = {zone: venue.city}
    if you and you.relation != Relation.SAME_OFFSET:
        places.setdefault(you.zone, you.city)
    return Clocks(
        venue=venue,
        you=you,
        utc=_clock(period, "UTC", None, deadline, venue),
        deadline=deadline,
        changes=tuple(
            sorted(
                (c for each, city in places.items() for c in clock_changes(*period, each, city)),
                key=lambda change: (change.at, change.zone),
            )
        ),
    )


def clock_changes(
    start: datetime, end: datetime, zone: str, city: str | None = None
) -> list[ClockChange]:
    """Return the clock changes of ``zone`` in (``start``, ``end``], for a one-line notice."""
    found = []
    for at, by in timing.changes(start, end, zone):
        after = timing.wall(at, zone)
        found.append(ClockChange(zone, city or timing.city(zone), at, after - by, after))
    return found


def difference(instant: datetime, zone: str, viewer_zone: str) -> timedelta:
    """Return how far the reader's clocks are ahead of the venue's at ``instant``.

    Two sessions with different answers deserve a notice, although neither crosses a change.
    """
    return timing.utc_offset(instant, viewer_zone) - timing.utc_offset(instant, zone)


def _clock(
    period: tuple[datetime, datetime],
    zone: str,
    city: str | None,
    deadline: bool,
    venue: Clock | None,
) -> Clock:
    starts_at, ends_at = period
    counts = ends_at if deadline else starts_at
    starts, ends = timing.wall(starts_at, zone), timing.wall(ends_at, zone)
    offset = timing.utc_offset(counts, zone)
    relation = None
    if venue is not None:
        same = (starts, ends) == (venue.starts, venue.ends)
        mine, theirs = (ends, venue.ends) if deadline else (starts, venue.starts)
        relation = Relation.SAME_OFFSET if same else _relation(mine, theirs)
    return Clock(
        zone=zone,
        city=city or timing.city(zone),
        starts_at=starts_at,
        ends_at=ends_at,
        starts=starts,
        ends=ends,
        label=timing.abbreviation(counts, zone),
        offset=offset,
        offset_label=timing.offset_label(offset),
        relation=relation,
    )


def _relation(mine: datetime, theirs: datetime) -> Relation:
    days = (mine.date() - theirs.date()).days
    if days == -1:
        return Relation.EVENING_BEFORE if mine.hour >= 17 else Relation.DAY_BEFORE
    if days == 1:
        return Relation.NEXT_MORNING if mine.hour < 12 else Relation.NEXT_DAY
    if not days:
        return Relation.SAME_DAY
    return Relation.TWO_DAYS_BEFORE if days < 0 else Relation.TWO_DAYS_AFTER
