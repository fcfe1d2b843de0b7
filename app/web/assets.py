"""Files under ``static/``: a year in caches, and small on the way."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, request

from app.web.documents import wants_gzip

TEXTS = ("text/", "image/svg+xml", "application/json", "application/manifest+json")
SMALL = 400  # bytes: below it gzip gains nothing


def send(response: Response) -> Response:
    """Let caches keep a file for a year (its address changes with it), and send texts with gzip.

    Half of a first visit on a slow line are style sheets and symbols.
    """
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if response.status_code != 200 or not (response.mimetype or "").startswith(TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same file in two encodings
    if not wants_gzip(request.headers.get("Accept-Encoding", "")):
        return response
    file = Path(current_app.static_folder or "static", (request.view_args or {})["filename"])
    small = gzipped(file, file.stat().st_mtime_ns)
    if small is not None:
        response.close()  # the file that Flask had opened
        response.direct_passthrough = False
        response.set_data(small)
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=200)
def gzipped(file: Path, _changed: int) -> bytes | None:
    """Return a file with gzip, the same bytes at any time; ``None`` where that gains nothing."""
    raw = file.read_bytes()
    made = gzip.compress(raw, 9, mtime=0)
    return made if len(raw) >= SMALL and len(made) < len(raw) else None
