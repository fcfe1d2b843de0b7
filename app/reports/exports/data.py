"""An edition as JSON: the document to the letter, and where to read it."""

from __future__ import annotations

import json

from app.core.document import Document
from app.reports.exports.parts import Place


def data(document: Document, language: str, place: Place) -> bytes:
    """Return all of ``document`` as JSON (UTF-8); `Document.from_json` reads it back."""
    said = {
        "links": {
            "edition": place.edition(document, language),
            "latest": place.latest(document, language),
        },
        **document.as_json(),
    }
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
