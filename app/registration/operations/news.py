"""What changes of a session do to the people in it: counters, notices, promotions, refusals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update

from app import clock
from app.core.refusals import N_, Refusal
from app.core.vocabulary import Mode, SessionStatus
from app.database import db, lock, operation
from app.programme import operations as programme
from app.programme import queries as programme_queries
from app.programme.models import Session
from app.registration import mails, queries
from app.registration.models import Registration
from app.registration.operations.ledger import Ledger, touch_people

OFF = (SessionStatus.CANCELLED, SessionStatus.DRAFT)


class ModeInUse(Refusal):
    """People hold places in a mode that was to be removed."""

    code = "mode_in_use"
    message = N_("People are registered in this mode. Move or cancel their registrations first.")


def session_moved(session: Session, *, at_once: bool = False) -> None:
    """Raise everybody's SEQUENCE, and tell whom it concerns: now, or when the window ends."""
    raise_sequences(session)
    minutes = current_app.config["CHANGE_NOTICE_MINUTES"]
    if at_once or not minutes or session.status in OFF:
        tell_differences(session)
    elif session.notice_due_at is None:
        session.notice_due_at = clock.now() + timedelta(minutes=minutes)
    pass_on(session)


def session_called_off_or_restored(session: Session) -> None:
    """Tell everybody at once; restored, it takes up again where its waiting list stood."""
    raise_sequences(session)
    tell_differences(session)
    pass_on(session)


def capacity_changed(session: Session) -> None:
    """Promote exactly those who now fit; fewer places remove nobody."""
    pass_on(session)
    session.places_revision += 1  # the words about places name the capacity


def refuse_removal(session: Session, modes: Iterable[Mode]) -> None:
    """Refuse to remove modes in which somebody stands, waits, or keeps a place."""
    if queries.holds_any(session, modes):
        raise ModeInUse


def refuse_deletion(session: Session) -> None:
    """Refuse to delete a session in which anybody is or was."""
    if queries.holds_any(session):
        raise programme.NotADraft


def pass_on(session: Session) -> None:
    """Promote whoever fits."""
    db.session.flush()
    with Ledger(session) as ledger:
        ledger.pass_on(session)


def raise_sequences(session: Session) -> None:
    """Raise the SEQUENCE of all live registrations of ``session`` with one UPDATE."""
    db.session.flush()
    live = (Registration.session_id == session.id, Registration.status.in_(queries.LIVE))
    own = Registration.sequence + 1
    db.session.execute(
        update(Registration)
        .where(*live)
        .values(
            sequence=db.case((own > session.sequence, own), else_=session.sequence),
            changed_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    touch_people(db.session.scalars(select(Registration.participant_id).where(*live)))


def tell_differences(session: Session) -> int:
    """Tell exactly those for whom something differs from what they were last told."""
    session.notice_due_at = None
    db.session.flush()
    everybody = db.session.scalars(
        select(Registration)
        .where(Registration.session_id == session.id, Registration.status.in_(queries.LIVE))
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    ).all()
    return sum(tell_difference(registration) for registration in everybody)


def tell_difference(registration: Registration) -> bool:
    """Tell one person what differs for them; say whether anything does."""
    before, now = registration.told, registration.standing
    if before == now:
        return False
    if before is None:
        mails.told(registration)
        return False
    if before["starts_at"] != now["starts_at"]:
        registration.reminded = []
    was_off, is_off = before["session"] in OFF, now["session"] in OFF
    if is_off and not was_off:
        mails.cancelled(registration, "session")
    elif was_off and not is_off:
        mails.session_restored(registration)
    elif is_off:
        mails.told(registration)
        return False
    else:
        mails.changed(registration, before)
    return True


def send_due_notices() -> int:
    """Tell what changed in sessions whose window of coalesced notices has ended."""
    return sum(
        send_notices(session)
        for number in programme_queries.live_ids_due(now=clock.now())
        if (session := programme_queries.by_id(number)) is not None
    )


@operation
def send_notices(session: Session) -> int:
    """Tell what changed in one session, unless somebody else just did."""
    lock(session)
    if session.notice_due_at is None or session.notice_due_at > clock.now():
        return 0
    return tell_differences(session)
