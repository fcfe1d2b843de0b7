"""What changes a plan people already follow: no-shows, late arrivals, hosts and tables that go.

Nothing is solved again: whoever can keep their seat keeps it, and history is not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.core.refusals import N_, Invalid
from app.core.seating.book import Book
from app.core.seating.mend import mend
from app.core.seating.problem import Change, Plan, Problem, Situation, situation
from app.core.seating.refusal import SwapBreaksRule, impossible
from app.core.seating.report import violations_of, with_host


def patch(
    problem: Problem,
    plan: Plan,
    *,
    after_round: int,
    absent: Iterable[str] = (),
    arrived: Iterable[str] = (),
    closed_tables: Iterable[int] = (),
    hosts: Mapping[int, str | None] | None = None,
) -> tuple[Plan, int]:
    """Return the plan for what happened after round ``after_round`` (0: before the first).

    ``problem`` names everybody planned and arrived; whoever of them has no seat counts as arrived.
    ``hosts`` are new ones by table, ``None`` for no host; a table whose host is absent is hosted
    by a guest due there next. The number is how many future seats moved to another table, of
    people already planned who stay. Raise SeatingImpossible where somebody finds no chair.
    """
    if not 0 <= after_round <= problem.rounds:
        raise Invalid.field("after_round", "unknown_round", N_("There is no such round."))
    change = _change(
        problem, plan, after_round, set(absent), set(arrived), set(closed_tables), dict(hosts or {})
    )
    if change == Change(after_round):
        return plan, 0
    if after_round < problem.rounds:
        change = _with_successors(problem, plan, change)
    changes = (*plan.changes, change)
    book = _book(problem, plan, changes)
    mend(problem, book, plan, after_round)
    rounds = [*plan.rounds[:after_round]]
    for number in range(after_round, problem.rounds):
        rounds.append(written(book.evening[number], book.at[number]))
    mended = Plan(tuple(rounds), seed=plan.seed, version=plan.version, changes=changes)
    return mended, changed_seats(plan, mended)


def changed_seats(before: Plan, after: Plan) -> int:
    """Return how many seats moved to another table, of people who have one in both plans."""
    moved = 0
    for old, new in zip(before.rounds, after.rounds, strict=True):
        now = {person: table for table, people in new.items() for person in people}
        moved += sum(
            now.get(person, table) != table for table, people in old.items() for person in people
        )
    return moved


def swap(plan: Plan, problem: Problem, round: int, a: str, b: str) -> Plan:
    """Return the plan in which ``a`` and ``b`` trade seats in ``round`` (from 1).

    Raise SwapBreaksRule where a hard rule would be broken that was kept.
    """
    if not 1 <= round <= len(plan.rounds):
        raise Invalid.field("round", "unknown_round", N_("There is no such round."))
    now, seats = situation(problem, plan.changes, round), plan.rounds[round - 1]
    at = {person: table for table, people in seats.items() for person in people}
    for person in (a, b):
        if person not in at:
            raise Invalid.field(
                "people",
                "unknown_participant",
                N_("%(person)s has no seat in this round."),
                person=person,
            )
    swapped = written(now, at | {a: at[b], b: at[a]})
    broken = [
        each
        for each in violations_of(problem, now, swapped, round)
        if each not in violations_of(problem, now, seats, round)
    ]
    if broken:
        raise impossible(
            SwapBreaksRule,
            number=round,
            blocking={person: [at[person]] for each in broken for person in each.people},
            places=0,
            rules=", ".join(sorted({each.rule for each in broken})),
        )
    rounds = (*plan.rounds[: round - 1], swapped, *plan.rounds[round:])
    return Plan(rounds, seed=plan.seed, version=plan.version, changes=plan.changes)


def written(now: Situation, at: Mapping[str, int]) -> dict[int, tuple[str, ...]]:
    """Return one round by table number: the host first, the others by id."""
    seats: dict[int, list[str]] = {}
    for person, table in at.items():
        seats.setdefault(table, []).append(person)
    return {
        table: tuple(sorted(seats[table], key=lambda each: (each != now.hosts.get(table), each)))
        for table in sorted(seats)
    }


def _change(
    problem: Problem,
    plan: Plan,
    after_round: int,
    absent: set[str],
    arrived: set[str],
    closed: set[int],
    hosts: dict[int, str | None],
) -> Change:
    """Return what is new in what was told; refuse people and tables nobody knows."""
    ids = {person.id for person in problem.people}
    planned = {person for seats in plan.rounds for each in seats.values() for person in each}
    heard = {person for each in plan.changes for person in (*each.arrived, *each.absent)}
    numbers = {table.number for table in problem.tables}
    named = {
        "absent": absent - ids - planned,
        "arrived": arrived - ids,
        "hosts": {host for host in hosts.values() if host is not None and host not in ids - absent},
    }
    for field, unknown in named.items():
        for person in sorted(unknown):
            raise Invalid.field(
                field, "unknown_participant", N_("%(person)s is not there."), person=person
            )
    for number in sorted((closed | hosts.keys()) - numbers):
        raise Invalid.field("tables", "unknown_table", N_("There is no table %(n)s."), n=number)
    arrived |= ids - planned - heard - absent
    not_yet = Change(after_round + 1, arrived=tuple(arrived))
    before = situation(problem, (*plan.changes, not_yet), after_round + 1)
    return Change(
        after_round,
        absent=tuple(sorted(absent & before.people.keys())),
        arrived=tuple(sorted(arrived - before.people.keys() - absent)),
        closed_tables=tuple(sorted(closed & before.tables.keys())),
        hosts=tuple(
            (number, host)
            for number, host in sorted(hosts.items())
            if number not in closed and before.hosts.get(number) != host
        ),
    )


def _with_successors(problem: Problem, plan: Plan, change: Change) -> Change:
    """Name a host for each table that loses its own: one of the guests due there next."""
    number = change.after_round
    before = situation(problem, plan.changes, number + 1)
    hosts = dict(change.hosts)
    called = {host for host in hosts.values() if host is not None}
    gone = set(change.absent) | called
    # Who was called away leaves a table behind; nobody hosts two.
    left = [
        table
        for table, host in sorted(before.hosts.items())
        if host in gone and table not in hosts and table not in change.closed_tables
    ]
    book = _book(problem, plan, plan.changes)
    busy = gone | set(before.hosts.values()) | {each for some in problem.together for each in some}
    for table in left:
        due = [person for person in plan.rounds[number].get(table, ()) if person not in busy]
        hosts[table] = min(
            (person for person in due if person in before.people),
            key=lambda person: (_price_of_staying(book, person, table, number), person),
            default=None,
        )
        busy.add(hosts[table] or "")
    return Change(
        number, change.absent, change.arrived, change.closed_tables, tuple(sorted(hosts.items()))
    )


def _price_of_staying(book: Book, person: str, table: int, number: int) -> int:
    """Return how often ``person`` met before those who come to ``table`` after round ``number``."""
    return sum(
        book.met[person][other]
        for rows in book.rows[number + 1 :]
        for other in rows[table]
        if other != person
    )


def _book(problem: Problem, plan: Plan, changes: tuple[Change, ...]) -> Book:
    """Open the book of ``plan`` under ``changes``."""
    evening = [situation(problem, changes, n) for n in range(1, problem.rounds + 1)]
    stay = [
        set().union(*(with_host(problem, host) for host in now.hosts.values())) for now in evening
    ]
    return Book(problem, plan, evening, stay)
