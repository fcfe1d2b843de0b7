"""Small cells: figures under five are hidden, and so much beside them that none can be computed.

What a reader knows: the figures shown, that *fewer* stands for 0 to 4 and *withheld* for 5 or
more, and that totals are sums. The rule: with all that, every hidden figure, totals included, can
still be at least two different numbers. Hidden pairs whose sum tells them (8 is 4 + 4) break it.

A table with its totals is a network: rows and columns are nodes, figures are arcs, and what goes
into a node comes out of it. A hidden figure can be another number exactly if some loop of hidden
figures through it can be turned by one; where there is none, the cheapest loop is hidden as well
(inner figures before totals, small before large). Turning loops more only opens more, so hiding
never takes back what another figure already had.

If even that leaves a figure that can be computed, the table is withheld whole, but for its base:
then a hidden figure may be any number. Known limit: a reader who replays this very method can
sometimes exclude tables for which it would have hidden less; no method of hiding cells is free of
that, and tables made of the same people are looked at one by one.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.document import Axis, Cell, Figures, Words

FEWEST = 5
FEWER, WITHHELD = "fewer", "withheld"
NOT_STATED = "not_stated"
NO_LIMIT = 2**62
COST_OF_TOTAL = 10**9  # a total tells more than any inner figure
COST_OF_BASE = None  # never hidden to protect another
Place = tuple[int, int]  # row and column; -1 is the total


@dataclass
class Arc:
    """One figure of a table, from one node to another, and what a reader knows of it."""

    start: str
    end: str
    value: int
    cost: int | None
    hidden: str | None = None

    @property
    def limits(self) -> tuple[int, int]:
        """The least and the most it can be for all that a reader knows, hidden as it is or as it
        would be."""
        return (0, FEWEST - 1) if self.hidden == FEWER else (FEWEST, NO_LIMIT)


def hide(cells: Sequence[Sequence[int]], *, two_sided: bool = True) -> dict[Place, str]:
    """Return what is hidden of a table and why, by place: (row, column), -1 being the total.

    ``cells`` are the inner figures; totals are their sums. A one-sided table (a list with a total)
    has one column, and no totals but (-1, -1). A base under five hides everything.
    """
    arcs = network(cells, two_sided=two_sided)
    for arc in arcs.values():
        arc.hidden = FEWER if arc.value < FEWEST else None
    for place in sorted(arcs):
        if arcs[place].hidden is None or is_open(place, arcs):
            continue
        loop = cheapest_loop(place, arcs)
        if loop is None:
            return dict.fromkeys(set(arcs) - the_base(cells), WITHHELD)
        for other in loop:
            arcs[other].hidden = arcs[other].hidden or WITHHELD
    return {place: arc.hidden for place, arc in arcs.items() if arc.hidden}


def the_base(cells: Sequence[Sequence[int]]) -> set[Place]:
    """Return the places of the base: the total, and that of an only row or column beside it."""
    only_row = {(0, -1)} if len(cells) == 1 else set()
    only_column = {(-1, 0)} if len(cells[0]) == 1 else set()
    return {(-1, -1)} | only_row | only_column


def network(cells: Sequence[Sequence[int]], *, two_sided: bool) -> dict[Place, Arc]:
    """Return the figures of a table as arcs between its rows and columns, by place."""
    base = sum(map(sum, cells))
    arcs = {(-1, -1): Arc("columns", "rows", base, COST_OF_BASE)}
    for row, values in enumerate(cells):
        if not two_sided:
            arcs[row, 0] = Arc("rows", "columns", values[0], 1 + values[0])
            continue
        arcs[row, -1] = Arc("rows", f"row {row}", sum(values), COST_OF_TOTAL)
        for column, value in enumerate(values):
            arcs[row, column] = Arc(f"row {row}", f"column {column}", value, 1 + value)
    if two_sided and cells:
        for column, values in enumerate(zip(*cells, strict=True)):
            arcs[-1, column] = Arc(f"column {column}", "columns", sum(values), COST_OF_TOTAL)
    return arcs


def is_open(place: Place, arcs: Mapping[Place, Arc]) -> bool:
    """Say whether a hidden figure can be another number for all that a reader knows."""
    return cheapest_loop(place, {key: arc for key, arc in arcs.items() if arc.hidden}) == []


def cheapest_loop(place: Place, arcs: Mapping[Place, Arc]) -> list[Place] | None:
    """Return the figures still to be hidden so that a hidden one can be another number.

    An empty list says that it can be already, ``None`` that nothing helps.
    """
    arc = arcs[place]
    low, high = arc.limits
    ways = []
    if arc.value < high:
        ways.append(cheapest_way(arc.end, arc.start, place, arcs))
    if arc.value > low:
        ways.append(cheapest_way(arc.start, arc.end, place, arcs))
    return min(
        (way for way in ways if way is not None), default=(NO_LIMIT, None), key=lambda way: way[0]
    )[1]


def cheapest_way(
    start: str, end: str, without: Place, arcs: Mapping[Place, Arc]
) -> tuple[int, list[Place]] | None:
    """Return cost and figures to be hidden of the cheapest way from one node to another.

    A figure is passed forwards where it can be one more, backwards where it can be one less; one
    that is shown must be hidden first, as *withheld*.
    """
    steps = steps_by_node(without, arcs)
    heap: list[tuple[int, int, str, tuple[Place, ...]]] = [(0, 0, start, ())]
    done: set[str] = set()
    while heap:
        cost, length, node, path = heapq.heappop(heap)
        if node == end:
            return cost, list(path)
        if node in done:
            continue
        done.add(node)
        for target, place, price in steps.get(node, ()):
            if target not in done:
                extended = (*path, place) if price else path
                heapq.heappush(heap, (cost + price, length + 1, target, extended))
    return None


def steps_by_node(
    without: Place, arcs: Mapping[Place, Arc]
) -> dict[str, list[tuple[str, Place, int]]]:
    """Return where one can go from each node: to which, over which figure, at what cost."""
    steps: dict[str, list[tuple[str, Place, int]]] = {}
    for place, arc in arcs.items():
        price = 0 if arc.hidden else arc.cost
        if place == without or price is None:
            continue
        low, high = arc.limits
        if arc.value < high:
            steps.setdefault(arc.start, []).append((arc.end, place, price))
        if arc.value > low:
            steps.setdefault(arc.end, []).append((arc.start, place, price))
    return steps


def cell(value: int, hidden: str | None) -> Cell:
    """Return a figure as everybody gets it: its number, or why there is none."""
    return Cell(None, hidden) if hidden else Cell(value)


def figure(value: int) -> Cell:
    """Return a figure that stands alone and is in no table."""
    return cell(value, FEWER if value < FEWEST else None)


def cross(
    code: str,
    unit: str,
    pairs: Iterable[tuple[str | None, str | None]],
    rows: Axis,
    columns: Axis,
    notes: tuple[str, ...] = (),
    known: Collection[str] = (),
) -> Figures:
    """Return the table of (row, column) of everybody or everything counted, small cells hidden.

    ``None`` and keys that an axis lacks are *not stated*, a row or column of its own which is
    always there; nothing is left out and nothing redistributed. ``known`` names the axes on which
    nobody can leave anything unstated (a mode, a session): those have no such row or column, whose
    zeros would only hide other figures. There a key that the axis lacks is a `KeyError`.
    """
    rows, columns = (
        each if each.name in known and each.keys else with_not_stated(each)
        for each in (rows, columns)
    )
    at_row, at_column = places(rows), places(columns)
    cells = [[0] * len(columns.keys) for _ in rows.keys]
    for row, column in pairs:
        cells[at_row(row)][at_column(column)] += 1
    hidden = hide(cells)
    total = cell(sum(map(sum, cells)), hidden.get((-1, -1)))
    return Figures(
        code,
        unit,
        rows,
        tuple(
            tuple(cell(value, hidden.get((row, column))) for column, value in enumerate(values))
            for row, values in enumerate(cells)
        ),
        total,
        columns,
        tuple(cell(sum(values), hidden.get((row, -1))) for row, values in enumerate(cells)),
        tuple(
            cell(sum(values), hidden.get((-1, column)))
            for column, values in enumerate(zip(*cells, strict=True))
        ),
        total,
        notes,
    )


def places(axis: Axis) -> Callable[[str | None], int]:
    """Return what says at which place of an axis a key stands, *not stated* where it has that."""
    at: dict[str | None, int] = {key: place for place, key in enumerate(axis.keys)}

    def place(key: str | None) -> int:
        return at[key] if key in at or NOT_STATED not in at else at[NOT_STATED]

    return place


def tally(
    code: str,
    unit: str,
    keys: Iterable[str | None],
    rows: Axis,
    notes: tuple[str, ...] = (),
    known: Collection[str] = (),
) -> Figures:
    """Return the one-sided table of the keys of everybody or everything counted.

    ``known`` as in `cross`.
    """
    rows = rows if rows.name in known and rows.keys else with_not_stated(rows)
    at, counts = places(rows), dict.fromkeys(rows.keys, 0)
    for key in keys:
        counts[rows.keys[at(key)]] += 1
    hidden = hide([[value] for value in counts.values()], two_sided=False)
    total = cell(sum(counts.values()), hidden.get((-1, -1)))
    cells = tuple((cell(value, hidden.get((row, 0))),) for row, value in enumerate(counts.values()))
    return Figures(code, unit, rows, cells, total, base=total, notes=notes)


def with_not_stated(axis: Axis) -> Axis:
    """Return the axis with *not stated* among its keys, last unless it has a place already."""
    return axis if NOT_STATED in axis.keys else replace(axis, keys=(*axis.keys, NOT_STATED))


def axis(name: str, keys: Iterable[str], words: Mapping[str, Words] | None = None) -> Axis:
    """Return one side of a table."""
    return Axis(name, tuple(keys), dict(words or {}))
