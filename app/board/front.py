"""The board and single contributions at the front door: what has not changed costs one look-up."""

from __future__ import annotations

import re

from flask import Flask

from app import clock
from app.board import queries
from app.web import front, pages


def register(app: Flask) -> None:
    """Add the rules of the board's pages."""
    front.add(
        app,
        front.Rule(
            pattern=re.compile(
                f"(?P<path>/(?P<consultation>{front.SLUG})/(?P<session>{front.SLUG})/ideas)"
            ),
            parameters=pages.PARAMETERS | set(queries.FILTERS),
            statement=queries.OF_BOARD,
            values=lambda named: {name: named[name] for name in ("consultation", "session")},
            key=lambda named, query: key(named, query, queries.board_query(query)),
            state=lambda row, named, query: queries.version_of_board(row, at=clock.now()),
        ),
    )
    front.add(
        app,
        front.Rule(
            pattern=re.compile(
                f"(?P<path>/(?P<consultation>{front.SLUG})/contributions/"
                "(?P<reference>[A-Za-z0-9-]{1,40}))"
            ),
            parameters=pages.PARAMETERS,
            statement=queries.OF_ONE,
            values=lambda named: {
                "consultation": named["consultation"], "reference": named["reference"].upper(),
            },
            key=lambda named, query: key(named, query, pages.reader_query(query)),
            state=lambda row, named, query: queries.version_of_contribution(row),
        ),
    )  # fmt: skip


def key(named: front.Named, sent: front.Named, query: front.Named):
    """Return the key under which `pages.document` keeps the page."""
    return pages.key_of(named["path"], sent, query)
