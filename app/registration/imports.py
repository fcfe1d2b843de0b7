"""The registrations of an invented sample, as of a time when its sessions were still to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from app.core.capacity import Standing
from app.core.vocabulary import Mode, RegistrationStatus
from app.database import operation
from app.programme.models import Session
from app.registration.models import Participant, Registration
from app.registration.operations.ledger import Ledger
from app.registration.operations.places import enter

BEFORE = timedelta(days=9)
APART = timedelta(hours=3)


@operation
def fill(session: Session, people: Iterable[tuple[Participant, Mode]]) -> list[Registration]:
    """Register ``people`` in ``session``, one after the other; nobody is told."""
    found = []
    with Ledger(session) as ledger:
        for number, (who, mode) in enumerate(people):
            at = session.starts_at - BEFORE + number * APART
            standing = Standing(mode, RegistrationStatus.CONFIRMED)
            registration = enter(ledger, session, who, standing, lined_up_at=at)
            registration.created_at = registration.changed_at = at
            found.append(registration)
    return found
