"""The problem in numbers: rooms that share no table, each solved on its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.core.seating.feasible import Chairs
from app.core.seating.problem import WEIGHTS, Problem, Situation, possible_tables
from app.core.seating.refusal import KeptApart, SeatingImpossible, impossible


@dataclass
class Room:
    """People and tables as indices, in the order of their ids and numbers.

    ``allowed`` are bit masks of tables, ``tied`` maps who stays (hosts and whoever is together
    with one) to their table, ``groups`` are those who move as one, ``apart`` pairs. ``values`` are
    each person's places in ``gains`` (what one more of a value weighs, the last is "not told") and
    ``totals`` (how many of the ``crowd`` of the whole mode have it).
    """

    ids: list[str]
    tables: list[int]
    hosts: list[int | None]
    allowed: list[int]
    least: list[int]
    most: list[int]
    tied: dict[int, int]
    groups: list[list[int]]
    apart: list[tuple[int, int]]
    values: list[tuple[int, ...]]
    gains: list[int]
    totals: list[int]
    crowd: int

    @property
    def guests(self) -> list[int]:
        """Everybody who is not bound to one table by a host."""
        return [person for person in range(len(self.ids)) if person not in self.tied]

    @property
    def grouped(self) -> set[int]:
        """Everybody who moves as one with others."""
        return {person for group in self.groups for person in group}

    def without_spare_tables(self) -> Room:
        """Return the room without so many tables that the others can have what they wish.

        Tables with a host stay; of the others the last go first.
        """
        stay = set(self.tied.values())
        kept, wished = list(range(len(self.tables))), sum(self.least)
        for table in reversed(range(len(self.tables))):
            if wished > len(self.ids) and table not in stay and len(kept) > 1:
                kept.remove(table)
                wished -= self.least[table]
        if len(kept) == len(self.tables):
            return self
        return replace(
            self,
            tables=[self.tables[table] for table in kept],
            hosts=[self.hosts[table] for table in kept],
            allowed=[
                sum(1 << place for place, table in enumerate(kept) if mask >> table & 1)
                for mask in self.allowed
            ],
            least=[self.least[table] for table in kept],
            most=[self.most[table] for table in kept],
            tied={person: kept.index(table) for person, table in self.tied.items()},
        )

    def chairs(self) -> Chairs:
        """Return the tables with only those who stay."""
        chairs = Chairs(self.allowed, self.most)
        for person, table in self.tied.items():
            chairs.sit(person, table)
            chairs.tied.add(person)
        return chairs


def rooms(problem: Problem, now: Situation, number: int) -> list[Room]:
    """Divide round ``number`` into rooms: no one may sit at the tables of another.

    Raise SeatingImpossible for those who may sit nowhere, alone or with their group.
    """
    possible = possible_tables(now)
    groups = merged(group for group in problem.together if len(group) > 1)
    groups = [[person for person in group if person in now.people] for group in groups]
    for group in (*([person] for person in now.people), *groups):
        common = frozenset.intersection(*(possible[each] for each in group)) if group else {0}
        if not common:
            kind = SeatingImpossible if len(group) == 1 else KeptApart
            raise impossible(
                kind, number=number, blocking={each: possible[each] for each in group}, places=0
            )
        for person in group:
            possible[person] = frozenset(common)
    _ban_the_hosts_of_others(problem, now, number, possible, groups)
    return [
        _room(problem, now, possible, groups, members, tables)
        for members, tables in divided(possible)
    ]


def _ban_the_hosts_of_others(problem, now, number, possible, groups) -> None:
    """Keep who must not meet a host, or somebody bound to one table, away from that table."""
    of = {person: group for group in groups for person in group}
    hosts = set(now.hosts.values())
    bound_here = hosts.union(*(group for group in groups if hosts & set(group)))
    for one, other in problem.apart:
        if one not in possible or other not in possible:
            continue
        for bound, free in ((one, other), (other, one)):
            if bound in bound_here:
                for person in of.get(free, [free]):
                    possible[person] -= possible[bound]
        if of.get(one, 1) is of.get(other, 2) or not (possible[one] and possible[other]):
            blocking = {each: possible[each] for each in (one, other)}
            raise impossible(KeptApart, number=number, blocking=blocking, places=0)


def merged(groups: Iterable[Iterable[str]]) -> list[list[str]]:
    """Return ``groups`` with those that share somebody made one."""
    result: list[set[str]] = []
    for group in groups:
        members = set(group)
        for other in [other for other in result if other & members]:
            members |= other
            result.remove(other)
        result.append(members)
    return sorted(sorted(members) for members in result)


def divided(possible: dict[str, frozenset[int]]) -> list[tuple[list[str], list[int]]]:
    """Return (people, tables) of each room: tables that some person may choose between."""
    shares = merged({str(number) for number in tables} for tables in set(possible.values()))
    room_of = {int(name): n for n, share in enumerate(shares) for name in share}
    parts: list[tuple[list[str], list[int]]] = [([], sorted(map(int, each))) for each in shares]
    for person in sorted(possible):
        parts[room_of[min(possible[person])]][0].append(person)
    return sorted(parts, key=lambda part: part[1])


def _room(problem, now, possible, groups, members, tables) -> Room:
    """Put one room into numbers."""
    index = {person: n for n, person in enumerate(members)}
    place = {number: n for n, number in enumerate(tables)}
    hosts = [index.get(now.hosts.get(number, "")) for number in tables]
    tied = {host: table for table, host in enumerate(hosts) if host is not None}
    inside = [[index[each] for each in group] for group in groups if group and group[0] in index]
    for group in inside:
        for host in tied.keys() & set(group):
            tied |= dict.fromkeys(group, tied[host])
    mode = now.tables[tables[0]].mode
    crowd = [person for person in now.people.values() if person.mode == mode]
    values, gains, totals = _values(crowd, [now.people[person] for person in members])
    return Room(
        ids=members,
        tables=tables,
        hosts=hosts,
        allowed=[sum(1 << place[number] for number in possible[each]) for each in members],
        least=[min(now.tables[number].min, now.tables[number].max) for number in tables],
        most=[now.tables[number].max for number in tables],
        tied=tied,
        groups=[group for group in inside if group[0] not in tied and len(group) > 1],
        apart=[(index[a], index[b]) for a, b in problem.apart if a in index and b in index],
        values=values,
        gains=gains,
        totals=totals,
        crowd=len(crowd),
    )


def _values(crowd, members):
    """Return the numbers of everybody's values, what each weighs, and how many have it."""
    numbers: dict[tuple[str, str], int] = {}
    gains: list[int] = []
    totals: list[int] = []
    for name, weight in WEIGHTS.items():
        told = [getattr(person, name) for person in crowd]
        for value in sorted({value for value in told if value is not None}):
            numbers[name, value] = len(gains)
            gains.append(weight * len(crowd))
            totals.append(told.count(value))
    silent = len(gains)
    values = [
        tuple(numbers.get((name, getattr(person, name)), silent) for name in WEIGHTS)
        for person in members
    ]
    return values, [*gains, 0], [*totals, 0]
