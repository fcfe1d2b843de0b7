"""Entering an online room, as a fact."""

from __future__ import annotations

from app import clock
from app.announcements import announce
from app.attendance.announcements import SomebodyCame
from app.attendance.models import Join
from app.database import db, operation
from app.registration.models import Registration


@operation
def note_join(registration: Registration) -> None:
    """Remember that this person pressed the button that leads into the room."""
    db.session.add(
        Join(
            session_id=registration.session_id,
            participant_id=registration.participant_id,
            at=clock.now(),
        )
    )
    announce(SomebodyCame(registration.session))
