"""The button in the mail: what was sent by the form becomes true; and mistyped addresses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import delete

from app import clock
from app.announcements import announce
from app.core import capacity, links, people
from app.core.capacity import Standing
from app.core.people import Details
from app.core.refusals import N_, Refusal
from app.core.vocabulary import Mode, RegistrationStatus, SessionStatus, Source
from app.database import db, lock, operation
from app.programme import queries as programme
from app.programme.models import Session
from app.registration import mails, queries
from app.registration.announcements import RegistrationEnded
from app.registration.models import Hold, Participant, Receipt, Registration, Submission
from app.registration.operations import form, secrets
from app.registration.operations.ledger import Ledger, present, raise_sequence
from app.registration.operations.people import found_or_made, open_at_once, rewrite
from app.registration.operations.places import check_open, enter, move, settle
from app.registration.operations.wishes import Wish


class AlreadyCorrected(Refusal):
    """The address of a registration is corrected once, while nobody has opened the mail."""

    code = "already_corrected"
    message = N_("This address cannot be corrected here any more. Please register again.")


@dataclass
class Applied:
    """What became of a submission: the registrations, and the sessions that could not be given."""

    registrations: list[Registration] = field(default_factory=list)
    refused: list[tuple[Session, Refusal]] = field(default_factory=list)


@operation
def apply(submission: Submission) -> Applied:
    """Do what was asked by the form, now that the owner of the address said yes.

    Places it held are given; everything else is judged by what is free now. Raises `Gone` where
    it lapsed or was corrected away; applying twice is applying once.
    """
    if present(submission) is None:
        raise queries.Gone
    wishes = wishes_of(submission.wishes)
    applied = Applied()
    with Ledger(*(wish.session for wish in wishes)) as ledger:
        if present(submission) is None:
            raise queries.Gone
        participant = submission.participant
        if submission.applied_at is None:
            if submission.lapses_at <= clock.now():
                raise queries.Gone
            submission.applied_at = clock.now()
            kept = form.kept_by(submission, wishes)
            release(ledger, submission)
            open_at_once(participant)
            details = Details(**submission.details)
            rewrite(participant, replace(details, email=participant.email))
            for wish in wishes:
                try:
                    grant(ledger, participant, wish, kept.get(wish.session.id))
                except Refusal as refusal:
                    applied.refused.append((wish.session, refusal))
            ledger.wrote(participant.id)
            for wish in wishes:
                ledger.pass_on(wish.session)
        for wish in wishes:
            registration = queries.find(wish.session, participant)
            if registration is not None and registration.is_live:
                applied.registrations.append(registration)
    return applied


def wishes_of(stored: list[dict]) -> list[Wish]:
    """Return stored wishes with their sessions; those whose session is gone are left out."""
    found = []
    for wish in stored:
        session = programme.by_id(wish["session"])
        if session is not None:
            waits_for = Mode(wish["waits_for"]) if wish["waits_for"] else None
            found.append(Wish(session, Mode(wish["mode"]), waits_for))
    return found


def release(ledger: Ledger, submission: Submission) -> None:
    """Let go of what a submission holds."""
    db.session.flush()
    db.session.execute(delete(Hold).where(Hold.submission_id == submission.id))
    ledger.wrote()


def grant(ledger: Ledger, participant: Participant, wish: Wish, kept: Standing | None) -> None:
    """Give one wish of a submission, with the place that was kept for it if there is one."""
    registration = queries.find(wish.session, participant)
    if form.already(registration, wish):
        return
    if registration is not None and not registration.is_live:
        before, registration = registration, None
    else:
        before = None
    if kept is not None and holds_good(wish.session, kept.mode):
        if registration is not None:
            settle(ledger, registration, standing_of(registration), kept)
            return
        mails.acknowledge(enter(ledger, wish.session, participant, kept, before=before))
        return
    if registration is not None:
        move(ledger, registration, wish.mode, wish.waits_for)
        return
    check_open(wish.session, wish.mode, wish.waits_for)
    standing = capacity.stand(
        ledger.places(wish.session),
        wish.mode,
        wish.waits_for,
        waiting_list=wish.session.waiting_list,
    )
    mails.acknowledge(enter(ledger, wish.session, participant, standing, before=before))


def holds_good(session: Session, mode: Mode) -> bool:
    """Say whether a place kept in time can still be given, though registration may be over."""
    return (
        session.status == SessionStatus.PUBLISHED
        and mode in session.modes
        and clock.now() < session.ends_at
    )


def standing_of(registration: Registration) -> Standing:
    """Return where somebody stands."""
    return Standing(
        Mode(registration.mode),
        RegistrationStatus(registration.status),
        Mode(registration.waits_for) if registration.waits_for else None,
    )


# --- A mistyped address ---------------------------------------------------------------------------


@operation
def correct_address(receipt: Receipt, address: str) -> Receipt:
    """Send what was sent by the form to another address: once, while nobody opened the first mail.

    Places and positions stay, ticket and links are new, the old ones answer 410. Whether either
    address was known shows nowhere. Raises `Invalid` (no address), `AlreadyCorrected`, `Gone`.
    """
    new = people.address(address)
    if present(receipt) is None:
        raise queries.Gone
    wishes = wishes_of(receipt.typed["wishes"])
    with Ledger(*(wish.session for wish in wishes)) as ledger:
        lock(receipt)
        check_correctable(receipt)
        if new == receipt.typed["email"]:
            return receipt
        receipt.corrected_at = clock.now()
        receipt.typed = receipt.typed | {"email": new}
        typed = {name: receipt.typed[name] for name in Details.__dataclass_fields__}
        if receipt.submission_id is not None:
            redirect(ledger, receipt, Details(**typed), wishes)
        else:
            readdress(ledger, receipt, Details(**typed), wishes)
        for wish in wishes:
            ledger.pass_on(wish.session)
    return receipt


def check_correctable(receipt: Receipt) -> None:
    """Refuse what was corrected before, opened, or is over."""
    if clock.now() >= receipt.expires_at:
        raise queries.Gone
    if receipt.corrected_at is not None or receipt.participant_id is None:
        raise AlreadyCorrected
    if receipt.submission_id is not None:
        submission = db.session.get(Submission, receipt.submission_id)
        if submission is None or submission.applied_at is not None:
            raise AlreadyCorrected
        return
    participant = db.session.get(Participant, receipt.participant_id)
    if participant is None or participant.is_opened:
        raise AlreadyCorrected


def redirect(ledger: Ledger, receipt: Receipt, person: Details, wishes: list[Wish]) -> None:
    """Take a submission away from an address we knew, and deliver it to the right one.

    What it held is let go and taken again in the same moment, so the places stay.
    """
    submission = db.session.get_one(Submission, receipt.submission_id)
    asked_at = submission.created_at
    kept = form.kept_by(submission, wishes)
    receipt.submission_id = None
    release(ledger, submission)
    db.session.delete(submission)
    db.session.flush()
    participant, is_new = found_or_made(receipt.consultation, person, Source.FORM)
    receipt.participant_id = participant.id
    if not is_new:
        receipt.submission_id = form.keep(ledger, participant, person, wishes, kept=kept).id
        return
    form.register_unopened(ledger, participant, wishes, kept=kept, asked_at=asked_at)


def readdress(ledger: Ledger, receipt: Receipt, person: Details, wishes: list[Wish]) -> None:
    """Give the registrations of an unopened newcomer to the right address."""
    participant = db.session.get_one(Participant, receipt.participant_id)
    lock(participant)
    old, new = participant.email or "", person.email or ""
    known = queries.by_email(receipt.consultation, new)
    registrations = [each for each in queries.of_participant(participant) if each.is_live]
    secrets.revoke(participant)
    for registration in registrations:
        raise_sequence(registration)
        mails.address_corrected(registration, old)
    if known is not None:
        kept = {
            each.session_id: standing_of(each)
            for each in registrations
            if each.status == RegistrationStatus.CONFIRMED
        }
        for registration in registrations:
            give_up(ledger, registration)
        receipt.submission_id = form.keep(ledger, known, person, wishes, kept=kept).id
        receipt.participant_id = known.id
        participant.lapses_at = None
        return
    participant.email = new
    participant.ticket_secret = links.new_ticket_secret()
    participant.ticket_code = links.new_ticket_code()
    secrets.make_anew(participant)
    ledger.wrote(participant.id)
    db.session.flush()
    for registration in registrations:
        registration.told = None
        raise_sequence(registration)
        mails.acknowledge(registration)


def give_up(ledger: Ledger, registration: Registration) -> None:
    """End what stood under a wrong address; its place is held anew for the right person."""
    registration.status = RegistrationStatus.CANCELLED.value
    registration.waits_for = None
    registration.ended_at = clock.now()
    registration.ended_by = "corrected"
    ledger.wrote(registration.participant_id)
    announce(RegistrationEnded(registration))
