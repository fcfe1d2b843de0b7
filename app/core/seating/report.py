"""The independent judge of a plan: every figure beside its bound, and every hard rule checked.

It reads nothing but the problem and the plan; the searches keep their own books.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

from app.core.seating.bounds import evenly, least_mix, least_same_source, spread
from app.core.seating.problem import (
    WEIGHTS,
    Person,
    Plan,
    Problem,
    Situation,
    possible_tables,
    situation,
)
from app.core.seating.rooms import divided, merged
from app.core.vocabulary import Mode


@dataclass(frozen=True)
class Report:
    """What a plan is worth.

    ``repeats`` is Σ C(m, 2) over pairs that meet m times, ``lost`` Σ (m − 1)⁺, ``revisits`` how
    often a guest returns to a table. The bounds hold for every plan in which nobody returns; in
    rooms where somebody does they are the weaker ones that hold for all. ``mix_ratio`` is cost
    through bound, ``None`` where the bound is 0 and the cost is not.
    """

    repeats: int
    repeats_bound: int
    revisits: int
    hard_violations: int
    lost: int
    lost_bound: int
    max_meet: int
    mix_ratio: float | None
    seed: int


@dataclass(frozen=True, order=True)
class Violation:
    """A hard rule that is broken: in which round, which rule, by whom, at which table."""

    round: int
    rule: str
    people: tuple[str, ...]
    table: int | None = None


def evaluate(problem: Problem, plan: Plan) -> Report:
    """Judge ``plan``."""
    meetings = Counter(
        pair
        for seats in plan.rounds
        for people in seats.values()
        for pair in combinations(sorted(people), 2)
    )
    returned = returns(problem, plan)
    repeats_bound, lost_bound = bounds(problem, plan, set(returned))
    cost, bound = mix(problem, plan)
    return Report(
        repeats=sum(comb(times, 2) for times in meetings.values()),
        repeats_bound=repeats_bound,
        revisits=sum(returned.values()),
        hard_violations=len(violations(problem, plan)),
        lost=sum(times - 1 for times in meetings.values()),
        lost_bound=lost_bound,
        max_meet=max(meetings.values(), default=0),
        mix_ratio=ratio(cost, bound),
        seed=plan.seed,
    )


def ratio(cost: Fraction, bound: Fraction) -> float | None:
    """Return cost ÷ bound to three places; 1 where both are 0, ``None`` where only the bound is."""
    if bound == 0:
        return 1.0 if cost == 0 else None
    return (2_000 * cost + bound) // (2 * bound) / 1_000


def returns(problem: Problem, plan: Plan) -> Counter[str]:
    """Return how often each guest sits again at a table where they were a guest before."""
    visits: Counter[tuple[str, int]] = Counter()
    for number, seats in enumerate(plan.rounds, start=1):
        hosts = situation(problem, plan.changes, number).hosts
        for table, people in seats.items():
            stay = with_host(problem, hosts.get(table))
            visits.update((person, table) for person in people if person not in stay)
    result: Counter[str] = Counter()
    for (person, _), times in visits.items():
        if times > 1:
            result[person] += times - 1
    return result


def with_host(problem: Problem, host: str | None) -> set[str]:
    """Return the host and whoever must stay together with them."""
    groups = merged(problem.together)
    return {host or ""}.union(*(group for group in groups if host in group))


def violations(problem: Problem, plan: Plan) -> list[Violation]:
    """Return every broken hard rule, in order."""
    found = []
    for number in range(1, problem.rounds + 1):
        seats = plan.rounds[number - 1] if number <= len(plan.rounds) else {}
        found += violations_of(problem, situation(problem, plan.changes, number), seats, number)
    return sorted(found, key=repr)


def violations_of(
    problem: Problem, now: Situation, seats: dict[int, tuple[str, ...]], number: int
) -> list[Violation]:
    """Return the hard rules that ``seats`` break in round ``number``."""
    at = {person: table for table, people in seats.items() for person in people}
    return [
        *_presence(now, seats, number),
        *_tables(now, seats, number),
        *_places(now, at, number),
        *_company(problem, at, number),
    ]


def _presence(now: Situation, seats: dict[int, tuple[str, ...]], number: int):
    """Everybody present sits once, nobody else sits."""
    sits = Counter(person for people in seats.values() for person in people)
    for person in sorted(sits.keys() | now.people.keys()):
        if sits[person] != (person in now.people):
            rule = "seated_once" if person in now.people else "not_there"
            yield Violation(number, rule, (person,))


def _tables(now: Situation, seats: dict[int, tuple[str, ...]], number: int):
    """Only tables that stand are used, and none by more than it has chairs."""
    for table, people in seats.items():
        if table not in now.tables:
            yield Violation(number, "closed", people, table)
        elif len(people) > now.tables[table].max:
            yield Violation(number, "capacity", people, table)


def _places(now: Situation, at: dict[str, int], number: int):
    """Hosts are at their table, everybody at one where they may sit."""
    for person, tables in possible_tables(now).items():
        if at.get(person) in now.tables and at[person] not in tables:
            rule = "host" if person in now.hosts.values() else "admissible"
            yield Violation(number, rule, (person,), at[person])


def _company(problem: Problem, at: dict[str, int], number: int):
    """Who is together shares a table, who is apart does not."""
    for group in problem.together:
        if len({at[person] for person in group if person in at}) > 1:
            yield Violation(number, "together", group)
    for one, other in problem.apart:
        if one in at and at[one] == at.get(other):
            yield Violation(number, "apart", (one, other), at[one])


def bounds(problem: Problem, plan: Plan, returned: set[str]) -> tuple[int, int]:
    """Return the lower bounds of repeats and of lost meetings.

    The larger of two, in each room (people who share no table with others): guests who come from
    too few tables, pair of rounds by pair of rounds; all meetings spread evenly over all pairs.
    """
    evening = [situation(problem, plan.changes, n) for n in range(1, problem.rounds + 1)]
    where: dict[str, frozenset[int]] = {}
    for now in evening:
        for person, tables in possible_tables(now).items():
            where[person] = where.get(person, frozenset()) | tables
    seated = {person: tables for person, tables in where.items() if tables}
    repeats = lost = 0
    for people, numbers in divided(seated):
        rooms = [RoomRound.of(problem, now, people, numbers) for now in evening]
        figures = (_by_sources(rooms, bool(returned & set(people))), _by_volume(rooms))
        repeats += max(each[0] for each in figures)
        lost += max(each[1] for each in figures)
    return repeats, lost


@dataclass(frozen=True)
class RoomRound:
    """One room in one round: who may go round, who stays, and the tables' chairs."""

    guests: set[str]
    hosts: set[str]
    tables: list[int]  # everybody's chairs
    chairs: list[int]  # without the host's

    @classmethod
    def of(cls, problem: Problem, now: Situation, people: list[str], tables: list[int]):
        """Return what ``people`` and ``tables`` are in the situation ``now``."""
        here = {person for person in people if person in now.people}
        standing = [now.tables[number] for number in tables if number in now.tables]
        hosts = {now.hosts[table.number] for table in standing if table.number in now.hosts}
        stay = set().union(*(with_host(problem, host) for host in hosts)) & here
        return cls(
            here - stay,
            hosts,
            [table.max for table in standing],
            [table.max - (table.number in now.hosts) for table in standing],
        )


def _by_sources(rooms: list[RoomRound], returned: bool) -> tuple[int, int]:
    """Return (repeats, lost) that guests cost because they come from few tables."""
    repeats = lost = 0
    for number, later in enumerate(rooms):
        same = [
            least_same_source(
                len(earlier.guests & later.guests),
                later.chairs,
                len(earlier.tables) - (not returned),
            )
            for earlier in rooms[:number]
        ]
        repeats += sum(same)
        lost += max(same, default=0)
    return repeats, lost


def _by_volume(rooms: list[RoomRound]) -> tuple[int, int]:
    """Return (repeats, lost) of all meetings spread evenly over all pairs that can meet."""
    everybody = set().union(*(room.guests | room.hosts for room in rooms))
    always = set.intersection(*(room.hosts for room in rooms))
    meetings = sum(
        comb(size, 2)
        for room in rooms
        for size in evenly(len(room.guests | room.hosts), room.tables)
    )
    return spread(meetings, comb(len(everybody), 2) - comb(len(always), 2))


def mix(problem: Problem, plan: Plan) -> tuple[Fraction, Fraction]:
    """Return the cost of the mix, Σ weight·(count − size·share)², and the least it could be.

    Over rounds, modes, attributes and values; what somebody did not tell is no value.
    """
    cost, bound = Fraction(0), Fraction(0)
    known = {person.id: person for person in problem.people}
    modes = {table.number: table.mode for table in problem.tables}
    for seats in plan.rounds:
        for mode in Mode:
            rows = [
                [known[person] for person in people if person in known]
                for table, people in sorted(seats.items())
                if modes.get(table) == mode
            ]
            for name, weight in WEIGHTS.items():
                paid, least = _mix_of(rows, name)
                cost += weight * paid
                bound += weight * least
    return cost, bound


def _mix_of(rows: list[list[Person]], name: str) -> tuple[Fraction, Fraction]:
    """Return (cost, bound) of one attribute in one round of one mode, before weighing."""
    crowd, sizes = sum(map(len, rows)), [len(row) for row in rows]
    counts = [Counter(getattr(person, name) for person in row) for row in rows]
    totals = sum(counts, Counter())
    totals.pop(None, None)
    cost = bound = 0
    for value, total in totals.items():
        cost += sum(
            (count[value] * crowd - size * total) ** 2
            for count, size in zip(counts, sizes, strict=True)
        )
        bound += least_mix(sizes, total, crowd)
    return Fraction(cost, max(crowd, 1) ** 2), Fraction(bound, max(crowd, 1) ** 2)
