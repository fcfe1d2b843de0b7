"""The question behind a plan comes back from JSON as it was."""

from __future__ import annotations

import json

from app.core.seating import Person, Policy, Problem, Table, record
from app.core.vocabulary import Mode


def test_a_problem_comes_back_as_it_was():
    problem = Problem(
        people=(
            Person("b", Mode.ONLINE, "fr", "academia", "africa", None, frozenset({2, 1})),
            Person("a", Mode.ON_SITE),
        ),
        tables=(Table(2, Mode.ONLINE, "b", "fr", 2, 4, twin=1), Table(1, Mode.ON_SITE)),
        rounds=3,
        seed=7,
        policy=Policy.NEW_FACES,
        together=(("b", "a"),),
        apart=(("b", "a"),),
    )

    assert record.read(json.loads(json.dumps(record.written(problem)))) == problem


def test_whoever_is_known_already_stays_as_they_were():
    problem = Problem(people=(Person("a", Mode.ON_SITE),), tables=(), rounds=1)
    grown = record.with_people(problem, [Person("a", Mode.ONLINE), Person("c", Mode.ONLINE)])

    assert [(each.id, each.mode) for each in grown.people] == [("a", "on_site"), ("c", "online")]
