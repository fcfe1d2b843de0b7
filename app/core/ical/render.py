"""Entry → the bytes of one VEVENT; the same entry always gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from app.core import timing
from app.core.ical import text
from app.core.ical.entry import Entry
from app.core.ical.vtimezone import agrees_with_iana


@dataclass(frozen=True)
class Rendered:
    """One VEVENT as text, with what a feed needs to place it; safe to cache and to pickle.

    ``tzid`` is the zone whose VTIMEZONE the text refers to, ``None`` if it speaks UTC.
    """

    uid: str
    dtstart: datetime
    tzid: str | None
    body: bytes


def render(entry: Entry, people: tuple[tuple[str, str], ...] = ()) -> Rendered:
    """Return ``entry`` as text. ``people`` are ORGANIZER and ATTENDEE lines, for mail only."""
    tzid = _zone_of(entry)
    pairs = [("BEGIN", "VEVENT"), *_pairs(entry, tzid), *people, ("END", "VEVENT")]
    return Rendered(entry.uid, entry.dtstart, tzid, text.lines(pairs))


def _zone_of(entry: Entry) -> str | None:
    """Return the zone to write, or ``None`` for UTC: both ends must be read right by everybody."""
    return _speaks(entry.tzid, entry.dtstart, entry.dtend)


@lru_cache(maxsize=20_000)
def _speaks(zone: str, start: datetime, end: datetime) -> str | None:
    if zone == "UTC" or zone.startswith("Etc/"):
        return None
    both = agrees_with_iana(zone, start) and agrees_with_iana(zone, end)
    return zone if both else None


def _pairs(entry: Entry, tzid: str | None) -> list[tuple[str, str]]:
    optional = [
        ("DESCRIPTION", text.escape(entry.description)),
        ("LOCATION", text.escape(entry.location)),
        ("GEO", f"{entry.geo[0]:.6f};{entry.geo[1]:.6f}" if entry.geo else ""),
        ("URL", text.uri(entry.url)),
        *(
            (
                f"CONFERENCE;VALUE=URI;FEATURE={','.join(each.features)}"
                f";LABEL={text.parameter(each.label)}",
                text.uri(each.uri),
            )
            for each in entry.conferences
        ),
        ("CATEGORIES", ",".join(text.escape(word) for word in entry.categories if word)),
    ]
    return [
        ("UID", text.escape(entry.uid)),
        ("DTSTAMP", text.utc(entry.dtstamp or entry.last_modified)),
        ("CREATED", text.utc(entry.created)),
        ("LAST-MODIFIED", text.utc(entry.last_modified)),
        ("SEQUENCE", str(entry.sequence)),
        _date_time("DTSTART", entry.dtstart, tzid),
        _date_time("DTEND", entry.dtend, tzid),
        ("SUMMARY", text.escape(entry.summary)),
        *((name, value) for name, value in optional if value),
        ("STATUS", entry.status),
        ("TRANSP", entry.transp),
        *([("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")] if entry.transp == "TRANSPARENT" else []),
        ("CLASS", entry.klass),
        *([("COLOR", text.escape(entry.color))] if entry.color else []),
    ]


def _date_time(name: str, instant: datetime, tzid: str | None) -> tuple[str, str]:
    if tzid is None:
        return name, text.utc(instant)
    return f"{name};TZID={tzid}", text.local(timing.wall(instant, tzid))
