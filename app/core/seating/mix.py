"""The mix of groups, regions and genders at the tables, made better without a repeat more.

The cost is Σ weight·(count·crowd − size·total)² over rounds, tables and values; ``need`` of a cell
(a table in a round) is half its slope, so a swap is judged by a few look-ups. Two moves: two people
trade seats in one round, where that brings nobody together again; two people trade all their
seats, which changes nothing about who meets how often. First downhill with small steps uphill,
fewer and fewer (threshold accepting), and the best is kept.
"""

from __future__ import annotations

from app.core.seating.anneal import copy, restore
from app.core.seating.chance import INCREMENT, MASK, MULTIPLIER, Chance
from app.core.seating.meetings import Meetings

STAGES = 30
WARM = 250  # thousandths of the heaviest gain: how much worse a swap may be at first
TIGHT = 60  # guests: in a room so small few swaps bring nobody together again, so people trade


class Mix:
    """What each cell needs, and the cost; kept up to date at every swap."""

    def __init__(self, meetings: Meetings) -> None:
        self.meetings, self.room = meetings, meetings.room
        self.singles = meetings.singles
        apart = {person for pair in self.room.apart for person in pair}
        self.traders = [each for each in self.singles if each not in apart]
        self.cost, self.need = self._needs()

    def _needs(self) -> tuple[int, list[list[list[int]]]]:
        """Return the cost, and half its slope as round → table → value."""
        room, cost = self.room, 0
        needs: list[list[list[int]]] = []
        weights = [gain // room.crowd for gain in room.gains]
        for rows in self.meetings.rows:
            needs.append([])
            for people in rows:
                counts = [0] * len(weights)
                for person in people:
                    for value in room.values[person]:
                        counts[value] += 1
                off = [
                    room.crowd * count - len(people) * total
                    for count, total in zip(counts, room.totals, strict=True)
                ]
                needs[-1].append([w * each for w, each in zip(weights, off, strict=True)])
                cost += sum(w * each * each for w, each in zip(weights, off, strict=True))
        return cost, needs

    def improve(self, proposals: int, chance: Chance) -> None:
        """Propose so many swaps; leave the best that was seen."""
        meetings = self.meetings
        best, kept = (meetings.cost, self.cost), copy(meetings)
        limit = WARM * max(self.room.gains) // 1_000
        tight = len(self.singles) <= TIGHT
        for stage in range(STAGES):
            dare = limit * (STAGES - 1 - stage) // (STAGES - 1)
            if tight:
                self.trades(proposals // STAGES // 2, dare, chance)
            self.swaps(proposals // STAGES // (1 + tight), dare, chance)
            if (meetings.cost, self.cost) < best:
                best, kept = (meetings.cost, self.cost), copy(meetings)
        restore(meetings, kept)
        self.cost, self.need = self._needs()

    def swaps(self, proposals: int, limit: int, chance: Chance) -> None:
        """Propose swaps in one round; take those at most ``limit`` worse and without a repeat."""
        meetings, need, singles = self.meetings, self.need, self.singles
        values, gains, allowed = self.room.values, self.room.gains, self.room.allowed
        count, rounds, state = len(singles), meetings.rounds, chance.state
        if count < 2:
            return
        for _ in range(proposals):
            state = (state * MULTIPLIER + INCREMENT) & MASK
            i, j = singles[(state >> 42) % count], singles[(state >> 20 & 0x3FFFFF) % count]
            mine, theirs = values[i], values[j]
            if mine == theirs:
                continue
            number = (state >> 10 & 0x3FF) % rounds
            at = meetings.seats[number]
            here, there = at[i], at[j]
            if here == there:
                continue
            need_here, need_there = need[number][here], need[number][there]
            worse = 0
            for v, w in zip(mine, theirs):  # noqa: B905 - strict costs a tenth of the time here
                if v != w:
                    worse += (
                        need_here[w]
                        - need_here[v]
                        + need_there[v]
                        - need_there[w]
                        + gains[v]
                        + gains[w]
                    )
            if worse > limit:
                continue
            if not (allowed[i] >> there & allowed[j] >> here & 1):
                continue
            back, again = meetings.price(number, i, j)
            if (back, again) > (0, 0):
                continue
            meetings.trade(number, i, j, back, again)
            self._shift(need_here, mine, theirs)
            self._shift(need_there, theirs, mine)
            self.cost += 2 * self.room.crowd * worse
        chance.state = state

    def trades(self, proposals: int, limit: int, chance: Chance) -> None:
        """Propose that two trade all their seats; take what is worse by at most ``limit``."""
        meetings, room, traders = self.meetings, self.room, self.traders
        values, allowed = room.values, room.allowed
        if len(traders) < 2:
            return
        for _ in range(proposals):
            i, j = traders[chance.below(len(traders))], traders[chance.below(len(traders))]
            if values[i] == values[j]:
                continue
            ways = [
                (number, at[i], at[j]) for number, at in enumerate(meetings.seats) if at[i] != at[j]
            ]
            if sum(self._worse(*way, values[i], values[j]) for way in ways) > limit:
                continue
            if not all(allowed[i] >> there & allowed[j] >> here & 1 for _, here, there in ways):
                continue
            for number, here, there in ways:
                self.cost += 2 * room.crowd * self._worse(number, here, there, values[i], values[j])
                meetings.move(number, i, there)
                meetings.move(number, j, here)
                self._shift(self.need[number][here], values[i], values[j])
                self._shift(self.need[number][there], values[j], values[i])

    def _worse(self, number: int, here: int, there: int, mine, theirs) -> int:
        """Return how much worse it gets (in 2 · crowd) when these values change places."""
        need_here, need_there = self.need[number][here], self.need[number][there]
        gains = self.room.gains
        return sum(
            need_here[w] - need_here[v] + need_there[v] - need_there[w] + gains[v] + gains[w]
            for v, w in zip(mine, theirs, strict=True)
            if v != w
        )

    def _shift(self, need: list[int], gone: tuple[int, ...], come: tuple[int, ...]) -> None:
        """Keep ``need`` of a cell up to date: these values left, those came."""
        for v, w in zip(gone, come, strict=True):
            need[v] -= self.room.gains[v]
            need[w] += self.room.gains[w]
