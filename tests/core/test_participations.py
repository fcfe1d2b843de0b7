"""Participations by session, beside how many people there were: brute force over who was where."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import linked, participations
from app.core.document import Cell
from app.core.statistics import FEWER, WITHHELD, Plan, axis

SESSIONS = ("cafe", "hall", "round")
BOTH = dict.fromkeys(SESSIONS, ("on_site", "online"))


def subsets(sessions: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [
        each
        for size in range(1, len(sessions) + 1)
        for each in itertools.combinations(sessions, size)
    ]


def made(*groups: tuple[int, tuple[str, ...]], offered=BOTH, mode="online", sessions=SESSIONS):
    """Return the list of so many people who were each in these sessions."""
    people = [dict.fromkeys(where, mode) for count, where in groups for _person in range(count)]
    plan = Plan("attended_by_session", "participations", axis("session", sessions), notes=("sums",))
    return participations.by_session(people, offered, plan)


def shown(figures) -> list[int | str | None]:
    return [*(cell.value or cell.hidden for (cell,) in figures.cells), figures.total.value]


def possible(counts: tuple[int, ...], sessions: tuple[str, ...], figures) -> list[set[int]]:
    """Return which values each row can have for a reader who knows how many people there were.

    All ways of being in the sessions are tried with the true number of people and one beside it.
    """
    cells = [cell for (cell,) in figures.cells]
    is_whole = all(cell.hidden == WITHHELD for cell in cells)
    people = sum(counts)

    def fits(cell: Cell, value: int) -> bool:
        if cell.hidden is None:
            return value == cell.value
        if cell.hidden == FEWER:
            return value < 5
        return is_whole or value >= 5

    found: list[set[int]] = [set() for _session in sessions]
    for others in itertools.product(*(range(max(0, n - 1), n + 2) for n in counts)):
        rows = rows_of(others, sessions)
        is_same = sum(others) == people or (people < 5 and sum(others) < 5)
        total = figures.total.value is None or sum(rows) == figures.total.value
        if is_same and total and all(map(fits, cells, rows)):
            for seen, value in zip(found, rows, strict=True):
                seen.add(value)
    return found


def rows_of(counts: tuple[int, ...], sessions: tuple[str, ...]) -> list[int]:
    at: Counter[str] = Counter()
    for count, subset in zip(counts, subsets(sessions), strict=True):
        at.update(dict.fromkeys(subset, count))
    return [at[session] for session in sessions]


@pytest.mark.parametrize("sessions", [SESSIONS[:2], SESSIONS])
@settings(max_examples=80, deadline=None)
@given(counts=st.tuples(*[st.sampled_from([0, 0, 0, 1, 4, 6])] * 7))
def test_no_hidden_row_can_be_computed_from_the_list_and_the_number_of_people(sessions, counts):
    counts = counts[: len(subsets(sessions))]
    figures = made(*zip(counts, subsets(sessions), strict=True), sessions=sessions)

    for (cell,), true, values in zip(
        figures.cells,
        rows_of(counts, sessions),
        possible(counts, sessions, figures),
        strict=True,
    ):
        assert (cell.value == true >= 5) if cell.hidden is None else len(values) > 1, counts


OFFERED = {
    "cafe and round": {"cafe": ("on_site",), "round": ("online",)},
    "cafe and hall": {"cafe": ("on_site",), "hall": ("on_site", "online")},
    "hall and round": {"hall": ("on_site", "online"), "round": ("online",)},
    "halls": {"hall": ("on_site", "online"), "other": ("on_site", "online")},
}


def places(offered) -> list[dict[str, str]]:
    """Return every way of being in two sessions, each in one of its modes."""
    ways = itertools.product(*((None, *modes) for modes in offered.values()))
    found = [{key: mode for key, mode in zip(offered, way, strict=True) if mode} for way in ways]
    return [each for each in found if each]


@pytest.mark.parametrize("offered", OFFERED.values(), ids=OFFERED)
@settings(max_examples=60, deadline=None)
@given(counts=st.lists(st.sampled_from([0, 0, 1, 3, 5, 9, 30]), min_size=8, max_size=8))
def test_list_and_people_by_mode_together_tell_nothing_that_one_of_them_hides(offered, counts):
    ways = places(offered)
    people = [way for way, count in zip(ways, counts, strict=False) for _person in range(count)]
    facts = [{"mode": mode_of(each)} for each in people]
    by_mode = Plan("people_by_mode", "people", axis("mode", ("on_site", "online")))
    (table,) = linked.tables(facts, [by_mode], known=("mode",))
    rows = Plan("by_session", "participations", axis("session", offered))
    is_hidden = any(cell.hidden for (cell,) in table.cells)
    listed = participations.by_session(people, offered, rows, modes_are_hidden=is_hidden)

    printed = [cell for one in (table, listed) for (cell,) in one.cells] + [
        table.total,
        listed.total,
    ]
    seen: list[set[int]] = [set() for _cell in printed]
    free = {
        at
        for first, one in ((0, table), (2, listed))
        for at in (first, first + 1)
        if all(cell.hidden == WITHHELD for (cell,) in one.cells)
    }
    free |= {5} if listed.total.hidden == WITHHELD else set()
    beside = 2 if len(ways) < 6 else 1
    tried = (range(max(0, n - beside), n + beside + 1) for n in counts[: len(ways)])
    for others in itertools.product(*tried):
        values = said_of(ways, others, offered)
        if all(
            at in free or fits(cell, value)
            for at, (cell, value) in enumerate(zip(printed, values, strict=True))
        ):
            for one, value in zip(seen, values, strict=True):
                one.add(value)

    for cell, values in zip(printed, seen, strict=True):
        assert cell.hidden is None or len(values) > 1, (counts, printed)


def mode_of(person: dict[str, str]) -> str:
    return "on_site" if "on_site" in person.values() else "online"


def said_of(ways, counts, offered) -> list[int]:
    """Return people in a room and online, rows, people and participations."""
    modes = [sum(n for way, n in zip(ways, counts, strict=True) if mode_of(way) == mode)
             for mode in ("on_site", "online")]  # fmt: skip
    rows = [sum(n for way, n in zip(ways, counts, strict=True) if key in way) for key in offered]
    return [*modes, *rows, sum(modes), sum(rows)]


def fits(cell: Cell, value: int) -> bool:
    if cell.hidden is None:
        return value == cell.value
    return value < 5 if cell.hidden == FEWER else value >= 5


def test_the_only_session_with_a_room_does_not_tell_how_many_were_in_a_room():
    """Forty in the café, three who were only online: 43 less the café's row would be three."""
    people = [{"cafe": "on_site", "round": "online"}] * 30 + [{"cafe": "on_site"}] * 10
    people += [{"round": "online"}] * 3
    offered = OFFERED["cafe and round"]
    plan = Plan("attended_by_session", "participations", axis("session", offered))

    assert shown(participations.by_session(people, offered, plan)) == [40, 33, 73]
    hidden = participations.by_session(people, offered, plan, modes_are_hidden=True)
    assert shown(hidden)[:2] == [WITHHELD, WITHHELD]


def test_where_there_was_no_room_at_all_there_is_nothing_to_hide():
    offered = {"hall": ("online",), "round": ("online",)}
    people = [{"hall": "online"}] * 9 + [{"round": "online"}] * 8
    plan = Plan("attended_by_session", "participations", axis("session", offered))

    listed = participations.by_session(people, offered, plan, modes_are_hidden=True)

    assert shown(listed) == [9, 8, 17]


def test_rows_of_five_and_more_are_shown():
    assert shown(made((5, ("cafe",)), (6, ("hall", "round")))) == [5, 6, 6, 17]


def test_of_ten_people_and_fourteen_participations_a_small_row_would_be_four():
    figures = made((4, ("cafe", "hall")), (6, ("hall",)), sessions=("cafe", "hall"))

    assert shown(figures) == [WITHHELD, WITHHELD, 14]


def test_where_everybody_was_everywhere_even_the_total_tells_and_is_withheld():
    assert shown(made((5, ("cafe", "hall")), sessions=SESSIONS)) == [
        WITHHELD,
        WITHHELD,
        WITHHELD,
        10,
    ]
    assert shown(made((2, SESSIONS), (3, ("cafe", "hall")))) == [WITHHELD, WITHHELD, WITHHELD, 12]


def test_fewer_than_five_people_are_not_told_by_how_often_they_came():
    """Seven participations in two sessions are four people at least."""
    groups = (1, ("cafe",)), (3, ("cafe", "hall"))

    assert shown(made(*groups, sessions=("cafe", "hall"))) == [WITHHELD, WITHHELD, None]


def test_who_could_not_have_been_there_in_their_mode_is_no_witness():
    """Whoever was in the café cannot have been in a round that is online only: the hall helps."""
    people = [{"cafe": "on_site"}] * 3 + [{"hall": "on_site"}] * 20 + [{"round": "online"}] * 9
    offered = {"cafe": ("on_site",), "hall": ("on_site", "online"), "round": ("online",)}
    plan = Plan("attended_by_session", "participations", axis("session", SESSIONS))

    assert shown(participations.by_session(people, BOTH, plan)) == [FEWER, 20, WITHHELD, 32]
    assert shown(participations.by_session(people, offered, plan)) == [FEWER, WITHHELD, 9, 32]


@pytest.mark.parametrize("people", [0, 3, 4])
def test_fewer_than_five_participations_hide_everything(people):
    assert {cell.hidden for (cell,) in made((people, ("cafe",))).cells} == {FEWER}


def test_without_sessions_there_is_one_row_that_says_so():
    figures = made(sessions=(), offered={})

    assert figures.rows.keys == ("not_stated",)
    assert figures.cells == ((Cell(None, FEWER),),)
