"""The table behind a host's link, of this session, or 404."""

from __future__ import annotations

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
