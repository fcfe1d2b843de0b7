"""What can happen to participants: found or made, opened, changed, written to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app import clock
from app.audit import operations as audit
from app.consultations.models import Consultation
from app.core import links, people, texts
from app.core.invented import Somebody
from app.core.people import Details
from app.core.refusals import Invalid
from app.core.vocabulary import Source
from app.database import db, lock, operation
from app.registration import mails, queries
from app.registration.models import Participant
from app.registration.operations import secrets
from app.registration.operations.ledger import touch_people

LATE_LINK_LASTS = timedelta(days=7)
CHANGEABLE = (
    "name", "organisation", "country", "stakeholder_group", "language", "timezone",
)  # fmt: skip


def read_details(
    consultation: Consultation, given: Details | Mapping[str, Any], *, needs_email: bool = True
) -> Details:
    """Return what was given as `Details`; the consultation's first language where none was."""
    if isinstance(given, Details):
        return given
    return people.details(given, language=consultation.language, needs_email=needs_email)


def found_or_made(
    consultation: Consultation, details: Details, source: Source
) -> tuple[Participant, bool]:
    """Return the person with this address, or a new one; and whether they are new.

    A person who is known stays as they are. Whoever came by the form is not opened yet.
    """
    if details.email is not None:
        found = queries.by_email(consultation, details.email)
        if found is not None:
            return found, False
    now = clock.now()
    by_form = source is Source.FORM
    participant = Participant(
        public_id=links.new_id(),
        consultation=consultation,
        email=details.email,
        name=details.name,
        search_name=texts.folded(details.name),
        organisation=details.organisation,
        country=details.country,
        stakeholder_group=details.stakeholder_group,
        language=details.language,
        timezone=details.timezone,
        source=source.value,
        consented_at=now if by_form else None,
        opened_at=None if by_form else now,
        link_version=1,
        feed_version=1,
        created_at=now,
        changed_at=now,
    )
    db.session.add(participant)
    secrets.issue(participant)
    db.session.flush()
    return participant, True


def make_invented(consultation: Consultation, person: Somebody) -> Participant:
    """Make somebody who does not exist, inside an operation; without address nobody is written to.

    Raises `Invalid`.
    """
    details = people.details(
        {
            "name": person.name,
            "organisation": person.organisation,
            "country": person.country,
            "stakeholder_group": person.group,
            "language": person.language,
        },
        needs_email=False,
    )
    return found_or_made(consultation, details, Source.SAMPLE)[0]


def open_at_once(participant: Participant) -> bool:
    """Mark as opened, inside an operation; say whether it was not before."""
    if participant.is_opened:
        return False
    participant.opened_at = clock.now()
    participant.lapses_at = None
    return True


@operation
def open(participant: Participant) -> None:
    """Somebody used what only the mail carried: the person is real, nothing lapses any more."""
    lock(participant)
    if open_at_once(participant):
        db.session.flush()
        touch_people([participant.id])


def rewrite(participant: Participant, details: Details) -> bool:
    """Store what a person says of themself; say whether anything differs."""
    before = {name: getattr(participant, name) for name in CHANGEABLE}
    for name in CHANGEABLE:
        setattr(participant, name, getattr(details, name))
    participant.search_name = texts.folded(details.name)
    return before != {name: getattr(participant, name) for name in CHANGEABLE}


@operation
def update_details(participant: Participant, *, by: str = "self", **fields: Any) -> Participant:
    """Replace the named details; the address stays. Raises `Invalid` naming each wrong field."""
    lock(participant)
    if unknown := sorted(set(fields) - set(CHANGEABLE)):
        raise Invalid.field(unknown[0], "unknown_field", "This field is not known")
    present = {name: getattr(participant, name) for name in CHANGEABLE}
    details = people.details(present | fields, language=participant.language, needs_email=False)
    if rewrite(participant, details):
        db.session.flush()
        touch_people([participant.id])
        if by == "staff":
            audit.record(
                "participant_changed",
                participant,
                consultation_id=participant.consultation_id,
                details={"fields": sorted(fields)},
            )
    return participant


@operation
def send_link(consultation: Consultation, address: str) -> None:
    """Mail the manage link to whoever has ``address``; nobody learns whether somebody does.

    The same link again, which revokes nothing; long after the last session one that works for
    seven days. Raises `Invalid` where it is no address.
    """
    participant = queries.by_email(consultation, people.address(address))
    if participant is None:
        return
    lock(participant)
    now = clock.now()
    manage = queries.secret_of(participant, links.Purpose.MANAGE)
    if manage is None or queries.has_expired(manage, at=now):
        secrets.make_anew(participant, expires_at=now + LATE_LINK_LASTS)
        db.session.flush()
    mails.find_link(participant)


@operation
def choose_reminders(participant: Participant, *, wanted: bool) -> None:
    """Send this person reminders, or none any more; service mail goes on."""
    lock(participant)
    if (participant.reminders_off_at is None) != wanted:
        participant.reminders_off_at = None if wanted else clock.now()
