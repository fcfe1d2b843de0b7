"""The projector: what it shows and which screen of it, turned by whoever runs the session."""

from __future__ import annotations

from app.database import db, operation
from app.live import operations as live
from app.programme.models import Session
from app.tables.models import Stage
from app.tables.operations.base import begin

SEATS, HARVEST = "seats", "harvest"
MOST_SCREENS = 1_000


@operation
def show(session: Session, *, shows: str, screen: int = 1) -> Stage:
    """Let every projector show screen ``screen`` (from 1) of the ``seats`` or the ``harvest``."""
    begin(session)
    stage = db.session.get(Stage, session.id) or Stage(session_id=session.id)
    stage.shows = HARVEST if shows == HARVEST else SEATS
    stage.screen = min(max(screen, 1), MOST_SCREENS)
    db.session.add(stage)
    live.turn(session.id)
    return stage
