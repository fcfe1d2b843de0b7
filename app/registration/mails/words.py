"""Words: the renderers of every kind, from frozen facts alone, and what their links lead to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.consultations.models import Consultation
from app.core import languages, links, timing
from app.core.clocks import Clock, clocks
from app.core.ical import invitation
from app.core.joining import OPENS_BEFORE
from app.core.vocabulary import Mode, RegistrationStatus, SessionStatus
from app.database import db
from app.mail import kinds
from app.mail.kinds import Envelope, Facts, Mail
from app.programme.models import Session
from app.registration import entries, queries
from app.registration.models import Participant, Registration, Submission
from app.web import filters, urls

ABOUT = 600  # characters of a session's description in a mail; all of it is on its page

# --- Links: filled in at sending, for the person's present address only -----------------------


def addressee(mail: Envelope) -> Participant | None:
    """Return whose mail it is, unless they left or have another address now."""
    participant = db.session.get(Participant, int(mail.person.partition(":")[2]))
    if participant is None or participant.email != mail.to_address:
        return None
    return participant


@kinds.link("manage")
def manage_link(mail: Envelope) -> str | None:
    """The person's own page."""
    participant = addressee(mail)
    return queries.link(participant) if participant else None


@kinds.link("join")
def join_link(mail: Envelope) -> str | None:
    """The way into one session's room."""
    registration = db.session.get(Registration, mail.subject_id)
    return queries.join_link(registration) if registration and addressee(mail) else None


@kinds.link("asked")
def asked_link(mail: Envelope) -> str | None:
    """The page with the button that does what the form was sent for."""
    participant, submission = addressee(mail), db.session.get(Submission, mail.subject_id)
    if participant is None or submission is None:
        return None
    return urls.external(
        "portal.my_asked",
        manage=queries.token(participant, links.Purpose.MANAGE),
        asked=submission.public_id,
    )


@kinds.link("unsubscribe")
def unsubscribe_link(mail: Envelope) -> str | None:
    """The way out of reminders."""
    participant = addressee(mail)
    return queries.link(participant, links.Purpose.UNSUBSCRIBE) if participant else None


@kinds.link("ticket")
def ticket_code(mail: Envelope) -> str | None:
    """The ticket's code for typing: no link, but as personal as one."""
    participant = addressee(mail)
    return links.shown_code(participant.ticket_code) if participant else None


# --- The kinds --------------------------------------------------------------------------------


def says(
    *names: str, method: str | None = None, optional: bool = False
) -> Callable[[Callable], Callable]:
    """Register a renderer for ``names``: it returns what its templates need beyond the scene."""

    def decorate(renderer: Callable[[Envelope, Facts], dict[str, Any]]) -> Callable:
        def run(mail: Envelope, facts: Facts) -> Mail:
            context = scene(mail, facts) | renderer(mail, facts)
            return Mail(
                context,
                *calendar_part(mail, facts, method),
                sender=facts["consultation"],
                subject_forms=subject_forms(facts.get("session")),
                optional=optional,
            )

        for name in names:
            kinds.kind(name)(run)
        return renderer

    return decorate


@says("registration_confirmed", "registration_promoted", "session_restored", method="REQUEST")
def you_have_a_place(mail: Envelope, facts: Facts) -> dict[str, Any]:
    """The place, both times, the way in, the ticket, the manage link, and an invitation."""
    about = facts["session"]["description"]
    return {"about": about if len(about) <= ABOUT else about[:ABOUT].rsplit(None, 1)[0] + " …"}


@says("registration_waiting")
def you_are_in_line(mail: Envelope, facts: Facts) -> dict[str, Any]:
    """The place in line; nothing for the calendar."""
    return {}


@says("reminder_day", "reminder_hour", optional=True)
def it_comes_soon(mail: Envelope, facts: Facts) -> dict[str, Any]:
    """What comes next; optional, so it carries the way out."""
    return {}


@says("registration_changed", method="REQUEST")
def something_differs(mail: Envelope, facts: Facts) -> dict[str, Any]:
    """Before and now, of what differs only."""
    line, before = facts["session"], facts["before"]
    times = ("starts_at", "ends_at", "timezone")
    moved = any(before.get(name) != line[name] for name in times)
    venue = line["venue"] if Mode.ON_SITE in (line["mode"], facts["waits_for"]) else None
    earlier = line | {name: before.get(name, line[name]) for name in times}
    return {
        "moved": moved,
        "before": times_of(earlier, mail.timezone) if moved else [],
        "mode_changed": before.get("mode") != line["mode"],
        "place_changed": before.get("venue") != venue and before.get("mode") == line["mode"],
        "postponed": line["status"] == SessionStatus.POSTPONED,
        "was_postponed": before.get("session") == SessionStatus.POSTPONED,
    }


@says("registration_cancelled", method="CANCEL")
def your_place_is_gone(mail: Envelope, facts: Facts) -> dict[str, Any]:
    """Who ended it, and that the calendar entry goes."""
    return {"by": facts["by"]}


@says("session_cancelled", "address_corrected", method="CANCEL")
def it_is_called_off(mail: Envelope, facts: Facts) -> dict[str, Any]:
    """Why, and that the calendar entry goes."""
    return {"reason": facts["session"]["reason"]}


@says("submission_received", "reminder_to_open", "link_requested")
def press_the_button(mail: Envelope, facts: Facts) -> dict[str, Any]:
    """A list of sessions, and one thing to press."""
    lines = [
        line
        | {
            "when": short_time(line),
            "how": how(line["mode"]),
            "yours": short_time_of(line, mail.timezone),
        }
        for line in facts.get("sessions", ())
    ]
    return {"sessions": lines, "all_held": bool(lines) and all(x.get("held") for x in lines)}


# --- The scene: what all templates may name ---------------------------------------------------


def scene(mail: Envelope, facts: Facts) -> dict[str, Any]:
    """Return the names every kind shares."""
    line = facts.get("session")
    context = {
        "name": mail.to_name,
        "consultation": facts["consultation"],
        "contact": facts["contact"],
        "opened": facts["opened"],
        "press_by": moment(facts["press_by"], mail.timezone or facts["timezone"]),
        "title": line["title"] if line else facts["consultation"],
        "when": short_time(line) if line else "",
        "clock": "",
        "times": times_of(line, mail.timezone) if line else [],
        "status": facts.get("status"),
        "about": "",
    }
    if line:
        opens = timing.isoformat_z(datetime.fromisoformat(line["starts_at"]) - OPENS_BEFORE)
        context |= {
            "session": line,
            "clock": f"{filters.hhmm(main_wall(line))} {filters.place(venue_clock(line))}",
            "how": how(line["mode"]),
            "online": line["mode"] == Mode.ONLINE and facts["status"] == "confirmed",
            "waits_for": how(facts["waits_for"]) if facts["waits_for"] else "",
            "before_you": facts["before_you"],
            "was_invited": facts["was_invited"],
            "join_opens": moment(opens, mail.timezone or line["timezone"]),
            "where": entries.programme.address(thawed(facts).session)
            if line["mode"] == Mode.ON_SITE
            else "",
        }
    return context


def how(mode: str) -> str:
    """Return a mode in words."""
    return _("on site") if mode == Mode.ON_SITE else _("online")


def venue_clock(line: dict[str, Any]) -> Clock:
    """Return the session's time at its place."""
    return clocks_of(line, None).venue


def clocks_of(line: dict[str, Any], zone: str | None):
    """Return a frozen line's clocks for a reader in ``zone``."""
    return clocks(
        datetime.fromisoformat(line["starts_at"]),
        datetime.fromisoformat(line["ends_at"]),
        line["timezone"],
        line["city"],
        zone,
        deadline=line["long"],
    )


def times_of(line: dict[str, Any], zone: str | None) -> list[dict[str, Any]]:
    """Return the lines of time: at the place, and the reader's (UTC while theirs is unknown)."""
    here = clocks_of(line, zone)
    venue = row(here.venue, f"{filters.place(here.venue)} ({here.venue.label})")
    if here.same:
        return [venue | {"where": venue["where"] + " · " + _("your time too"), "yours": True}]
    if here.you is None:
        return [venue, row(here.utc, "UTC")]
    city = filters.city(here.you.zone)
    return [venue, row(here.you, _("your time (%(city)s)", city=city)) | {"yours": True}]


def row(clock: Clock, where: str) -> dict[str, Any]:
    """Return one line of time: ``date``, ``hours``, ``where`` and whether it is the reader's."""
    starts, ends = clock.starts, clock.ends
    if starts.date() == ends.date():
        date, hours = filters.day_long(starts), f"{filters.hhmm(starts)}–{filters.hhmm(ends)}"
    else:
        first = filters.comma().join((filters.day_long(starts), filters.hhmm(starts)))
        last = filters.comma().join((filters.day_long(ends), filters.hhmm(ends)))
        date, hours = f"{first} – {last}", ""
    return {"date": date, "hours": hours, "where": where, "yours": False}


def main_wall(line: dict[str, Any]) -> datetime:
    """Return the wall clock that counts at the place: the start, or the end of a long session."""
    clock = venue_clock(line)
    return clock.ends if line["long"] else clock.starts


def short_time(line: dict[str, Any]) -> str:
    """Return "Tue 10 Oct, 18:15 Geneva"."""
    wall = main_wall(line)
    return f"{day_and_time(wall)} {filters.place(venue_clock(line))}"


def short_time_of(line: dict[str, Any], zone: str | None) -> str:
    """Return "Tue 10 Oct, 12:15 your time (New York)"; nothing where it is the venue's time."""
    found = clocks_of(line, zone)
    if found.you is None or found.same:
        return ""
    wall = found.you.ends if line["long"] else found.you.starts
    yours = _("your time (%(city)s)", city=filters.city(found.you.zone))
    return f"{day_and_time(wall)} {yours}"


def day_and_time(wall: datetime) -> str:
    """Return "Tue 10 Oct, 18:15"."""
    return filters.comma().join((filters.day(wall), filters.hhmm(wall)))


def subject_forms(line: dict[str, Any] | None) -> tuple[dict[str, Any], ...]:
    """Return ways to say when, the longest first: the title matters more than the weekday."""
    if line is None:
        return ()
    wall = main_wall(line)
    return (
        {},
        {"when": filters.day(wall)},
        {"when": f"{filters.daynum(wall)} {filters.month(wall)}"},
    )


def moment(instant: str | None, zone: str) -> str:
    """Return "Thu 3 Sep, 10:00 (Zurich, CEST)" in ``zone``."""
    if instant is None:
        return ""
    at = datetime.fromisoformat(instant)
    wall, letters = timing.wall(at, zone), timing.abbreviation(at, zone)
    return f"{day_and_time(wall)} ({filters.city(zone)}{filters.comma()}{letters})"


# --- The calendar part ------------------------------------------------------------------------


def calendar_part(
    mail: Envelope, facts: Facts, method: str | None
) -> tuple[bytes | None, str | None]:
    """Return the invitation or its withdrawal, by the frozen facts; nobody in line gets one."""
    if method == "REQUEST":
        due = facts["status"] == RegistrationStatus.CONFIRMED
    else:
        due = method == "CANCEL" and facts["was_invited"]
    if not due:
        return None, None
    config = current_app.config
    assert mail.sequence is not None
    registration = thawed(facts)
    if method == "CANCEL":
        registration.status = RegistrationStatus.CANCELLED.value
    entry = entries.entry_for(
        registration,
        mail.language,
        moved_from=moved_from(facts),
        join_link=kinds.mark(mail, "join"),
    )
    organizer = invitation.Address(config["MAIL_SENDER"], facts["consultation"])
    nobody = mail.kind == "address_corrected"
    attendee = None if nobody else invitation.Address(mail.to_address, mail.to_name)
    write = invitation.request if method == "REQUEST" else invitation.cancel
    text = write(entry, organizer, attendee, mail.dtstamp, mail.sequence)  # type: ignore[arg-type]
    return text, method


def thawed(facts: Facts) -> Registration:
    """Return rows made of frozen facts, known to no database: what entries are written from."""
    line = facts["session"]
    any_language = languages.ALL[0].code
    session = Session(
        uid=line["uid"],
        slug=line["slug"],
        title={any_language: line["title"]},
        description={any_language: line["description"]},
        cancel_reason={any_language: line["reason"]},
        format=line["format"],
        status=line["status"],
        starts_at=datetime.fromisoformat(line["starts_at"]),
        ends_at=datetime.fromisoformat(line["ends_at"]),
        timezone=line["timezone"],
        venue=line["venue"],
        capacity=dict.fromkeys(line["offered"]),
        languages=line["languages"],
        to_be_announced=line["to_be_announced"],
        created_at=datetime.fromisoformat(line["created_at"]),
        changed_at=datetime.fromisoformat(line["changed_at"]),
        consultation=Consultation(slug=line["consultation_slug"], languages=[any_language]),
    )
    return Registration(
        session=session,
        mode=line["mode"],
        waits_for=facts["waits_for"],
        status=facts["status"],
        sequence=facts["sequence"],
        changed_at=datetime.fromisoformat(facts["changed_at"]),
    )


def moved_from(facts: Facts) -> dict[str, str] | None:
    """Return the wall clock before the move this mail tells of."""
    before = facts.get("before") or {}
    if not before or before.get("starts_at") == facts["session"]["starts_at"]:
        return None
    wall = timing.wall(datetime.fromisoformat(before["starts_at"]), before["timezone"])
    return {"starts": wall.isoformat(timespec="minutes"), "timezone": before["timezone"]}
