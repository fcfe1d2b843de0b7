"""The addresses of one feed for different calendars, and QR codes as one SVG path."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

import segno
from markupsafe import Markup


@dataclass(frozen=True)
class FeedAddresses:
    """How a feed is subscribed to; ``file`` is one ``.ics`` to download, or empty."""

    https: str
    webcal: str
    google: str
    outlook: str
    file: str = ""


def addresses(https: str, *, name: str, file: str = "") -> FeedAddresses:
    """Return the links that subscribe to the feed at ``https`` under ``name``."""
    webcal = "webcal://" + https.split("://", 1)[1]
    outlook = urlencode({"url": https, "name": name})
    return FeedAddresses(
        https=https,
        webcal=webcal,
        google="https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe=""),
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?{outlook}",
        file=file,
    )


@lru_cache(maxsize=256)
def qr(text: str) -> Markup:
    """Return ``text`` as a QR code: one SVG path, black on white whatever the theme.

    The same addresses stand on page after page, and a code takes 5 ms to find.
    """
    code = segno.make(text, error="m", micro=False)
    svg = code.svg_inline(scale=1, border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(svg)  # noqa: S704  (segno writes numbers only; ``text`` is not in it)
