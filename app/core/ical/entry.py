"""An entry: one VEVENT before it is text; its fields are RFC 5545's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Conference:
    """A way to take part from afar: its address, and what to call it."""

    uri: str
    label: str
    features: tuple[str, ...] = ("AUDIO", "VIDEO")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a calendar is told about one session.

    All datetimes are instants; ``tzid`` is the venue's IANA zone, in whose wall clock the text
    gives ``dtstart`` and ``dtend`` where it safely can. ``klass`` is CLASS. ``dtstamp`` is left
    out in feeds, where RFC 5545 makes it the last revision: ``last_modified``. ``summary`` and
    ``description`` are plain text, prefixes such as "CANCELLED: " included.
    """

    uid: str
    created: datetime
    last_modified: datetime
    sequence: int
    dtstart: datetime
    dtend: datetime
    tzid: str
    summary: str
    url: str
    description: str = ""
    location: str = ""
    geo: tuple[float, float] | None = None
    conferences: tuple[Conference, ...] = ()
    categories: tuple[str, ...] = ()
    status: Literal["CONFIRMED", "TENTATIVE", "CANCELLED"] = "CONFIRMED"
    transp: Literal["OPAQUE", "TRANSPARENT"] = "OPAQUE"
    klass: Literal["PUBLIC", "PRIVATE"] = "PUBLIC"
    color: str = ""
    dtstamp: datetime | None = None

    def __post_init__(self) -> None:
        if self.dtend <= self.dtstart:
            raise ValueError(f"{self.uid}: DTEND must be later than DTSTART")
        if not self.uid or len(self.uid.encode()) > 255:
            raise ValueError("a UID has 1 to 255 octets")
