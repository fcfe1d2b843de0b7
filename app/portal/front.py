"""Public pages at the front door: what has not changed is answered before Flask wakes up."""

from __future__ import annotations

import re

from flask import Flask

from app.portal import queries
from app.web import front, pages


def register(app: Flask) -> None:
    """Add the rules of the portal's pages."""
    front.add(
        app,
        front.Rule(
            pattern=re.compile("(?P<path>/)"),
            parameters=pages.PARAMETERS,
            statement=queries.ALL,
            values=lambda named: {},
            key=lambda named, query: key(named, query, pages.reader_query(query)),
            state=lambda row, named, query: queries.version_of_all(row),
        ),
    )
    front.add(
        app,
        front.Rule(
            pattern=re.compile(f"(?P<path>/(?P<slug>{front.SLUG})/)"),
            parameters=pages.PARAMETERS | set(queries.FILTERS),
            statement=queries.ONE,
            values=slug,
            key=lambda named, query: key(named, query, queries.programme_query(query)),
            state=lambda row, named, query: queries.version(row),
        ),
    )
    front.add(
        app,
        front.Rule(
            pattern=re.compile(
                f"(?P<path>/(?P<slug>{front.SLUG})/(?:{front.SLUG}/|help|privacy|changes))"
            ),
            parameters=pages.PARAMETERS,
            statement=queries.ONE,
            values=slug,
            key=lambda named, query: key(named, query, pages.reader_query(query)),
            state=lambda row, named, query: queries.version(row),
        ),
    )


def slug(named: front.Named) -> dict[str, str]:
    """Return what the look-up of a consultation asks for."""
    return {"slug": named["slug"]}


def key(named: front.Named, sent: front.Named, query: front.Named):
    """Return the key under which `pages.document` keeps the page."""
    return pages.key_of(named["path"], sent, query)
