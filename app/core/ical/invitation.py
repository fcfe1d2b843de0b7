"""Invitations by mail (iMIP): a REQUEST, or a CANCEL, to one person and about one session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.core.ical import text
from app.core.ical.entry import Entry
from app.core.ical.feed import calendar
from app.core.ical.render import render


@dataclass(frozen=True)
class Address:
    """A calendar user: a mail address exactly as on the envelope, and a name."""

    email: str
    name: str = ""


def request(
    entry: Entry, organizer: Address, attendee: Address, dtstamp: datetime, sequence: int
) -> bytes:
    """Return an invitation that tells ``attendee``'s calendar: accepted, no reply wanted.

    ``organizer`` is the From of the mail; ``dtstamp`` when the message was made, which a resend
    keeps; ``sequence`` that of the registration.
    """
    accepted = _person(
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE", attendee
    )
    dated = replace(entry, dtstamp=dtstamp, sequence=sequence)
    return _message("REQUEST", dated, (_person("ORGANIZER", organizer), accepted))


def cancel(
    entry: Entry, organizer: Address, attendee: Address | None, dtstamp: datetime, sequence: int
) -> bytes:
    """Return the message that takes ``entry`` out of a calendar again, its times kept.

    Without ``attendee`` it names nobody: for an address that was not the person's own.
    """
    people = [_person("ORGANIZER", organizer)]
    if attendee is not None:
        people.append(_person("ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT", attendee))
    cancelled = replace(
        entry,
        dtstamp=dtstamp,
        sequence=sequence,
        status="CANCELLED",
        transp="TRANSPARENT",
        conferences=(),
    )
    return _message("CANCEL", cancelled, tuple(people))


def _message(method: str, entry: Entry, people: tuple[tuple[str, str], ...]) -> bytes:
    return calendar([("METHOD", method)], [render(entry, people)])


def _person(name: str, person: Address) -> tuple[str, str]:
    named = f"{name};CN={text.parameter(person.name)}" if person.name else name
    return named, "mailto:" + text.clean(person.email).replace("\n", "").strip()
