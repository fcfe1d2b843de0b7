"""From the problem to the plan: room by room, an opening, then fewer repeats, then the mix."""

from __future__ import annotations

from contextlib import suppress
from math import comb

from app.core.seating.anneal import COLD, WARM, anneal
from app.core.seating.bounds import least_same_source
from app.core.seating.chance import Chance
from app.core.seating.meetings import Cost, Meetings, Seats
from app.core.seating.mix import Mix
from app.core.seating.opening import by_chairs, by_template, tables_of
from app.core.seating.problem import Plan, Policy, Problem, situation
from app.core.seating.refusal import KeptApart, SeatingImpossible, impossible
from app.core.seating.rooms import Room, rooms

PER_GUEST, BASE = 12_000, 300_000  # proposals: so many a guest in small rooms, the base at most,
PER_GUEST_MORE = 300  # and so many a guest more in large ones
MIX_PER_GUEST, MIX_BASE = 8_000, 120_000


def seat(problem: Problem, *, effort: int = 1) -> Plan:
    """Return who sits where in all rounds. The same problem gives the same plan, byte for byte.

    ``effort`` multiplies the proposals; more continues less, so it is never worse. Raise
    SeatingImpossible where the hard rules leave no plan.
    """
    now = situation(problem, (), 1)
    rounds: list[dict[int, tuple[str, ...]]] = [{} for _ in range(problem.rounds)]
    for number, whole in enumerate(rooms(problem, now, 1)):
        room, seats = fitting(whole, problem, number, effort)
        for seated, at in zip(rounds, seats, strict=True):
            seated |= written(room, at)
    return Plan(tuple(dict(sorted(seated.items())) for seated in rounds), seed=problem.seed)


def fitting(room: Room, problem: Problem, number: int, effort: int) -> tuple[Room, Seats]:
    """Return the room and its seats, without the tables for which there are too few people."""
    smaller = room if room.apart else room.without_spare_tables()
    if smaller is not room:
        with suppress(SeatingImpossible):
            return smaller, solve(smaller, problem, number, effort)
    return room, solve(room, problem, number, effort)


def written(room: Room, at: list[int]) -> dict[int, tuple[str, ...]]:
    """Return one round of ``room`` by table number: the host first, the others by id."""
    seated: dict[int, list[int]] = {}
    for person, table in enumerate(at):
        seated.setdefault(table, []).append(person)
    return {
        room.tables[table]: tuple(
            room.ids[person] for person in sorted(people, key=lambda p: (p != room.hosts[table], p))
        )
        for table, people in seated.items()
    }


def solve(room: Room, problem: Problem, number: int, effort: int) -> Seats:
    """Return the seats of one room."""
    chance = Chance(problem.seed, number)
    seats = by_template(room, problem.rounds, problem.policy, chance)
    warm = WARM if seats is None else COLD  # a template is not to be shaken
    if seats is None:
        seats = by_chairs(room, problem.rounds, chance)
    meetings = Meetings(room, seats, problem.policy)
    best = goal(room, problem.rounds, problem.policy)
    for turn in range(effort):
        chance = Chance(problem.seed, number, turn)
        if len(room.tables) > 1:
            anneal(meetings, budget(room, PER_GUEST, BASE), chance, best, warm=warm)
            Mix(meetings).improve(budget(room, MIX_PER_GUEST, MIX_BASE), chance)
    if meetings.cost[0]:
        raise too_close(room, meetings)
    return meetings.seats


def budget(room: Room, per_guest: int, base: int) -> int:
    """Return how many proposals a room gets."""
    guests = len(room.guests)
    return min(per_guest * guests, base + PER_GUEST_MORE * guests)


def goal(room: Room, rounds: int, policy: Policy) -> Cost:
    """Return a cost that nothing can beat, so that the search may end there."""
    tables, guests = len(room.tables), len(room.guests)
    revisits = guests * max(rounds - tables, 0)
    hosted = [host is not None for host in room.hosts]
    chairs = [most - host for most, host in zip(room.most, hosted, strict=True)]
    times = comb(rounds, 2) if policy is Policy.FAIR else rounds - 1
    groups = sum(comb(len(group), 2) for group in room.groups)
    same = least_same_source(guests, chairs, tables - 1 if rounds <= tables else tables)
    return 0, revisits, times * max(same, groups)


def too_close(room: Room, meetings: Meetings) -> SeatingImpossible:
    """Return the refusal that names those apart who still share a table."""
    for number, at in enumerate(meetings.seats):
        for pair in room.apart:
            if at[pair[0]] == at[pair[1]]:
                return impossible(
                    KeptApart,
                    number=number + 1,
                    blocking={room.ids[each]: tables_of(room, each) for each in pair},
                    places=sum(room.most),
                )
    raise AssertionError("nobody is too close")
