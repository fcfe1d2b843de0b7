"""Ways into a calendar: the addresses offered beside a feed, and a QR code as one SVG path."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

import segno
from markupsafe import Markup


@dataclass(frozen=True)
class CalendarLinks:
    """What `subscribe_panel` of _parts.html asks for; ``file`` is empty without a file."""

    https: str
    webcal: str
    google: str
    outlook: str
    file: str = ""


def links(feed: str, *, name: str = "", file: str = "") -> CalendarLinks:
    """Return the ways to subscribe to the feed at the public address ``feed``.

    ``name`` is what Outlook calls the calendar, ``file`` the address of one .ics to download.
    """
    webcal = "webcal://" + feed.split("://", 1)[1]
    outlook = urlencode({"url": feed, "name": name}, quote_via=quote)
    return CalendarLinks(
        https=feed,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?{outlook}",
        file=file,
    )


@lru_cache(maxsize=500)
def qr(text: str) -> Markup:
    """Return ``text`` as a QR code with its quiet zone: an SVG without size, of one path."""
    code = segno.make(text, error="m", micro=False)
    return Markup(  # noqa: S704  (segno's own path, no text of anybody)
        code.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None, nl=False)
    )
