"""Where the search begins: the template where the room allows it, else round by round by chairs."""

from __future__ import annotations

from app.core.seating.chance import Chance
from app.core.seating.meetings import Seats
from app.core.seating.problem import Policy
from app.core.seating.refusal import KeptApart, SeatingImpossible, impossible
from app.core.seating.rooms import Room
from app.core.seating.template import template

ATTEMPTS = 40  # to place those who stay together, each in another order


def by_template(room: Room, rounds: int, policy: Policy, chance: Chance) -> Seats | None:
    """Return seats in which nobody meets or returns, or ``None`` where the room is not so even.

    Groups that stay together are gathered afterwards and may cost a few repeats. For new faces
    the chairs may outnumber the tables: some travel in pairs then, and only those meet again.
    """
    guests, tables = room.guests, len(room.tables)
    chairs = -(-len(guests) // tables)  # for guests; the last one of some tables stays empty
    hosted = [host is not None for host in room.hosts]
    if not guests or len(room.tied) > sum(hosted):
        return None
    fewest = chairs if len(guests) == chairs * tables else chairs - 1
    if any(chairs + host > most for host, most in zip(hosted, room.most, strict=True)):
        return None
    thin = any(fewest + host < least for host, least in zip(hosted, room.least, strict=True))
    if thin and sum(room.least) <= len(room.ids):
        return None
    fewer = range(min(chairs, tables - 1), 0, -1) if policy is Policy.NEW_FACES else [chairs]
    found = ((ways, template(tables, ways + 1, rounds)) for ways in fewer)
    ways, moves = next(((ways, each) for ways, each in found if each), (0, None))
    if moves is None:
        return None
    routes = [
        [moves[number][1 + chair % ways][start] for number in range(rounds)]
        for chair in range(chairs)
        for start in range(tables)
    ]
    last = routes[-tables:]
    chance.shuffle(last)
    takers = _takers(room, guests, routes[:-tables] + last, chance)
    if takers is None:
        return None
    seats = [[-1] * len(room.ids) for _ in range(rounds)]
    for person, route in (
        *takers,
        *((host, [table] * rounds) for host, table in room.tied.items()),
    ):
        for number, table in enumerate(route):
            seats[number][person] = table
    return seats if all(_gather(room, at) for at in seats) else None


def _takers(room: Room, guests: list[int], routes: list[list[int]], chance: Chance):
    """Return (person, route) for all guests: those who may not sit everywhere choose first."""
    everywhere = (1 << len(room.tables)) - 1
    routes = routes[: len(guests)]
    stops = [sum({1 << table for table in route}) for route in routes]
    guests = guests.copy()
    chance.shuffle(guests)
    bound = [person for person in guests if room.allowed[person] != everywhere]
    taken: dict[int, int] = {}
    for person in bound:
        if not _choose(room, person, stops, taken):
            return None
    easy = iter(person for person in guests if room.allowed[person] == everywhere)
    return [
        (taken[slot] if slot in taken else next(easy), route) for slot, route in enumerate(routes)
    ]


def _choose(room: Room, person: int, stops: list[int], taken: dict[int, int]) -> bool:
    """Give ``person`` a route of which all stops are allowed, others changing theirs if need be."""
    came_from: dict[int, int] = {}  # slot → who wants it
    queue = [person]
    for mover in queue:
        for slot, mask in enumerate(stops):
            if slot in came_from or mask & ~room.allowed[mover]:
                continue
            came_from[slot] = mover
            if slot not in taken:
                held = {who: each for each, who in taken.items()}
                while True:
                    mover = came_from[slot]
                    taken[slot] = mover
                    if mover not in held:
                        return True
                    slot = held[mover]
            queue.append(taken[slot])
    return False


def _gather(room: Room, at: list[int]) -> bool:
    """Bring each group to one table by swapping with guests there; say whether it worked."""
    busy = room.grouped | room.tied.keys()
    for group in room.groups:
        homes = [at[person] for person in group]
        for table in sorted(set(homes), key=lambda each: (-homes.count(each), each)):
            moving = [person for person in group if at[person] != table]
            others = [
                person
                for person, seat in enumerate(at)
                if seat == table and person not in busy
                and all(room.allowed[person] >> at[each] & 1 for each in moving)
            ]  # fmt: skip
            if len(others) >= len(moving) and room.allowed[group[0]] >> table & 1:
                for person, other in zip(moving, others, strict=False):
                    at[person], at[other] = at[other], at[person]
                break
        else:
            return False
    return True


def by_chairs(room: Room, rounds: int, chance: Chance, first: int = 1) -> Seats:
    """Return seats round by round, everybody at a table new to them where there is a chair.

    Raise SeatingImpossible, for round ``first``, when somebody has no chair: it names them and
    all who need the same chairs.
    """
    seats: Seats = []
    visited = [0] * len(room.ids)
    for number in range(rounds):
        at = _one_round(room, visited, chance, first + number)
        visited = [been | 1 << table for been, table in zip(visited, at, strict=True)]
        seats.append(at)
    return seats


def _one_round(room: Room, visited: list[int], chance: Chance, number: int) -> list[int]:
    """Return the seats of one round."""
    order, guests = list(range(len(room.tables))), room.guests
    singles = [person for person in guests if person not in room.grouped]
    groups = [group.copy() for group in room.groups]
    for attempt in range(ATTEMPTS if groups else 1):
        chairs = room.chairs()
        if any(chairs.free(table) < 0 for table in order):
            break
        for items in (order, singles, groups):
            chance.shuffle(items)
        groups.sort(key=len, reverse=True)
        if attempt % 2 == 0:  # the emptiest tables first
            order.sort(key=chairs.free, reverse=True)
        if all(_seat_group(chairs, group, order, visited) for group in groups):
            chairs.allowed = [
                mask & ~been for mask, been in zip(room.allowed, visited, strict=True)
            ]
            left = chairs.seat_level(singles, order, room.least)
            chairs.allowed = room.allowed
            if not chairs.seat_level(left, order, room.least):
                return chairs.at
    raise refusal(room, number)


def _seat_group(chairs, group, order, visited) -> bool:
    """Seat ``group`` at a table that is new to it, else at any."""
    new = [table for table in order if not visited[group[0]] >> table & 1]
    return chairs.seat_group(group, new) or chairs.seat_group(group, order)


def refusal(room: Room, number: int) -> SeatingImpossible:
    """Return why round ``number`` cannot be seated: chairs, or else the groups."""
    chairs = room.chairs()
    order = range(len(room.tables))
    left = (
        []
        if any(chairs.free(table) < 0 for table in order)
        else chairs.seat_all(room.guests, order)
    )
    kind = SeatingImpossible if left else KeptApart
    blocking = chairs.in_the_way(left[0], order) if left else sorted(room.grouped or room.tied)
    return impossible(
        kind,
        number=number,
        blocking={room.ids[each]: tables_of(room, each) for each in blocking},
        places=places_of(room, blocking),
    )


def places_of(room: Room, people: list[int]) -> int:
    """Return the chairs at all tables where ``people`` may sit, without those that are bound."""
    return sum(
        room.most[table] - list(room.tied.values()).count(table)
        for table in range(len(room.tables))
        if any(room.allowed[person] >> table & 1 for person in people)
    )


def tables_of(room: Room, person: int) -> list[int]:
    """Return the numbers of the tables where ``person`` may sit."""
    return [number for table, number in enumerate(room.tables) if room.allowed[person] >> table & 1]
