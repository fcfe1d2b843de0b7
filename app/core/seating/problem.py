"""What is asked of a seating and what a plan is: people, tables, rounds, changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.core.refusals import N_, Invalid
from app.core.vocabulary import Mode

MOST_PEOPLE, MOST_TABLES, MOST_ROUNDS = 5_000, 1_500, 40  # what a process can hold and solve
VERSION = 1  # of the algorithm: a stored plan says which one made it
WEIGHTS = {"group": 4, "region": 2, "gender": 1}  # how much each attribute counts in the mix


class Policy(StrEnum):
    """What counts against meeting again: how often, or (new faces) that it happens at all."""

    FAIR = "fair"
    NEW_FACES = "new_faces"


@dataclass(frozen=True)
class Person:
    """Somebody to seat. ``bans`` are the numbers of tables where they may not sit, whatever the
    reason (no step-free way, a wish); an attribute that was not told is ``None``.
    """

    id: str
    mode: Mode
    language: str | None = None
    group: str | None = None
    region: str | None = None
    gender: str | None = None
    bans: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Table:
    """A table of one mode. ``min`` is a wish, ``max`` a rule; both count everybody, host included.

    ``host`` stays in all rounds; one who is not among the people leaves the table without host.
    """

    number: int
    mode: Mode
    host: str | None = None
    language: str | None = None
    min: int = 3
    max: int = 6
    twin: int | None = None


@dataclass(frozen=True)
class Problem:
    """The whole question. ``together`` always share a table, ``apart`` are pairs that never do."""

    people: tuple[Person, ...]
    tables: tuple[Table, ...]
    rounds: int
    seed: int = 1
    policy: Policy = Policy.FAIR
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Put everything in one order: what was asked does not depend on how it was listed."""
        order = {
            "people": tuple(sorted(self.people, key=lambda each: each.id)),
            "tables": tuple(sorted(self.tables, key=lambda each: each.number)),
            "policy": Policy(self.policy),
            "together": tuple(sorted(tuple(sorted(set(each))) for each in self.together)),
            "apart": tuple(sorted((min(pair), max(pair)) for pair in self.apart)),
        }
        for name, value in order.items():
            object.__setattr__(self, name, value)
        self._check()

    def _check(self) -> None:
        """Refuse what has no meaning: too much, somebody twice, somebody unknown."""
        limits = (
            ("rounds", 1, self.rounds, MOST_ROUNDS),
            ("people", 0, len(self.people), MOST_PEOPLE),
            ("tables", 0, len(self.tables), MOST_TABLES),
        )
        for name, least, count, most in limits:
            if not least <= count <= most:
                raise Invalid.field(
                    name, "out_of_range", N_("%(least)s to %(most)s."), least=least, most=most
                )
        ids = [person.id for person in self.people]
        hosts = [table.host for table in self.tables if table.host is not None]
        once: tuple[tuple[str, Sequence, str], ...] = (
            ("people", ids, N_("Somebody is listed twice.")),
            ("tables", [table.number for table in self.tables], N_("A table is listed twice.")),
            ("tables", hosts, N_("Somebody hosts two tables.")),
            *(
                ("apart", pair, N_("Nobody can be kept apart from themself."))
                for pair in self.apart
            ),
        )
        for name, listed, message in once:
            if len(set(listed)) < len(listed):
                raise Invalid.field(name, "duplicate", message)
        for name, several in (("together", self.together), ("apart", self.apart)):
            for person in sorted({each for some in several for each in some} - set(ids)):
                raise Invalid.field(
                    name,
                    "unknown_participant",
                    N_("%(person)s is not among the people to seat."),
                    person=person,
                )


@dataclass(frozen=True)
class Change:
    """What happened after a round, for all rounds that follow. ``hosts`` is table → id or None."""

    after_round: int
    absent: tuple[str, ...] = ()
    arrived: tuple[str, ...] = ()
    closed_tables: tuple[int, ...] = ()
    hosts: tuple[tuple[int, str | None], ...] = ()


@dataclass(frozen=True)
class Plan:
    """Who sits where: per round, table number → ids, the host first and the others in order.

    ``changes`` are the patches it went through; stored as a document, it is never computed again.
    """

    rounds: tuple[dict[int, tuple[str, ...]], ...]
    seed: int
    version: int = VERSION
    changes: tuple[Change, ...] = ()
    digest: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Seal it."""
        object.__setattr__(self, "digest", hashlib.sha256(self.as_bytes()).hexdigest())

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON, without the digest."""
        return {
            "version": self.version,
            "seed": self.seed,
            "rounds": [
                [{"table": number, "people": list(seats[number])} for number in sorted(seats)]
                for seats in self.rounds
            ],
            "changes": [
                {
                    "after_round": change.after_round,
                    "absent": list(change.absent),
                    "arrived": list(change.arrived),
                    "closed_tables": list(change.closed_tables),
                    "hosts": [list(pair) for pair in change.hosts],
                }
                for change in self.changes
            ],
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Plan:
        """Return the plan that ``document()`` wrote."""
        return cls(
            rounds=tuple(
                {seats["table"]: tuple(seats["people"]) for seats in each}
                for each in document["rounds"]
            ),
            seed=document["seed"],
            version=document["version"],
            changes=tuple(
                Change(
                    after_round=each["after_round"],
                    absent=tuple(each["absent"]),
                    arrived=tuple(each["arrived"]),
                    closed_tables=tuple(each["closed_tables"]),
                    hosts=tuple((number, person) for number, person in each["hosts"]),
                )
                for each in document["changes"]
            ),
        )

    def as_bytes(self) -> bytes:
        """Return the bytes of which the digest is the SHA-256."""
        return json.dumps(self.document(), sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Situation:
    """One round as it is to be seated: who is there, which tables stand, who hosts them."""

    people: dict[str, Person]
    tables: dict[int, Table]
    hosts: dict[int, str]  # only tables that have one


def situation(problem: Problem, changes: Iterable[Change], number: int) -> Situation:
    """Return what holds in round ``number`` (from 1) after the ``changes`` before it.

    Whoever is first heard of as an arrival was not there before.
    """
    changes = tuple(changes)
    here = {person.id for person in problem.people}
    heard: set[str] = set()
    for change in changes:
        here -= set(change.arrived) - heard
        heard |= {*change.arrived, *change.absent}
    closed: set[int] = set()
    hosts = {table.number: table.host for table in problem.tables}
    for change in changes:
        if change.after_round < number:
            here = (here - set(change.absent)) | set(change.arrived)
            closed |= set(change.closed_tables)
            hosts |= dict(change.hosts)
    people = {person.id: person for person in problem.people if person.id in here}
    tables = {table.number: table for table in problem.tables if table.number not in closed}
    return Situation(
        people,
        tables,
        {
            n: host
            for n, host in hosts.items()
            if host is not None and host in people and n in tables
        },
    )


def possible_tables(now: Situation) -> dict[str, frozenset[int]]:
    """Return where each person may sit: their mode, their language where it has a table, no ban.

    A host may sit at their own table only, whatever its language.
    """
    modes: dict[Mode, set[int]] = {}
    spoken: dict[tuple[Mode, str | None], set[int]] = {}
    for table in now.tables.values():
        modes.setdefault(table.mode, set()).add(table.number)
        if table.language is not None:
            spoken.setdefault((table.mode, table.language), set()).add(table.number)
    hosting = {host: number for number, host in now.hosts.items()}
    possible = {}
    for person in now.people.values():
        there = modes.get(person.mode, set())
        tables = spoken.get((person.mode, person.language), there)
        if person.id in hosting:
            tables = {hosting[person.id]} & there
        possible[person.id] = frozenset(tables - person.bans)
    return possible
