"""Wall clocks and instants: what the poster says, and the moment in UTC (the only user of pytz)."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache

import pytz
import tzdata

from app.core.refusals import N_, Invalid

FIRST_YEAR, LAST_YEAR = (
    1970,
    2037,
)  # pytz lists every change of these years, and none after
MINUS = "\u2212"
_WALL = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?", re.ASCII)
_WITH_OFFSET = re.compile(_WALL.pattern + r"(\.\d+)?\s?([Zz]|[+-]\d\d:?(\d\d)?)", re.ASCII)
# Zones of their own in pytz's build; IANA's `backward` makes them links since release 2024b.
_LINKS_SINCE_2024B = {
    "CST6CDT": "America/Chicago",
    "EST5EDT": "America/New_York",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
}


@dataclass(frozen=True)
class Period:
    """From one instant to a later one; the opening instant belongs to it, the closing does not."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise ValueError("a period ends after it starts")

    @property
    def minutes(self) -> int:
        """Whole minutes that really pass, across any change of clocks."""
        return int((_utc(self.ends_at) - _utc(self.starts_at)) // timedelta(minutes=1))

    def contains(self, instant: datetime) -> bool:
        """Whether ``instant`` falls into it."""
        return self.starts_at <= instant < self.ends_at

    def overlap(self, other: Period) -> timedelta:
        """Return for how long both run at once; periods that only touch share nothing."""
        shared = _utc(min(self.ends_at, other.ends_at)) - _utc(max(self.starts_at, other.starts_at))
        return max(shared, timedelta(0))


# --- Zones ------------------------------------------------------------------------------------


def tzdata_version() -> str:
    """Return the release of the time zone database in use, such as ``2026f``."""
    return pytz.OLSON_VERSION  # type: ignore[attr-defined]  # not in the stubs


def use_one_database() -> str | None:
    """Keep the system's copy of the database away from zoneinfo; return a problem or ``None``.

    zoneinfo then reads the package ``tzdata``, which must be the same release as pytz.
    """
    zoneinfo.reset_tzpath(to=[])
    if tzdata_version() == tzdata.IANA_VERSION:
        return None
    return f"pytz has time zone data {tzdata_version()}, tzdata {tzdata.IANA_VERSION}"


def _data(name: str) -> bytes:
    with pytz.open_resource(name) as file:  # type: ignore[attr-defined]  # not in the stubs
        return file.read()


@cache
def _listed() -> frozenset[str]:
    lines = _data("zone.tab").decode("utf-8").splitlines()
    return frozenset(line.split("\t")[2] for line in lines if line and not line.startswith("#"))


@cache
def _links() -> dict[str, str]:
    """Return old name → the name it links to, as the database's own source says."""
    words = [line.split() for line in _data("tzdata.zi").decode("utf-8").splitlines()]
    return _LINKS_SINCE_2024B | {word[2]: word[1] for word in words if word[:1] == ["L"]}


@cache
def zones() -> tuple[str, ...]:
    """Return the zones a chooser offers, sorted: those of ``zone.tab``, and UTC."""
    return tuple(sorted(_listed() | {"UTC"}))


def canonical_zone(name: object, field: str = "timezone") -> str:
    """Return the IANA name to store for ``name``.

    Names of ``zone.tab``, UTC and ``Etc/…`` stay as sent; older ones become the name they link
    to. Anything else, also what a library would happen to open, raises ``unknown_timezone``.
    """
    if isinstance(name, str) and len(name) < 64:
        target = name
        for _ in range(4):  # links of links are short chains
            if _keeps(target):
                return target
            target = _links().get(target, "")
    shown = name[:40] if isinstance(name, str) else type(name).__name__
    raise Invalid.field(
        field,
        "unknown_timezone",
        N_("“%(zone)s” is not a time zone. Use a name such as Europe/Zurich."),
        zone=shown,
    )


def _keeps(name: str) -> bool:
    return (
        name in _listed()
        or name == "UTC"
        or (name.startswith("Etc/") and name in pytz.all_timezones_set)
    )


@cache
def _rules(zone: str) -> pytz.tzinfo.BaseTzInfo:
    return pytz.timezone(canonical_zone(zone))


@cache
def posix_rule(zone: str) -> str:
    """Return the POSIX TZ text of ``zone``: the rule in force after the last listed change."""
    return _data(canonical_zone(zone)).rsplit(b"\n", 2)[1].decode("ascii")


@cache
def city(zone: str) -> str:
    """Return the English city of ``zone`` ("New York"); for ``Etc/GMT-3`` its offset ("UTC+3")."""
    if zone.startswith("Etc/GMT") and zone[-1].isdigit():
        return offset_label(utc_offset(datetime(2000, 1, 1, tzinfo=UTC), zone))
    return zone.rsplit("/", 1)[-1].replace("_", " ")


# --- Instant to wall clock --------------------------------------------------------------------


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant carries its zone")
    return instant.astimezone(UTC)


@lru_cache(maxsize=20_000)
def wall(instant: datetime, zone: str) -> datetime:
    """Return what the clocks of ``zone`` show at ``instant``, naive (with ``fold`` never set)."""
    return _rules(zone).fromutc(_utc(instant).replace(tzinfo=None)).replace(tzinfo=None)


def utc_offset(instant: datetime, zone: str) -> timedelta:
    """Return how far the clocks of ``zone`` are ahead of UTC at ``instant``."""
    return wall(instant, zone) - _utc(instant).replace(tzinfo=None)


@lru_cache(maxsize=20_000)
def abbreviation(instant: datetime, zone: str) -> str:
    """Return the letters of ``zone`` at ``instant`` ("CEST"), else its offset ("UTC−3")."""
    letters = _rules(zone).fromutc(_utc(instant).replace(tzinfo=None)).tzname()
    if letters and letters.isalpha():
        return letters
    return offset_label(utc_offset(instant, zone))


def offset_label(offset: timedelta) -> str:
    """Return "UTC", "UTC+2", "UTC−3:30" (with a real minus)."""
    minutes = abs(offset) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    sign = MINUS if offset < timedelta(0) else "+"
    hours, rest = divmod(minutes, 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def isoformat_z(instant: datetime) -> str:
    """Return ``instant`` as ``2013-10-08T16:15:00Z``."""
    return _utc(instant).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def changes(start: datetime, end: datetime, zone: str) -> list[tuple[datetime, timedelta]]:
    """Return the instants in (start, end] at which ``zone`` changes its clocks, and by how much."""
    found, low, end = [], _utc(start), _utc(end)
    while low < end:
        high = min(low + timedelta(days=6), end)
        before, after = utc_offset(low, zone), utc_offset(high, zone)
        if before != after:
            found.append((_change_between(low, high, zone), after - before))
        low = high
    return found


def _change_between(low: datetime, high: datetime, zone: str) -> datetime:
    """Return the first second of the new offset; exactly one change lies in (low, high]."""
    before = utc_offset(low, zone)
    while (span := (high - low) // timedelta(seconds=1)) > 1:
        middle = low + timedelta(seconds=span // 2)
        low, high = (middle, high) if utc_offset(middle, zone) == before else (low, middle)
    return high


# --- Wall clock to instant --------------------------------------------------------------------


def parse_wall(text: object, field: str) -> datetime:
    """Return ``YYYY-MM-DDTHH:MM[:SS]`` as a naive datetime.

    Raise ``Invalid`` with ``offset_not_allowed`` for text that names its offset, else
    ``invalid_time``.
    """
    if isinstance(text, str) and len(text) < 40:
        if _WITH_OFFSET.fullmatch(text):
            raise Invalid.field(
                field,
                "offset_not_allowed",
                N_("Write the time as the clocks at the place show it, without an offset."),
            )
        if _WALL.fullmatch(text):
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                pass  # the 31st of February, 24:00
    raise _invalid_time(field)


def _invalid_time(field: str) -> Invalid:
    return Invalid.field(
        field,
        "invalid_time",
        N_("Write date and time as 2013-10-08T18:15, in a year from %(first)s to %(last)s."),
        first=FIRST_YEAR,
        last=LAST_YEAR,
    )


@lru_cache(maxsize=20_000)
def instants(wall_clock: datetime, zone: str) -> tuple[datetime, ...]:
    """Return the instants at which ``zone`` shows ``wall_clock``: none, one or two, in order."""
    naive = wall_clock.replace(tzinfo=UTC, fold=0)
    # Offsets lie between −16 and +16 h: the right one is in force somewhere in this window.
    around = {utc_offset(naive + timedelta(hours=h), zone) for h in (-26, -16, 0, 16, 26)}
    candidates = sorted(naive - offset for offset in around)
    return tuple(each for each in candidates if wall(each, zone) == naive.replace(tzinfo=None))


def instant(
    wall_clock: datetime, zone: str, *, fold: int | None = None, field: str = "starts"
) -> datetime:
    """Return the instant, in UTC, at which ``zone`` shows ``wall_clock`` (naive).

    ``fold`` chooses the first (0) or second (1) of two and is ignored elsewhere. Raise
    ``Invalid`` on ``field``: ``no_such_time`` (with the valid minutes before and after),
    ``ambiguous_time`` (without a fold), ``unknown_timezone``, ``invalid_time`` (the year).
    """
    if wall_clock.tzinfo is not None:
        raise ValueError("a wall clock carries no zone")
    zone = canonical_zone(zone)
    if not FIRST_YEAR <= wall_clock.year <= LAST_YEAR:
        raise _invalid_time(field)
    found = instants(wall_clock.replace(fold=0), zone)
    if len(found) == 1:
        return found[0]
    if not found:
        raise _no_such_time(wall_clock, zone, field)
    if fold in (0, 1):
        return found[fold]
    raise Invalid.field(
        field,
        "ambiguous_time",
        N_(
            "%(wall)s happens twice in %(zone)s on that day: first at %(first)s, "
            "then at %(second)s. Say which."
        ),
        wall=_shown(wall_clock),
        zone=zone,
        first=_named(found[0], zone),
        second=_named(found[1], zone),
    )


def earliest(wall_clock: datetime, zone: str) -> datetime:
    """Return the first instant at which ``zone`` shows ``wall_clock``, or jumps past it."""
    found = instants(wall_clock.replace(fold=0), zone)
    return found[0] if found else _jump_over(wall_clock, zone)


def midnight(day: date, zone: str) -> datetime:
    """Return the instant at which ``day`` begins in ``zone``, even where 00:00 is skipped."""
    return earliest(datetime.combine(day, time()), zone)


def _jump_over(wall_clock: datetime, zone: str) -> datetime:
    """Return the instant of the change that skips ``wall_clock``."""
    naive = wall_clock.replace(tzinfo=UTC, fold=0)
    for at, by in changes(naive - timedelta(hours=27), naive + timedelta(hours=27), zone):
        after = wall(at, zone)
        if after - by <= naive.replace(tzinfo=None) < after:
            return at
    raise AssertionError(f"{zone} shows {wall_clock}")  # pragma: no cover


def _no_such_time(wall_clock: datetime, zone: str, field: str) -> Invalid:
    jump = _jump_over(wall_clock, zone)
    before, after = wall(jump - timedelta(minutes=1), zone), wall(jump, zone)
    return Invalid.field(
        field,
        "no_such_time",
        N_(
            "%(wall)s does not exist in %(zone)s: the clocks jump over it. "
            "Use %(before)s or earlier, or %(after)s or later."
        ),
        wall=_shown(wall_clock),
        zone=zone,
        before=_shown(before),
        after=_shown(after),
    )


def _shown(wall_clock: datetime) -> str:
    return wall_clock.isoformat(timespec="minutes")


def _named(at: datetime, zone: str) -> str:
    letters, offset = abbreviation(at, zone), offset_label(utc_offset(at, zone))
    return offset if letters == offset else f"{letters} ({offset})"
