"""What staff decide about registrations that wait for a decision or a place."""

from __future__ import annotations

from app import clock
from app.core import capacity
from app.core.capacity import Places, SessionFull
from app.core.vocabulary import Mode, RegistrationStatus
from app.database import lock, operation
from app.registration import mails
from app.registration.models import Registration
from app.registration.operations.ledger import Ledger, promote
from app.registration.operations.places import NotRegistered, give_back, note


@operation
def confirm(registration: Registration) -> Registration:
    """Give somebody the place they wait for, out of turn, if one is free.

    Whoever stands before them is not asked, but nobody is let in beyond the capacity: raises
    `SessionFull`; `NotRegistered` for what has ended.
    """
    with Ledger(registration.session) as ledger:
        lock(registration)
        if not registration.is_live:
            raise NotRegistered
        mode = registration.line or Mode(registration.mode)
        if registration.status == RegistrationStatus.CONFIRMED and not registration.waits_for:
            return registration
        places = ledger.places(registration.session)[mode]
        has_its_own = registration.status == RegistrationStatus.OFFERED
        if not has_its_own and not has_room(places):
            raise SessionFull
        promote(registration, mode)
        ledger.wrote(registration.participant_id)
        ledger.pass_on(registration.session)
        note("registration_confirmed", registration)
    return registration


def has_room(places: Places) -> bool:
    """Whether one more fits, whoever waits."""
    alone = Places(
        places.capacity, confirmed=places.confirmed, offered=places.offered, held=places.held
    )
    return capacity.place_for_newcomer(alone) is RegistrationStatus.CONFIRMED


@operation
def decline(registration: Registration) -> Registration:
    """Say no to somebody; the place or the place in line goes on, and they are told."""
    with Ledger(registration.session) as ledger:
        lock(registration)
        if not registration.is_live:
            return registration
        give_back(ledger, registration, by="staff")
        registration.status = RegistrationStatus.DECLINED.value
        registration.ended_at = clock.now()
        mails.cancelled(registration, "staff")
        note("registration_declined", registration)
    return registration
