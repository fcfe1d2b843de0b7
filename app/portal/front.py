"""Public pages at the front door: those of a consultation, as long as nothing in it changed."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from app.portal import queries
from app.web import front, pages, viewer

SLUG = "[a-z0-9-]{2,60}"
READER = frozenset({"tz", "lang"})
PROGRAMME = re.compile(rf"(?P<path>/(?P<consultation>{SLUG})/)")
OTHERS = re.compile(
    rf"(?P<path>/(?P<consultation>{SLUG})/(?:{SLUG}/|help|privacy|changes))"
)  # a session's page among them


def register(app: Flask) -> None:
    """Add the rules of the pages."""

    def rule(pattern: re.Pattern[str], parameters: frozenset[str]) -> front.Rule:
        def state(row: Any, named: front.Named, query: front.Named) -> str:
            known = queries.state(row, canonical(query))
            return pages.etag_of(key(named, query), known, app.config)

        return front.Rule(
            pattern=pattern,
            parameters=parameters,
            statement=queries.CONSULTATION,
            values=lambda named: {"consultation": named["consultation"]},
            key=key,
            state=state,
        )

    front.add(app, rule(PROGRAMME, READER | frozenset(queries.FILTERS)))
    front.add(app, rule(OTHERS, READER))


def key(named: front.Named, query: front.Named) -> tuple:
    """Return under which name the shelf keeps the page."""
    asked = query.get("tz", "")
    unknown = bool(asked) and viewer.known_zone(asked) is None
    return pages.key_of(named["path"], unknown, canonical(query))


def canonical(query: front.Named) -> dict[str, str]:
    """Return the query in the one spelling the page has."""
    reader = pages.reader_of(viewer.known_zone(query.get("tz", "")), query)
    return reader | pages.canonical(**queries.filters_of(query))
