"""Intents: called inside operations, with rows; each puts one mail with its frozen facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from app.core.timing import isoformat_z
from app.core.vocabulary import RegistrationStatus, SessionStatus
from app.mail import operations as outbox
from app.mail.models import OutboxMail
from app.programme import queries as programme
from app.programme.models import Session
from app.registration import queries
from app.registration.models import Participant, Registration, Submission

CANCELLED_BY = Literal["self", "staff", "session", "expired"]


def acknowledge(registration: Registration) -> OutboxMail | None:
    """Say "you have a place" with an invitation, or "you are in line" without one."""
    confirmed = registration.status == RegistrationStatus.CONFIRMED
    return _tell("registration_confirmed" if confirmed else "registration_waiting", registration)


def promoted(registration: Registration) -> OutboxMail | None:
    """Say that a place became free and is theirs."""
    return _tell("registration_promoted", registration)


def changed(registration: Registration, before: dict[str, Any]) -> OutboxMail | None:
    """Say what differs from ``before``: what they were last told (`Registration.standing`)."""
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
    return _tell(
        f"reminder_{when}",
        registration,
        remembered=False,
        not_after=registration.session.starts_at,
    )


def remind_to_open(participant: Participant) -> OutboxMail | None:
    """Say once more until when to press the button."""
    live = [each for each in queries.of_participant(participant) if each.is_live]
    return _put(
        "reminder_to_open",
        participant,
        facts={"sessions": [_line(r.session, r.mode, participant.language) for r in live]},
        not_after=participant.lapses_at,
    )


def submission_received(submission: Submission) -> OutboxMail | None:
    """Ask the owner of a known address to press the button: nothing changed until then."""
    participant = submission.participant
    mine = {each.session_id: each for each in queries.of_participant(participant) if each.is_live}
    lines = []
    for wish in submission.wishes:
        session = programme.by_id(wish["session"])
        if session is None:
            continue
        held = mine.get(session.id)
        lines.append(
            _line(session, wish["mode"], participant.language)
            | {"held": held is not None and held.mode == wish["mode"]}
        )
    return _put(
        "submission_received",
        participant,
        facts={
            "sessions": lines,
            "asked": submission.public_id,
            "press_by": _iso(submission.lapses_at),
        },
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
        facts=_registration_facts(registration),
        to_address=old_address,
        to_name="",
        timezone=None,
        subject_id=registration.id,
        sequence=registration.sequence,
    )


def told(registration: Registration) -> None:
    """Remember what this person has now been told."""
    registration.told = registration.standing


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
    mail = _put(
        kind,
        registration.participant,
        facts=_registration_facts(registration) | more,
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
    **options: Any,
) -> OutboxMail | None:
    """Put one mail to ``participant``, who may have no address: then there is nobody to tell."""
    address = to_address or participant.email
    if address is None:
        return None
    consultation = participant.consultation
    options.setdefault("timezone", participant.timezone)
    common = {
        "consultation": consultation.words("title", participant.language),
        "contact": consultation.contact_email,
        "timezone": consultation.timezone,
        "opened": participant.is_opened,
        "press_by": None if participant.is_opened else _iso(participant.lapses_at),
    }
    return outbox.put(
        kind,
        person=participant.person,
        to_address=address,
        to_name=participant.name if to_name is None else to_name,
        language=participant.language,
        facts=common | facts,
        consultation_id=participant.consultation_id,
        **options,
    )


def _registration_facts(registration: Registration) -> dict[str, Any]:
    """Freeze how somebody stands in a session, and the session in the person's language."""
    session, spoken = registration.session, registration.participant.language
    last = registration.told or {}
    position = queries.position(registration)
    return {
        "session": _line(session, registration.mode, spoken)
        | {
            "uid": session.uid,
            "slug": session.slug,
            "consultation_slug": session.consultation.slug,
            "description": session.words("description", spoken),
            "format": session.format,
            "languages": session.languages,
            "venue": session.venue,
            "offered": [mode.value for mode in session.modes],
            "status": session.status,
            "to_be_announced": session.to_be_announced,
            "reason": session.words("cancel_reason", spoken),
            "created_at": isoformat_z(session.created_at),
            "changed_at": isoformat_z(session.changed_at),
        },
        "waits_for": registration.waits_for,
        "status": registration.status,
        "sequence": registration.sequence,
        "changed_at": isoformat_z(registration.changed_at),
        "before_you": None if position is None else position - 1,
        "was_invited": last.get("status") == RegistrationStatus.CONFIRMED
        and last.get("session") != SessionStatus.CANCELLED,
    }


def _line(session: Session, mode: str, spoken: str) -> dict[str, Any]:
    """Freeze one line about a session: what, when, where in the world, and how."""
    return {
        "title": session.words("title", spoken),
        "starts_at": isoformat_z(session.starts_at),
        "ends_at": isoformat_z(session.ends_at),
        "timezone": session.timezone,
        "city": (session.venue or {}).get("city") or None,
        "long": session.is_long,
        "mode": mode,
    }


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else isoformat_z(instant)
