"""The organisers' overview: what needs somebody now, broken things first, and the three sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import clock
from app.consultations.models import Consultation
from app.core import agenda as agendas
from app.core.capacity import Places
from app.core.permissions import Permission
from app.core.scans import Sums
from app.core.vocabulary import Mode, SessionStatus
from app.mail import queries as mails
from app.programme import panels as programme
from app.programme.models import Session
from app.web import access, filters

SOON = timedelta(days=7)
ORDER = ("octagon", "triangle", "dashed")
PlacesOf = Mapping[int, Mapping[Mode, Places]]


@dataclass(frozen=True)
class Need:
    """One thing that needs somebody: its shape, the fact, the reason, and one way on."""

    shape: str
    fact: str
    reason: str
    label: str
    url: str


def needs(
    consultation: Consultation,
    sessions: Sequence[Session],
    places: PlacesOf,
    reader: programme.Reader,
) -> list[Need]:
    """Return what needs the person who looks, as far as they may do something about it."""
    found: list[Need] = []
    if access.may(Permission.OUTBOX, consultation):
        found += of_mails(consultation)
    if access.may(Permission.CHANGE_PROGRAMME, consultation):
        found += of_settings(consultation)
        upcoming = [each for each in sessions if each.ends_at > reader.at]
        found += of_drafts(consultation, upcoming)
        found += [need for each in upcoming for need in of_session(each, reader)]
        found += of_rooms(upcoming, reader)
        found += [need for each in upcoming for need in of_places(each, places[each.id], reader)]
    return sorted(found, key=lambda need: ORDER.index(need.shape))


def of_mails(consultation: Consultation) -> list[Need]:
    """Return mails that failed, or that wait to be released."""
    counts = mails.counts(consultation.id)
    found = []
    for status, shape, words, reason in (
        (
            "failed",
            "octagon",
            ngettext("%(num)s mail failed", "%(num)s mails failed", counts.get("failed", 0)),
            _("Nothing is lost: look at the reason, then send again."),
        ),
        (
            "held",
            "triangle",
            ngettext("%(num)s mail is held", "%(num)s mails are held", counts.get("held", 0)),
            _("It came with a restored backup and waits until somebody releases it."),
        ),
    ):
        if counts.get(status):
            url = url_for("mail_staff.outbox", consultation=consultation.slug, status=status)
            found.append(Need(shape, words, reason, _("Open the outbox"), url))
    return found


def of_settings(consultation: Consultation) -> list[Need]:
    """Return what the public and the privacy notice still miss."""
    url = url_for("consultations_staff.settings", consultation=consultation.slug)
    found = []
    missing = [
        name
        for name, value in (
            (_("controller"), consultation.controller),
            (_("purpose"), consultation.purpose),
            (_("contact address"), consultation.contact_email),
        )
        if not value
    ]
    if missing:
        fact = _("The privacy notice is incomplete")
        reason = _("It lacks: %(names)s.", names=filters.listed(missing))
        found.append(Need("triangle", fact, reason, _("Settings"), url))
    if not consultation.is_public:
        fact, reason = _("Nobody sees this yet"), _("The consultation is a draft.")
        found.append(Need("dashed", fact, reason, _("Publish"), url))
    return found


def of_drafts(consultation: Consultation, sessions: Sequence[Session]) -> list[Need]:
    """Return sessions that are not published although their consultation is."""
    drafts = [each for each in sessions if each.status == SessionStatus.DRAFT]
    if not drafts or not consultation.is_public:
        return []
    fact = ngettext("%(num)s session is a draft", "%(num)s sessions are drafts", len(drafts))
    url = url_for("programme_staff.sessions", consultation=consultation.slug)
    return [Need("dashed", fact, titles(drafts), _("Programme"), url)]


def titles(sessions: Sequence[Session]) -> str:
    """Return at most three titles in a row."""
    names = [each.words("title", each.consultation.language) for each in sessions[:3]]
    return filters.listed(names) + ("…" if len(sessions) > 3 else "")


def session_url(session: Session) -> str:
    """Return the page on which organisers change a session."""
    return url_for(
        "programme_staff.session", consultation=session.consultation.slug, session=session.slug
    )


def of_session(session: Session, reader: programme.Reader) -> list[Need]:
    """Return what people would miss in a session that comes soon."""
    if session.status != SessionStatus.PUBLISHED or session.starts_at > reader.at + SOON:
        return []
    title = session.words("title", reader.language)
    when = programme.moment(session.starts_at, session, reader)
    url, found = session_url(session), []
    room_needed = Mode.ONLINE in session.modes and not session.kind.written
    if room_needed and not session.join_url:
        fact = _("“%(title)s” has no online room", title=title)
        found.append(Need("octagon", fact, when, _("Add the address"), url))
    if Mode.ON_SITE in session.modes and not programme.has_venue(session):
        fact = _("“%(title)s” has no place", title=title)
        found.append(Need("octagon", fact, when, _("Add the place"), url))
    return found


def of_rooms(sessions: Sequence[Session], reader: programme.Reader) -> list[Need]:
    """Return pairs of sessions that want the same room at the same time."""
    live = [
        each
        for each in sessions
        if each.status in (SessionStatus.PUBLISHED, SessionStatus.DRAFT)
        and programme.has_date(each)
    ]
    found = []
    for one, other in combinations(live, 2):
        room = shared_room(one, other)
        if room and agendas.clash(one.period, other.period):
            later = max(one, other, key=lambda each: each.starts_at)
            fact = _("Two sessions want “%(room)s” at once", room=room)
            when = programme.moment(later.starts_at, later, reader)
            reason = f"{titles([one, other])} · {when}"
            found.append(Need("triangle", fact, reason, _("Open the session"), session_url(later)))
    return found


def shared_room(one: Session, other: Session) -> str:
    """Return the name of the room both want, or the address of the video room; else nothing."""
    if programme.has_venue(one) and programme.has_venue(other):
        first, second = ((each.venue or {}).get("name") or "" for each in (one, other))
        if first and first == second:
            return first
    return one.join_url or "" if one.join_url and one.join_url == other.join_url else ""


def of_places(
    session: Session, places: Mapping[Mode, Places], reader: programme.Reader
) -> list[Need]:
    """Return places that are free although people wait."""
    found = []
    for mode, each in places.items():
        if session.status == SessionStatus.PUBLISHED and each.free and each.waiting:
            fact = _("%(free)s places are free, %(waiting)s people wait", free=each.free,
                     waiting=each.waiting)  # fmt: skip
            name = _("on site") if mode is Mode.ON_SITE else _("online")
            reason = f"{session.words('title', reader.language)}, {name}"
            found.append(
                Need("triangle", fact, reason, _("Open the session"), session_url(session))
            )
    return found


@dataclass(frozen=True)
class SumsRow:
    """One session with its three sums; ``None`` where nothing can be counted yet.

    ``console`` is where it is run live, ``rehearsal`` where it is tried out before; empty where
    nothing is or not by whoever looks.
    """

    row: programme.Row
    when: str
    registered: int
    waiting: int
    checked_in: int | None
    attended: int | None
    url: str
    console: str
    rehearsal: str


def sums(
    rows: Sequence[programme.Row],
    places: PlacesOf,
    counted: Mapping[int, Sums],
    reader: programme.Reader,
) -> list[SumsRow]:
    """Return the sessions with their sums: what comes next first, what is over last."""
    made = [
        SumsRow(
            row=row,
            when=programme.moment(row.session.starts_at, row.session, reader),
            registered=counted[row.session.id].registered,
            waiting=sum(each.waiting for each in places[row.session.id].values()),
            checked_in=begun(counted[row.session.id].checked_in, row.session, reader),
            attended=begun(counted[row.session.id].attended, row.session, reader),
            url=session_url(row.session)
            if access.may(Permission.CHANGE_PROGRAMME, row.session.consultation)
            else row.url,
            console=console_url(row.session),
            rehearsal=rehearsal_url(row.session),
        )
        for row in rows
    ]
    return sorted(made, key=lambda each: each.row.session.ends_at <= reader.at)


def console_url(session: Session) -> str:
    """Return where a session is run live; empty where there is nothing for this person."""
    consultation = session.consultation
    if not session.kind.tools or not access.may(Permission.SEE_LIVE, consultation, session):
        return ""
    return url_for("live_staff.console", consultation=consultation.slug, session=session.slug)


def rehearsal_url(session: Session) -> str:
    """Return where a session to come is rehearsed; empty where not by this person."""
    consultation = session.consultation
    over = session.ends_at <= clock.now()
    if over or not session.kind.tools or consultation.is_rehearsal:
        return ""
    if not access.may(Permission.RUN_LIVE, consultation, session):
        return ""
    return url_for("live_staff.rehearsal", consultation=consultation.slug, session=session.slug)


def begun(number: int, session: Session, reader: programme.Reader) -> int | None:
    """Return ``number``, or ``None`` while a session has not begun and nobody is there."""
    return number if number or reader.at >= session.starts_at else None


def running(consultation: Consultation) -> list[tuple[str, str, str]]:
    """Return what runs, as (what, shape, words)."""
    counts = mails.counts(consultation.id)
    waiting = counts.get("queued", 0) + counts.get("sending", 0)
    failed = counts.get("failed", 0)
    return [
        (_("Mails waiting"), "tick" if waiting < 100 else "triangle", filters.number(waiting)),
        (_("Mails failed"), "octagon" if failed else "tick", filters.number(failed)),
        (_("Mails sent"), "tick", filters.number(counts.get("sent", 0))),
    ]


def readiness(administrators: int) -> list[tuple[str, str, str]]:
    """Return whether this installation is ready for the public, as (what, shape, words)."""
    config = current_app.config
    engine = config["SQLALCHEMY_DATABASE_URI"].split(":", 1)[0].split("+", 1)[0]
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    to_folder = config["MAIL_URL"].startswith("file:")
    found = [
        (_("Database"), "tick", _("%(engine)s, ready", engine=names.get(engine, engine))),
        (
            _("Mail"),
            "triangle" if to_folder else "tick",
            _("Written to a folder: nobody gets it. Set MAIL_URL.")
            if to_folder
            else _("Leaves by SMTP"),
        ),
        (
            _("Address"),
            "triangle" if config["SITE_IS_LOOPBACK"] else "tick",
            _("%(address)s: links in mails work only on this machine.", address=config["SITE_URL"])
            if config["SITE_IS_LOOPBACK"]
            else config["SITE_URL"],
        ),
        (
            _("A second administrator"),
            "tick" if administrators > 1 else "dashed",
            _("There is one.")
            if administrators > 1
            else _("If you cannot sign in, nobody else can let you in."),
        ),
    ]
    return found
