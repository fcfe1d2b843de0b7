"""VTIMEZONE: one STANDARD and at most one DAYLIGHT, each with a yearly rule every client reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache

from app.core import timing
from app.core.ical import text

_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_NAME = r"([A-Za-z]{3,}|<[A-Za-z0-9+-]+>)"
_OFFSET = r"([+-]?\d{1,3}(?::\d\d){0,2})"
_RULE = r",M(\d+)\.(\d)\.(\d)(?:/([+-]?\d{1,3}(?::\d\d){0,2}))?"
_POSIX = re.compile(f"{_NAME}{_OFFSET}(?:{_NAME}{_OFFSET}?{_RULE}{_RULE})?")


@dataclass(frozen=True)
class Onset:
    """Each year, at ``at`` past midnight of the ``week``-th ``weekday`` of ``month``, an offset
    begins. ``week`` 5 is the last one; ``weekday`` 0 is Sunday; the clock before it counts."""

    month: int
    week: int
    weekday: int
    at: timedelta

    def in_year(self, year: int) -> datetime:
        """Return the wall clock, before the change, of this year's onset."""
        first = datetime(year, self.month, 1)
        ahead = (self.weekday - first.isoweekday()) % 7
        day = first + timedelta(days=ahead + 7 * (self.week - 1))
        if day.month != self.month:
            day -= timedelta(days=7)
        return day + self.at

    @property
    def rrule(self) -> str:
        """The same as a RRULE."""
        nth = -1 if self.week == 5 else self.week
        return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={nth}{_WEEKDAYS[self.weekday]}"


@dataclass(frozen=True)
class Observance:
    """Standard or daylight time: its name and offset, and the offset before it.

    ``onset`` is ``None`` where the clocks never change.
    """

    kind: str  # STANDARD or DAYLIGHT
    name: str
    before: timedelta
    offset: timedelta
    onset: Onset | None = None

    def begins_at(self, year: int) -> datetime:
        """Return the instant at which it begins in ``year``."""
        if self.onset is None:
            return datetime.min.replace(tzinfo=UTC)
        return self.onset.in_year(year).replace(tzinfo=UTC) - self.before


@dataclass(frozen=True)
class Rule:
    """The yearly rule of a zone: one observance, or two that follow each other."""

    observances: tuple[Observance, ...]

    def offset(self, instant: datetime) -> timedelta:
        """Return the offset this rule gives at ``instant``."""
        begun = [
            (each.begins_at(year), each.offset)
            for each in self.observances
            for year in (instant.year - 1, instant.year, instant.year + 1)
            if each.begins_at(year) <= instant
        ]
        return max(begun)[1]

    def instants(self, wall: datetime) -> list[datetime]:
        """Return the instants, in order, at which this rule shows ``wall`` (none, one or two)."""
        naive = wall.replace(tzinfo=UTC)
        found = sorted({naive - each.offset for each in self.observances})
        return [each for each in found if each + self.offset(each) == naive]


@cache
def rule(zone: str) -> Rule | None:
    """Return the yearly rule of ``zone``, or ``None`` where plain BYDAY rules cannot say it.

    It comes from the footer of the zone's file. Onsets that fall on the day before or after
    the weekday named (Jerusalem, Santiago, Nuuk) would need BYMONTHDAY, which Outlook misreads.
    """
    match = _POSIX.fullmatch(timing.posix_rule(zone))
    if not match:
        return None
    name, other = (each and each.strip("<>") for each in match.group(1, 3))
    offset = -_duration(match[2])
    if other is None:
        return Rule((Observance("STANDARD", name, offset, offset),))
    other_offset = -_duration(match[4]) if match[4] else offset + timedelta(hours=1)
    to_other, back = _onset(match.groups()[4:8]), _onset(match.groups()[8:12])
    if not all(timedelta(0) <= onset.at < timedelta(days=1) for onset in (to_other, back)):
        return None
    # Dublin calls its winter the exception; for clients daylight time is what is ahead.
    kinds = ("STANDARD", "DAYLIGHT") if offset < other_offset else ("DAYLIGHT", "STANDARD")
    usual = Observance(kinds[0], name, other_offset, offset, back)
    exception = Observance(kinds[1], other, offset, other_offset, to_other)
    return Rule(tuple(sorted((usual, exception), key=lambda each: each.kind)))


def _duration(words: str) -> timedelta:
    sign = -1 if words.startswith("-") else 1
    hours, minutes, seconds = ([int(n) for n in words.strip("+-").split(":")] + [0, 0])[:3]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _onset(groups: tuple[str, ...]) -> Onset:
    month, week, weekday, at = groups
    return Onset(int(month), int(week), int(weekday), _duration(at or "2"))


@lru_cache(maxsize=20_000)
def agrees_with_iana(zone: str, instant: datetime) -> bool:
    """Whether every reader finds ``instant`` in the wall clock that ``zone`` then shows.

    By our rule and by IANA's data it must be the only one: text cannot say "the second", and
    of two ical.js, Thunderbird's parser, takes the second where RFC 5545 means the first.
    """
    yearly = rule(zone)
    if yearly is None:
        return False
    wall = timing.wall(instant, zone)
    return yearly.instants(wall) == [instant] and timing.instants(wall, zone) == (instant,)


@cache
def vtimezone(zone: str) -> bytes:
    """Return the VTIMEZONE of ``zone``; of UTC where its rule cannot be said."""
    yearly = rule(zone)
    if yearly is None:
        zone, none = "UTC", timedelta(0)
        yearly = Rule((Observance("STANDARD", "UTC", none, none),))
    observances = [pair for each in yearly.observances for pair in _pairs(each)]
    return text.lines([("BEGIN", "VTIMEZONE"), ("TZID", zone), *observances, ("END", "VTIMEZONE")])


def _pairs(observance: Observance) -> list[tuple[str, str]]:
    onset = observance.onset
    first = onset.in_year(1970) if onset else datetime(1970, 1, 1)
    return [
        ("BEGIN", observance.kind),
        ("DTSTART", text.local(first)),
        *([("RRULE", onset.rrule)] if onset else []),
        ("TZOFFSETFROM", _offset(observance.before)),
        ("TZOFFSETTO", _offset(observance.offset)),
        ("TZNAME", observance.name),
        ("END", observance.kind),
    ]


def _offset(offset: timedelta) -> str:
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "-" if offset < timedelta(0) else "+"
    return f"{sign}{minutes // 60:02}{minutes % 60:02}"
