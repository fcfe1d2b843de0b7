"""Geometry of the day strip: 28 hours around a session, one row a place, all in per cent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from app.core import timing

WINDOW = timedelta(hours=28)
NIGHT_FROM, NIGHT_UNTIL = time(22), time(6)
LABEL_WIDTH = 19.0


@dataclass(frozen=True)
class Bar:
    """A rectangle of a row: where it begins from the left, and how wide it is, in per cent."""

    x: float
    width: float


@dataclass(frozen=True)
class Label:
    """Where the name of ``date`` is anchored; it runs from there in reading direction."""

    x: float
    date: date


@dataclass(frozen=True)
class Row:
    """One place's day: its nights, a line at each midnight, and the names of the dates.

    A date is named where the label's width is free: up to the next midnight, beside the mark.
    """

    zone: str
    nights: tuple[Bar, ...]
    midnights: tuple[float, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Strip:
    """Rows over one window of instants; ``mark`` is the session in each of them.

    Of a deadline ``mark`` has no width: it is the closing instant, and ``open_time`` the thin
    bar of the open time up to it. ``open_time`` is ``None`` otherwise.
    """

    begins_at: datetime
    ends_at: datetime
    rows: tuple[Row, ...]
    mark: Bar
    open_time: Bar | None
    rtl: bool


def day_strip(
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    other_zone: str | None = None,
    *,
    deadline: bool = False,
    rtl: bool = False,
) -> Strip:
    """Draw the strip of a session between two instants.

    ``zone`` is the venue's row; ``other_zone`` (the reader's, or UTC) makes a second one. What
    lies outside the window is cut off. ``rtl`` mirrors everything: x becomes 100 − x − width.
    """
    centre = ends_at if deadline else starts_at + (ends_at - starts_at) / 2
    frame = _Frame(centre - WINDOW / 2, centre + WINDOW / 2, rtl)
    taken = (ends_at, ends_at) if deadline else (starts_at, ends_at)
    return Strip(
        begins_at=frame.begins_at,
        ends_at=frame.ends_at,
        rows=tuple(_row(frame, each, taken) for each in (zone, other_zone) if each),
        mark=frame.bar(*taken),
        open_time=frame.bar(starts_at, ends_at) if deadline else None,
        rtl=rtl,
    )


@dataclass(frozen=True)
class _Frame:
    begins_at: datetime
    ends_at: datetime
    rtl: bool

    def share(self, instant: datetime) -> float:
        """Return where ``instant`` lies between 0 (begin) and 100 (end), cut off at both."""
        return min(max((instant - self.begins_at) / WINDOW * 100, 0.0), 100.0)

    def point(self, instant: datetime) -> float:
        x = round(self.share(instant), 2)
        return round(100 - x, 2) if self.rtl else x

    def bar(self, start: datetime, end: datetime) -> Bar:
        # Rounded edges, not widths: bars that touch in time touch on the page.
        x, right = round(self.share(start), 2), round(self.share(end), 2)
        width = round(right - x, 2)
        return Bar(round(100 - right, 2) if self.rtl else x, width)


def _row(frame: _Frame, zone: str, taken: tuple[datetime, datetime]) -> Row:
    first = timing.wall(frame.begins_at, zone).date() - timedelta(days=1)
    days = [first + timedelta(days=n) for n in range(4)]
    nights = [frame.bar(*_night(day, zone)) for day in days]
    begins = dict.fromkeys(timing.midnight(day, zone) for day in days)  # a skipped day: one line
    inside = [at for at in begins if frame.begins_at < at < frame.ends_at]
    edges = [frame.begins_at, *inside, frame.ends_at]
    return Row(
        zone=zone,
        nights=tuple(bar for bar in nights if bar.width > 0),
        midnights=tuple(frame.point(at) for at in inside),
        labels=tuple(
            Label(frame.point(at), timing.wall(at, zone).date())
            for at, following in pairwise(edges)
            if _has_room(frame.share(at), frame.share(following), *map(frame.share, taken))
        ),
    )


def _night(day: date, zone: str) -> tuple[datetime, datetime]:
    following = day + timedelta(days=1)
    return (
        timing.earliest(datetime.combine(day, NIGHT_FROM), zone),
        timing.earliest(datetime.combine(following, NIGHT_UNTIL), zone),
    )


def _has_room(x: float, following: float, mark_from: float, mark_until: float) -> bool:
    free = following - x >= LABEL_WIDTH
    return free and (mark_until < x or mark_from > x + LABEL_WIDTH)
