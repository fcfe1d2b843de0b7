"""Live documents at the front door: who polls and finds nothing new costs one look-up."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from app import clock
from app.core import links
from app.live import queries
from app.live.views import documents
from app.web import front, pages

LINK = "[A-Za-z0-9_-]{32}"
NAMED = rf"/live/(?P<consultation>{front.SLUG})/(?P<session>{front.SLUG})"
NOTHING: frozenset[str] = frozenset()


def register(app: Flask) -> None:
    """Add the rules of live pages and documents."""
    front.add(
        app,
        front.Rule(
            pattern=re.compile(rf"(?P<path>{NAMED}/)"),
            parameters=pages.PARAMETERS,
            statement=queries.PUBLIC,
            values=names,
            key=lambda named, query: pages.key_of(named["path"], query, pages.reader_query(query)),
            state=lambda row, named, query: queries.version(row),
        ),
    )
    for ending, page in (("", "now"), ("/projector", "projector")):
        front.add(app, of_document(ending, page))
    front.add(
        app,
        front.Rule(
            pattern=re.compile(rf"/my/(?P<token>{LINK})/live/(?P<slug>{front.SLUG})/state\.json"),
            parameters=NOTHING,
            statement=queries.BY_MANAGE,
            values=lambda named: {"slug": named["slug"]} | fingerprint(named),
            key=lambda named, query: documents.personal_key("my", named["token"], named["slug"]),
            state=personal,
            stamped=True,
        ),
    )
    front.add(
        app,
        front.Rule(
            pattern=re.compile(rf"/join/(?P<token>{LINK})/live/state\.json"),
            parameters=NOTHING,
            statement=queries.BY_JOIN,
            values=fingerprint,
            key=lambda named, query: documents.personal_key("join", named["token"]),
            state=personal,
            stamped=True,
        ),
    )


def of_document(ending: str, page: str) -> front.Rule:
    """Return the rule of a public live document."""
    return front.Rule(
        pattern=re.compile(rf"{NAMED}{ending}/state\.json"),
        parameters=NOTHING,
        statement=queries.PUBLIC,
        values=names,
        key=lambda named, query: documents.public_key(
            named["consultation"], named["session"], page
        ),
        state=lambda row, named, query: queries.version(row),
        stamped=True,
    )


def names(named: front.Named) -> dict[str, str]:
    """Return what the look-up of a session asks for."""
    return {"consultation": named["consultation"], "session": named["session"]}


def fingerprint(named: front.Named) -> dict[str, str]:
    """Return what the look-up of a link asks for."""
    return {"fingerprint": links.fingerprint(named["token"])}


def personal(row: Any, named: front.Named, query: front.Named) -> tuple[int, ...] | None:
    """Return the state of one person's document; links that end leave the answer to Flask."""
    links_end = row.revoked_at is not None or row.expires_at is not None
    if links_end or clock.now() >= row.ends_at + queries.RUNS_ON:
        return None
    return (*queries.version(row), row.inner, row.person)
