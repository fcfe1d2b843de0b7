"""Who is to be seated: people present or confirmed, as the engine knows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.attendance import queries as attendance
from app.core import regions
from app.core.seating import Person, Policy, Problem, Table
from app.core.vocabulary import Mode, RegistrationStatus
from app.database import db
from app.programme.models import Session
from app.registration import queries as registrations
from app.registration.models import Participant, Registration
from app.tables.queries.rows import tables


def present(session: Session) -> dict[str, tuple[Participant, Mode]]:
    """Return who is there now by opaque id, and where: let in at the door and not left, or else
    joined online. Who registered for the other mode is seated where they are."""
    found = {}
    for row in attendance.attendance(session):
        who, came = row.registration.participant, row.attendance
        if who.erased_at is not None:
            continue
        if came.checked_in_at is not None:
            if came.left_at is None:
                found[who.public_id] = (who, Mode.ON_SITE)
        elif "join" in came.evidence:
            found[who.public_id] = (who, Mode.ONLINE)
    return found


def confirmed(session: Session) -> dict[str, tuple[Participant, Mode]]:
    """Return who holds a place, and in which mode."""
    rows = registrations.live_in(session, RegistrationStatus.CONFIRMED)
    return {each.participant.public_id: (each.participant, Mode(each.mode)) for each in rows}


def seatable(session: Session, public_ids: Iterable[str]) -> list[Person]:
    """Return those of ``public_ids`` who are there or stand in the session: they can be seated."""
    wanted = set(public_ids)
    if not wanted:
        return []
    rows = db.session.scalars(
        select(Registration)
        .join(Registration.participant)
        .where(
            Registration.session_id == session.id,
            Registration.status.in_(registrations.LIVE),
            Participant.public_id.in_(wanted),
        )
    )
    found = {each.participant.public_id: (each.participant, Mode(each.mode)) for each in rows}
    here = present(session)
    found |= {each: here[each] for each in wanted & here.keys()}
    return [person(who, mode) for who, mode in found.values()]


def person(participant: Participant, mode: Mode) -> Person:
    """Return somebody as the engine knows them; their region follows from their country."""
    return Person(
        id=participant.public_id,
        mode=mode,
        language=participant.language,
        group=participant.stakeholder_group,
        region=regions.region(participant.country),
    )


def problem_for(
    session: Session,
    *,
    rounds: int,
    seed: int,
    policy: Policy,
    people: str,
    together: Sequence[Sequence[str]] = (),
    apart: Sequence[tuple[str, str]] = (),
) -> Problem:
    """Return the engine's question for ``session``; ``people`` is ``present`` or ``confirmed``.

    Raises `Invalid` where it has no meaning: too much, somebody unknown or kept from themself.
    """
    found = present(session) if people == "present" else confirmed(session)
    return Problem(
        people=tuple(person(who, mode) for who, mode in found.values()),
        tables=tables_for(session),
        rounds=rounds,
        seed=seed,
        policy=policy,
        together=tuple(tuple(group) for group in together),
        apart=tuple((one, other) for one, other in apart),
    )


def tables_for(session: Session) -> tuple[Table, ...]:
    """Return the session's tables as the engine knows them."""
    return tuple(
        Table(
            number=table.number,
            mode=Mode(table.mode),
            host=table.host.public_id if table.host else None,
            language=table.language,
            min=table.least,
            max=table.most,
            twin=table.twin,
        )
        for table in tables(session)
    )
