"""The IANA zone behind a TZID: by its own name, by Windows', or by the offset it states."""

from __future__ import annotations

import re
from datetime import timedelta

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from app.core import timing
from app.core.refusals import Invalid

_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?)(?::?(\d\d))?", re.ASCII)


def iana_zone(tzid: str) -> str | None:
    """Return the zone ``tzid`` names: IANA's own, one behind a vendor's prefix, or Windows'."""
    tzid = tzid.strip()[:200]
    parts = tzid.split("/")
    for count in (len(parts), 3, 2):
        try:
            return timing.canonical_zone("/".join(parts[-count:]))
        except Invalid:
            continue
    if tzid.casefold() in _WINDOWS:
        return timing.canonical_zone(_WINDOWS[tzid.casefold()])
    return None


def stated_offset(tzid: str) -> timedelta | None:
    """Return the offset ``tzid`` itself states ("UTC+02:00"), if it does."""
    match = _OFFSET.fullmatch(tzid.strip())
    if not match:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset > timedelta(hours=14):
        return None
    return -offset if match[1] == "-" else offset


def fixed_zone(offset: timedelta) -> str:
    """Return the zone that always has ``offset``: ``Etc/GMT∓n``, or UTC for parts of an hour."""
    hours, rest = divmod(offset, timedelta(hours=1))
    if rest or not -12 <= hours <= 14 or not hours:
        return "UTC"
    return f"Etc/GMT{-hours:+d}"
