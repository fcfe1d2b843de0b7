"""What time alone does: unopened things lapse, reminders go out, old rows are forgotten."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select

from app import clock
from app.accounts.models import IdempotencyKey
from app.core.vocabulary import RegistrationStatus, SessionStatus
from app.database import db, lock, operation
from app.programme.models import Session
from app.registration import mails, queries
from app.registration.models import Participant, Receipt, Registration, Submission
from app.registration.operations.form import may_lapse
from app.registration.operations.ledger import Ledger, present
from app.registration.operations.places import give_back
from app.registration.operations.pressed import release, wishes_of

AT_ONCE = 200
REMIND_TO_OPEN = timedelta(hours=24)  # after the form, hence 24 h before it lapses
REMINDERS = {"hour": timedelta(hours=1), "day": timedelta(hours=24)}
KEYS_LAST = timedelta(hours=24)


def lapse_unopened() -> int:
    """End what nobody opened in time; return how many people that was."""
    due = db.session.scalars(
        select(Participant)
        .where(Participant.opened_at.is_(None), Participant.lapses_at <= clock.now())
        .order_by(Participant.id)
        .limit(AT_ONCE)
    ).all()
    for participant in due:
        lapse(participant)
    return len(due)


@operation
def lapse(participant: Participant) -> None:
    """Give back what this person never opened: limited places, not within 48 h of the start."""
    now = clock.now()
    registrations = queries.of_participant(participant)
    with Ledger(*(registration.session for registration in registrations)) as ledger:
        lock(participant)
        if participant.is_opened or participant.lapses_at is None or participant.lapses_at > now:
            return
        participant.lapses_at = None
        for registration in registrations:
            lock(registration)
            if registration.is_live and may_lapse(registration, at=now):
                give_back(ledger, registration, by="expired")
                mails.cancelled(registration, "expired")


def lapse_submissions() -> int:
    """Let go of what was sent for known addresses and never confirmed; return how many."""
    due = db.session.scalars(
        select(Submission)
        .where(Submission.lapses_at <= clock.now())
        .order_by(Submission.id)
        .limit(AT_ONCE)
    ).all()
    for submission in due:
        lapse_submission(submission)
    return len(due)


@operation
def lapse_submission(submission: Submission) -> None:
    """Forget one; the places it held go to the waiting list."""
    if present(submission) is None:
        return
    wishes = wishes_of(submission.wishes)
    with Ledger(*(wish.session for wish in wishes)) as ledger:
        if present(submission) is None:  # another worker was faster
            return
        release(ledger, submission)
        db.session.delete(submission)
        db.session.flush()
        for wish in wishes:
            ledger.pass_on(wish.session)


@operation
def remind_unopened() -> int:
    """Remind once, 24 hours before it lapses, whoever has not opened the mail."""
    now = clock.now()
    due = db.session.scalars(
        select(Participant)
        .where(
            Participant.opened_at.is_(None),
            Participant.reminded_at.is_(None),
            Participant.lapses_at > now,
            Participant.lapses_at <= now + REMIND_TO_OPEN,
        )
        .order_by(Participant.id)
        .limit(AT_ONCE)
        .with_for_update(of=Participant, key_share=True)
    ).all()
    for participant in due:
        participant.reminded_at = now
        mails.remind_to_open(participant)
    return len(due)


def remind() -> int:
    """Remind the confirmed a day and an hour before the start, once each; return how many."""
    now = clock.now()
    coming = db.session.scalars(
        select(Session)
        .where(
            Session.status == SessionStatus.PUBLISHED.value,
            Session.starts_at > now,
            Session.starts_at <= now + REMINDERS["day"],
        )
        .order_by(Session.id)
    ).all()
    return sum(remind_in(session) for session in coming)


def remind_in(session: Session) -> int:
    """Remind in one session, some at a time, so that nobody waits for the writer."""
    kind = "hour" if session.starts_at <= clock.now() + REMINDERS["hour"] else "day"
    total = 0
    while number := remind_some(session, kind):
        total += number
    return total


@operation
def remind_some(session: Session, kind: str) -> int:
    """Remind the next few; who came to this later than the reminder would have gone knows it."""
    already = [["day"], []] if kind == "hour" else [[]]
    due = db.session.scalars(
        select(Registration)
        .join(Participant, Participant.id == Registration.participant_id)
        .where(
            Participant.reminders_off_at.is_(None),
            Registration.session_id == session.id,
            Registration.status == RegistrationStatus.CONFIRMED.value,
            Registration.changed_at <= session.starts_at - REMINDERS[kind],
            or_(*(Registration.reminded == value for value in already)),
        )
        .order_by(Registration.id)
        .limit(AT_ONCE)
    ).all()
    for registration in due:
        registration.reminded = [*registration.reminded, kind]
        mails.remind(registration, kind)  # type: ignore[arg-type]
    return len(due)


@operation
def forget_old() -> None:
    """Remove receipts whose cookie is no longer good, and what idempotency keys remembered."""
    now = clock.now()
    db.session.execute(delete(Receipt).where(Receipt.expires_at <= now))
    db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at <= now - KEYS_LAST))
