"""What the desk reads after a scan: a word, a name, the reason, the ways out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.attendance import operations, queries
from app.attendance.models import Scan
from app.core import timing
from app.core.vocabulary import Mode, SessionStatus, Verdict
from app.programme.models import Session
from app.registration import queries as registrations
from app.web import filters, viewer

V = Verdict
LET_IN = (V.ON_WAITING_LIST, V.CANCELLED, V.OTHER_SESSION)


@dataclass(frozen=True)
class Result:
    """The full-width panel. ``kind`` is ``welcome``, ``already``, ``desk`` or ``plain``.

    ``let_in`` is the opaque id of whoever may be let in all the same, ``counts`` says that this
    scan already did so, ``key`` names the scan for an undo.
    """

    kind: str
    word: str
    name: str = ""
    about: str = ""
    why: str = ""
    key: str = ""
    let_in: str = ""
    counts: bool = False


@dataclass(frozen=True)
class Line:
    """One of the last scans: when, who, and a state with its word."""

    at: str
    name: str
    state: str
    words: str


@dataclass(frozen=True)
class Desk:
    """What the page shows beside the panel."""

    inside: int
    places: int
    last: list[Line] = field(default_factory=list)


def desk_of(session: Session) -> Desk:
    """Return how many are in, and the last scans."""
    inside, places = queries.inside(session)
    scans = queries.latest(session)
    undone = queries.undone_keys(session, {scan.key for scan in scans})
    return Desk(inside, places, [line(session, scan, scan.key in undone) for scan in scans])


def line(session: Session, scan: Scan, is_undone: bool) -> Line:
    """Return how one of the last scans is listed."""
    state, words = {
        V.WELCOME: ("confirmed", _("in")),
        V.ALREADY_IN: ("already_in", _("already in")),
        V.OTHER_MODE: ("confirmed", _("in, registered online")),
        V.LEFT: ("already_in", _("left")),
    }.get(V(scan.verdict), ("attention", _("in, without a place") if scan.admits else _("desk")))
    if is_undone:
        state, words = "cancelled", _("undone")
    name = scan.participant.name if scan.participant else _("unknown")
    return Line(clock_of(session, scan.scanned_at), name, state, words)


def clock_of(session: Session, at) -> str:
    """Return an instant as the clock at the venue shows it."""
    return filters.hhmm(timing.wall(at, session.timezone))


def result_of(session: Session, key: str, *, let_in: bool = False) -> Result | None:
    """Return the panel about the scan stored under ``key``; ``let_in`` after the desk said yes."""
    scan = queries.by_key(session, key)
    if scan is None:
        return None
    said = V(scan.verdict)
    told = operations.verdict(session, scan)
    name = scan.participant.name if scan.participant else ""
    about = scan.participant.organisation if scan.participant else ""
    if scan.participant and not about:
        about = _("in a personal capacity")
    kind, word = {
        V.WELCOME: ("welcome", _("Welcome")),
        V.ALREADY_IN: ("already", _("Already in")),
        V.LEFT: ("already", _("Has left")),
        V.UNDONE: ("plain", _("Undone")),
    }.get(said, ("desk", _("See the desk")))
    if let_in and scan.admits:
        kind, word = "welcome", _("Welcome")
    undoes = said is V.UNDONE and scan.undoes and queries.by_key(session, scan.undoes)
    if undoes and undoes.participant:
        name = undoes.participant.name
    return Result(
        kind=kind,
        word=word,
        name=name,
        about=about,
        why=why(session, scan, told),
        key="" if said in (V.UNDONE, V.INVALID, V.UNKNOWN_TICKET) else scan.key,
        let_in=scan.participant.public_id
        if scan.participant and said in LET_IN and not scan.admits and may_enter(session)
        else "",
        counts=scan.admits,
    )


def may_enter(session: Session) -> bool:
    """Whether anybody can be let in: the session takes place and has a room."""
    return session.status != SessionStatus.CANCELLED and Mode.ON_SITE in session.modes


def why(session: Session, scan: Scan, told: dict) -> str:
    """Return the reason in one line."""
    said = V(scan.verdict)
    if said is V.WELCOME:
        return _("On site") if told.get("mode") == Mode.ON_SITE else _("Online; let in on site")
    if said is V.ALREADY_IN:
        return since(session, told)
    if said is V.CANCELLED:
        if session.status == SessionStatus.CANCELLED:
            return _("This session was cancelled.")
        return _("The registration was cancelled. %(places)s", places=free_places(session))
    if said is V.ON_WAITING_LIST:
        return _("On the waiting list. %(places)s", places=free_places(session))
    if said is V.OTHER_MODE:
        return _("Registered online, not on site. %(places)s", places=free_places(session))
    if said is V.OTHER_SESSION:
        return other_session(told)
    if said is V.UNKNOWN_TICKET:
        return _("No ticket of this consultation has this code.")
    return _("This could not be used.") if said is V.INVALID else ""


def since(session: Session, told: dict) -> str:
    """Return "since 17:58, desk 2"."""
    if not told.get("since"):
        return ""
    at = clock_of(session, datetime.fromisoformat(told["since"]))
    if not told.get("device"):
        return _("since %(time)s", time=at)
    return _("since %(time)s, %(desk)s", time=at, desk=told["device"])


def other_session(told: dict) -> str:
    """Return for what the ticket is valid instead."""
    found = told.get("sessions") or []
    if not found:
        return _("Not registered for any session.")
    named = [
        f"{each['title']}, {filters.day(timing.parse_wall(each['starts'], ''))}" for each in found
    ]
    return _("Registered for another session: %(sessions)s", sessions="; ".join(named))


def free_places(session: Session) -> str:
    """Return "3 places are free." in the room."""
    places = registrations.places(session).get(Mode.ON_SITE)
    if places is None:
        return ""
    if places.left is None:
        return _("Places are free.")
    return ngettext("%(num)s place is free.", "%(num)s places are free.", places.left)


def title(session: Session) -> str:
    """Return the session's title in the reader's language."""
    return session.words("title", viewer.language())
