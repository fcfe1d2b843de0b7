"""When a session is, for whoever reads: two clocks, strips, moments, what it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.core import clocks as two_clocks
from app.core import daystrip, languages, timing
from app.core.clocks import Clocks
from app.core.daystrip import Strip
from app.core.refusals import Invalid
from app.core.vocabulary import Mode
from app.programme.models import Change, Session
from app.web import filters

CHANGED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Reader:
    """Who a page is for, as far as its address says, and when; ``cities`` name the zones."""

    at: datetime
    language: str
    zone: str | None
    cities: Mapping[str, str]

    @property
    def rtl(self) -> bool:
        """Whether the page runs from right to left."""
        return languages.nearest(self.language).direction == "rtl"


def cities(sessions: Sequence[Session]) -> dict[str, str]:
    """Return a city for each zone of a programme: that of a venue there, else the zone's own.

    An online session in Europe/Zurich is then "Geneva" where the others meet in Geneva.
    """
    found: dict[str, str] = {}
    for session in sessions:
        if Mode.ON_SITE in session.modes and (city := (session.venue or {}).get("city")):
            found.setdefault(session.timezone, city)
    return found


def city(session: Session, reader: Reader) -> str:
    """Return the city a session's times are named after."""
    own = (session.venue or {}).get("city") if Mode.ON_SITE in session.modes else None
    zone = session.timezone
    return own or reader.cities.get(zone) or filters.city(zone)


def clocks(session: Session, reader: Reader) -> Clocks:
    """Return the two clocks of a session; of one over 24 hours its closing time counts."""
    return two_clocks.clocks(
        session.starts_at,
        session.ends_at,
        session.timezone,
        city(session, reader),
        reader.zone,
        deadline=session.is_long,
    )


def second_zone(session: Session, reader: Reader) -> str | None:
    """Return the zone of the strip's second row; ``None`` where the reader's day is the venue's."""
    other = reader.zone or "UTC"
    same = timing.utc_offset(session.starts_at, other) == timing.utc_offset(
        session.starts_at, session.timezone
    )
    return None if same and reader.zone else other


def strip(session: Session, reader: Reader) -> Strip:
    """Return the day strip of a session."""
    return daystrip.day_strip(
        session.starts_at,
        session.ends_at,
        session.timezone,
        None if clocks(session, reader).same else reader.zone or "UTC",
        deadline=session.is_long,
        rtl=reader.rtl,
    )


def moment(at: datetime, session: Session, reader: Reader) -> str:
    """Return an instant in words, on the venue's clocks and on the reader's, each with its date."""
    venue = timing.wall(at, session.timezone)
    letters = timing.abbreviation(at, session.timezone)
    words = _(
        "%(day)s, %(time)s %(city)s (%(zone)s)",
        day=filters.day(venue),
        time=filters.hhmm(venue),
        city=city(session, reader),
        zone=letters,
    )
    if not reader.zone:
        return words
    yours = timing.wall(at, reader.zone)
    if yours == venue:
        return words
    day, time = filters.day(yours), filters.hhmm(yours)
    return words + " · " + _("%(day)s, %(time)s your time", day=day, time=time)


def clocks_before(session: Session, changes: Sequence[Change], reader: Reader) -> Clocks | None:
    """Return the clocks before the changes of the last fortnight; ``None`` if they are the same.

    ``changes`` are the newest first; each says only what it changed, so they are undone in turn.
    """
    wall = {"starts": session.starts, "ends": session.ends, "timezone": session.timezone}
    for change in changes:
        if is_recent(change, session, reader):
            before = change.before or {}
            wall |= {name: before[name] for name in wall if name in before}
    starts, ends = (as_wall(wall[name]) for name in ("starts", "ends"))
    zone = str(wall["timezone"])
    if (starts, ends, zone) == (session.starts, session.ends, session.timezone):
        return None
    try:
        period = timing.instant(starts, zone, fold=0), timing.instant(ends, zone, fold=0)
    except Invalid:
        return None
    return two_clocks.clocks(
        *period, zone, city(session, reader), reader.zone, deadline=session.is_long
    )


def as_wall(value: Any) -> datetime:
    """Return a wall clock from a row or from the text a change keeps."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def is_recent(change: Change, session: Session, reader: Reader) -> bool:
    """Whether a change of this session is still news."""
    return (
        change.session_id == session.id
        and change.kind == "changed"
        and reader.at < change.at + CHANGED_FOR
    )
