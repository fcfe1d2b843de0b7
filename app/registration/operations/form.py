"""The form: the same answer for known and unknown addresses, and nothing done to known people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from app import clock
from app.consultations.models import Consultation
from app.core import capacity, people
from app.core.capacity import Standing
from app.core.people import Details
from app.core.refusals import N_, FieldError, Invalid
from app.core.vocabulary import Mode, RegistrationStatus, Source
from app.database import db, operation
from app.registration import mails, queries
from app.registration.models import Hold, Participant, Receipt, Registration, Submission
from app.registration.operations.ledger import Ledger
from app.registration.operations.people import found_or_made
from app.registration.operations.places import enter
from app.registration.operations.wishes import Wish, as_everybody_sees, checked, judge

LASTS = timedelta(hours=48)
NEVER_BEFORE_START = timedelta(hours=48)
RECEIPT_LASTS = timedelta(hours=2)
BETWEEN_MAILS = timedelta(minutes=10)
MOST_HELD = 3


@operation
def submit(
    consultation: Consultation, *, details: Mapping[str, Any], wishes: Sequence[Wish]
) -> Receipt:
    """Take what was sent by the form: all of it or nothing.

    Address unknown: registrations and invitations at once. Known: nothing changes until the
    button in the mail is pressed. Raises `Invalid` (details, modes), `RegistrationClosed`,
    `SessionFull`, judged by what everybody sees before the address is looked at.
    """
    wanted = checked(wishes)
    person = read_form(consultation, details)
    with Ledger(*(wish.session for wish in wanted)) as ledger:
        judge(
            wanted,
            {wish.session.id: ledger.places(wish.session) for wish in wanted},
            language=person.language,
        )
        participant, submission = deliver(ledger, consultation, person, wanted)
        now = clock.now()
        receipt = Receipt(
            consultation=consultation,
            participant_id=participant.id,
            submission_id=submission.id if submission else None,
            typed=person.as_json() | {"wishes": [wish.as_json() for wish in wanted]},
            created_at=now,
            expires_at=now + RECEIPT_LASTS,
        )
        db.session.add(receipt)
        db.session.flush()
    return receipt


def read_form(consultation: Consultation, details: Mapping[str, Any]) -> Details:
    """Return the details; without consent nothing is kept. Names every wrong field at once."""
    errors: list[FieldError] = []
    found = None
    try:
        found = people.details(details, language=consultation.language)
    except Invalid as refusal:
        errors += refusal.errors
    if not details.get("consent", True):
        message = N_("Agree that we keep these data for the consultation, or do not register")
        errors.append(FieldError("consent", "consent_missing", message))
    if found is None or errors:
        raise Invalid(errors=errors)
    return found


def deliver(
    ledger: Ledger, consultation: Consultation, person: Details, wishes: Sequence[Wish]
) -> tuple[Participant, Submission | None]:
    """Register a new address, or keep the wishes of a known one until its owner says yes."""
    participant, is_new = found_or_made(consultation, person, Source.FORM)
    if is_new:
        ledger.made(participant)
        register_unopened(ledger, participant, wishes)
        return participant, None
    return participant, keep(ledger, participant, person, wishes)


# --- An address nobody knew -----------------------------------------------------------------------


def register_unopened(
    ledger: Ledger,
    participant: Participant,
    wishes: Sequence[Wish],
    *,
    kept: Mapping[int, Standing] | None = None,
    asked_at: datetime | None = None,
) -> list[Registration]:
    """Register at once; the mails say until when to press the button.

    ``kept`` are places held for these wishes since ``asked_at``, under another address.
    """
    registrations = []
    for wish in wishes:
        standing = (kept or {}).get(wish.session.id) or capacity.stand(
            ledger.places(wish.session),
            wish.mode,
            wish.waits_for,
            waiting_list=wish.session.waiting_list or kept is not None,
        )
        registrations.append(
            enter(ledger, wish.session, participant, standing, lined_up_at=asked_at)
        )
    participant.lapses_at = lapse_of(registrations)
    db.session.flush()
    for registration in registrations:
        mails.acknowledge(registration)
    return registrations


def lapse_of(registrations: Sequence[Registration]) -> datetime | None:
    """Return until when to press; ``None`` where nothing of it can lapse."""
    at = clock.now() + LASTS
    return at if any(may_lapse(registration, at=at) for registration in registrations) else None


def may_lapse(registration: Registration, *, at: datetime) -> bool:
    """Say whether it may lapse at ``at``: only limited places, never within 48 h of the start."""
    session = registration.session
    limited = any(
        session.capacity.get(mode) is not None
        for mode in (registration.mode, registration.waits_for)
        if mode in session.capacity
    )
    return limited and at + NEVER_BEFORE_START < session.starts_at


# --- An address we know ---------------------------------------------------------------------------


def keep(
    ledger: Ledger,
    participant: Participant,
    person: Details,
    wishes: Sequence[Wish],
    *,
    kept: Mapping[int, Standing] | None = None,
) -> Submission:
    """Keep what was sent until the owner of the address presses the button in the mail.

    ``kept`` are places by session id that were held for these wishes a moment ago, under another
    address: they are held on.
    """
    now = clock.now()
    submission = Submission(
        participant=participant,
        details=person.as_json(),
        wishes=[],
        created_at=now,
        lapses_at=now + LASTS,
    )
    earlier = held_since(participant, now - LASTS)
    stored, news = [], False
    for wish in wishes:
        registration = queries.find(wish.session, participant)
        asks_for_news = not already(registration, wish)
        news = news or asks_for_news
        unopened = registration is not None and registration.is_live and not participant.is_opened
        may_hold = earlier.get(wish.session.id, 0) + unopened < MOST_HELD
        if may_hold:
            standing = (kept or {}).get(wish.session.id)
            for hold in holds(ledger, wish, registration, standing):
                hold.submission_id = hold_of(submission)
                db.session.add(hold)
            ledger.wrote()
        stored.append(wish.as_json(held=may_hold))
    submission.wishes = stored
    db.session.add(submission)
    db.session.flush()
    if may_write(participant, news=news):
        mails.submission_received(submission)
    return submission


def hold_of(submission: Submission) -> int:
    """Return the number of ``submission``, stored now if it was not."""
    if submission.id is None:
        db.session.add(submission)
        db.session.flush()
    return submission.id


def held_since(participant: Participant, since: datetime) -> dict[int, int]:
    """Return how often places were held for this address after ``since``, by session id."""
    counts: dict[int, int] = {}
    for wishes in db.session.scalars(
        select(Submission.wishes).where(
            Submission.participant_id == participant.id, Submission.created_at > since
        )
    ):
        for wish in wishes:
            counts[wish["session"]] = counts.get(wish["session"], 0) + bool(wish.get("held"))
    return counts


def already(registration: Registration | None, wish: Wish) -> bool:
    """Say whether a person stands where the wish would put them."""
    if registration is None or not registration.is_live:
        return False
    line = wish.waits_for.value if wish.waits_for else None
    return (registration.mode, registration.waits_for) == (wish.mode.value, line)


def holds(
    ledger: Ledger, wish: Wish, registration: Registration | None, kept: Standing | None = None
) -> list[Hold]:
    """Return what the wish keeps and displays: just what a registration of it would display."""
    standing = kept or as_everybody_sees(wish, ledger.places(wish.session))
    confirmed = standing.status is RegistrationStatus.CONFIRMED
    has_it = (
        registration is not None
        and registration.status == RegistrationStatus.CONFIRMED
        and registration.mode == standing.mode
    )
    found = [row(wish, standing.mode, counts=confirmed and not has_it, waits=not confirmed)]
    if standing.waits_for is not None:
        found.append(row(wish, standing.waits_for, counts=False, waits=True))
    return found


def row(wish: Wish, mode: Mode, *, counts: bool, waits: bool) -> Hold:
    """Return one hold, not yet stored."""
    return Hold(session_id=wish.session.id, mode=mode.value, counts=counts, waits=waits)


def may_write(participant: Participant, *, news: bool) -> bool:
    """Say whether the form may have a mail sent to this address now, and remember that it did.

    Once in ten minutes; the mail that answered the very first form is enough for its twins.
    """
    now = clock.now()
    just_made = (
        participant.source == Source.FORM
        and not participant.is_opened
        and participant.created_at > now - BETWEEN_MAILS
    )
    if just_made and not news:
        return False
    written = db.session.scalar(
        update(Participant)
        .where(
            Participant.id == participant.id,
            or_(Participant.written_at.is_(None), Participant.written_at <= now - BETWEEN_MAILS),
        )
        .values(written_at=now)
        .returning(Participant.id)
    )
    return written is not None


def kept_by(submission: Submission, wishes: Sequence[Wish]) -> dict[int, Standing]:
    """Return the places that a submission keeps, by session id."""
    found = {wish.session.id: held_standing(submission, wish) for wish in wishes}
    return {number: standing for number, standing in found.items() if standing is not None}


def held_standing(submission: Submission, wish: Wish) -> Standing | None:
    """Return the place that a submission keeps for one of its wishes."""
    mode = db.session.scalar(
        select(Hold.mode).where(
            Hold.submission_id == submission.id,
            Hold.session_id == wish.session.id,
            Hold.counts,
        )
    )
    if mode is None:
        return None
    waits_for = wish.waits_for if wish.waits_for and wish.waits_for != mode else None
    return Standing(Mode(mode), RegistrationStatus.CONFIRMED, waits_for)
