"""Dates and times of a calendar file: which wall clock of which zone each of them means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar.prop import vDuration

from app.core import timing
from app.core.ical import zonenames
from app.core.ical.contentlines import Component, Property
from app.core.refusals import N_, Invalid

FORM = "%Y%m%dT%H%M%S"
_DATE_TIME = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)


class Trouble(Exception):
    """Why an event cannot be imported; ``message`` is English source text with ``values``."""

    def __init__(self, code: str, message: str, line: int | None = None, **values: Any) -> None:
        super().__init__(code)
        self.code, self.message, self.line, self.values = code, message, line, values


@dataclass(frozen=True)
class Definition:
    """A VTIMEZONE of the file: its text, and the IANA zone it says it is, if any."""

    text: str
    zone: str | None


@dataclass(frozen=True)
class Moment:
    """A wall clock with one of: an IANA ``zone``, an ``offset``, a ``definition`` of the file.

    ``assumed``: the zone is the caller's, although the file names another (``tzid``).
    """

    wall: datetime
    tzid: str
    zone: str | None = None
    offset: timedelta | None = None
    definition: str | None = None
    is_date: bool = False
    is_utc: bool = False
    assumed: bool = False

    def instant(self) -> datetime:
        """Return the instant, of two the first; raise ``Trouble`` if there is none."""
        if self.zone is None:
            if self.offset is None:
                raise ValueError("the offset of this definition is not worked out")
            return self.wall.replace(tzinfo=UTC) - self.offset
        try:
            return timing.instant(self.wall, self.zone, fold=0)
        except Invalid as refusal:
            error = refusal.errors[0]
            raise Trouble(error.code, error.message, **error.values) from refusal

    def with_offset(self, seconds: int | None) -> Moment:
        """Return the same with the offset that its definition turned out to give."""
        if self.definition is None or seconds is None:
            return self
        return replace(self, offset=timedelta(seconds=seconds))

    def stored_zone(self, timezone: str | None) -> str:
        """Return the zone to store; UTC becomes ``timezone``, the file's own ones an offset."""
        if self.is_utc:
            return timezone or "UTC"
        return self.zone or zonenames.fixed_zone(self.offset or timedelta(0))


class Zones:
    """What the file and the caller say about zones."""

    def __init__(self, calendar: Component, timezone: str | None) -> None:
        self.timezone = timezone
        self.definitions = {
            each.text("TZID").strip(): Definition(
                "\r\n".join([*each.source, ""]), zonenames.iana_zone(each.text("X-LIC-LOCATION"))
            )
            for each in calendar.children
            if each.name == "VTIMEZONE"
        }

    def moments(self, written: Property, start: Moment | None = None) -> list[Moment]:
        """Return the moments of a property, which may list several; raise ``Trouble``.

        Mere dates are dates where ``start`` is.
        """
        return [self._moment(written, value, start) for value in written.value.split(",")]

    def _moment(self, written: Property, value: str, start: Moment | None) -> Moment:
        wall, kind = _parsed(value.strip(), "000000", written.line)
        if kind == "utc":
            return Moment(wall, "UTC", "UTC", is_utc=True)
        is_date = kind == "date"
        if is_date and start is not None:
            return replace(start, wall=wall, is_date=True)
        tzid = written.parameters.get("TZID", "").strip()
        if not tzid or is_date:
            if self.timezone is None:
                raise Trouble(
                    "needs_timezone",
                    N_("The time names no zone: say which one is meant (--timezone)."),
                    written.line,
                )
            return Moment(wall, "", self.timezone, is_date=is_date)
        return self._named(tzid, wall, written.line)

    def _named(self, tzid: str, wall: datetime, line: int) -> Moment:
        definition = self.definitions.get(tzid)
        zone = zonenames.iana_zone(tzid) or (definition and definition.zone)
        if zone:
            return Moment(wall, tzid, zone)
        if definition:
            return Moment(wall, tzid, definition=definition.text)
        offset = zonenames.stated_offset(tzid)
        if offset is not None:
            return Moment(wall, tzid, offset=offset)
        if self.timezone:
            return Moment(wall, tzid, self.timezone, assumed=True)
        raise Trouble(
            "undefined_timezone",
            N_(
                "“%(tzid)s” is no zone we know and the file does not define it: "
                "say which one is meant (--timezone)."
            ),
            line,
            tzid=tzid[:80],
        )


def period(event: Component, zones: Zones) -> tuple[Moment, Moment]:
    """Return start and end of ``event``, by DTEND, by DURATION, or by a whole day."""
    written = event.first("DTSTART")
    if written is None:
        raise Trouble("no_start", N_("The event has no DTSTART."))
    start, end = zones.moments(written)[0], event.first("DTEND")
    duration = event.first("DURATION")
    if end is not None:
        closing = zones.moments(end)[0]
        if closing.definition and closing.definition != start.definition:
            raise unsupported(end)
        return start, closing
    if duration is not None:
        return start, _after(start, duration)
    if start.is_date:
        return start, replace(start, wall=start.wall + timedelta(days=1))
    raise Trouble("no_end", N_("The event has neither DTEND nor DURATION."))


def _after(start: Moment, written: Property) -> Moment:
    """Return ``start`` plus a DURATION: whole days by the calendar, hours by the clock."""
    try:
        length = vDuration.from_ical(written.value.strip())
        if length % timedelta(days=1) and start.zone:
            ends_at = start.instant() + length
            return Moment(ends_at.replace(tzinfo=None), "UTC", "UTC", is_utc=True)
        return replace(start, wall=start.wall + length)
    except (ValueError, OverflowError) as fault:
        raise _invalid(written.value, written.line) from fault


def aligned(each: Moment, start: Moment) -> str:
    """Return ``each`` as text on the clocks of ``start``; only a definition leaves a Z."""
    if each.is_date and not start.is_date:
        return datetime.combine(each.wall, start.wall.time()).strftime(FORM)
    if (each.zone, each.offset, each.definition) == (start.zone, start.offset, start.definition):
        return each.wall.strftime(FORM)
    if each.definition:
        raise Trouble("unsupported", N_("Its repetition mixes several zones."))
    if start.zone:
        return timing.wall(each.instant(), start.zone).strftime(FORM)
    if start.offset is not None:
        return (each.instant() + start.offset).strftime(FORM)
    return each.instant().strftime(FORM + "Z")


def until(text: str, start: Moment) -> str:
    """Return UNTIL on the clocks of ``start``; it is inclusive, and a bare date means its end."""
    wall, kind = _parsed(text, "235959", None)
    if kind == "utc":
        return aligned(Moment(wall, "UTC", "UTC", is_utc=True), start)
    return wall.strftime(FORM)


def _parsed(value: str, time_of_dates: str, line: int | None) -> tuple[datetime, str]:
    """Return a wall clock and what it was written as: ``utc``, ``date`` or ``local``."""
    match = _DATE_TIME.fullmatch(value)
    if match is None:
        raise _invalid(value, line)
    try:
        wall = datetime.fromisoformat(f"{match[1]}T{match[2] or time_of_dates}")
    except ValueError as fault:
        raise _invalid(value, line) from fault
    return wall, "utc" if match[3] else "local" if match[2] else "date"


def placed(instant: datetime, zone: str) -> tuple[datetime, int]:
    """Return what ``zone`` shows at ``instant``, and the fold that says which of two it is."""
    wall = timing.wall(instant, zone)
    return wall, timing.instants(wall, zone).index(instant)


def unsupported(written: Property) -> Trouble:
    """Return the refusal of a property we would misread."""
    return Trouble(
        "unsupported",
        N_("%(name)s is used in a way that cannot be imported."),
        written.line,
        name=written.name,
    )


def _invalid(value: str, line: int | None = None) -> Trouble:
    message = N_("“%(value)s” is not a date and time.")
    return Trouble("invalid_time", message, line, value=value[:40])
