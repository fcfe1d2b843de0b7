"""Entering the online room through one's own link."""

from __future__ import annotations

from app import clock
from app.announcements import announce
from app.core import joining
from app.core.refusals import N_, Refusal
from app.core.vocabulary import Mode, RegistrationStatus, SessionStatus
from app.database import lock, operation
from app.registration.announcements import OnlineJoined
from app.registration.models import Registration
from app.registration.operations.people import open


class RoomClosed(Refusal):
    """The room cannot be entered by this link now."""

    code = "room_closed"
    message = N_("The room is not open for you now.")


def state_of(registration: Registration) -> joining.State:
    """Return what the join link answers now."""
    session = registration.session
    return joining.state(
        joining.window(session.starts_at, session.ends_at),
        at=clock.now(),
        live=registration.status == RegistrationStatus.CONFIRMED,
        online=registration.mode == Mode.ONLINE,
        takes_place=session.status == SessionStatus.PUBLISHED,
        has_room=bool(session.join_url) or session.kind.written,
    )


@operation
def join(registration: Registration) -> str:
    """Note that this person enters, open them, and return the room's own address.

    It is empty for a round in writing: its live page is the room. Raises `RoomClosed` outside the
    window, or where the place is not theirs (any more).
    """
    lock(registration)
    if state_of(registration) is not joining.State.OPEN:
        raise RoomClosed
    open(registration.participant)
    announce(OnlineJoined(registration))
    return registration.session.join_url or ""
