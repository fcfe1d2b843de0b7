"""The mail named in an address, of this consultation, or 404."""

from __future__ import annotations

from typing import Any

from app.core.refusals import NotFound
from app.mail import queries
from app.mail.models import OutboxMail
from app.web.loading import SeesDrafts, loads


@loads("mail")
def mail(number: int, loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> OutboxMail:
    """Find it by its number."""
    consultation = loaded.get("consultation")
    found = queries.by_id(consultation.id if consultation else None, int(number))
    if found is None:
        raise NotFound
    return found
