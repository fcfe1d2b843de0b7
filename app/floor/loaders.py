"""The request named in an address, of this session, or 404."""

from __future__ import annotations

from typing import Any

from app.core.refusals import NotFound
from app.floor import queries
from app.floor.models import FloorRequest
from app.web.loading import SeesDrafts, loads


@loads("floor_request")
def floor_request(value: str, loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> FloorRequest:
    """Find it by its opaque id."""
    found = queries.by_public_id(value)
    if found is None or found.session_id != loaded["session"].id:
        raise NotFound
    return found
