"""Witnesses: other facts that would have printed the very same tables but for one hidden figure.

A witness takes some facts and turns one of their sides: this contribution by media was by academia,
that one the other way round. What is counted without that side stays as it is, in every table. So
it is a loop: a key of the side gains what the one before it lost, and loses something else; the two
must look alike in every table, or the figures in which they differ must be hidden. Or one fact
alone is turned, on as many sides as it takes, where all figures that change by it are hidden.

Known limit: loops turn one side at a time, so now and then a figure more than needed is hidden
(`tests/core/test_linked.py` counts them).
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.core.document import Axis
from app.core.statistics import (
    COST_OF_TOTAL,
    FEWER,
    FEWEST,
    NO_LIMIT,
    WITHHELD,
    Place,
    Plan,
    hide,
)

Key = frozenset[tuple[str, str]]  # a quantity: how many facts have these keys on these sides
Rest = tuple[str, ...]  # the keys of a fact on the sides that meet the one that is turned
Node = tuple[str, str, Rest]
Witness = tuple[int, frozenset[Key]]  # what it costs to hide what it changes, and that
BASE: Key = frozenset()
GAINS, LOSES = "gains", "loses"
OUTSIDE: Node = ("outside", "", ())  # from where a total grows and to where it shrinks


@dataclass
class Known:
    """What a reader knows of all tables made of the same facts: those, and what is hidden.

    ``values`` is how many each quantity is, ``printed_in`` the tables (their numbers) that print
    it. ``whole`` are the tables withheld whole: of a figure that stands in no other nothing is
    known.
    """

    sides: Mapping[str, Axis]
    plans: Sequence[Plan]
    facts: Sequence[Mapping[str, str]]
    values: dict[Key, int] = field(default_factory=dict)
    printed_in: dict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))
    hidden: set[Key] = field(default_factory=set)
    whole: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Count, and hide each table by itself."""
        for number, plan in enumerate(self.plans):
            cells = self.cells(plan)
            true = sums(cells, two_sided=plan.columns is not None)
            for place, value in true.items():
                self.values[self.key(plan, place)] = value
                self.printed_in[self.key(plan, place)].add(number)
            found = hide(cells, two_sided=plan.columns is not None)
            self.hidden |= {self.key(plan, place) for place in found}
            if any(why == WITHHELD and true[place] < FEWEST for place, why in found.items()):
                self.whole.add(number)
        distinct = sorted({tuple(sorted(each.items())) for each in self.facts})
        self.kinds = [dict(each) for each in distinct]
        self.turnings = {name: Turning(self, name) for name in self.sides}

    def cells(self, plan: Plan) -> list[list[int]]:
        """Return the inner figures of a table."""
        counts = Counter(tuple(each[side.name] for side in plan.sides) for each in self.facts)
        rows = self.sides[plan.rows.name].keys
        if plan.columns is None:
            return [[counts[(row,)]] for row in rows]
        columns = self.sides[plan.columns.name].keys
        return [[counts[row, column] for column in columns] for row in rows]

    def key(self, plan: Plan, place: Place) -> Key:
        """Return which quantity stands at a place of a table."""
        named = zip(plan.sides, place, strict=False)
        found = (
            self.of(side.name, self.sides[side.name].keys[at]) for side, at in named if at >= 0
        )
        return BASE.union(*found)

    def of(self, side: str, key: str) -> Key:
        """Return the total of one key of a side. An only key says nothing: who is counted under it
        is everybody."""
        return frozenset({(side, key)}) if len(self.sides[side].keys) > 1 else BASE

    def why(self, key: Key) -> str | None:
        """Return why a figure is hidden; ``None`` where it is shown."""
        if key not in self.hidden:
            return None
        return FEWER if self.values[key] < FEWEST and not self.is_free(key) else WITHHELD

    def is_free(self, key: Key) -> bool:
        """Say whether a hidden figure could be any number: all that would print it is withheld."""
        return key in self.hidden and self.printed_in[key] <= self.whole

    def is_possible(self, key: Key, value: int) -> bool:
        """Say whether a figure that is hidden could be ``value`` for all that a reader knows."""
        if self.is_free(key):
            return value >= 0
        return 0 <= value < FEWEST if self.values[key] < FEWEST else value >= FEWEST

    def price(self, key: Key, step: int) -> int | None:
        """Return the price of a figure being one more or one less than it is: nothing where it is
        hidden; ``None`` where a reader would see it."""
        if key == BASE or not self.is_possible(key, self.values[key] + step):
            return None
        if key in self.hidden:
            return 0
        return COST_OF_TOTAL if len(key) < 2 else 1 + self.values[key]

    def price_of(self, changed: Mapping[Key, int]) -> int | None:
        """Return what it costs to hide what changes; ``None`` where that is impossible."""
        whole = 0
        for key, step in changed.items():
            price = self.price(key, step)
            if price is None:
                return None
            whole += price
        return whole

    def witness(self, key: Key) -> frozenset[Key] | None:
        """Return the figures that the cheapest witness of a hidden one changes, itself among them;
        those shown are to be hidden. ``None`` says that there is none."""
        for limit in (0, NO_LIMIT):
            found: list[Witness] = []
            for side, _key in sorted(key):
                found += [] if limit == 0 and found else self.turnings[side].loops(key, limit)
            found += [] if limit == 0 and found else self.alone(key, limit)
            if found:
                return min(found, key=lambda each: (each[0], sorted(map(sorted, each[1]))))[1]
        return None

    def alone(self, key: Key, limit: int) -> Iterator[Witness]:
        """Yield where one fact alone comes to be counted in a figure."""
        for fact in self.kinds:
            changed = changes(self.counting({**fact, **dict(key)}), self.counting(fact))
            cost = self.price_of(changed)
            if changed.get(key) and cost is not None and cost <= limit:
                yield cost, frozenset(changed)
                if cost == 0:
                    return

    def counting(self, fact: Mapping[str, str]) -> set[Key]:
        """Return the figures in which a fact is counted."""
        found = {BASE}
        for plan in self.plans:
            totals = [self.of(side.name, fact[side.name]) for side in plan.sides]
            found |= {*totals, BASE.union(*totals)}
        return found


def sums(cells: Sequence[Sequence[int]], *, two_sided: bool) -> dict[Place, int]:
    """Return every figure of a table by its place; -1 is a total."""
    found = {(r, c): value for r, row in enumerate(cells) for c, value in enumerate(row)}
    if two_sided:
        found |= {(r, -1): sum(row) for r, row in enumerate(cells)}
        found |= {(-1, c): sum(column) for c, column in enumerate(zip(*cells, strict=True))}
    return found | {(-1, -1): sum(map(sum, cells))}


def changes(one: set[Key], other: set[Key]) -> dict[Key, int]:
    """Return by how much which figures change where ``one`` grow and ``other`` shrink."""
    return dict.fromkeys(one - other, 1) | dict.fromkeys(other - one, -1)


class Turning:
    """The loops of one side: facts change their key on it and nothing else."""

    def __init__(self, known: Known, side: str) -> None:
        """Sort the facts by their key on ``side``, and by what else its tables say of them."""
        self.known, self.side = known, side
        self.ways: dict[Node, list[tuple[int, Node]]] = {}  # while the same figures are hidden
        self.hiding = (0, 0)
        self.counted: dict[tuple[str, Rest], set[Key]] = {}
        self.partners = sorted(
            {
                other.name
                for plan in known.plans
                if side in {each.name for each in plan.sides}
                for other in plan.sides
                if other.name != side
            }
        )
        self.held: dict[str, set[Rest]] = {key: set() for key in known.sides[side].keys}
        for fact in known.facts:
            self.held[fact[side]].add(tuple(fact[name] for name in self.partners))

    def loops(self, key: Key, limit: int) -> Iterator[Witness]:
        """Yield the cheapest loop through a figure for each way of beginning; one for nothing is
        the last."""
        hiding = len(self.known.hidden), len(self.known.whole)
        if hiding != self.hiding:
            self.ways, self.hiding = {}, hiding
        at = dict(key)[self.side]
        for start in (OUTSIDE, *((LOSES, at, rest) for rest in sorted(self.held[at]))):
            found = self.loop(key, start, limit)
            if found is not None:
                yield found
                if found[0] == 0:
                    return

    def loop(self, key: Key, start: Node, limit: int) -> Witness | None:
        """Return the cheapest loop from ``start`` back to it whose last step changes a figure."""
        heap: list[tuple[int, int, Node, tuple[Node, ...]]] = [(0, 0, start, (start,))]
        done: set[Node] = set()
        while heap:
            price, length, node, path = heapq.heappop(heap)
            if node in done:
                continue
            done.add(node)
            changed = self.changes(node, start) if node[0] == GAINS else {}
            last = self.known.price_of(changed) if key in changed else None
            if last is not None and price + last <= limit:
                found = self.witness(key, (*path, start))
                if found is not None:
                    return price + last, found
            for step, target in self.following(node):
                if price + step > limit:
                    break
                if target not in done:
                    heapq.heappush(heap, (price + step, length + 1, target, (*path, target)))
        return None

    def following(self, node: Node) -> list[tuple[int, Node]]:
        """Return where one can go from a node, for how much, the cheapest first: what a key loses
        another gains; whoever gains loses something, or its total grows."""
        if node not in self.ways:
            what, at, rest = node
            targets: list[Node]
            if what == LOSES:
                targets = [(GAINS, other, rest) for other in self.held if other != at]
            elif what == GAINS:
                targets = [*((LOSES, at, r) for r in self.held[at] if r != rest), OUTSIDE]
            else:
                targets = [(LOSES, key, r) for key, held in self.held.items() for r in held]
            priced = ((self.known.price_of(self.changes(node, each)), each) for each in targets)
            self.ways[node] = sorted((cost, each) for cost, each in priced if cost is not None)
        return self.ways[node]

    def changes(self, node: Node, target: Node) -> dict[Key, int]:
        """Return by how much which figures change from a node to the next."""
        if node[0] == LOSES:
            return {}
        one = self.figures(*node[1:]) if node[0] == GAINS else set()
        other = self.figures(*target[1:]) if target[0] == LOSES else set()
        return changes(one, other)

    def figures(self, at: str, rest: Rest) -> set[Key]:
        """Return the figures in which a fact under a key of the side is counted."""
        if (at, rest) not in self.counted:
            total, of = self.known.of(self.side, at), self.known.of
            partners = zip(self.partners, rest, strict=True)
            self.counted[at, rest] = {total} | {total | of(name, key) for name, key in partners}
        return self.counted[at, rest]

    def witness(self, key: Key, path: Sequence[Node]) -> frozenset[Key] | None:
        """Return what a loop changes, or ``None`` where, all in all, it is no witness: the figure
        stays as it is, or one that is passed twice becomes impossible."""
        net: Counter[Key] = Counter()
        for node, target in pairwise(path):
            net.update(self.changes(node, target))
        changed = {each: step for each, step in net.items() if step}
        possible = (
            self.known.is_possible(each, self.known.values[each] + step)
            for each, step in changed.items()
        )
        return frozenset(changed) if key in changed and all(possible) else None
