"""What the portal's pages depend on, looked up before anything is rendered."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import bindparam, func, select

from app import clock, formats
from app.accounts.models import Person, RoleGrant
from app.consultations.models import Consultation
from app.core import languages, timing
from app.core.vocabulary import ConsultationStatus, Mode, Role, SessionStatus
from app.database import db
from app.programme import panels
from app.programme.models import Change, Session
from app.web import pages
from app.web.documents import shelf

FILTERS = ("format", "mode", "language")
CONSULTATION = select(
    Consultation.id,
    Consultation.revision,
    Consultation.places_revision,
    Consultation.changed_at,
).where(
    Consultation.slug == bindparam("consultation"),
    Consultation.status != ConsultationStatus.DRAFT.value,
)


@dataclass(frozen=True)
class Passed:
    """How many of the moments that change a page have passed, and when the last one did."""

    count: int
    last_at: datetime | None


def passed(moments: list[datetime], at: datetime) -> Passed:
    """Return which of ``moments`` (in order) have passed at ``at``; the instant itself counts."""
    count = bisect_right(moments, at)
    return Passed(count, moments[count - 1] if count else None)


def of_consultation(consultation: str, **_more: str) -> pages.State | None:
    """Return the state of a page that shows a consultation and its sessions; `None`: no such."""
    found = look_up(consultation)
    if found is None:
        return None
    return state(found, pages.reader_query())


def of_programme(consultation: str) -> pages.State | None:
    """Return the state of the programme under the filters of the address."""
    found = look_up(consultation)
    if found is None:
        return None
    return state(found, pages.reader_query() | pages.canonical(**filters_of(request.args)))


def of_home() -> pages.State:
    """Return the state of the list of consultations: all their revisions together."""
    public = Consultation.status != ConsultationStatus.DRAFT.value
    found = db.session.execute(
        select(
            func.count(Consultation.id),
            func.sum(Consultation.revision),
            func.max(Consultation.changed_at),
        ).where(public)
    ).one()
    version = tuple(map(str, found))
    moments = shelf.note("home", version, lambda: ends_of_consultations(public))
    gone = passed(moments, clock.now())
    changed_at = found[2]
    return pages.State(
        pages.reader_query(), (*version, gone.count), latest(changed_at, gone.last_at)
    )


def look_up(slug: str) -> Any:
    """Return what says whether a public consultation's pages changed: one statement, no rows."""
    return db.session.execute(CONSULTATION, {"consultation": slug}).one_or_none()


def state(found: Any, query: dict[str, str]) -> pages.State:
    """Return the state of a consultation's page with this canonical query."""
    version = (found.revision, found.changed_at)
    moments = shelf.note(("moments", found.id), version, lambda: moments_of(found.id))
    gone = passed(moments, clock.now())
    return pages.State(
        query,
        (found.id, found.revision, found.places_revision, gone.count),
        latest(found.changed_at, gone.last_at),
    )


def latest(*instants: datetime | None) -> datetime | None:
    """Return the latest of what is known."""
    return max((each for each in instants if each is not None), default=None)


def moments_of(consultation_id: int) -> list[datetime]:
    """Return the instants at which time alone changes the pages of a consultation, in order.

    Registration opens and closes, sessions start and end, a change stops being news, a date of
    the path passes.
    """
    sessions = db.session.execute(
        select(
            Session.starts_at,
            Session.ends_at,
            Session.registration_opens_at,
            Session.registration_closed_at,
        ).where(
            Session.consultation_id == consultation_id,
            Session.status != SessionStatus.DRAFT.value,
        )
    )
    found = {instant for row in sessions for instant in row if instant is not None}
    news = db.session.scalars(
        select(Change.at).where(Change.consultation_id == consultation_id, Change.kind == "changed")
    )
    found |= {at + panels.CHANGED_FOR for at in news}
    deadline, zone = db.session.execute(
        select(Consultation.document_deadline, Consultation.timezone).where(
            Consultation.id == consultation_id
        )
    ).one()
    if deadline is not None:
        found.add(end_of(deadline, zone))
    return sorted(found)


def end_of(day: date, zone: str) -> datetime:
    """Return the instant at which ``day`` is over in ``zone``."""
    return timing.midnight(day + timedelta(days=1), zone)


def ends_of_consultations(public: Any) -> list[datetime]:
    """Return the instants at which the sessions of public consultations begin and end."""
    rows = db.session.execute(
        select(Session.starts_at, Session.ends_at)
        .join(Consultation, Session.consultation_id == Consultation.id)
        .where(public, Session.status != SessionStatus.DRAFT.value)
    )
    return sorted({instant for row in rows for instant in row})


def periods(consultation_ids: list[int]) -> dict[int, tuple[datetime, datetime, int]]:
    """Return of each consultation the first start, the last end and how many sessions it has."""
    rows = db.session.execute(
        select(
            Session.consultation_id,
            func.min(Session.starts_at),
            func.max(Session.ends_at),
            func.count(Session.id),
        )
        .where(
            Session.consultation_id.in_(consultation_ids),
            Session.status.not_in([SessionStatus.DRAFT.value, SessionStatus.CANCELLED.value]),
        )
        .group_by(Session.consultation_id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def filters_of(args: Mapping[str, str]) -> dict[str, str]:
    """Return the filters of an address that mean something; others are not filters."""
    known = {
        "format": formats.every(),
        "mode": [mode.value for mode in Mode],
        "language": languages.BY_CODE,
    }
    return {name: args[name] for name in FILTERS if args.get(name) in known[name]}


def matching(sessions: list[Session], wanted: Mapping[str, str]) -> list[Session]:
    """Return the sessions that the filters leave."""
    return [
        session
        for session in sessions
        if wanted.get("format") in (None, session.format)
        and (wanted.get("mode") is None or wanted["mode"] in session.capacity)
        and (wanted.get("language") is None or wanted["language"] in session.languages)
    ]


def news(consultation_id: int, *, at: datetime) -> dict[int, list[Any]]:
    """Return what changed lately under each session's id, the newest first: at, kind, before."""
    rows = db.session.execute(
        select(Change.session_id, Change.at, Change.kind, Change.before)
        .where(
            Change.consultation_id == consultation_id,
            Change.kind == "changed",
            Change.session_id.is_not(None),
            Change.at > at - panels.CHANGED_FOR,
        )
        .order_by(Change.id.desc())
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.session_id, []).append(row)
    return found


def administrators() -> int:
    """Return how many people can let others in."""
    return db.session.scalars(
        select(func.count(func.distinct(RoleGrant.person_id)))
        .join(Person, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.ADMIN.value, Person.active.is_(True))
    ).one()
