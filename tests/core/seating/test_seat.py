"""The plan: hard rules kept or refused with names, the same from any order, better with effort."""

import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import permutations, product
from math import comb
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.refusals import Invalid
from app.core.seating import (
    Person,
    Plan,
    Policy,
    Problem,
    SeatingImpossible,
    Table,
    engine,
    evaluate,
    seat,
    violations,
)
from app.core.seating.report import mix
from app.core.vocabulary import Mode
from tests.core.seating.cafes import broken, cafes, even, meetings, where

FULL_EFFORT = engine.PER_GUEST  # before conftest makes it small
ROOT = Path(__file__).resolve().parents[3]


def seated(problem: Problem, **more) -> Plan:
    """The plan; cafés that cannot be seated are not of interest."""
    try:
        return seat(problem, **more)
    except SeatingImpossible:
        assume(False)


def everybody_finds_a_chair(problem: Problem) -> bool:
    """What a maximum flow from people to chairs says."""
    chairs = [(table.number, n) for table in problem.tables for n in range(table.max)]
    taken = {}

    def place(person, tried):
        for chair in chairs:
            if chair[0] in where(problem, person) and chair not in tried:
                tried.add(chair)
                if chair not in taken or place(taken[chair], tried):
                    taken[chair] = person
                    return True
        return False

    return all(place(person, set()) for person in problem.people)


@settings(max_examples=150, deadline=None)
@given(cafes())
def test_everybody_sits_once_a_round_where_they_may(problem):
    plan = seated(problem)

    assert broken(problem, plan) == []
    assert violations(problem, plan) == []


@settings(max_examples=200, deadline=None)
@given(cafes(company=False))
def test_it_is_impossible_exactly_when_the_maximum_flow_says_so(problem):
    try:
        seat(problem, effort=0)
        refusal = None
    except SeatingImpossible as refused:
        refusal = refused

    assert (refusal is None) == everybody_finds_a_chair(problem)
    if refusal:
        ids = {person.id for person in problem.people}
        people = [each for each in problem.people if each.id in refusal.values["people"]]
        numbers = set().union(*(where(problem, person) for person in people))
        tables = [table for table in problem.tables if table.number in numbers]
        places = sum(table.max - (table.host in ids) for table in tables)
        assert refusal.values["tables"] == sorted(numbers)
        assert len(people) > places == refusal.values["places"]
        assert (refusal.code, refusal.status) == ("seating_impossible", 422)


@settings(max_examples=60, deadline=None)
@given(cafes(), st.randoms(use_true_random=False))
def test_the_order_of_what_was_told_does_not_matter(problem, random):
    def shuffled(several):
        several = list(several)
        random.shuffle(several)
        return tuple(several)

    other = replace(
        problem,
        people=shuffled(problem.people),
        tables=shuffled(problem.tables),
        together=shuffled(map(shuffled, problem.together)),
        apart=shuffled(map(shuffled, problem.apart)),
    )

    assert seated(other).as_bytes() == seated(problem).as_bytes()


HASHED = """
from tests.core.seating.cafes import even
from app.core.seating import seat
cafe = even(17, 4, 3, apart=(("p0010", "p0011"),), together=(("p0012", "p0013", "p0014"),))
print(seat(cafe).digest)
"""


def test_the_hash_seed_of_the_process_does_not_matter():
    digests = {
        subprocess.run(
            [sys.executable, "-c", HASHED],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }

    assert len(digests) == 1
    assert len(digests.pop().strip()) == 64


@settings(max_examples=60, deadline=None)
@given(cafes())
def test_more_effort_is_never_worse(problem):
    plans = [seated(problem, effort=effort) for effort in range(4)]
    worth = []
    for plan in plans:
        report = evaluate(problem, plan)
        again = report.repeats if problem.policy is Policy.FAIR else report.lost
        worth.append((report.revisits, again, mix(problem, plan)[0]))

    assert worth == sorted(worth, reverse=True)


@settings(max_examples=60, deadline=None)
@given(
    tables=st.integers(1, 3),
    guests=st.integers(1, 4),
    rounds=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_tiny_cafes_are_seated_as_well_as_brute_force_can(tables, guests, rounds, seed):
    problem = even(tables + guests, tables, rounds, seed=seed)
    size = 1 + -(-guests // tables)
    problem = replace(problem, tables=tuple(replace(t, max=size) for t in problem.tables))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "PER_GUEST", FULL_EFFORT)
        report = evaluate(problem, seat(problem))

    assert (report.revisits, report.repeats) == least(tables, guests, rounds)
    assert report.repeats_bound <= report.repeats
    assert report.lost_bound <= report.lost


@cache
def least(tables: int, guests: int, rounds: int) -> tuple[int, int]:
    """(revisits, repeats) of the best of all plans."""
    size = -(-guests // tables)
    one_round = [
        seats
        for seats in product(range(tables), repeat=guests)
        if all(seats.count(table) <= size for table in range(tables))
    ]
    return min(cost(evening, tables) for evening in product(one_round, repeat=rounds))


def cost(evening, tables: int) -> tuple[int, int]:
    """(revisits, Σ C(m, 2)) of guest → table for each round, one host at each table."""
    visits, met = {}, {}
    for seats in evening:
        for guest, table in enumerate(seats):
            visits[guest, table] = visits.get((guest, table), 0) + 1
            met[guest, -1 - table] = met.get((guest, -1 - table), 0) + 1
            for other in range(guest):
                if seats[other] == table:
                    met[guest, other] = met.get((guest, other), 0) + 1
    return sum(n - 1 for n in visits.values()), sum(comb(n, 2) for n in met.values())


@pytest.mark.parametrize(
    ("people", "tables", "rounds"), [(20, 5, 3), (40, 8, 4), (57, 12, 4), (500, 100, 4)]
)
def test_where_algebra_allows_it_nobody_meets_or_returns(people, tables, rounds):
    problem = even(people, tables, rounds)

    plan = seat(problem, effort=0)

    report = evaluate(problem, plan)
    assert (report.repeats, report.revisits, report.max_meet) == (0, 0, 1)
    assert {len(each) for seats in plan.rounds for each in seats.values()} <= {
        people // tables, -(-people // tables),
    }  # fmt: skip


def test_those_who_travel_together_cost_a_large_cafe_little():
    problem = even(200, 40, 4, together=(("p0100", "p0101"), ("p0110", "p0111", "p0112")))

    plan = seat(problem)

    assert broken(problem, plan) == []
    wanted = {frozenset(p) for p in permutations(("p0110", "p0111", "p0112"), 2)}
    wanted.add(frozenset(("p0100", "p0101")))
    assert {pair for pair, times in meetings(plan).items() if times > 1} == wanted


def test_new_faces_lets_a_few_sit_together_so_that_others_meet_more(monkeypatch):
    monkeypatch.setattr(engine, "PER_GUEST", FULL_EFFORT)
    fair, faces = even(24, 4, 4), even(24, 4, 4, policy="new_faces")

    one, other = evaluate(fair, seat(fair)), evaluate(faces, seat(faces))

    assert (other.lost, other.revisits) == (other.lost_bound, 0)
    assert one.lost > other.lost
    assert one.max_meet < other.max_meet


def test_tables_without_host_stay_empty_when_people_are_few():
    crowd = tuple(Person(f"p{n}", Mode.ON_SITE) for n in range(7))
    tables = tuple(Table(n, Mode.ON_SITE, min=3, max=6) for n in range(1, 6))

    plan = seat(Problem(crowd, tables, rounds=2))

    assert [sorted(map(len, seats.values())) for seats in plan.rounds] == [[3, 4], [3, 4]]


def test_the_refusal_names_the_french_guest_and_the_full_table():
    crowd = [Person(f"f{n}", Mode.ONLINE, language="fr") for n in range(4)]
    crowd += [Person(f"e{n}", Mode.ONLINE, language="en") for n in range(2)]
    tables = (
        Table(1, Mode.ONLINE, language="fr", host="f0", max=3),
        Table(2, Mode.ONLINE, language="en", max=9),
    )

    with pytest.raises(SeatingImpossible) as refused:
        seat(Problem(tuple(crowd), tables, rounds=2))

    assert refused.value.values["people"] == ["f1", "f2", "f3"]
    assert refused.value.text() == (
        "Round 1 cannot be seated: 3 people need a seat at these tables: 1. Places there: 2."
    )
    assert refused.value.errors[0].text() == "f1 can sit at these tables only: 1 (round 1)."


@pytest.mark.parametrize(
    ("tables", "wish", "named"),
    [
        pytest.param(2, {"together": (("p0000", "p0001"),)}, "p0000 p0001", id="two-hosts"),
        pytest.param(1, {"apart": (("p0002", "p0003"),)}, "p0002 p0003", id="one-table"),
        pytest.param(
            2,
            {"together": (("p0004", "p0005", "p0006", "p0007"),)},
            "p0004 p0005 p0006 p0007",
            id="too-many",
        ),
    ],
)
def test_wishes_about_company_that_cannot_be_kept_are_refused(tables, wish, named):
    with pytest.raises(SeatingImpossible) as refused:
        seat(even(8, tables, 2, **wish))

    assert refused.value.code == "seating_impossible"
    assert refused.value.values["people"] == named.split()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rounds": 0}, "out_of_range"),
        ({"tables": tuple(Table(n, Mode.ON_SITE) for n in range(10_000))}, "out_of_range"),
        ({"apart": (("p0001", "nobody"),)}, "unknown_participant"),
        ({"apart": (("p0001", "p0001"),)}, "duplicate"),
        ({"tables": tuple(Table(n, Mode.ON_SITE, host="p0001") for n in (1, 2))}, "duplicate"),
    ],
)
def test_questions_without_meaning_are_refused(change, code):
    with pytest.raises(Invalid) as refused:
        replace(even(8, 2, 2), **change)

    assert [error.code for error in refused.value.errors] == [code]
