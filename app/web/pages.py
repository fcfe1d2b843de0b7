"""Public pages as documents: one look-up says whether anything has to be rendered at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request

from app.core import languages
from app.web import documents, viewer

HEADERS = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": documents.PUBLIC_PAGE}
SETTINGS = ("SITE_NAME", "SITE_URL", "RETENTION_MONTHS")


@dataclass(frozen=True)
class State:
    """What a page would show: its canonical ``query``, and the ``parts`` its ETag is made of."""

    query: dict[str, str]
    parts: tuple[Any, ...]
    last_modified: datetime | None = None


def document(state: Callable[..., State | None]) -> Callable[[Callable], Callable]:
    """Answer a public view from the shelf wherever ``state(**address)`` says it is unchanged.

    ``state`` looks up once and loads no rows; ``None`` leaves everything to the view (which
    refuses). The view returns HTML, made of nothing but the address and what ``state`` counted.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def run(**address: Any) -> Response:
            known = state(**address)
            if known is None:
                return view(**address)
            g.query = known.query
            key = key_of(request.path, viewer.zone_is_unknown(), known.query)
            etag = etag_of(key, known, current_app.config)

            def render() -> documents.Document:
                return documents.make(
                    etag, view(**address), HEADERS, last_modified=known.last_modified
                )

            return documents.respond(key, etag, render)

        return run

    return decorate


def key_of(path: str, zone_is_unknown: bool, query: Mapping[str, str]) -> tuple:
    """Return under which name the shelf keeps a page.

    A zone nobody knows is a page of its own: it says so, without repeating it.
    """
    return (path, zone_is_unknown, *query.items())


def etag_of(key: tuple, known: State, config: Mapping[str, Any]) -> str:
    """Return the ETag of the page kept under ``key`` in the state ``known``."""
    return documents.etag_of(key, *known.parts, *(config[name] for name in SETTINGS))


def reader_query() -> dict[str, str]:
    """Return zone and language of the address as the cache knows them: one spelling each."""
    return reader_of(viewer.zone(), request.args)


def reader_of(zone: str | None, query: Mapping[str, str]) -> dict[str, str]:
    """Return the same for a ``zone`` read from ``query``."""
    spoken = languages.known(query.get("lang"))
    return canonical(tz=zone or "", lang=spoken.code if spoken else "")


def canonical(**query: str) -> dict[str, str]:
    """Return what is set of ``query``, in the order given."""
    return {name: value for name, value in query.items() if value}
