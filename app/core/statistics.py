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
that. This module looks at one table; `linked` at those that are made of the same facts.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.document import Axis, Cell, Words

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


@dataclass(frozen=True)
class Plan:
    """One table to be printed: its name, what is counted, its sides, its notes.

    Without ``columns`` it is a list with its total.
    """

    code: str
    unit: str
    rows: Axis
    columns: Axis | None = None
    notes: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[Axis, ...]:
        """Its one or two sides."""
        return (self.rows,) if self.columns is None else (self.rows, self.columns)


def cell(value: int, hidden: str | None) -> Cell:
    """Return a figure as everybody gets it: its number, or why there is none."""
    return Cell(None, hidden) if hidden else Cell(value)


def figure(value: int) -> Cell:
    """Return a figure that stands alone and is in no table."""
    return cell(value, FEWER if value < FEWEST else None)


def with_not_stated(axis: Axis) -> Axis:
    """Return the axis with *not stated* among its keys, last unless it has a place already."""
    return axis if NOT_STATED in axis.keys else replace(axis, keys=(*axis.keys, NOT_STATED))


def axis(name: str, keys: Iterable[str], words: Mapping[str, Words] | None = None) -> Axis:
    """Return one side of a table."""
    return Axis(name, tuple(keys), dict(words or {}))
