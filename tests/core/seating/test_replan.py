"""The evening goes on: no-shows, late arrivals, hosts and tables that go, and swaps by hand."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.refusals import Invalid
from app.core.seating import (
    Person,
    Plan,
    SeatingImpossible,
    SwapBreaksRule,
    evaluate,
    patch,
    seat,
    swap,
    violations,
)
from app.core.vocabulary import Mode
from tests.core.seating.cafes import cafes, even


@st.composite
def evenings(draw):
    """A café whose plan is there, and what happens after one of its rounds."""
    problem = draw(cafes(people=16))
    try:
        plan = seat(problem, effort=0)
    except SeatingImpossible:
        assume(False)
    ids = [person.id for person in problem.people]
    late = tuple(
        Person(f"late{n}", draw(st.sampled_from([each.mode for each in problem.people])))
        for n in range(draw(st.integers(0, 3)))
    )
    event = {
        "after_round": draw(st.integers(0, problem.rounds)),
        "absent": draw(st.sets(st.sampled_from(ids), max_size=4)),
        "arrived": [person.id for person in late],
        "closed_tables": draw(st.sets(st.sampled_from(problem.tables), max_size=1)),
    }
    event["closed_tables"] = [table.number for table in event["closed_tables"]]
    return problem, replace(problem, people=problem.people + late), plan, event


@settings(max_examples=150, deadline=None)
@given(evenings())
def test_a_patch_keeps_history_and_every_hard_rule(evening):
    _, problem, plan, event = evening
    original = plan.as_bytes()
    try:
        new, moved = patch(problem, plan, **event)
    except SeatingImpossible:
        assume(False)

    past = event["after_round"]
    assert plan.as_bytes() == original
    assert new.rounds[:past] == plan.rounds[:past]
    assert violations(problem, new) == []
    away, closed = set(event["absent"]), set(event["closed_tables"])
    for seats in new.rounds[past:]:
        assert not away & {person for people in seats.values() for person in people}
        assert not closed & seats.keys()
    assert moved == sum(
        one[person] != other[person]
        for one, other in zip(map(tables, plan.rounds), map(tables, new.rounds), strict=True)
        for person in one.keys() & other.keys()
    )
    assert Plan.read(new.document()) == new
    assert evaluate(problem, new).hard_violations == 0


@settings(max_examples=120, deadline=None)
@given(evenings())
def test_bounds_hold_after_a_patch_too(evening):
    _, problem, plan, event = evening
    try:
        new, _ = patch(problem, plan, **event)
    except SeatingImpossible:
        assume(False)

    report = evaluate(problem, new)

    assert report.repeats_bound <= report.repeats
    assert report.lost_bound <= report.lost


def tables(seats) -> dict:
    """Person → table."""
    return {person: table for table, people in seats.items() for person in people}


@settings(max_examples=60, deadline=None)
@given(evenings())
def test_where_nothing_happened_nothing_changes(evening):
    before, problem, plan, event = evening
    assert patch(before, plan, after_round=event["after_round"]) == (plan, 0)
    try:
        new, _ = patch(problem, plan, **event)
    except SeatingImpossible:
        assume(False)

    assert patch(problem, new, **event) == (new, 0)  # the same news again is no news
    assert patch(problem, new, after_round=event["after_round"]) == (new, 0)


@settings(max_examples=100, deadline=None)
@given(evenings(), st.data())
def test_whoever_leaves_may_come_back(evening, data):
    before, _, plan, event = evening
    away = sorted(event["absent"])
    event |= {"arrived": [], "closed_tables": []}
    new, _ = patch(before, plan, **event)
    again = data.draw(st.integers(event["after_round"], before.rounds))

    try:
        back, _ = patch(before, new, after_round=again, arrived=away)
    except SeatingImpossible:  # another took the chair
        assume(False)

    assert violations(before, back) == []
    if again < before.rounds:
        assert set(away) <= tables(back.rounds[-1]).keys()


def large(seed: int):
    """500 people at 100 tables, 20 of whom do not stay (3 hosts), and 10 who come late."""
    problem = even(500, 100, 4, seed=seed)
    problem = replace(problem, tables=tuple(replace(each, max=6) for each in problem.tables))
    late = tuple(Person(f"late{n}", Mode.ON_SITE) for n in range(10))
    away = [f"p{n:04}" for n in (3 * seed, 31, 77, *range(100 + seed, 270 + seed, 10))]
    return problem, replace(problem, people=problem.people + late), away, [p.id for p in late]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_large_cafe_is_patched_by_ten_seats_at_most(seed):
    problem, longer, away, late = large(seed)
    plan = seat(problem, effort=0)

    new, moved = patch(longer, plan, after_round=1, absent=away, arrived=late)

    report = evaluate(longer, new)
    assert len(away) == 20
    assert moved <= 10
    assert (report.hard_violations, report.revisits, report.repeats) == (0, 0, 0)


def test_the_guest_due_next_takes_the_place_of_an_absent_host():
    problem = even(20, 5, 3)
    plan = seat(problem, effort=0)
    due = plan.rounds[1][1][1:]

    new, _ = patch(problem, plan, after_round=1, absent=["p0000"])

    host = new.rounds[1][1][0]
    assert host in due
    assert [seats[1][0] for seats in new.rounds] == ["p0000", host, host]


def test_a_host_named_by_the_facilitator_sits_first_from_now_on():
    problem = even(20, 5, 3)
    plan = seat(problem, effort=0)

    new, _ = patch(problem, plan, after_round=2, hosts={3: "p0019", 4: None})

    assert new.rounds[2][3][0] == "p0019"
    assert violations(problem, new) == []
    assert "p0002" in tables(new.rounds[2])


def test_a_closed_table_gives_its_people_to_the_others():
    problem = even(20, 5, 3)
    problem = replace(problem, tables=tuple(replace(each, max=5) for each in problem.tables))
    plan = seat(problem, effort=0)

    new, moved = patch(problem, plan, after_round=1, closed_tables=[5])

    assert sorted(map(len, new.rounds[1].values())) == [5, 5, 5, 5]
    assert 8 <= moved <= 12  # four people and two rounds, and two swaps at most
    assert violations(problem, new) == []


def test_a_thin_table_pulls_somebody_and_nobody_meets_again_who_need_not():
    problem = even(30, 6, 3)
    problem = replace(problem, tables=tuple(replace(each, min=4) for each in problem.tables))
    plan = seat(problem, effort=0)
    away = plan.rounds[1][2][1:4]

    new, moved = patch(problem, plan, after_round=1, absent=away)

    assert min(map(len, new.rounds[1].values())) >= 4
    assert moved <= 8
    assert violations(problem, new) == []


def test_too_many_late_arrivals_are_refused_by_name_and_round():
    problem = even(20, 5, 3)
    plan = seat(problem, effort=0)
    late = Person("late", Mode.ON_SITE)

    with pytest.raises(SeatingImpossible) as refused:
        patch(replace(problem, people=(*problem.people, late)), plan, after_round=1,
              arrived=["late"])  # fmt: skip

    assert refused.value.values["round"] == 2
    assert "late" in refused.value.values["people"]
    assert refused.value.values["places"] == 15


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"after_round": 4}, "unknown_round"),
        ({"after_round": 1, "absent": ["nobody"]}, "unknown_participant"),
        ({"after_round": 1, "arrived": ["nobody"]}, "unknown_participant"),
        ({"after_round": 1, "hosts": {1: "nobody"}}, "unknown_participant"),
        ({"after_round": 1, "closed_tables": [77]}, "unknown_table"),
    ],
)
def test_news_about_nobody_is_refused(event, code):
    problem = even(20, 5, 3)

    with pytest.raises(Invalid) as refused:
        patch(problem, seat(problem, effort=0), **event)

    assert refused.value.errors[0].code == code


@settings(max_examples=150, deadline=None)
@given(cafes(), st.data())
def test_a_swap_keeps_every_hard_rule_and_twice_is_none(problem, data):
    try:
        plan = seat(problem, effort=0)
    except SeatingImpossible:
        assume(False)
    person = st.sampled_from([each.id for each in problem.people])
    number = data.draw(st.integers(1, problem.rounds))
    one, other = data.draw(person), data.draw(person)
    at = tables(plan.rounds[number - 1])

    try:
        new = swap(plan, problem, number, one, other)
    except SwapBreaksRule:
        swapped = {}
        for who, table in (at | {one: at[other], other: at[one]}).items():
            swapped.setdefault(table, []).append(who)
        rounds = list(plan.rounds)
        rounds[number - 1] = {table: tuple(people) for table, people in swapped.items()}
        assert violations(problem, replace(plan, rounds=tuple(rounds))) != []
        return

    assert tables(new.rounds[number - 1]) == at | {one: at[other], other: at[one]}
    assert violations(problem, new) == []
    assert swap(new, problem, number, one, other) == plan


def test_hosts_are_not_swapped_away():
    problem = even(20, 5, 3)
    plan = seat(problem, effort=0)

    with pytest.raises(SwapBreaksRule) as refused:
        swap(plan, problem, 2, "p0000", plan.rounds[1][2][1])

    assert refused.value.text() == "This swap would break a rule in round 2: host."
    assert refused.value.code == "seating_impossible"


def test_swapping_somebody_without_seat_is_refused():
    problem = even(20, 5, 3)

    with pytest.raises(Invalid):
        swap(seat(problem, effort=0), problem, 1, "p0000", "nobody")
    with pytest.raises(Invalid):
        swap(seat(problem, effort=0), problem, 4, "p0000", "p0001")


def test_a_late_arrival_meets_nobody_twice_while_that_is_possible():
    problem = even(36, 9, 3)
    problem = replace(problem, tables=tuple(replace(each, max=5) for each in problem.tables))
    plan = seat(problem, effort=0)
    late = replace(problem, people=(*problem.people, Person("late", Mode.ON_SITE)))

    new, moved = patch(late, plan, after_round=1, arrived=["late"])

    met = Counter(
        pair for seats in new.rounds for each in seats.values() for pair in combinations(each, 2)
    )
    assert moved == 0
    assert max(met.values()) == 1
    assert [sum("late" in each for each in seats.values()) for seats in new.rounds] == [0, 1, 1]
