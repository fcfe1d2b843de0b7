"""Public documents: the validator is looked up first, the body rendered once and kept.

A document's ETag changes exactly when its bytes can: it is made of the build, the tzdata version,
the document's own key and the revisions it shows. Bodies are kept in this process, with their
gzip, for as long as the state they were made of is the newest, and until time itself changes them.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from flask import Response, request

from app import clock
from app.core import timing
from app.version import BUILD

PUBLIC_PAGE = "public, no-cache"


SERVER_TIME = "X-Server-Time"  # of live documents: by it every device sets the same clock
ANSWERED = "open_talks.document"  # in the WSGI environment: which document an answer was


@dataclass
class Document:
    """One answer, ready to be sent: bytes, their gzip, and the headers that go with them.

    ``state`` are the revisions it was made of (its ETag where nothing else is said);
    ``next_change_at`` is when time alone makes it another one. ``checked_at`` is when the database
    last confirmed it. ``answers`` are the headers it was sent with, as the front door learned
    them (app/web/front.py).
    """

    etag: str
    body: bytes
    gzipped: bytes
    headers: tuple[tuple[str, str], ...]
    last_modified: datetime | None
    state: Hashable = None
    next_change_at: datetime | None = None
    checked_at: datetime | None = None
    answers: dict[tuple[bool, bool], tuple[str, list[tuple[str, str]]]] = field(
        default_factory=dict
    )

    def is_current(self, state: Hashable, now: datetime) -> bool:
        """Say whether this is still the newest version."""
        return self.state == state and (self.next_change_at is None or now < self.next_change_at)


class Shelf:
    """The newest version of each document, at most ``limit`` bytes, the least used going first."""

    def __init__(self, limit: int = 64 * 1024 * 1024) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[Hashable, Document] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, key: Hashable, state: Hashable) -> Document | None:
        """Return the document kept under ``key`` if it was made of ``state`` and is still so."""
        now = clock.now()
        with self._guard:
            found = self._kept.get(key)
            if found is None or not found.is_current(state, now):
                return None
            self._kept.move_to_end(key)
        found.checked_at = now
        return found

    def newest(self, key: Hashable) -> Document | None:
        """Return whatever is kept under ``key``: the last good copy when the database fails."""
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, document: Document) -> None:
        """Keep ``document``, replacing an older version."""
        with self._guard:
            old = self._kept.pop(key, None)
            self._size += weight(document) - (weight(old) if old else 0)
            self._kept[key] = document
            while self._size > self._limit and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._size -= weight(gone)

    def clear(self) -> None:
        """Forget everything (tests)."""
        with self._guard:
            self._kept.clear()
            self._size = 0


shelf = Shelf()


def weight(document: Document) -> int:
    """Return how many bytes a kept document costs."""
    return len(document.body) + len(document.gzipped) + 3000


def etag_of(*parts: object) -> str:
    """Return the weak ETag of a document whose visible state is ``parts``."""
    text = "\x1f".join(map(str, (BUILD, timing.tzdata_version(), *parts)))
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def make(
    etag: str,
    body: str | bytes,
    headers: dict[str, str],
    *,
    last_modified: datetime | None = None,
    state: Hashable = None,
    next_change_at: datetime | None = None,
) -> Document:
    """Return a document; gzip without a time in it, so that the same body is the same bytes.

    A date in the future (rows move theirs on by a second at each change) is sent as now, until
    it has come.
    """
    now = clock.now()
    raw = body.encode() if isinstance(body, str) else body
    all_headers = {"ETag": etag, "Vary": "Accept-Encoding", **headers}
    if last_modified is not None:
        last_modified = last_modified.astimezone(UTC).replace(microsecond=0)
        all_headers["Last-Modified"] = format_datetime(min(last_modified, now), usegmt=True)
        if last_modified > now:
            next_change_at = min(next_change_at or last_modified, last_modified)
    return Document(
        etag,
        raw,
        gzip.compress(raw, 6, mtime=0),
        tuple(all_headers.items()),
        last_modified,
        state=etag if state is None else state,
        next_change_at=next_change_at,
        checked_at=now,
    )


def is_unchanged(
    document: Document, if_none_match: str | None, if_modified_since: str | None
) -> bool:
    """Say whether the client already has it (RFC 9110 13.2.2: a date counts only without ETag)."""
    if if_none_match is not None:
        return matches(document.etag, if_none_match)
    if if_modified_since and document.last_modified is not None:
        try:
            since = parsedate_to_datetime(if_modified_since)
            return document.last_modified <= since
        except (TypeError, ValueError, OverflowError):  # no date, or one without a zone
            return False
    return False


def matches(etag: str, header: str) -> bool:
    """Compare weakly with a list of entity tags or ``*``."""
    wanted = opaque(etag)
    given = [opaque(part.strip()) for part in header.split(",")]
    return header.strip() == "*" or wanted in given


def opaque(etag: str) -> str:
    """Return the tag without its weakness, and without the suffix some servers add for gzip."""
    return etag.removeprefix("W/").strip('"').removesuffix("-gzip").removesuffix(";gzip")


def wants_gzip(accept_encoding: str) -> bool:
    """Say whether gzip may be sent."""
    for part in accept_encoding.lower().split(","):
        name, _, weight_text = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight_text.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def stamped(headers: list[tuple[str, str]], now: datetime) -> list[tuple[str, str]]:
    """Return ``headers`` with the time on the server, in milliseconds since the epoch."""
    kept = [pair for pair in headers if pair[0] != SERVER_TIME]
    return [*kept, (SERVER_TIME, str(int(now.timestamp() * 1000)))]


def respond(key: Hashable, state: Hashable, render: Callable[[], Document]) -> Response:
    """Answer with the document made of ``state`` (or called so): 304, the kept copy, a new one."""
    return as_response(newest(key, state, render))


def newest(key: Hashable, state: Hashable, render: Callable[[], Document]) -> Document:
    """Return the document made of ``state`` from the shelf, else a new one that is put there."""
    document = shelf.take(key, state)
    if document is None:
        document = render()
        shelf.put(key, document)
    return document


def as_response(document: Document) -> Response:
    """Return ``document`` as an answer to the current request."""
    unchanged = is_unchanged(
        document,
        request.headers.get("If-None-Match"),
        request.headers.get("If-Modified-Since"),
    )
    response = Response(status=304 if unchanged else 200)
    response.headers.update(document.headers)
    request.environ[ANSWERED] = document
    if unchanged:
        response.headers.pop("Content-Type", None)
        response.headers.pop("Content-Disposition", None)
        return response
    zipped = wants_gzip(request.headers.get("Accept-Encoding", ""))
    response.set_data(document.gzipped if zipped else document.body)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response
