"""Who writes down what a table said: its host, by the table's link or their own, or staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, make_response, request

from app.contributions.permissions import ACTS, acts
from app.core.refusals import NotFound
from app.programme.models import Session
from app.tables import queries
from app.tables.models import CafeTable
from app.web import access, loading


def writes(view: Callable) -> Callable:
    """Whoever sends, as bearer, a host's link's secret, or what `acts` takes.

    `g.host_of` is the table whose link was sent, if it was one. Nobody: 401 before anything is
    looked at; a link outside its session: 404.
    """
    by_others = acts(view)

    def run(**kwargs: Any):
        g.host_of = by_link()
        if g.host_of is None:
            return by_others(**kwargs)
        g.acting = None
        g.participant_key = f"cafe_table:{g.host_of.id}"
        loaded = loading.load(kwargs, sees_drafts=lambda _: True)
        if loaded["session"].id != g.host_of.session_id:
            raise NotFound
        return access.private(make_response(view(**loaded)))

    return access.mark(view, run, ACTS.value)


def by_link() -> CafeTable | None:
    """Return the table whose host's link was sent."""
    kind, _sep, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not 0 < len(secret.strip()) <= 200:
        return None
    return queries.by_link(secret.strip())


def check_host(session: Session, number: int) -> bool:
    """Refuse who does not write for table ``number``; say whether staff do.

    A table's link writes for it alone, a participant for the tables they host.
    """
    if g.host_of is not None:
        if g.host_of.number != number:
            raise access.Forbidden
        return False
    if g.acting is not None:
        if not queries.hosts_table(session, g.acting[0], number):
            raise access.Forbidden
        return False
    return True
