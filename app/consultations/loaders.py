"""The consultation named in an address, or 404."""

from __future__ import annotations

from typing import Any

from flask import g

from app.consultations import queries
from app.consultations.models import Consultation
from app.core.refusals import NotFound
from app.web import viewer
from app.web.loading import SeesDrafts, loads


@loads("consultation")
def consultation(slug: str, _loaded: dict[str, Any], sees_drafts: SeesDrafts) -> Consultation:
    """Find it by slug; a draft exists only for whoever may see drafts."""
    found = queries.by_slug(slug)
    if found is None or not (found.is_public or sees_drafts(found.id)):
        raise NotFound
    g.consultation = found
    if g.get("public"):
        viewer.speak(found.language)
    return found
