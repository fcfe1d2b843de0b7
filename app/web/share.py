"""How a page is passed on: by links that need no script and load nothing, and by a QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import gettext as _
from markupsafe import Markup

from app.web import subscribe


@dataclass(frozen=True)
class Share:
    """One page to pass on: its whole address, (words, address) of each way, a QR code of it.

    ``title`` and ``about`` are what its card says elsewhere (Open Graph); ``hashtag`` is without
    its sign, or empty.
    """

    url: str
    title: str
    about: str
    ways: Sequence[tuple[str, str]]
    hashtag: str
    qr: Markup


def of_page(url: str, title: str, hashtag: str | None = None, about: str = "") -> Share:
    """Return how the page at ``url``, called ``title`` and saying ``about``, is passed on."""
    words = f"{title} #{hashtag}" if hashtag else title
    said, where = quote(words, safe=""), quote(url, safe="")
    return Share(
        url=url,
        title=title,
        about=" ".join(about.split())[:300],
        ways=(
            (_("Email"), f"mailto:?subject={quote(title, safe='')}&body={where}"),
            ("WhatsApp", f"https://wa.me/?text={said}%20{where}"),
            ("Telegram", f"https://t.me/share/url?url={where}&text={said}"),
        ),
        hashtag=hashtag or "",
        qr=subscribe.qr(url),
    )
