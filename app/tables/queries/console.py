"""What the console is told: who is late or missing, thin tables, tables without host or notes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.core.refusals import Refusal
from app.core.seating import patch, record
from app.core.vocabulary import Mode
from app.programme.models import Session
from app.registration.models import Participant
from app.tables.models import CafeTable, Seating
from app.tables.queries import notes, order, seats
from app.tables.queries.people import person, present
from app.tables.queries.rows import by_numbers


@dataclass(frozen=True)
class Counts:
    """How many are there now, in the room and online."""

    on_site: int
    online: int


@dataclass(frozen=True)
class Latecomer:
    """Somebody present without a seat; ``table`` is where a patch would seat them next."""

    participant: Participant
    mode: Mode
    table: int | None


@dataclass(frozen=True)
class Thin:
    """A table with fewer people next round than it wishes; ``merge_with`` has room for them."""

    table: CafeTable
    count: int
    merge_with: CafeTable | None


def counts(session: Session) -> Counts:
    """Return how many are there now."""
    found = Counter(mode for _who, mode in present(session).values())
    return Counts(found[Mode.ON_SITE], found[Mode.ONLINE])


def next_seats(session: Session) -> tuple[Seating, int] | None:
    """Return the plan in force and the round it seats next; ``None`` without, or after the last."""
    plan, number = seats.in_force(session), order.upcoming(session)
    return None if plan is None or number is None else (plan, number)


def latecomers(session: Session) -> list[Latecomer]:
    """Return who is there and has no seat in the next round, by name."""
    if (found := next_seats(session)) is None:
        return []
    plan, number = found
    seated = seats.where(plan, number)
    late = {each: who for each, who in present(session).items() if each not in seated}
    suggested = suggestion(plan, number, late) if late else {}
    return sorted(
        (Latecomer(who, mode, suggested.get(each)) for each, (who, mode) in late.items()),
        key=lambda each: each.participant.search_name,
    )


def suggestion(
    plan: Seating, number: int, late: dict[str, tuple[Participant, Mode]]
) -> dict[str, int]:
    """Return where a patch before round ``number`` would seat those who came late."""
    arrived = [person(who, mode) for who, mode in late.values()]
    problem = record.with_people(record.read(plan.problem), arrived)
    try:
        patched, _changed = patch(problem, plan.plan, after_round=number - 1, arrived=list(late))
    except Refusal:
        return {}
    return {each: table for table, people in patched.rounds[number - 1].items() for each in people}


def absentees(session: Session) -> list[Participant]:
    """Return who has a seat in the next round and is not there, by name."""
    if (found := next_seats(session)) is None:
        return []
    missing = seats.where(*found).keys() - present(session).keys()
    return sorted(seats.people_called(missing).values(), key=lambda each: each.search_name)


def hostless(session: Session) -> list[CafeTable]:
    """Return the tables of the next round at which people sit without a host, or whose host is
    not there, by number."""
    if (found := next_seats(session)) is None:
        return []
    hosts, here = seats.hosts_in(*found), present(session)
    return [
        each.table
        for each in seats.sitting(session, *found)
        if hosts.get(each.table.number) not in here
    ]


def thin_tables(session: Session) -> list[Thin]:
    """Return the tables that will have too few people next round, each with the emptiest table
    of its mode (and language, if it has one) that can take them all."""
    if (found := next_seats(session)) is None:
        return []
    known = by_numbers(session)
    filled = Counter(seats.where(*found).values())
    return [
        Thin(known[number], count, merge_target(known, filled, known[number]))
        for number, count in sorted(filled.items())
        if number in known and count < known[number].least
    ]


def merge_target(
    known: dict[int, CafeTable], filled: Counter[int], thin: CafeTable
) -> CafeTable | None:
    """Return the table that can take everybody of ``thin``."""
    fitting = [
        known[number]
        for number, count in filled.items()
        if number in known
        and number != thin.number
        and (known[number].mode, known[number].language) == (thin.mode, thin.language)
        and count + filled[thin.number] <= known[number].most
    ]
    return min(fitting, key=lambda each: (filled[each.number], each.number), default=None)


def missing_notes(session: Session) -> dict[int, list[int]]:
    """Return, for each round that began, the tables that were in use and sent no notes."""
    known, plan = by_numbers(session), seats.published(session)
    sent = notes.note_counts(session)
    return {
        number: [
            table
            for table in sorted(set(seats.where(plan, number).values()) if plan else known)
            if table in known and not sent.get((table, number))
        ]
        for number in range(1, order.begun(session) + 1)
    }
