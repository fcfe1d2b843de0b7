"""Tables over the same facts: brute force over everything that a reader of all could think of."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import linked
from app.core.document import Cell, Figures
from app.core.statistics import FEWER, WITHHELD, Plan, axis
from app.core.witnesses import BASE, Key, Known

TRIES = 200_000
SIDES = ("g", "k", "q")
PEOPLE = (("g", "q"), ("k", "q"))  # as people by group and by region, each by mode
SAID = (("k", "q"), ("g", "k"), ("g", "q"), ("k",))  # as contributions, with a list
few = st.sampled_from([0, 0, 1, 2, 3, 4])
some = st.sampled_from([0, 2, 4, 5, 6, 7, 8, 9, 12])
mixed = st.sampled_from([0, 0, 0, 3, 6, 9])
EIGHT = st.one_of(*(st.lists(each, min_size=8, max_size=8) for each in (few, some, mixed)))
TWELVE = st.lists(mixed, min_size=12, max_size=12)


class World:
    """So many facts of each kind (every key of each side with every other), and their tables."""

    def __init__(self, counts: Sequence[int], tables, shape=(2, 2, 2)) -> None:
        self.axes = {
            name: axis(name, [f"{name}{number}" for number in range(size)])
            for name, size in zip(SIDES, shape, strict=True)
        }
        self.counts = counts
        self.kinds = list(itertools.product(*(each.keys for each in self.axes.values())))
        self.facts = [
            dict(zip(SIDES, kind, strict=True))
            for kind, count in zip(self.kinds, counts, strict=True)
            for _fact in range(count)
        ]
        self.plans = [
            Plan("_by_".join(sides), "facts", *(self.axes[each] for each in sides))
            for sides in tables
        ]

    def printed(self) -> list[Figures]:
        return linked.tables(self.facts, self.plans, known=SIDES)

    def true(self, key: Key) -> int:
        return sum(set(key) <= set(fact.items()) for fact in self.facts)


def cells_of(table: Figures) -> dict[Key, Cell]:
    """Return every figure of a table by what it counts."""
    found: dict[Key, Cell] = {BASE: table.total}
    for at, row in enumerate(table.rows.keys):
        mine = frozenset({(table.rows.name, row)})
        if table.columns is None:
            found[mine] = table.cells[at][0]
            continue
        found[mine] = table.row_totals[at]
        for place, column in enumerate(table.columns.keys):
            other = frozenset({(table.columns.name, column)})
            found[mine | other] = table.cells[at][place]
            found[other] = table.column_totals[place]
    return found


def read(tables: Sequence[Figures]) -> dict[Key, list[Cell]]:
    """Return by quantity what a reader of all tables finds of it."""
    found: dict[Key, list[Cell]] = {}
    for table in tables:
        for key, cell in cells_of(table).items():
            found.setdefault(key, []).append(cell)
    return found


def whole(tables: Sequence[Figures]) -> set[Key]:
    """Return the quantities of tables in which nothing but the base is said."""
    said = set()
    for table in tables:
        if any(cell.hidden != WITHHELD for row in table.cells for cell in row):
            said |= set(cells_of(table))
    return set(read(tables)) - said


def possible(world: World, tables: Sequence[Figures]) -> dict[Key, set[int]]:
    """Return by enumeration which values each hidden figure can have for a reader of all tables.

    Of each kind of fact only the true number and those one beside it are tried: that can miss
    values, never invent one, so two found are two possible.
    """
    known, free = {key: cells[0] for key, cells in read(tables).items()}, whole(tables)
    of = [[key for key in known if counts_in(key, kind)] for kind in world.kinds]
    last = {key: max(at for at, keys in enumerate(of) if key in keys) for key in known}
    values = {key: world.true(key) for key in known}
    found: dict[Key, set[int]] = {key: set() for key, cell in known.items() if cell.hidden}
    left = [TRIES]

    def go_on(at: int) -> None:
        left[0] -= 1
        if at == len(world.kinds):
            for key, seen in found.items():
                seen.add(values[key])
        if left[0] < 0 or at == len(world.kinds):
            return
        for step in range(-min(1, world.counts[at]), 2):
            for key in of[at]:
                values[key] += step
            if all(fits(known[key], values[key], key in free) for key in of[at] if last[key] == at):
                go_on(at + 1)
            for key in of[at]:
                values[key] -= step

    go_on(0)
    return found


def fits(cell: Cell, value: int, is_free: bool) -> bool:
    """Say whether a reader thinks a value possible."""
    if cell.hidden is None:
        return value == cell.value
    return is_free or (value < 5 if cell.hidden == FEWER else value >= 5)


def counts_in(key: Key, kind: tuple[str, ...]) -> bool:
    """Say whether facts of a kind are counted in a quantity."""
    return key <= set(zip(SIDES, kind, strict=True))


def check(world: World) -> None:
    tables = world.printed()
    for key, cells in read(tables).items():
        assert len(set(cells)) == 1, (key, "is told in one table and hidden in another")
        assert cells[0].hidden or cells[0].value == world.true(key) >= 5
    for key, values in possible(world, tables).items():
        assert len(values) > 1, (key, world.counts)


@pytest.mark.parametrize("tables", [PEOPLE, SAID])
@settings(max_examples=60, deadline=None)
@given(counts=EIGHT)
def test_no_hidden_figure_can_be_computed_from_all_tables_together(tables, counts):
    check(World(counts, tables))


@settings(max_examples=25, deadline=None)
@given(counts=TWELVE)
def test_nor_from_tables_of_more_rows(counts):
    check(World(counts, SAID, shape=(3, 2, 2)))


@settings(max_examples=60, deadline=None)
@given(counts=EIGHT, shape=st.sampled_from([(8, 1, 1), (4, 2, 1), (1, 2, 4), (2, 1, 4)]))
def test_nor_where_a_side_has_one_key_and_says_nothing(counts, shape):
    check(World(counts, SAID, shape=shape))


def test_a_total_hidden_in_one_table_does_not_stand_in_another():
    """By itself one table hides how many g0 and g1 are, and the other one prints them."""
    world = World([0, 0, 0, 5, 5, 0, 5, 8, 5, 0, 9, 8], SAID[:3], shape=(2, 3, 2))
    alone = [linked.tables(world.facts, [plan], known=SIDES)[0] for plan in world.plans]
    told = {key for key, cells in read(alone).items() if len(set(cells)) > 1}

    assert told == {frozenset({("g", "g0")}), frozenset({("g", "g1")})}
    check(world)


def test_what_each_table_hides_well_is_not_told_by_all_of_them():
    """No figure differs between the tables, and yet all together tell each that is hidden."""
    world = World([9, 7, 0, 8, 0, 6, 7, 0, 3, 7, 5, 0], SAID[:3], shape=(2, 3, 2))
    alone = [linked.tables(world.facts, [plan], known=SIDES)[0] for plan in world.plans]

    assert all(len(set(cells)) == 1 for cells in read(alone).values())
    assert {len(values) for values in possible(world, alone).values()} == {1}
    check(world)


@pytest.mark.parametrize("tables", [PEOPLE, SAID[:3]])
def test_hardly_anything_is_hidden_without_need(tables):
    """Of 150 worlds, those in which hiding each table by itself was enough stay as they are."""
    needless = hidden = 0
    choices = [0, 0, 3, 5, 6, 8, 2, 0, 9, 4, 7]
    for number in range(150):
        world = World(
            [choices[(number * 7 + at * at * (number + 3)) % 11] for at in range(8)], tables
        )
        known = Known(world.axes, world.plans, world.facts)
        before = set(known.hidden)
        linked.close(known)
        hidden += len(before)
        if known.hidden != before:
            fresh = Known(world.axes, world.plans, world.facts)
            values = possible(world, [linked.printed(fresh, plan) for plan in fresh.plans])
            is_needless = all(len(each) > 1 for each in values.values())
            needless += len(known.hidden - before) if is_needless else 0

    assert needless <= hidden / 200


def test_a_single_table_is_hidden_as_if_there_were_no_others():
    pairs = [("a", "x")] * 20 + [("b", "x")] * 2 + [(None, "y")] * 30 + [("a", "y")] * 9
    facts = [{"g": group, "m": mode} for group, mode in pairs]
    plan = Plan("c", "people", axis("g", ("a", "b")), axis("m", ("x", "y")), ("n",))

    (table,) = linked.tables(facts, [plan])

    assert table.cells[1][0] == Cell(None, FEWER)
    assert table.total == table.base == Cell(61)
    assert table.notes == ("n",)
    assert table.rows.keys == ("a", "b", "not_stated")


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None, "z"]), st.sampled_from(["x", None]))))
def test_everybody_is_in_a_table_and_who_did_not_say_has_a_row(pairs):
    facts = [{"g": group, "m": mode} for group, mode in pairs]
    groups, modes = axis("g", ("a", "b")), axis("m", ("x",))
    table, one = linked.tables(facts, [Plan("t", "p", groups, modes), Plan("l", "p", groups)])

    assert table.rows.keys == one.rows.keys == ("a", "b", "not_stated")
    assert table.columns.keys == ("x", "not_stated")
    assert one.columns is None
    assert table.base == table.total == one.base
    assert table.base == (Cell(len(pairs)) if len(pairs) >= 5 else Cell(None, FEWER))
    shown = [cell.value for row in table.cells for cell in row if cell.hidden is None]
    assert sum(shown) <= len(pairs)
    assert all(value >= 5 for value in shown)


def test_nobody_is_left_out_of_a_table_nor_put_elsewhere():
    pairs = [("a", "x")] * 20 + [("b", "x")] * 7 + [("no such", "x")] * 6
    pairs += [("a", "y")] * 9 + [("b", "y")] * 8 + [(None, "y")] * 30
    pairs += [("a", None)] * 5 + [("b", "no such")] * 6 + [(None, None)] * 11
    facts = [{"g": group, "m": mode} for group, mode in pairs]
    plans = [Plan("c", "people", axis("g", ("a", "b")), axis("m", ("x", "y")))]
    (table,) = linked.tables(facts, plans)

    assert [[cell.value for cell in row] for row in table.cells] == [
        [20, 9, 5],
        [7, 8, 6],
        [6, 30, 11],
    ]
    assert [cell.value for cell in table.row_totals] == [34, 21, 47]
    assert [cell.value for cell in table.column_totals] == [33, 47, 22]
    assert table.total == Cell(102)


def test_sides_on_which_nothing_is_unstated_have_no_such_row_and_other_figures_stay():
    modes = axis("mode", ("on_site", "online"))
    groups = axis("group", ("government", "media"))
    pairs = [("government", "on_site")] * 7 + [("media", "online")] * 8 + [(None, "online")] * 6
    pairs += [("government", "online")] * 9 + [("media", "on_site")] * 5 + [(None, "on_site")] * 5
    facts = [{"group": group, "mode": mode} for group, mode in pairs]
    plans = [Plan("c", "people", groups, modes)]

    (known,) = linked.tables(facts, plans, known=("mode",))
    (unknown,) = linked.tables(facts, plans)

    assert known.columns.keys == ("on_site", "online")
    assert known.rows.keys == ("government", "media", "not_stated")
    assert [[cell.value for cell in row] for row in known.cells] == [[7, 9], [5, 8], [5, 6]]
    assert "not_stated" in unknown.columns.keys
    assert any(cell.hidden == WITHHELD for row in unknown.cells for cell in row)


def test_a_known_side_takes_no_key_that_it_lacks():
    plans = [Plan("c", "things", axis("kind", ("idea", "note")))]

    (found,) = linked.tables(
        [{"kind": "idea"}] * 6 + [{"kind": "note"}] * 9, plans, known=("kind",)
    )

    assert found.rows.keys == ("idea", "note")
    assert [row[0].value for row in found.cells] == [6, 9]
    with pytest.raises(KeyError):
        linked.tables([{"kind": "gone"}], plans, known=("kind",))


def test_without_any_facts_everything_is_fewer():
    groups, kinds = axis("g", ("a",)), axis("kind", ())

    for table in linked.tables(
        [], [Plan("t", "x", groups, kinds), Plan("l", "x", kinds)], ("kind",)
    ):
        assert {cell.hidden for cell in cells_of(table).values()} == {FEWER}
