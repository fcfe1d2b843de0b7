"""Small cells: brute force over every table that a reader could think of."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import statistics
from app.core.document import Axis
from app.core.statistics import FEWER, WITHHELD, figure, hide

BASE = (-1, -1)
small = st.integers(0, 12)


def tables(rows: int, columns: int):
    """Small tables of counts."""
    row = st.lists(small, min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows)


def sums(cells: tuple[tuple[int, ...], ...]) -> dict[tuple[int, int], int]:
    """Return every figure of a table with its totals, by place."""
    found = {(r, c): value for r, row in enumerate(cells) for c, value in enumerate(row)}
    found |= {(r, -1): sum(row) for r, row in enumerate(cells)}
    found |= {(-1, c): sum(column) for c, column in enumerate(zip(*cells, strict=True))}
    return found | {BASE: sum(map(sum, cells))}


def fits(value: int, true: int, hidden: str | None, *, whole: bool) -> bool:
    """Say whether a reader, who sees ``true`` or why it is hidden, thinks ``value`` possible."""
    if hidden is None:
        return value == true
    if whole:
        return True
    return value < 5 if hidden == FEWER else value >= 5


def possible(cells, hidden: dict[tuple[int, int], str]) -> dict[tuple[int, int], set[int]]:
    """Return by enumeration which values each hidden figure can have for a reader.

    Of the inner figures only the true ones and those one beside are tried: that can miss values,
    never invent one, so two found are two possible.
    """
    whole = FEWER not in hidden.values()
    true = sums(cells)
    places = [(r, c) for r, row in enumerate(cells) for c in range(len(row))]
    choices = [
        [true[place]]
        if place not in hidden
        else [v for v in near(true[place]) if fits(v, true[place], hidden[place], whole=whole)]
        for place in places
    ]
    width = len(cells[0])
    found: dict[tuple[int, int], set[int]] = {place: set() for place in hidden}
    for values in itertools.product(*choices):
        rows = tuple(values[start : start + width] for start in range(0, len(values), width))
        other = sums(rows)
        if all(fits(other[p], true[p], hidden.get(p), whole=whole) for p in other):
            for place in hidden:
                found[place].add(other[place])
    return found


def near(value: int) -> range:
    """Return the values to try: the true one and those one beside it."""
    return range(max(0, value - 1), value + 2)


@settings(max_examples=400, deadline=None)
@given(st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(lambda size: tables(*size)))
def test_no_hidden_figure_of_a_table_can_be_computed(rows):
    cells = tuple(map(tuple, rows))
    hidden = hide(cells)

    for place, value in sums(cells).items():
        assert place in hidden or value >= 5
    for place, values in possible(cells, hidden).items():
        assert len(values) > 1, (place, hidden)


@settings(max_examples=400, deadline=None)
@given(st.lists(small, min_size=1, max_size=6))
def test_no_hidden_figure_of_a_list_can_be_computed(values):
    hidden = hide([[value] for value in values], two_sided=False)
    base = sum(values)
    whole = FEWER not in hidden.values()

    assert {(r, 0) for r, value in enumerate(values) if value < 5} <= set(hidden)
    seen: dict[int, set[int]] = {row: set() for row, column in hidden if column == 0}
    others = [list(near(value)) if row in seen else [value] for row, value in enumerate(values)]
    for other in itertools.product(*others):
        fitting = all(
            fits(v, values[r], hidden.get((r, 0)), whole=whole) for r, v in enumerate(other)
        )
        if fitting and fits(sum(other), base, hidden.get(BASE), whole=whole):
            for row in seen:
                seen[row].add(other[row])
    assert all(len(found) > 1 for found in seen.values()), hidden


@settings(max_examples=200, deadline=None)
@given(st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(lambda size: tables(*size)))
def test_why_a_figure_is_hidden_is_true_and_the_base_is_shown_from_five_on(rows):
    hidden, true = hide(rows), sums(tuple(map(tuple, rows)))
    whole = FEWER not in hidden.values()

    for place, why in hidden.items():
        assert whole or (true[place] < 5) == (why == FEWER)
    assert (BASE in hidden) == (true[BASE] < 5)


def test_the_sample_of_attendance_two_small_groups_have_four_splits():
    groups = [31, 8, 19, 47, 13, 14, 1, 4]  # media and individuals make five: four splits

    assert hide([[n] for n in groups], two_sided=False) == {(6, 0): FEWER, (7, 0): FEWER}


def test_two_small_groups_whose_sum_tells_them_take_a_third_with_them():
    groups = [31, 8, 19, 44, 13, 14, 4, 4]  # eight can only be four and four

    assert hide([[n] for n in groups], two_sided=False) == {
        (1, 0): WITHHELD,
        (6, 0): FEWER,
        (7, 0): FEWER,
    }


def test_a_single_small_cell_takes_three_more_with_it_and_no_total():
    cells = [[24, 96, 41], [31, 3, 12], [13, 47, 9]]

    hidden = hide(cells)

    assert hidden[1, 1] == FEWER
    assert hidden == {(1, 1): FEWER, (1, 2): WITHHELD, (2, 1): WITHHELD, (2, 2): WITHHELD}


def test_a_table_that_no_hiding_saves_is_withheld_whole_but_for_its_base():
    assert hide([[4], [4]], two_sided=False) == {(0, 0): WITHHELD, (1, 0): WITHHELD}


def test_what_is_the_base_by_another_name_is_shown_with_it():
    """A table of one row has its base twice: hiding one of the two hides nothing."""
    assert (0, -1) not in hide([[4, 4]])
    assert (-1, 0) not in hide([[4], [4]])


def test_a_base_under_five_is_hidden_with_everything():
    assert set(hide([[1, 0], [2, 1]]).values()) == {FEWER}
    assert len(hide([[1, 0], [2, 1]])) == 9


def test_a_table_without_small_figures_hides_nothing():
    assert hide([[5, 6], [7, 8]]) == {}


@pytest.mark.parametrize(("value", "shown"), [(0, None), (4, None), (5, 5)])
def test_a_figure_alone_is_hidden_under_five(value, shown):
    assert figure(value).value == shown


def test_not_stated_keeps_its_place():
    kept = Axis("g", ("not_stated", "a"))

    assert statistics.with_not_stated(kept) is kept
