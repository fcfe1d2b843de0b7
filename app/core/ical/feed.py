"""A feed: the calendar's own properties, and rendered entries joined behind them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from app.core.ical import text
from app.core.ical.render import Rendered
from app.core.ical.vtimezone import vtimezone

PRODID = "-//Open Talks//Open Talks 1//EN"
HOURLY: Literal["PT1H"] = "PT1H"  # while sessions lie ahead
DAILY: Literal["P1D"] = "P1D"  # after the last one


def feed(
    *,
    name: str,
    description: str,
    url: str,
    source: str | None,
    refresh: Literal["PT1H", "P1D"],
    last_modified: datetime,
    color: str,
    events: Iterable[Rendered],
    empty_zone: str,
) -> bytes:
    """Return the text of a feed; entries are put in the order of start and UID.

    ``url`` is the page for people, ``source`` the feed itself: ``None`` where the address is a
    secret. ``last_modified`` is the newest change of content or membership. ``empty_zone`` is
    the consultation's: a calendar needs one component, so a feed without entries defines it.
    """
    properties = [
        ("NAME", text.escape(name)),
        ("X-WR-CALNAME", text.escape(name)),
        ("DESCRIPTION", text.escape(description)),
        ("X-WR-CALDESC", text.escape(description)),
        ("REFRESH-INTERVAL;VALUE=DURATION", refresh),
        ("X-PUBLISHED-TTL", refresh),
        ("LAST-MODIFIED", text.utc(last_modified)),
        ("URL", text.uri(url)),
        *([("SOURCE;VALUE=URI", text.uri(source))] if source else []),
        ("COLOR", text.escape(color)),
    ]
    return calendar(properties, list(events), empty_zone=empty_zone)


def calendar(
    properties: list[tuple[str, str]], events: list[Rendered], *, empty_zone: str | None = None
) -> bytes:
    """Return one VCALENDAR: ``properties`` follow the three that never change."""
    events = sorted(events, key=lambda each: (each.dtstart, each.uid))
    zones = {each.tzid for each in events if each.tzid}
    if not events and empty_zone:
        zones = {empty_zone}
    head = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", PRODID),
        ("CALSCALE", "GREGORIAN"),
        *properties,
    ]
    return b"".join(
        [
            text.lines(head),
            *(vtimezone(zone) for zone in sorted(zones)),
            *(each.body for each in events),
            text.lines([("END", "VCALENDAR")]),
        ]
    )
