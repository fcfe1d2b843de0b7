"""What the portal's pages depend on, looked up before anything is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import and_, bindparam, func, select

from app import formats
from app.accounts.models import Person, RoleGrant
from app.consultations.models import Consultation
from app.core import languages, timing
from app.core.vocabulary import ConsultationStatus, Mode, Role, SessionStatus
from app.database import db
from app.programme import panels
from app.programme.models import Change, Session
from app.reports.models import Edition, Outcome
from app.web import pages

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


C = Consultation
IS_PUBLIC = C.status != ConsultationStatus.DRAFT.value
IS_LISTED = and_(IS_PUBLIC, C.rehearsal_of.is_(None))
ONE = select(
    C.id,
    C.revision,
    C.places_revision,
    C.changed_at,
    select(func.max(Edition.snapshot_at))
    .where(Edition.consultation_id == C.id)
    .scalar_subquery()
    .label("document_at"),
    select(func.max(Outcome.changed_at))
    .where(Outcome.consultation_id == C.id)
    .scalar_subquery()
    .label("outcome_at"),
).where(C.slug == bindparam("slug"), IS_PUBLIC)
ALL = select(
    func.count(C.id).label("number"),
    func.sum(C.revision).label("revisions"),
    func.max(C.changed_at).label("changed_at"),
).where(IS_LISTED)


def of_consultation(consultation: str, **_more: str) -> pages.State | None:
    """Return the state of a page that shows a consultation and its sessions; `None`: no such."""
    return state_of(consultation, pages.reader_query(request.args))


def of_programme(consultation: str) -> pages.State | None:
    """Return the state of the programme under the filters of the address."""
    return state_of(consultation, programme_query(request.args))


def programme_query(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the canonical query of a programme page."""
    return pages.reader_query(sent) | pages.canonical(**filters_of(sent))


def state_of(slug: str, query: dict[str, str]) -> pages.State | None:
    """Return the state of a public consultation's page: one statement, no rows."""
    found = db.session.execute(ONE, {"slug": slug}).one_or_none()
    if found is None:
        return None
    dates = (found.changed_at, found.document_at, found.outcome_at)
    changed_at = max(each for each in dates if each is not None)
    return pages.State(query, version(found), changed_at, lambda: moments_of(found.id))


def version(found: Any) -> tuple[Any, ...]:
    """Return the revisions that pages of a consultation show; its document's, where it has one."""
    document = (found.document_at, found.outcome_at) if found.document_at else ()
    return found.id, found.revision, found.places_revision, *document


def of_home() -> pages.State:
    """Return the state of the list of consultations: all their revisions together."""
    found = db.session.execute(ALL).one()
    query = pages.reader_query(request.args)
    return pages.State(query, version_of_all(found), found.changed_at, moments_of_all)


def version_of_all(found: Any) -> tuple[int, int]:
    """Return what counts up with every change of any public consultation."""
    return found.number, int(found.revisions or 0)


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


def moments_of_all() -> list[datetime]:
    """Return the instants at which the sessions of public consultations begin and end."""
    rows = db.session.execute(
        select(Session.starts_at, Session.ends_at)
        .join(Consultation, Session.consultation_id == Consultation.id)
        .where(IS_LISTED, Session.status != SessionStatus.DRAFT.value)
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
