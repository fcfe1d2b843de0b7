"""All rounds of a room with their revisits and repeats, kept up to date move by move."""

from __future__ import annotations

from app.core.seating.problem import Policy
from app.core.seating.rooms import Room

APART = 1_000_000  # what one meeting of two who must stay apart weighs, against one repeat

Seats = list[list[int]]  # round → person → table
Cost = tuple[int, int, int]  # meetings of those apart, revisits, repeats


class Meetings:
    """All rounds of one room, with what they cost, kept up to date at every move."""

    def __init__(self, room: Room, seats: Seats, policy: Policy) -> None:
        self.room = room
        self.rounds = len(seats)
        self.enter, self.leave = prices(self.rounds, policy)
        grouped = room.grouped
        self.singles = [each for each in room.guests if each not in grouped]
        self.single_set = set(self.singles)
        count = len(room.ids)
        self.met = [bytearray(count) for _ in range(count)]
        for one, other in room.apart:
            self.met[one][other] = self.met[other][one] = self.rounds + 1
        self.visits = [[0] * len(room.tables) for _ in range(count)]
        self.seats = [[-1] * count for _ in seats]
        self.rows: list[list[list[int]]] = [[[] for _ in room.tables] for _ in seats]
        self.revisits = self.repeats = 0  # repeats with APART for each meeting of those
        for number, at in enumerate(seats):
            for person, table in enumerate(at):
                self.sit(number, person, table)

    @property
    def cost(self) -> Cost:
        """What is to be least, in this order: meetings of those apart, revisits, repeats."""
        forbidden, repeats = divmod(self.repeats, APART)
        return forbidden, self.revisits, repeats

    def sit(self, number: int, person: int, table: int) -> None:
        """Put ``person`` down at ``table``."""
        met, enter = self.met[person], self.enter
        for other in self.rows[number][table]:
            self.repeats += enter[met[other]]
            met[other] += 1
            self.met[other][person] += 1
        self.rows[number][table].append(person)
        self.seats[number][person] = table
        if person not in self.room.tied:
            self.revisits += self.visits[person][table] > 0
            self.visits[person][table] += 1

    def rise(self, number: int, person: int) -> None:
        """Take ``person`` from their table."""
        table = self.seats[number][person]
        row, met = self.rows[number][table], self.met[person]
        row.remove(person)
        for other in row:
            self.repeats -= self.leave[met[other]]
            met[other] -= 1
            self.met[other][person] -= 1
        if person not in self.room.tied:
            self.visits[person][table] -= 1
            self.revisits -= self.visits[person][table] > 0

    def move(self, number: int, person: int, table: int) -> None:
        """Seat ``person`` at another table."""
        self.rise(number, person)
        self.sit(number, person, table)

    def price(self, number: int, i: int, j: int) -> tuple[int, int]:
        """Return the revisits and repeats it adds when two guests at different tables trade."""
        at, enter, leave = self.seats[number], self.enter, self.leave
        here, there = at[i], at[j]
        met_i, met_j, of_i, of_j = self.met[i], self.met[j], self.visits[i], self.visits[j]
        back = (of_i[there] > 0) - (of_i[here] > 1) + (of_j[here] > 0) - (of_j[there] > 1)
        again = -2 * enter[met_i[j]]  # the two themselves, counted once at each table below
        for other in self.rows[number][here]:
            again += enter[met_j[other]] - leave[met_i[other]]
        for other in self.rows[number][there]:
            again += enter[met_i[other]] - leave[met_j[other]]
        return back, again

    def trade(self, number: int, i: int, j: int, back: int, again: int) -> None:
        """Let two guests at different tables trade seats.

        ``back`` and ``again`` are the revisits and repeats this adds: the searches worked them
        out before they decided.
        """
        at, met, visits = self.seats[number], self.met, self.visits
        here, there = at[i], at[j]
        for one, other, table in ((i, j, here), (j, i, there)):
            row, met_one, met_other = self.rows[number][table], met[one], met[other]
            row.remove(one)
            for each in row:
                met_one[each] -= 1
                met_other[each] += 1
                met_each = met[each]
                met_each[one] -= 1
                met_each[other] += 1
            row.append(other)
            visits[one][table] -= 1
            visits[other][table] += 1
        at[i], at[j] = there, here
        self.revisits += back
        self.repeats += again


def prices(rounds: int, policy: Policy) -> tuple[list[int], list[int]]:
    """Return what a meeting costs, and what its end gives back, by how often a pair met before.

    Those apart are counted from ``rounds`` + 1 on, so that their every meeting is dear.
    """
    enter = [before if policy is Policy.FAIR else min(before, 1) for before in range(rounds + 1)]
    enter += [APART + price for price in enter]
    return enter, [0, *enter]
