"""What can happen to registrations: a place is given, changed, given back, given again.

Every operation has the same shape: lock, read, decide (app.core.capacity), write, tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app import clock
from app.announcements import announce
from app.audit import operations as audit
from app.core import capacity
from app.core.capacity import Standing
from app.core.people import Details
from app.core.refusals import N_, Invalid, Refusal
from app.core.vocabulary import Mode, RegistrationStatus, Source
from app.database import db, lock, operation
from app.programme.models import Session
from app.registration import mails, queries
from app.registration.announcements import RegistrationEnded
from app.registration.models import Participant, Registration
from app.registration.operations import secrets
from app.registration.operations.ledger import Ledger, raise_sequence
from app.registration.operations.people import found_or_made, open_at_once, read_details

KEEP: Final = object()


class RegistrationClosed(Refusal):
    """The session's registration window for this mode is not open."""

    code = "registration_closed"
    message = N_("Registration for this session is closed.")


class NotRegistered(Refusal):
    """The registration has ended: there is nothing to change."""

    code = "not_registered"
    message = N_("This registration has ended. Register again to take part.")


@operation
def register(
    session: Session,
    *,
    mode: Mode | str,
    waits_for: Mode | str | None = None,
    details: Details | Mapping[str, Any] | None = None,
    participant: Participant | None = None,
    source: Source | str = Source.STAFF,
    answers: dict[str, Any] | None = None,
) -> tuple[Registration, bool]:
    """Give somebody a place in ``session``, or one in its line; staff, API and imports do this.

    Return the registration and whether it is new: who is registered already is returned as they
    are. Raises `Invalid`, `RegistrationClosed`, `SessionFull` (without a waiting list).
    """
    with Ledger(session) as ledger:
        wanted, line = offered(session, mode), offered(session, waits_for, field="waits_for")
        who, before = somebody(ledger, session, participant, details, Source(source))
        if before is not None and before.is_live:
            return before, False
        check_open(session, wanted, line)
        standing = capacity.stand(
            ledger.places(session), wanted, line, waiting_list=session.waiting_list
        )
        registration = enter(ledger, session, who, standing, before=before, answers=answers)
        mails.acknowledge(registration)
        note("registered", registration)
        return registration, True


@operation
def walk_in(
    session: Session,
    *,
    details: Details | Mapping[str, Any] | None = None,
    participant: Participant | None = None,
    mode: Mode | str = Mode.ON_SITE,
) -> tuple[Registration, bool]:
    """Register somebody who stands at the door, whether or not registration is open.

    Confirmed where a place is free and nobody waits, else waiting; only the name is needed.
    """
    with Ledger(session) as ledger:
        wanted = offered(session, mode)
        who, before = somebody(ledger, session, participant, details, Source.WALK_IN)
        if before is not None and before.is_live:
            return before, False
        standing = capacity.stand(ledger.places(session), wanted, waiting_list=True)
        registration = enter(ledger, session, who, standing, before=before)
        mails.acknowledge(registration)
        note("walked_in", registration)
        return registration, True


@operation
def change(
    registration: Registration,
    *,
    mode: Mode | str | None = None,
    waits_for: Mode | str | object | None = KEEP,
    by: str = "self",
) -> Registration:
    """Move somebody to another mode, or into or out of the line for one.

    Into a full mode: raises `SessionFull` and changes nothing, unless they wait for it.
    """
    session = registration.session
    with Ledger(session) as ledger:
        lock(registration)
        if not registration.is_live:
            raise NotRegistered
        wanted = offered(session, mode) or Mode(registration.mode)
        if waits_for is KEEP:
            kept = registration.waits_for
            line = Mode(kept) if kept and kept != wanted else None
        else:
            line = offered(session, waits_for, field="waits_for")
        move(ledger, registration, wanted, line)
        ledger.pass_on(session)
        if by == "staff":
            note("registration_changed", registration)
    return registration


@operation
def cancel(registration: Registration, *, by: str = "self") -> Registration:
    """Give the place back, and pass it on at once. ``by``: ``self``, ``staff`` or ``expired``."""
    with Ledger(registration.session) as ledger:
        lock(registration)
        if registration.is_live:
            give_back(ledger, registration, by=by)
            mails.cancelled(registration, by)  # type: ignore[arg-type]
            if by == "staff":
                note("registration_cancelled", registration)
    return registration


@operation
def undo_cancel(registration: Registration) -> Registration:
    """Take a cancellation back: the place if it is still free, else the end of the line.

    The returned status says which. Raises `RegistrationClosed`, `SessionFull`.
    """
    session = registration.session
    with Ledger(session) as ledger:
        lock(registration)
        if registration.is_live:
            return registration
        mode = Mode(registration.mode)
        check_open(session, mode)
        standing = capacity.stand(ledger.places(session), mode, waiting_list=session.waiting_list)
        enter(ledger, session, registration.participant, standing, before=registration)
        mails.acknowledge(registration)
    return registration


# --- What the verbs share, inside an operation --------------------------------------------------


def somebody(
    ledger: Ledger,
    session: Session,
    participant: Participant | None,
    details: Details | Mapping[str, Any] | None,
    source: Source,
) -> tuple[Participant, Registration | None]:
    """Return who is to be registered, opened, and their registration in ``session`` if any."""
    if participant is None:
        given = read_details(
            session.consultation, details or {}, needs_email=source is not Source.WALK_IN
        )
        participant, is_new = found_or_made(session.consultation, given, source)
        if is_new:
            ledger.made(participant)
            return participant, None
    if open_at_once(participant):
        ledger.touch(participant)
    return participant, queries.find(session, participant)


def offered(session: Session, mode: Any, *, field: str = "mode") -> Any:
    """Return ``mode`` as one that ``session`` offers; nothing stays nothing. Raises `Invalid`."""
    if not mode:
        return None
    if mode not in session.modes:
        raise Invalid.field(field, "mode_not_offered", N_("This session is not held in this mode"))
    return Mode(mode)


def check_open(session: Session, *modes: Mode | None) -> None:
    """Refuse where registration for one of ``modes`` is not open."""
    now = clock.now()
    if not all(session.takes_registrations(mode, at=now) for mode in modes if mode):
        raise RegistrationClosed


def enter(
    ledger: Ledger,
    session: Session,
    participant: Participant,
    standing: Standing,
    *,
    before: Registration | None = None,
    answers: dict[str, Any] | None = None,
    lined_up_at: datetime | None = None,
) -> Registration:
    """Write where a newcomer stands: a new row, or the ended one ``before`` alive again.

    ``lined_up_at`` is when they asked, by default now.
    """
    now = clock.now()
    if before is None:
        registration = Registration(
            session=session,
            participant=participant,
            answers=answers or {},
            reminded=[],
            sequence=session.sequence,
            created_at=now,
            changed_at=now,
        )
        db.session.add(registration)
    else:
        registration = before
        raise_sequence(registration)
        registration.answers = answers if answers is not None else registration.answers
    registration.mode, registration.status = standing.mode.value, standing.status.value
    registration.waits_for = standing.waits_for.value if standing.waits_for else None
    registration.lined_up_at = lined_up_at or now
    registration.ended_at = registration.ended_by = None
    db.session.flush()  # the mail needs its id
    if before is None:
        secrets.issue_join(registration)
    ledger.entered(session, participant, standing)
    return registration


def move(ledger: Ledger, registration: Registration, mode: Mode, waits_for: Mode | None) -> None:
    """Switch somebody who stands in the session, and tell them what differs."""
    session = registration.session
    now = Standing(
        Mode(registration.mode),
        RegistrationStatus(registration.status),
        Mode(registration.waits_for) if registration.waits_for else None,
    )
    if (mode, waits_for) == (now.mode, now.waits_for):
        return
    check_open(session, mode if mode != now.mode else None, waits_for)
    then = capacity.switch(
        ledger.places(session), now, mode, waits_for, waiting_list=session.waiting_list
    )
    settle(ledger, registration, now, then)


def settle(ledger: Ledger, registration: Registration, now: Standing, then: Standing) -> None:
    """Write the new standing of somebody who already stood in the session."""
    if then == now:
        return
    registration.mode, registration.status = then.mode.value, then.status.value
    registration.waits_for = then.waits_for.value if then.waits_for else None
    if then.line != now.line:
        registration.lined_up_at = clock.now()
    if (then.mode, then.status) != (now.mode, now.status):
        raise_sequence(registration)
    registration.changed_at = clock.now()
    ledger.wrote(registration.participant_id)
    if registration.told is None:
        mails.acknowledge(registration)
    elif registration.told != registration.standing:
        mails.changed(registration, registration.told)


def give_back(ledger: Ledger, registration: Registration, *, by: str) -> None:
    """End a registration and pass its place on, telling everybody but its own person."""
    registration.status = RegistrationStatus.CANCELLED.value
    registration.waits_for = None
    registration.ended_at = clock.now()
    registration.ended_by = by
    raise_sequence(registration)
    ledger.wrote(registration.participant_id)
    announce(RegistrationEnded(registration))
    ledger.pass_on(registration.session)


def note(action: str, registration: Registration) -> None:
    """Write an act of staff into the audit: ids only."""
    audit.record(
        action,
        registration,
        consultation_id=registration.session.consultation_id,
        details={
            "session": registration.session_id,
            "participant": registration.participant_id,
            "mode": registration.mode,
            "status": registration.status,
        },
    )
