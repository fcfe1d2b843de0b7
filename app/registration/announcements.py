"""What happens to participants, for those who keep more about them."""

from __future__ import annotations

from dataclasses import dataclass

from app.registration.models import Participant, Registration


@dataclass(frozen=True)
class ParticipantErased:
    """Everything personal is about to be removed: whoever keeps some of it removes it too.

    ``after_retention`` where the time for which it was kept is over, not at the person's wish.
    """

    participant: Participant
    after_retention: bool = False


@dataclass(frozen=True)
class OnlineJoined:
    """Somebody pressed the button that leads into the online room."""

    registration: Registration


@dataclass(frozen=True)
class RegistrationEnded:
    """Somebody left a session, of their own will or not; the session is held."""

    registration: Registration
