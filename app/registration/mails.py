"""What we tell people about their registrations: the intents, and the words' ingredients.

The functions on top are called inside operations, with rows: each states one intent with its
frozen facts. The renderers below run later, in a job, from those facts alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from app.core import timing
from app.core.vocabulary import Mode, RegistrationStatus, SessionStatus
from app.database import words
from app.mail import operations as outbox
from app.mail.models import OutboxMail
from app.programme import queries as programme
from app.programme.models import Session
from app.registration import queries
from app.registration.models import Participant, Registration, Submission

CANCELLED_BY = Literal["self", "staff", "session", "expired"]
ABSTRACT = 2000  # characters of a description that travel into a calendar


# --- What happened: called inside operations --------------------------------------------------


def acknowledge(registration: Registration) -> OutboxMail | None:
    """Say "you have a place" with an invitation, or "you are in line" without one."""
    confirmed = registration.status == RegistrationStatus.CONFIRMED
    return _tell("registration_confirmed" if confirmed else "registration_waiting", registration)


def promoted(registration: Registration) -> OutboxMail | None:
    """Say that a place became free and is theirs."""
    return _tell("registration_promoted", registration)


def changed(registration: Registration, before: dict[str, Any]) -> OutboxMail | None:
    """Say what differs from ``before``, which is what they were last told (`told`)."""
    return _tell("registration_changed", registration, before=before)


def cancelled(registration: Registration, by: CANCELLED_BY) -> OutboxMail | None:
    """Say that the place is given back, taken, lapsed, or that the session is called off."""
    kind = "session_cancelled" if by == "session" else "registration_cancelled"
    return _tell(kind, registration, by=by)


def session_restored(registration: Registration) -> OutboxMail | None:
    """Say that a session that was called off takes place after all."""
    return _tell("session_restored", registration)


def remind(registration: Registration, when: Literal["day", "hour"]) -> OutboxMail | None:
    """Say that the session is tomorrow, or in an hour; too late it is not sent at all."""
    session = registration.session
    late = session.ends_at if session.is_long else session.starts_at
    return _tell(f"reminder_{when}", registration, remembered=False, not_after=late)


def remind_to_open(participant: Participant) -> OutboxMail | None:
    """Say once more until when to press the button."""
    return _put(
        "reminder_to_open",
        participant,
        facts={
            "sessions": [
                _line(each.session, each.mode, participant.language)
                for each in queries.of_participant(participant)
                if each.is_live
            ]
        },
        not_after=participant.lapses_at,
    )


def submission_received(submission: Submission) -> OutboxMail | None:
    """Ask the owner of a known address to press the button: nothing changed until then."""
    participant = submission.participant
    here = {each.session_id: each for each in queries.of_participant(participant) if each.is_live}
    lines = []
    for wish in submission.wishes:
        session = programme.by_id(wish["session"])
        if session is None:
            continue
        held = here.get(session.id)
        lines.append(
            _line(session, wish["mode"], participant.language)
            | {"held": held is not None and held.mode == wish["mode"]}
        )
    return _put(
        "submission_received",
        participant,
        facts={"sessions": lines, "press_by": _iso(submission.lapses_at)},
        subject_id=submission.id,
        not_after=submission.lapses_at,
    )


def find_link(participant: Participant) -> OutboxMail | None:
    """Send the manage link to whoever asked for it."""
    return _put("link_requested", participant, facts={})


def address_corrected(registration: Registration, old_address: str) -> OutboxMail | None:
    """Take the invitation back from an address that was not theirs, naming nobody.

    What was still to be sent there is dropped: its links would be the right person's.
    """
    participant = registration.participant
    outbox.drop_unsent(participant.person, to_address=old_address)
    return _put(
        "address_corrected",
        participant,
        facts={"session": _session_facts(registration), "was_invited": _was_invited(registration)},
        to_address=old_address,
        to_name="",
        subject_id=registration.id,
        sequence=registration.sequence,
    )


def told(registration: Registration) -> None:
    """Remember what this person has now been told."""
    registration.told = tellable(registration)


def tellable(registration: Registration) -> dict[str, Any]:
    """Return what somebody would be told now; whoever was told the same needs no mail.

    The venue is part of it for those only who come, or wait to come, on site.
    """
    session = registration.session
    comes = Mode.ON_SITE in (registration.mode, registration.waits_for)
    return {
        "starts_at": _iso(session.starts_at),
        "ends_at": _iso(session.ends_at),
        "timezone": session.timezone,
        "venue": session.venue if comes else None,
        "mode": registration.mode,
        "waits_for": registration.waits_for,
        "status": registration.status,
        "session_status": session.status,
    }


# --- Intents and facts ------------------------------------------------------------------------


def _tell(
    kind: str,
    registration: Registration,
    *,
    remembered: bool = True,
    not_after: datetime | None = None,
    **more: Any,
) -> OutboxMail | None:
    """Put one mail about ``registration`` and, unless it only repeats, remember what it says."""
    position = queries.position(registration)
    mail = _put(
        kind,
        registration.participant,
        facts={
            "session": _session_facts(registration),
            "mode": registration.mode,
            "waits_for": registration.waits_for,
            "confirmed": registration.status == RegistrationStatus.CONFIRMED,
            "was_invited": _was_invited(registration),
            "before_you": None if position is None else position - 1,
            **more,
        },
        subject_id=registration.id,
        sequence=registration.sequence,
        not_after=not_after,
    )
    if remembered:
        told(registration)
    return mail


def _put(
    kind: str,
    participant: Participant,
    *,
    facts: dict[str, Any],
    to_address: str | None = None,
    to_name: str | None = None,
    subject_id: int | None = None,
    sequence: int | None = None,
    not_after: datetime | None = None,
) -> OutboxMail | None:
    """Put one mail to ``participant``, who may have no address: then there is nobody to tell."""
    address = to_address or participant.email
    if address is None:
        return None
    consultation = participant.consultation
    common = {
        "consultation": consultation.words("title", participant.language),
        "contact": consultation.contact_email,
        "press_by": _iso(participant.lapses_at) if not participant.is_opened else None,
    }
    return outbox.put(
        kind,
        person=participant.person,
        to_address=address,
        to_name=participant.name if to_name is None else to_name,
        language=participant.language,
        timezone=participant.timezone,
        facts=common | facts,
        consultation_id=participant.consultation_id,
        subject_id=subject_id,
        sequence=sequence,
        not_after=not_after,
    )


def _session_facts(registration: Registration) -> dict[str, Any]:
    """Freeze what a mail and its calendar part say of a session, in the person's language."""
    session, spoken = registration.session, registration.participant.language
    changed = max(session.changed_at, registration.changed_at)
    return _line(session, registration.mode, spoken) | {
        "uid": session.uid,
        "slug": session.slug,
        "consultation_slug": session.consultation.slug,
        "description": session.words("description", spoken)[:ABSTRACT],
        "format": session.format,
        "languages": session.languages,
        "venue": session.venue,
        "offered": [mode.value for mode in session.modes],
        "status": session.status,
        "to_be_announced": session.to_be_announced,
        "reason": words(session.cancel_reason, spoken, session.consultation.language),
        "created_at": _iso(session.created_at),
        "changed_at": _iso(changed),
    }


def _line(session: Session, mode: str, spoken: str) -> dict[str, Any]:
    """Freeze one line about a session: what, when, where in the world, and how."""
    return {
        "title": session.words("title", spoken),
        "starts_at": _iso(session.starts_at),
        "ends_at": _iso(session.ends_at),
        "timezone": session.timezone,
        "city": (session.venue or {}).get("city") or None,
        "long": session.is_long,
        "mode": mode,
    }


def _was_invited(registration: Registration) -> bool:
    """Whether the last mail left an entry in this person's calendar."""
    last = registration.told or {}
    return (
        last.get("status") == RegistrationStatus.CONFIRMED
        and last.get("session_status") != SessionStatus.CANCELLED
    )


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else timing.isoformat_z(instant)
