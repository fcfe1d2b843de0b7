"""Public documents: the validator is looked up first, the body rendered once and kept.

A document's ETag changes exactly when its bytes can: it is made of the build, the tzdata version,
the document's own key and the revisions it shows. Bodies are kept in this process, with their
gzip, for as long as their validator is the newest.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from flask import Response, request

from app.core import timing
from app.version import BUILD

PUBLIC_PAGE = "public, no-cache"


@dataclass(frozen=True)
class Document:
    """One answer, ready to be sent: bytes, their gzip, and the headers that go with them."""

    etag: str
    body: bytes
    gzipped: bytes
    headers: tuple[tuple[str, str], ...]
    last_modified: datetime | None


class Shelf:
    """The newest version of each document, at most ``limit`` bytes, the least used going first."""

    def __init__(self, limit: int = 64 * 1024 * 1024) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[Hashable, Document] = OrderedDict()
        self._notes: dict[Hashable, tuple[Hashable, Any]] = {}
        self._guard = threading.Lock()

    def take(self, key: Hashable, etag: str) -> Document | None:
        """Return the document kept under ``key`` if it is the one called ``etag``."""
        with self._guard:
            found = self._kept.get(key)
            if found is None or found.etag != etag:
                return None
            self._kept.move_to_end(key)
            return found

    def newest(self, key: Hashable) -> Document | None:
        """Return whatever is kept under ``key``: the last good copy when the database fails."""
        with self._guard:
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

    def note(self, key: Hashable, version: Hashable, make: Callable[[], Any]) -> Any:
        """Return what ``make()`` says of ``key``, asked again only where ``version`` differs."""
        found = self._notes.get(key)
        if found is None or found[0] != version:
            found = self._notes[key] = (version, make())
        return found[1]

    def clear(self) -> None:
        """Forget everything (tests)."""
        with self._guard:
            self._kept.clear()
            self._notes.clear()
            self._size = 0


shelf = Shelf()


def weight(document: Document) -> int:
    """Return how many bytes a kept document costs."""
    return len(document.body) + len(document.gzipped) + 500


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
) -> Document:
    """Return a document; gzip without a time in it, so that the same body is the same bytes."""
    raw = body.encode() if isinstance(body, str) else body
    all_headers = {"ETag": etag, "Vary": "Accept-Encoding", **headers}
    if last_modified is not None:
        last_modified = last_modified.replace(microsecond=0)
        all_headers["Last-Modified"] = format_datetime(last_modified, usegmt=True)
    return Document(
        etag, raw, gzip.compress(raw, 6, mtime=0), tuple(all_headers.items()), last_modified
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
        except (TypeError, ValueError):
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


def respond(key: Hashable, etag: str, render: Callable[[], Document]) -> Response:
    """Answer with the document called ``etag``: 304, the kept copy, or a new one."""
    document = shelf.take(key, etag)
    if document is None:
        document = render()
        shelf.put(key, document)
    return as_response(document)


def as_response(document: Document) -> Response:
    """Return ``document`` as an answer to the current request."""
    unchanged = is_unchanged(
        document,
        request.headers.get("If-None-Match"),
        request.headers.get("If-Modified-Since"),
    )
    response = Response(status=304 if unchanged else 200)
    response.headers.extend(document.headers)
    if unchanged:
        response.headers.pop("Content-Type", None)
        response.headers.pop("Content-Disposition", None)
        return response
    zipped = wants_gzip(request.headers.get("Accept-Encoding", ""))
    response.set_data(document.gzipped if zipped else document.body)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response
