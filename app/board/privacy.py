"""What the board keeps of a participant before it is sent, or before they vouched for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.board.models import Draft, KeptIdea
from app.core.timing import isoformat_z
from app.database import db
from app.registration.models import Participant


def export(participant: Participant) -> dict[str, Any]:
    """Return the ideas sent with this address that wait for its owner, and drafts."""
    kept = db.session.scalars(
        select(KeptIdea)
        .where(KeptIdea.participant_id == participant.id, KeptIdea.contribution_id.is_(None))
        .order_by(KeptIdea.id)
    )
    drafts = db.session.scalars(
        select(Draft).where(Draft.participant_id == participant.id).order_by(Draft.id)
    )
    return {
        "ideas_kept": [{"words": k.words, "sent_at": isoformat_z(k.sent_at)} for k in kept],
        "idea_drafts": [{"words": d.words, "saved_at": isoformat_z(d.saved_at)} for d in drafts],
    }


def erase(participant: Participant) -> None:
    """Forget them; called inside an operation."""
    for each in (KeptIdea, Draft):
        db.session.execute(delete(each).where(each.participant_id == participant.id))
