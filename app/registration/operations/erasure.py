"""Erasing people: on their wish, and when the time for which they were kept is over."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from app import clock
from app.announcements import announce
from app.audit import operations as audit
from app.core.vocabulary import Source
from app.database import db, lock, operation
from app.programme.models import Session
from app.registration import privacy, queries
from app.registration.announcements import ParticipantErased
from app.registration.models import Participant
from app.registration.operations import secrets
from app.registration.operations.ledger import Ledger, touch_people
from app.registration.operations.places import give_back


@operation
def erase(participant: Participant, *, after_retention: bool = False) -> None:
    """Remove everything personal; places are given back, statistics stay.

    Nobody is told: the address is gone with the rest. ``after_retention`` leaves what they
    published under the attribution they chose.
    """
    now = clock.now()
    held = [
        registration
        for registration in queries.of_participant(participant)
        if registration.is_live and now < registration.session.ends_at
    ]
    with Ledger(*(registration.session for registration in held)) as ledger:
        for registration in held:
            lock(registration)
            give_back(ledger, registration, by="erased")
        lock(participant)
        secrets.revoke(participant)
        announce(ParticipantErased(participant, after_retention))
        privacy.erase(participant)
        db.session.flush()
        touch_people([participant.id])
    audit.record("participant_erased", participant, consultation_id=participant.consultation_id)


def erase_after_retention(*, limit: int = 200) -> int:
    """Erase whoever's consultation ended RETENTION_MONTHS ago; return how many were erased.

    Invented people stay: there is nobody whom it would protect.
    """
    last = (
        select(func.max(Session.ends_at))
        .where(Session.consultation_id == Participant.consultation_id)
        .scalar_subquery()
    )
    due = list(
        db.session.scalars(
            select(Participant)
            .where(
                Participant.erased_at.is_(None),
                Participant.source != Source.SAMPLE.value,
                last <= months_before(current_app.config["RETENTION_MONTHS"], clock.now()),
            )
            .order_by(Participant.id)
            .limit(limit)
        )
    )
    for participant in due:
        erase(participant, after_retention=True)
    return len(due)


def months_before(months: int, instant: datetime) -> datetime:
    """Return the same day and time ``months`` earlier, or that month's last day."""
    year, month = divmod(instant.year * 12 + instant.month - 1 - months, 12)
    day = min(instant.day, monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)
