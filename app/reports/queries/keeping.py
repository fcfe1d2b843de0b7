"""The material kept between two changes: a rapporteur turns many pages and saves one sentence.

Before each page one statement says whether anything moved; if so, what was touched is read anew
(`catching_up`), or everything is. Freezing never asks here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from copy import copy
from typing import Any

from app.consultations.models import Consultation
from app.database import db, one_moment
from app.reports.queries.catching_up import caught_up
from app.reports.queries.material import Material, material
from app.reports.queries.said import all_sessions
from app.reports.queries.state import State, state_of

MOST = 2  # consultations; a large one weighs some 25 MB

_kept: OrderedDict[Any, tuple[State, Material]] = OrderedDict()
_guard = threading.Lock()


def kept(consultation: Consultation) -> Material:
    """Return the material of a consultation as it is now, without the rows of its sessions."""
    key = str(db.engine.url), consultation.id
    known = recalled(key)
    if known is None or known[0] != state_of(consultation.id):
        with one_moment():
            known = renewed(known, consultation)
        remember(key, *known)
    return belonging(known[1], consultation)


def with_sessions(consultation: Consultation) -> Material:
    """Return the same with the rows of its sessions, for figures."""
    found = kept(consultation)
    object.__setattr__(found, "sessions", all_sessions(consultation.id))
    return found


def renewed(
    known: tuple[State, Material] | None, consultation: Consultation
) -> tuple[State, Material]:
    """Return how far a consultation is, and its material then."""
    now = state_of(consultation.id)
    found = caught_up(known[1], known[0], now, consultation) if known else None
    return now, found or material(consultation)


def belonging(found: Material, consultation: Consultation) -> Material:
    """Return ``found`` with the row of this request, and all that was concluded of it.

    Rows belong to the request that read them: those of sessions stay behind.
    """
    mine = copy(found)
    object.__setattr__(mine, "consultation", consultation)
    object.__setattr__(mine, "sessions", {})
    return mine


def recalled(key: Any) -> tuple[State, Material] | None:
    """Return what is kept of a consultation, and how far it was."""
    with _guard:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def remember(key: Any, state: State, found: Material) -> None:
    """Keep the material of a consultation in place of what was used least lately."""
    with _guard:
        _kept[key] = state, found
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)


def forget() -> None:
    """Forget everything (tests)."""
    with _guard:
        _kept.clear()
