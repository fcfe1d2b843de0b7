"""Public pages as documents: one look-up says whether anything has to be rendered at all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request

from app import clock
from app.core import languages
from app.web import documents, viewer

HEADERS = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": documents.PUBLIC_PAGE}
SETTINGS = ("SITE_NAME", "SITE_URL", "RETENTION_MONTHS")
PARAMETERS = frozenset({"tz", "lang"})


@dataclass(frozen=True)
class State:
    """What one look-up says of a page.

    ``query`` is the page's own, canonical; ``version`` the revisions it shows. ``moments()`` are
    the instants, in order, at which time alone changes it: asked only when it is rendered.
    """

    query: dict[str, str]
    version: tuple[Any, ...]
    changed_at: datetime | None
    moments: Callable[[], list[datetime]]


def document(state: Callable[..., State | None]) -> Callable[[Callable], Callable]:
    """Answer a public view from the shelf wherever ``state(**address)`` says it is unchanged.

    ``state`` looks up once and loads no rows; ``None`` leaves everything to the view (which
    refuses). The view returns HTML made of nothing but the address and what ``state`` counted.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def run(**address: Any) -> Response:
            known = state(**address)
            if known is None:
                return view(**address)
            g.query = known.query
            key = key_of(request.path, request.args, known.query)

            def render() -> documents.Document:
                return rendered(key, known, lambda: view(**address))

            return documents.respond(key, known.version, render)

        return run

    return decorate


def rendered(key: Hashable, state: State, render: Callable[[], str]) -> documents.Document:
    """Return the page as it is now, and until when time alone leaves it so."""
    moments = state.moments()
    count = bisect_right(moments, clock.now())  # the instant itself counts
    settings = (current_app.config[name] for name in SETTINGS)
    instants = [state.changed_at, moments[count - 1] if count else None]
    return documents.make(
        documents.etag_of(key, *state.version, count, *settings),
        render(),
        HEADERS,
        last_modified=max((each for each in instants if each is not None), default=None),
        state=state.version,
        next_change_at=moments[count] if count < len(moments) else None,
    )


def key_of(path: str, sent: Mapping[str, str], query: Mapping[str, str]) -> Hashable:
    """Return what tells a page's documents apart: its path and its canonical ``query``.

    A zone nobody knows makes a page of its own: it says so, without repeating it.
    """
    unknown = bool(sent.get("tz")) and "tz" not in query
    return path, unknown, *query.items()


def reader_query(sent: Mapping[str, str]) -> dict[str, str]:
    """Return zone and language of an address as the cache knows them: one spelling each."""
    spoken = languages.known(sent.get("lang"))
    return canonical(
        tz=viewer.known_zone(sent.get("tz", "")) or "", lang=spoken.code if spoken else ""
    )


def canonical(**query: str) -> dict[str, str]:
    """Return what is set of ``query``, in the order given."""
    return {name: value for name, value in query.items() if value}
