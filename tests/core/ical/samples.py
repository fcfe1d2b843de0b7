"""The three sessions of 2013 as entries, and how to make a feed of some."""

from __future__ import annotations

from datetime import UTC, datetime

from app.core.ical import feed as feeds
from app.core.ical.entry import Conference, Entry
from app.core.ical.render import render

CHANGED = datetime(2013, 9, 20, 8, 30, tzinfo=UTC)

CAFE = Entry(
    uid="4t6k2w9hq0m3x7bd5jz8n1cvra@talks.example.org",
    created=datetime(2013, 9, 1, 7, 0, tzinfo=UTC),
    last_modified=CHANGED,
    sequence=1,
    dtstart=datetime(2013, 10, 8, 16, 15, tzinfo=UTC),
    dtend=datetime(2013, 10, 8, 18, 15, tzinfo=UTC),
    tzid="Europe/Zurich",
    summary="World Café: what governments can do, and what they cannot",
    url="https://talks.example.org/open-talks-2013/world-cafe/",
    description="18:15–20:15 Geneva (CEST, UTC+2), 16:15–18:15 UTC.\n\nOn site; in English.",
    location="ICT Discovery, ITU Headquarters, Geneva, Switzerland + online",
    geo=(46.220556, 6.137222),
    conferences=(
        Conference(
            "https://talks.example.org/open-talks-2013/world-cafe/", "Online table: how to join"
        ),
    ),
    categories=("World Café", "Hybrid"),
    transp="TRANSPARENT",
    color="teal",
)
HALL = Entry(
    uid="7m0z5d1ye8q2s4hk6w9tx3bnjf@talks.example.org",
    created=datetime(2013, 9, 1, 7, 5, tzinfo=UTC),
    last_modified=CHANGED,
    sequence=0,
    dtstart=datetime(2013, 10, 25, 1, 0, tzinfo=UTC),
    dtend=datetime(2013, 10, 25, 2, 30, tzinfo=UTC),
    tzid="Asia/Makassar",
    summary="Town Hall at IGF 2013",
    url="https://talks.example.org/open-talks-2013/town-hall/",
    location="Bali, Indonesia + online",
    categories=("Town Hall", "Hybrid"),
    transp="TRANSPARENT",
)
ROUND = Entry(
    uid="9x3c7v1bn5m2k8j4h6g0fdsaqw@talks.example.org",
    created=datetime(2013, 9, 1, 7, 10, tzinfo=UTC),
    last_modified=CHANGED,
    sequence=2,
    dtstart=datetime(2013, 10, 14, 7, 0, tzinfo=UTC),
    dtend=datetime(2013, 11, 1, 22, 59, tzinfo=UTC),
    tzid="Europe/Zurich",
    summary="CANCELLED: Online round",
    url="https://talks.example.org/open-talks-2013/online-round/",
    location="Online",
    categories=("Online round", "Online"),
    status="CANCELLED",
    transp="TRANSPARENT",
)


def feed_of(*entries: Entry, **changes) -> bytes:
    """Return a public feed of ``entries``."""
    options = {
        "name": "Open Talks",
        "description": "Consultations on Internet-related public policy; all sessions.",
        "url": "https://talks.example.org/open-talks-2013/",
        "source": "https://talks.example.org/open-talks-2013/calendar.ics",
        "refresh": feeds.DAILY,
        "last_modified": CHANGED,
        "color": "teal",
        "events": [render(entry) for entry in entries],
        "empty_zone": "Europe/Zurich",
    }
    return feeds.feed(**options | changes)
