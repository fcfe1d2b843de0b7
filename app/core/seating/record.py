"""The question behind a plan as plain JSON: kept beside the plan, so that patches ask the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.core.seating.problem import Person, Policy, Problem, Table
from app.core.vocabulary import Mode

ATTRIBUTES = ("language", "group", "region", "gender")
NUMBERS = ("min", "max", "host", "language", "twin")


def written(problem: Problem) -> dict[str, Any]:
    """Return ``problem`` as plain JSON."""
    return {
        "people": [
            {"id": person.id, "mode": person.mode.value, "bans": sorted(person.bans)}
            | {name: getattr(person, name) for name in ATTRIBUTES}
            for person in problem.people
        ],
        "tables": [
            {"number": table.number, "mode": table.mode.value}
            | {name: getattr(table, name) for name in NUMBERS}
            for table in problem.tables
        ],
        "rounds": problem.rounds,
        "seed": problem.seed,
        "policy": problem.policy.value,
        "together": [list(group) for group in problem.together],
        "apart": [list(pair) for pair in problem.apart],
    }


def read(document: Mapping[str, Any]) -> Problem:
    """Return the problem that `written` wrote."""
    return Problem(
        people=tuple(
            Person(
                id=each["id"],
                mode=Mode(each["mode"]),
                bans=frozenset(each["bans"]),
                **{name: each[name] for name in ATTRIBUTES},
            )
            for each in document["people"]
        ),
        tables=tuple(
            Table(
                number=each["number"],
                mode=Mode(each["mode"]),
                **{name: each[name] for name in NUMBERS},
            )
            for each in document["tables"]
        ),
        rounds=document["rounds"],
        seed=document["seed"],
        policy=Policy(document["policy"]),
        together=tuple(tuple(group) for group in document["together"]),
        apart=tuple((one, other) for one, other in document["apart"]),
    )


def with_people(problem: Problem, people: Iterable[Person]) -> Problem:
    """Return ``problem`` with those of ``people`` it did not know."""
    known = {person.id for person in problem.people}
    return replace(
        problem, people=(*problem.people, *(each for each in people if each.id not in known))
    )
