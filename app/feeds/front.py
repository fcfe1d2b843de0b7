"""Feeds at the front door: polls about nothing new are answered before Flask wakes up."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from app.core import links
from app.feeds import operations, queries, views
from app.web import front

LANG = frozenset({"lang"})


def register(app: Flask) -> None:
    """Add the rules of the feeds."""

    def seen(named: front.Named, environ: dict[str, Any]) -> None:
        fingerprint = links.fingerprint(named["token"])
        operations.fetches.note(fingerprint, environ.get("HTTP_USER_AGENT", ""))
        if operations.fetches.is_due:
            with app.app_context():
                operations.flush_fetches()

    front.add(
        app,
        front.Rule(
            pattern=re.compile(rf"/(?P<consultation>{front.SLUG})/calendar\.ics"),
            parameters=views.PARAMETERS,
            statement=queries.PROGRAMME,
            values=dict,
            key=lambda named, query: views.programme_key(
                named["consultation"], views.wanted(query)
            ),
            state=lambda row, named, query: (row.id, row.revision),
        ),
    )
    front.add(
        app,
        front.Rule(
            pattern=re.compile(
                rf"/(?P<consultation>{front.SLUG})/(?P<session>{front.SLUG})/calendar\.ics"
            ),
            parameters=LANG,
            statement=queries.ONE_SESSION,
            values=dict,
            key=lambda named, query: views.session_key(
                named["consultation"], named["session"], views.known_language(query)
            ),
            state=lambda row, named, query: (row.id, row.revision, row.consultation),
        ),
    )
    front.add(
        app,
        front.Rule(
            pattern=re.compile(r"/calendar/(?P<token>[A-Za-z0-9_-]{32})\.ics"),
            parameters=LANG,
            statement=queries.PERSONAL,
            values=lambda named: {"fingerprint": links.fingerprint(named["token"])},
            key=lambda named, query: views.personal_key(
                links.fingerprint(named["token"]), views.known_language(query)
            ),
            state=lambda row, named, query: (
                (row.id, row.revision, row.consultation) if row.revoked_at is None else None
            ),
            seen=seen,
        ),
    )
