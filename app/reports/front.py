"""Editions and figures at the front door: what has not changed costs one look-up."""

from __future__ import annotations

import re

from flask import Flask

from app.reports.queries import published
from app.web import front, pages

SLUG = "[a-z0-9-]{2,60}"


def register(app: Flask) -> None:
    """Add the rule of an edition's page."""
    front.add(
        app,
        front.Rule(
            pattern=re.compile(
                f"(?P<path>/(?P<consultation>{SLUG})/document/(?P<edition>[1-9][0-9]{{0,5}}))"
            ),
            parameters=pages.PARAMETERS,
            statement=published.OF_EDITION,
            values=lambda named: {
                "consultation": named["consultation"], "edition": int(named["edition"]),
            },
            key=lambda named, query: pages.key_of(
                named["path"], query, pages.reader_query(query)
            ),
            state=lambda row, named, query: (row.id, row.revision),
        ),
    )  # fmt: skip
