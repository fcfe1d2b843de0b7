"""Places and lines: counted with one grouped query, ordered by when people asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import CompoundSelect, and_, func, literal, or_, select, union_all

from app.core.capacity import Places
from app.core.vocabulary import Mode, RegistrationStatus
from app.database import db
from app.programme.models import Session
from app.registration.models import Hold, Registration

LIVE = [status.value for status in RegistrationStatus if status.is_live]
IN_LINE = (Registration.lined_up_at, Registration.id)
CONFIRMED, WAITING, OFFERED = (
    RegistrationStatus.CONFIRMED.value,
    RegistrationStatus.WAITING.value,
    RegistrationStatus.OFFERED.value,
)


def places(session: Session) -> dict[Mode, Places]:
    """Return the places of every mode ``session`` offers."""
    return places_of([session])[session.id]


def places_of(sessions: Sequence[Session]) -> dict[int, dict[Mode, Places]]:
    """Return the places of ``sessions`` by id and mode, with one grouped query."""
    if not sessions:
        return {}
    found = {
        session.id: {mode: Places(session.capacity[mode.value]) for mode in session.modes}
        for session in sessions
    }
    for session_id, mode, field, number in db.session.execute(counted(list(found))):
        if mode in found[session_id]:
            before = found[session_id][Mode(mode)]
            found[session_id][Mode(mode)] = replace(
                before, **{field: getattr(before, field) + number}
            )
    return found


def counted(session_ids: list[int]) -> CompoundSelect:
    """Return rows of (session, mode, field of `Places`, number)."""
    r, h, number = Registration, Hold, func.count()
    own = (
        select(r.session_id, r.mode, field_of_status(), number)
        .where(r.session_id.in_(session_ids), r.status.in_((CONFIRMED, OFFERED, WAITING)))
        .group_by(r.session_id, r.mode, r.status)
    )
    elsewhere = (
        select(r.session_id, r.waits_for, literal("waiting"), number)
        .where(r.session_id.in_(session_ids), waits_elsewhere())
        .group_by(r.session_id, r.waits_for)
    )
    field = db.case((h.counts, "held"), (h.waits, "shown_waiting"), else_="shown_held")
    holds = (
        select(h.session_id, h.mode, field, number)
        .where(h.session_id.in_(session_ids))
        .group_by(h.session_id, h.mode, h.counts, h.waits)
    )
    return union_all(own, elsewhere, holds)


def field_of_status():
    """Return the field of `Places` in which a registration's status counts."""
    status = Registration.status
    return db.case(
        (status == CONFIRMED, "confirmed"), (status == OFFERED, "offered"), else_="waiting"
    )


def waits_elsewhere():
    """Say in SQL: waits for another mode than the one it is in."""
    return and_(Registration.waits_for.is_not(None), Registration.status.in_((CONFIRMED, WAITING)))


def in_line_for(mode: Mode):
    """Say in SQL: stands in the line for ``mode``."""
    return or_(
        and_(Registration.status == WAITING, Registration.mode == mode.value),
        and_(Registration.waits_for == mode.value, Registration.status.in_((CONFIRMED, WAITING))),
    )


def line(session: Session, mode: Mode, *, limit: int | None = None) -> list[Registration]:
    """Return who waits for ``mode``, whoever has waited longest first."""
    return list(
        db.session.scalars(
            select(Registration)
            .where(Registration.session_id == session.id, in_line_for(mode))
            .order_by(*IN_LINE)
            .limit(limit)
        )
    )


def position(registration: Registration) -> int | None:
    """Return the place in line, from 1; ``None`` for whoever waits for nothing."""
    mode = registration.line
    if mode is None:
        return None
    before = or_(
        Registration.lined_up_at < registration.lined_up_at,
        and_(
            Registration.lined_up_at == registration.lined_up_at,
            Registration.id < registration.id,
        ),
    )
    ahead = db.session.scalar(
        select(func.count()).where(
            Registration.session_id == registration.session_id, in_line_for(mode), before
        )
    )
    return (ahead or 0) + 1


def positions(registrations: Iterable[Registration]) -> dict[int, int]:
    """Return the place in line by registration id, for those in line, with one query."""
    wanted = {r.id: (r.session_id, r.line) for r in registrations if r.line}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(
            Registration.id, Registration.session_id, Registration.mode,
            Registration.status, Registration.waits_for,
        )
        .where(
            Registration.session_id.in_({session for session, _ in wanted.values()}),
            or_(Registration.status == WAITING, waits_elsewhere()),
        )
        .order_by(*IN_LINE)
    )  # fmt: skip
    counts: dict[tuple[int, str | None], int] = defaultdict(int)
    found = {}
    for number, session, mode, status, waits_for in rows:
        for wished in {mode if status == WAITING else None, waits_for} - {None}:
            counts[session, wished] += 1
            if wanted.get(number) == (session, wished):
                found[number] = counts[session, wished]
    return found
