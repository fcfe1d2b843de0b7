"""Supporting: one light vote a person, whatever else happens in the same instant."""

from __future__ import annotations

from app import clock
from app.contributions.models import Contribution, Support
from app.contributions.operations.pages import turn_inside
from app.contributions.operations.sending import NotPublished, check_open
from app.core.contributions import Kind
from app.database import db, operation
from app.registration.models import Participant


@operation
def support(contribution: Contribution, participant: Participant) -> bool:
    """Support it; say whether it is new. Nothing that the public reads changes before the close.

    No row is locked and no counter raised but the inner one: that one person supports once is the
    table's own rule, and the twin of a request finds the first one's row when it is tried again.
    Raises `NotPublished`, `ContributionsClosed`.
    """
    if not (contribution.is_published and contribution.is_public):
        raise NotPublished
    check_open(contribution.session, Kind(contribution.kind), at=clock.now())
    if db.session.get(Support, (contribution.id, participant.id)) is not None:
        return False
    db.session.add(
        Support(contribution_id=contribution.id, participant_id=participant.id, at=clock.now())
    )
    turn_inside(contribution)
    return True
