"""The contribution named in an address, of this consultation, or 404."""

from __future__ import annotations

from typing import Any

from app.contributions import queries
from app.contributions.models import Contribution
from app.core.permissions import Permission
from app.core.refusals import NotFound
from app.web import access
from app.web.loading import SeesDrafts, loads


@loads("reference", name="contribution")
def contribution(reference: str, loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> Contribution:
    """Find it by its reference, in any case of its letters.

    What is neither published nor withdrawn exists only for who follows the session from inside,
    and for its author.
    """
    found = queries.by_reference(reference.upper())
    if found is None or found.consultation_id != loaded["consultation"].id:
        raise NotFound
    session = loaded.get("session")
    if session is not None and session.id != found.session_id:
        raise NotFound
    if found.session.is_public and found.is_public:
        return found
    if access.may(Permission.SEE_LIVE, loaded["consultation"], found.session):
        return found
    raise NotFound
