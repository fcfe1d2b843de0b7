"""A plan being mended: who sits where, and from it what a seat costs in revisits and repeats."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from app.core.seating.problem import Plan, Policy, Problem, Situation

Price = tuple[int, int]  # revisits, repeats


class Book:
    """All rounds by id and table number. ``stay`` are, per round, those bound to a table."""

    def __init__(
        self, problem: Problem, plan: Plan, evening: list[Situation], stay: list[set[str]]
    ) -> None:
        self.evening, self.stay = evening, stay
        self.once = problem.policy is Policy.NEW_FACES
        self.apart: dict[str, set[str]] = defaultdict(set)
        for one, other in problem.apart:
            self.apart[one].add(other)
            self.apart[other].add(one)
        self.met: dict[str, Counter[str]] = defaultdict(Counter)
        self.visits: dict[str, Counter[int]] = defaultdict(Counter)
        self.rows: list[dict[int, set[str]]] = [defaultdict(set) for _ in plan.rounds]
        self.at: list[dict[str, int]] = [{} for _ in plan.rounds]
        for number, seats in enumerate(plan.rounds):
            for table, people in seats.items():
                for person in people:
                    self.sit(number, person, table)

    def sit(self, number: int, person: str, table: int) -> None:
        """Put ``person`` down at ``table`` in round ``number`` (from 0)."""
        self.rise(number, person)
        for other in self.rows[number][table]:
            self.met[person][other] += 1
            self.met[other][person] += 1
        self.rows[number][table].add(person)
        self.at[number][person] = table
        if person not in self.stay[number]:
            self.visits[person][table] += 1

    def rise(self, number: int, person: str) -> None:
        """Take ``person`` from their table, if they sit at one."""
        table = self.at[number].pop(person, None)
        if table is None:
            return
        self.rows[number][table].discard(person)
        for other in self.rows[number][table]:
            self.met[person][other] -= 1
            self.met[other][person] -= 1
        if person not in self.stay[number]:
            self.visits[person][table] -= 1

    def size(self, number: int, table: int) -> int:
        """Return how many sit at ``table``."""
        return len(self.rows[number][table])

    def free(self, number: int, table: int) -> int:
        """Return the empty chairs of ``table``."""
        return self.evening[number].tables[table].max - self.size(number, table)

    def is_thin(self, number: int, table: int) -> bool:
        """Say whether fewer sit there than the table wishes."""
        return self.size(number, table) < self.evening[number].tables[table].min

    def clashes(self, number: int, person: str, table: int, without: Iterable[str] = ()) -> bool:
        """Say whether somebody from whom ``person`` is kept apart sits at ``table``."""
        return bool(self.apart[person] & (self.rows[number][table] - set(without)))

    def price(self, number: int, person: str, table: int, without: Iterable[str] = ()) -> Price:
        """Return what it costs that ``person``, who sits nowhere, sits down at ``table``."""
        met, skip = self.met[person], set(without)
        times = [met[other] for other in self.rows[number][table] if other not in skip]
        again = sum(min(each, 1) for each in times) if self.once else sum(times)
        return int(person not in self.stay[number] and self.visits[person][table] > 0), again

    def difference(self, number: int, moves: Mapping[str, int]) -> Price:
        """Return what it would cost to make ``moves`` (person → table); nothing is changed."""
        back = {person: self.at[number][person] for person in moves}
        gain = self._lift(number, back)
        cost = self._drop(number, moves)
        self._lift(number, moves)
        self._drop(number, back)
        return cost[0] - gain[0], cost[1] - gain[1]

    def _lift(self, number: int, people: Iterable[str]) -> Price:
        """Take ``people`` from their tables; return what their seats cost."""
        revisits = repeats = 0
        for person in people:
            table = self.at[number][person]
            self.rise(number, person)
            price = self.price(number, person, table)
            revisits, repeats = revisits + price[0], repeats + price[1]
        return revisits, repeats

    def _drop(self, number: int, moves: Mapping[str, int]) -> Price:
        """Seat people; return what their seats cost."""
        revisits = repeats = 0
        for person, table in moves.items():
            price = self.price(number, person, table)
            self.sit(number, person, table)
            revisits, repeats = revisits + price[0], repeats + price[1]
        return revisits, repeats
