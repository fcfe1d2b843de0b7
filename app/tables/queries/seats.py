"""Plans and seats: which plan holds, who sits where in which round, who hosts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.database import db
from app.programme.models import Session
from app.registration.models import Participant
from app.tables.models import DRAFT, PUBLISHED, CafeTable, Seating
from app.tables.queries.rows import by_numbers


@dataclass(frozen=True)
class Sitting:
    """A table in one round. ``people`` are all who sit there, the host first if it has one;
    somebody erased meanwhile is counted in ``count`` and named nowhere."""

    table: CafeTable
    host: Participant | None
    people: list[Participant]
    count: int


@dataclass(frozen=True)
class Seat:
    """Where one person sits in one round; ``room`` is the secret address of an online table."""

    round: int
    table: CafeTable
    host: Participant | None
    is_host: bool

    @property
    def room(self) -> str | None:
        """The table's own room, for who sits there."""
        return self.table.join_url if self.table.is_online else None


def draft(session: Session) -> Seating | None:
    """Return the plan that only those who run the session see."""
    return _in_state(session, DRAFT)


def published(session: Session) -> Seating | None:
    """Return the plan people follow."""
    return _in_state(session, PUBLISHED)


def in_force(session: Session) -> Seating | None:
    """Return what the next round starts with: the draft, else the published plan."""
    return draft(session) or published(session)


def _in_state(session: Session, state: str) -> Seating | None:
    return db.session.scalar(
        select(Seating).where(Seating.session_id == session.id, Seating.state == state)
    )


def hosts_in(plan: Seating, number: int) -> dict[int, str]:
    """Return who (opaque id) hosts which table in round ``number``: only those who sit there.

    The same as the engine's `situation`, read from the stored plan without its people: every
    personal page asks for it.
    """
    hosts = {each["number"]: each["host"] for each in plan.problem["tables"]}
    for change in plan.document["changes"]:
        if change["after_round"] < number:
            hosts |= dict(change["hosts"])
    seated = where(plan, number)
    return {table: host for table, host in hosts.items() if host and seated.get(host) == table}


def where(plan: Seating, number: int) -> dict[str, int]:
    """Return the table of everybody (by opaque id) who has a seat in round ``number``."""
    return {
        person: each["table"]
        for each in plan.document["rounds"][number - 1]
        for person in each["people"]
    }


def people_called(public_ids: Iterable[str]) -> dict[str, Participant]:
    """Return participants by their opaque ids, with one statement."""
    rows = db.session.scalars(
        select(Participant).where(
            Participant.public_id.in_(set(public_ids)), Participant.erased_at.is_(None)
        )
    )
    return {each.public_id: each for each in rows}


def sitting(session: Session, plan: Seating, number: int) -> list[Sitting]:
    """Return the tables of round ``number`` at which somebody sits, by number."""
    known = by_numbers(session)
    seats = plan.document["rounds"][number - 1]
    people = people_called(person for each in seats for person in each["people"])
    hosts = hosts_in(plan, number)
    return [
        Sitting(
            table=known[each["table"]],
            host=people.get(hosts.get(each["table"], "")),
            people=[people[person] for person in each["people"] if person in people],
            count=len(each["people"]),
        )
        for each in seats
        if each["table"] in known
    ]


def seats_of(session: Session, participant: Participant) -> list[Seat]:
    """Return where somebody sits in each round of the published plan, in order."""
    plan = published(session)
    if plan is None:
        return []
    known = by_numbers(session)
    found = []
    for number in range(1, len(plan.document["rounds"]) + 1):
        table = known.get(where(plan, number).get(participant.public_id, 0))
        if table is not None:
            host = hosts_in(plan, number).get(table.number)
            found.append((number, table, host))
    hosts = people_called(host for _number, _table, host in found if host)
    return [
        Seat(number, table, hosts.get(host or ""), host == participant.public_id)
        for number, table, host in found
    ]


def hosted_by(session: Session, participant: Participant) -> list[CafeTable]:
    """Return the tables somebody hosts in any round, by number: what they may write notes for."""
    numbers = set()
    if (plan := published(session)) is not None:
        for number in range(1, len(plan.document["rounds"]) + 1):
            hosts = hosts_in(plan, number).items()
            numbers |= {table for table, host in hosts if host == participant.public_id}
    return [
        table
        for number, table in by_numbers(session).items()
        if number in numbers or table.host_id == participant.id
    ]


def hosts_table(session: Session, participant: Participant, number: int) -> bool:
    """Say whether somebody hosts the table called ``number``, in whatever round."""
    return any(table.number == number for table in hosted_by(session, participant))
