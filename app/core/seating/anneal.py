"""The search for few revisits and repeats: annealing on whole numbers, one move at a time."""

from __future__ import annotations

from app.core.seating.chance import INCREMENT, MASK, MULTIPLIER, Chance
from app.core.seating.meetings import Cost, Meetings

WARM, COLD = 30_000, 1_500  # of 65,536: how likely a move that is worse by one is taken
STAGES = 40
REVISIT = 4  # repeats that a revisit weighs while searching; the best is judged in strict order
PARTIES = 20  # one move of a group, or to an empty chair, for so many swaps


def anneal(meetings: Meetings, proposals: int, chance: Chance, goal: Cost, *, warm: int) -> None:
    """Move people about for so many ``proposals``, and leave the best that was seen.

    It ends early at ``goal``, which nothing can beat. ``warm`` (of 65,536) is how likely a move
    that is worse by one is taken at first.
    """
    best, kept = meetings.cost, copy(meetings)
    for stage in range(STAGES):
        if best <= goal:
            break
        dare = daring(warm + (COLD - warm) * stage // (STAGES - 1))
        steps = proposals // STAGES
        parties(meetings, steps // PARTIES, dare, chance)
        if meetings.cost < best:
            best, kept = meetings.cost, copy(meetings)
        while steps > 0 and best > goal:
            steps = swaps(meetings, steps, dare, best, chance)
            if meetings.cost < best:
                best, kept = meetings.cost, copy(meetings)
    restore(meetings, kept)


def daring(likely: int) -> list[int]:
    """Return how likely (of 65,536) a move is taken that is worse by 0, 1, 2 …"""
    dare = [65_536]
    while dare[-1] > 0:
        dare.append(dare[-1] * likely >> 16)
    return dare


def copy(meetings: Meetings) -> list[list[int]]:
    """Return the seats as they are now."""
    return [at.copy() for at in meetings.seats]


def restore(meetings: Meetings, seats: list[list[int]]) -> None:
    """Put everybody back to ``seats``."""
    for number, at in enumerate(seats):
        for person, table in enumerate(at):
            if meetings.seats[number][person] != table:
                meetings.move(number, person, table)


def swaps(meetings: Meetings, steps: int, dare: list[int], best: Cost, chance: Chance) -> int:
    """Propose that two trade seats in one round, until the cost is less than ``best``.

    Return the steps that are left.
    """
    movable, count, rounds = meetings.singles, len(meetings.singles), meetings.rounds
    if count < 2:
        return 0
    met, visits, allowed = meetings.met, meetings.visits, meetings.room.allowed
    enter, leave, state = meetings.enter, meetings.leave, chance.state
    most_dared = len(dare) - 1
    while steps:
        steps -= 1
        state = (state * MULTIPLIER + INCREMENT) & MASK
        number = (state >> 59) % rounds
        i, j = movable[(state >> 40 & 0x7FFFF) % count], movable[(state >> 20 & 0xFFFFF) % count]
        at = meetings.seats[number]
        here, there = at[i], at[j]
        if here == there or not (allowed[i] >> there & allowed[j] >> here & 1):
            continue
        of_i, of_j = visits[i], visits[j]
        back = (of_i[there] > 0) - (of_i[here] > 1) + (of_j[here] > 0) - (of_j[there] > 1)
        worse = back * REVISIT
        if worse > most_dared:
            continue
        met_i, met_j = met[i], met[j]
        again = -2 * enter[met_i[j]]
        for other in meetings.rows[number][here]:
            again += enter[met_j[other]] - leave[met_i[other]]
        for other in meetings.rows[number][there]:
            again += enter[met_i[other]] - leave[met_j[other]]
        worse += again
        if worse > 0 and (worse > most_dared or dare[worse] <= (state & 0xFFFF)):
            continue
        meetings.trade(number, i, j, back, again)
        if (worse < 0 or back < 0) and meetings.cost < best:
            break
    chance.state = state
    return steps


def parties(meetings: Meetings, steps: int, dare: list[int], chance: Chance) -> None:
    """Propose that a group changes its table, or somebody takes an empty chair."""
    room = meetings.room
    hoppers = [[each] for each in meetings.singles] if sum(room.most) > len(room.ids) else []
    for _ in range(steps):
        several = room.groups if room.groups and (not hoppers or chance.below(2)) else hoppers
        if not several:
            return
        party = several[chance.below(len(several))]
        number, table = chance.below(meetings.rounds), chance.below(len(room.tables))
        moves = (hop if len(party) == 1 else change)(meetings, number, party, table, chance)
        before = meetings.revisits * REVISIT + meetings.repeats
        back = [(person, meetings.seats[number][person]) for person, _ in moves]
        for person, to in moves:
            meetings.move(number, person, to)
        worse = meetings.revisits * REVISIT + meetings.repeats - before
        if worse > 0 and (worse >= len(dare) or dare[worse] <= chance.below(65_536)):
            for person, to in back:
                meetings.move(number, person, to)


def hop(meetings, number, party, table, chance) -> list[tuple[int, int]]:
    """Return the move of one person to an empty chair of a smaller table, or nothing."""
    room, (person,) = meetings.room, party
    here = meetings.seats[number][person]
    size, there = len(meetings.rows[number][here]), len(meetings.rows[number][table])
    if not room.allowed[person] >> table & 1 or there >= min(size, room.most[table]):
        return []
    if size <= room.least[here] and there >= room.least[table]:
        return []
    return [(person, table)]


def change(meetings, number, party, table, chance) -> list[tuple[int, int]]:
    """Return the moves by which a group and as many others change tables, or nothing."""
    room, here = meetings.room, meetings.seats[number][party[0]]
    if here == table or not room.allowed[party[0]] >> table & 1:
        return []
    others = [
        each
        for each in meetings.rows[number][table]
        if each in meetings.single_set and room.allowed[each] >> here & 1
    ]
    chance.shuffle(others)
    others = others[: len(party)]
    if len(meetings.rows[number][table]) - len(others) + len(party) > room.most[table]:
        return []
    return [(each, table) for each in party] + [(each, here) for each in others]
