"""Whether everybody finds a chair in one round: augmenting paths, and who is in the way if not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Chairs:
    """One round being filled. People and tables are indices; where one may sit is a bit mask.

    ``at`` is person → table or -1. Those in ``tied`` (hosts, groups that stay together) keep
    their chair when others move to make room.
    """

    def __init__(self, allowed: Sequence[int], most: Sequence[int]) -> None:
        self.allowed = list(allowed)
        self.most = list(most)
        self.at = [-1] * len(allowed)
        self.sitting: list[list[int]] = [[] for _ in most]
        self.tied: set[int] = set()

    def free(self, table: int) -> int:
        """Return the free chairs of ``table``; negative when it was made smaller."""
        return self.most[table] - len(self.sitting[table])

    def sit(self, person: int, table: int) -> None:
        """Put ``person`` down at ``table``, from wherever they sat."""
        self.rise(person)
        self.at[person] = table
        self.sitting[table].append(person)

    def rise(self, person: int) -> None:
        """Take ``person`` from their table, if they sit at one."""
        if self.at[person] >= 0:
            self.sitting[self.at[person]].remove(person)
            self.at[person] = -1

    def seat(self, person: int, order: Iterable[int]) -> frozenset[int]:
        """Seat ``person``, moving others along where needed; tables are tried in ``order``.

        Return the empty set when it worked. Otherwise the full tables that were reached: all who
        could give up a chair there can sit nowhere else, so no plan has room for them all.
        """
        order = list(order)
        came_from: dict[int, int] = {}  # table → who wants to sit there
        queue = [person]
        for mover in queue:
            for table in order:
                if table in came_from or not self.allowed[mover] >> table & 1:
                    continue
                came_from[table] = mover
                if self.free(table) > 0:
                    self._shift(table, came_from)
                    return frozenset()
                queue += [each for each in self.sitting[table] if each not in self.tied]
        return frozenset(came_from) or frozenset([-1])

    def _shift(self, table: int, came_from: dict[int, int]) -> None:
        """Move everybody along the path that ends at ``table``."""
        while table >= 0:
            mover = came_from[table]
            table, freed = self.at[mover], table
            self.sit(mover, freed)

    def seat_all(self, people: Iterable[int], order: Sequence[int]) -> list[int]:
        """Seat ``people`` one after the other; return those for whom there is no chair.

        Who may sit at the same tables as somebody who found none finds none either.
        """
        left, hopeless = [], set()
        for person in people:
            if self.allowed[person] in hopeless or self.seat(person, order):
                hopeless.add(self.allowed[person])
                left.append(person)
        return left

    def seat_level(
        self, people: Iterable[int], order: Sequence[int], least: Sequence[int]
    ) -> list[int]:
        """Seat ``people`` evenly: first up to what each table wishes (``least``), then row by row.

        Return those for whom there is no chair.
        """
        most, left = self.most, list(people)
        for level in range(min(least, default=0), max(most, default=0) + 1):
            self.most = [
                min(limit, max(wish, level)) for limit, wish in zip(most, least, strict=True)
            ]
            left = self.seat_all(left, order)
            if not left:
                break
        self.most = most
        return left

    def seat_group(self, group: Sequence[int], order: Iterable[int]) -> bool:
        """Seat ``group`` at one table, moving others away where needed; say whether it worked."""
        order = list(order)
        together = -1
        for person in group:
            together &= self.allowed[person]
        for roomy in (True, False):
            for table in order:
                fits = self.free(table) >= len(group)
                if not together >> table & 1 or fits is not roomy:
                    continue
                if roomy or self._make_room(table, len(group), order):
                    for person in group:
                        self.sit(person, table)
                    self.tied |= set(group)
                    return True
        return False

    def _make_room(self, table: int, chairs: int, order: list[int]) -> bool:
        """Free ``chairs`` at ``table`` by seating others elsewhere, or leave all as it was."""
        before, most = self.at.copy(), self.most[table]
        self.most[table] = most - chairs
        movable = [each for each in self.sitting[table] if each not in self.tied]
        while self.free(table) < 0:
            if not movable:
                break
            person = movable.pop()
            self.rise(person)
            if self.seat(person, order):
                self.sit(person, table)
        done = self.free(table) >= 0
        self.most[table] = most
        if not done:
            self.restore(before)
        return done

    def restore(self, at: Sequence[int]) -> None:
        """Put everybody back to where ``at`` says."""
        self.at = list(at)
        self.sitting = [[] for _ in self.most]
        for person, table in enumerate(at):
            if table >= 0:
                self.sitting[table].append(person)

    def in_the_way(self, person: int, order: Iterable[int]) -> list[int]:
        """Return ``person``, for whom there is no chair, and all who need the same chairs."""
        tables = self.seat(person, order)
        return [person] + [
            each
            for table in sorted(tables)
            if table >= 0
            for each in self.sitting[table]
            if each not in self.tied
        ]
