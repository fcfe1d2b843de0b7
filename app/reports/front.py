"""Editions, their files and their figures at the front door: what has not changed is one look-up.

Before the first edition the figures' look-up finds no row, and the view behind answers.
"""

from __future__ import annotations

import re

from flask import Flask

from app.reports.queries import published
from app.web import front, pages

HOME = f"(?P<path>/(?P<consultation>{front.SLUG})"
EDITION = f"{HOME}/document/(?P<edition>[1-9][0-9]{{0,5}})"


def register(app: Flask) -> None:
    """Add the rules of the document's public pages."""
    front.add(
        app,
        front.Rule(
            pattern=re.compile(f"{EDITION})"),
            parameters=pages.PARAMETERS,
            statement=published.OF_EDITION,
            values=edition,
            key=page,
            state=lambda row, named, query: (row.id, row.revision),
        ),
    )
    front.add(
        app,
        front.Rule(
            pattern=re.compile(rf"{EDITION}\.(?:docx|pdf|md|json))"),
            parameters=pages.PARAMETERS,
            statement=published.OF_EDITION,
            values=edition,
            key=lambda named, query: published.file_key(named["path"], pages.reader_query(query)),
            state=lambda row, named, query: (row.id, row.revision),
        ),
    )
    front.add(
        app,
        front.Rule(
            pattern=re.compile(f"{HOME}/results)"),
            parameters=pages.PARAMETERS,
            statement=published.LATEST,
            values=lambda named: {"consultation": named["consultation"]},
            key=page,
            state=lambda row, named, query: published.version_of_figures(row),
        ),
    )
    front.add(
        app,
        front.Rule(
            pattern=re.compile(rf"{HOME}/results\.csv)"),
            parameters=frozenset(),
            statement=published.LATEST,
            values=lambda named: {"consultation": named["consultation"]},
            key=lambda named, query: published.sheet_key(named["path"]),
            state=lambda row, named, query: published.version_of_figures(row),
        ),
    )


def edition(named: front.Named) -> dict[str, str | int]:
    """Return what the look-up of an edition asks for."""
    return {"consultation": named["consultation"], "edition": int(named["edition"])}


def page(named: front.Named, query: front.Named):
    """Return the key under which `pages.document` keeps the page."""
    return pages.key_of(named["path"], query, pages.reader_query(query))
