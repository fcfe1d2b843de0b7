"""The session named in an address, of this consultation, or 404."""

from __future__ import annotations

from typing import Any

from app.core.refusals import NotFound
from app.programme import queries
from app.programme.models import Session
from app.web.loading import SeesDrafts, loads


@loads("session")
def session(slug: str, loaded: dict[str, Any], sees_drafts: SeesDrafts) -> Session:
    """Find it by slug within the consultation loaded before."""
    consultation = loaded["consultation"]
    found = queries.by_slug(consultation, slug)
    if found is None or not (found.is_public or sees_drafts(consultation.id)):
        raise NotFound
    return found
