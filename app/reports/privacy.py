"""What the synthesis holds of what a participant said, to hand out or to remove."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.contributions.models import Contribution
from app.database import db
from app.registration.models import Participant
from app.reports import operations
from app.reports.models import EditionPart, Excerpt


def export(participant: Participant) -> dict[str, Any]:
    """Return the passages marked in what somebody said, and in which editions they are."""
    marked = db.session.execute(
        select(Contribution.reference, Excerpt.quote, Excerpt.stance)
        .join(Excerpt, Excerpt.contribution_id == Contribution.id)
        .where(Contribution.participant_id == participant.id)
        .order_by(Excerpt.id)
    )
    parts = db.session.execute(
        select(EditionPart.reference, EditionPart.edition_id, EditionPart.said)
        .join(Contribution, Contribution.reference == EditionPart.reference)
        .where(Contribution.participant_id == participant.id)
        .order_by(EditionPart.edition_id, EditionPart.reference)
    )
    return {
        "excerpts": [
            {"reference": row.reference, "quote": row.quote, "stance": row.stance} for row in marked
        ],
        "editions": [
            {"reference": row.reference, "said": [without_salts(each) for each in row.said]}
            for row in parts
        ],
    }


def without_salts(part: dict[str, Any]) -> dict[str, Any]:
    """Return what one place of an edition says, without the keys of its seals."""
    return {name: value for name, value in part.items() if name != "salts"}


def erase(participant: Participant, *, keep_published: bool) -> None:
    """Take a person's name out of every edition, where they asked for it; called in an operation.

    What was published stays under the attribution they chose where only their time is over.
    """
    if not keep_published:
        operations.forget_names(participant)
