"""The table behind a host's link, of this session, or 404."""

from __future__ import annotations

import re
from typing import Any

from app.core.refusals import NotFound
from app.tables import queries
from app.tables.models import CafeTable
from app.web.loading import SeesDrafts, loads


@loads("table_key", name="table")
def table(secret: str, loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> CafeTable:
    """Find the table whose host's link has this secret; a renewed link opens nothing."""
    found = queries.by_link(secret) if len(secret) <= 200 else None
    session = loaded.get("session")
    if found is None or (session is not None and session.id != found.session_id):
        raise NotFound
    return found


@loads("round")
def round_number(text: str, _loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> int:
    """Read the number of a round; whether there is one, operations say."""
    if not re.fullmatch("[1-9][0-9]{0,2}", text, re.ASCII):
        raise NotFound
    return int(text)
