"""The mending of future rounds: whoever can keep their seat keeps it, the others find one."""

from __future__ import annotations

from itertools import combinations

from app.core.seating.book import Book
from app.core.seating.feasible import Chairs
from app.core.seating.opening import places_of, tables_of
from app.core.seating.problem import Plan, Problem
from app.core.seating.refusal import KeptApart, SeatingImpossible, impossible
from app.core.seating.rooms import Room, rooms

SWAPS = 2  # that each avoid a re-encounter, after everybody has a seat


def mend(problem: Problem, book: Book, plan: Plan, after_round: int) -> None:
    """Seat every round after ``after_round`` again, moving as few as possible."""
    future = range(after_round, problem.rounds)
    divided = {number: rooms(problem, book.evening[number], number + 1) for number in future}
    for number in future:  # first everywhere, so that prices count no seat that falls empty
        for person in book.at[number].keys() - book.evening[number].people.keys():
            book.rise(number, person)
    for number in future:
        for room in divided[number]:
            _seat(book, room, number)
        _check_apart(book, number)
    for number in future:
        for room in divided[number]:
            _fill_thin(book, room, number, plan)
    left = SWAPS
    for number in future:
        for room in divided[number]:
            left -= _avoid(book, room, number, plan, left)


def _seat(book: Book, room: Room, number: int) -> None:
    """Give a seat in round ``number`` to everybody of ``room`` who cannot keep theirs."""
    chairs = Chairs(room.allowed, room.most)
    homeless = [person for person in range(len(room.ids)) if not _keeps(book, room, number, person)]
    for group in room.groups:
        tables = {book.at[number].get(room.ids[person]) for person in group}
        if len(tables) > 1 or set(group) & set(homeless):
            homeless = sorted({*homeless, *group})
        chairs.tied |= set(group)
    for person in homeless:
        book.rise(number, room.ids[person])
    for person, table in room.tied.items():
        chairs.tied.add(person)
        book.sit(number, room.ids[person], room.tables[table])
    for person, name in enumerate(room.ids):
        if name in book.at[number]:
            chairs.sit(person, room.tables.index(book.at[number][name]))
    homeless = [person for person in homeless if person not in room.tied]
    homeless += _crowded_out(book, room, number, chairs)
    waiting = [group for group in room.groups if group[0] in homeless]
    waiting += [[person] for person in homeless if person not in room.grouped]
    for party in sorted(waiting, key=lambda each: (-len(each), room.allowed[each[0]].bit_count())):
        _find_seats(book, room, number, chairs, party)


def _keeps(book: Book, room: Room, number: int, person: int) -> bool:
    """Say whether ``person`` may stay where the plan has them."""
    at = book.at[number].get(room.ids[person])
    return at in room.tables and bool(room.allowed[person] >> room.tables.index(at) & 1)


def _crowded_out(book: Book, room: Room, number: int, chairs: Chairs) -> list[int]:
    """Take from each table that became too full those whose seat costs most; return them."""
    out = []
    for table, people in enumerate(chairs.sitting):
        for _ in range(-chairs.free(table)):
            free = [person for person in people if person not in chairs.tied]
            if not free:
                raise _impossible(room, number, people[0], chairs)
            prices = {}
            for person in free:
                name = room.ids[person]
                book.rise(number, name)
                prices[person] = book.price(number, name, room.tables[table])
                book.sit(number, name, room.tables[table])
            person = max(free, key=lambda each: (prices[each], -each))
            chairs.rise(person)
            book.rise(number, room.ids[person])
            out.append(person)
    return out


def _find_seats(book: Book, room: Room, number: int, chairs: Chairs, party: list[int]) -> None:
    """Seat ``party`` at the smallest table of strangers; others move only if they must."""
    names = [room.ids[person] for person in party]
    choices = [
        table
        for table, place in enumerate(room.tables)
        if all(room.allowed[person] >> table & 1 for person in party)
        and chairs.free(table) >= len(party)
        and not any(book.clashes(number, name, place) for name in names)
    ]
    if choices:
        table = min(choices, key=lambda each: _appeal(book, number, names, room.tables[each]))
        for person in party:
            chairs.sit(person, table)
    elif len(party) == 1:
        if chairs.seat(party[0], range(len(room.tables))):
            raise _impossible(room, number, party[0], chairs)
    elif not chairs.seat_group(party, range(len(room.tables))):
        raise _impossible(room, number, party[0], chairs, KeptApart)
    chairs.tied |= set(party) if len(party) > 1 else set()
    for person, table in enumerate(chairs.at):
        if table >= 0 and book.at[number].get(room.ids[person]) != room.tables[table]:
            book.sit(number, room.ids[person], room.tables[table])


def _appeal(book: Book, number: int, names: list[str], table: int) -> tuple:
    """Return how little a table suits newcomers: thin ones first, then strangers, then small."""
    prices = [book.price(number, name, table) for name in names]
    return (
        not book.is_thin(number, table),
        sum(price[0] for price in prices),
        sum(price[1] for price in prices),
        book.size(number, table),
        table,
    )


def _check_apart(book: Book, number: int) -> None:
    """Refuse a round in which those apart would share a table."""
    for person, table in sorted(book.at[number].items()):
        if book.clashes(number, person, table):
            pair = {person, *(book.apart[person] & book.rows[number][table])}
            raise impossible(
                KeptApart,
                number=number + 1,
                blocking={each: [table] for each in pair},
                places=book.evening[number].tables[table].max,
            )


def _impossible(room, number, person, chairs, kind=SeatingImpossible) -> SeatingImpossible:
    """Return the refusal that names ``person`` and who is in their way."""
    blocking = chairs.in_the_way(person, range(len(room.tables)))
    return impossible(
        kind,
        number=number + 1,
        blocking={room.ids[each]: tables_of(room, each) for each in blocking},
        places=places_of(room, blocking),
    )


def _movable(book: Book, room: Room, number: int) -> list[str]:
    """Return who may be moved alone."""
    return [room.ids[person] for person in room.guests if person not in room.grouped]


def _fill_thin(book: Book, room: Room, number: int, plan: Plan) -> None:
    """Let tables that lost somebody and became thin pull the cheapest person from a larger one."""
    for table in room.tables:
        lost = len(plan.rounds[number].get(table, ())) > book.size(number, table)
        while lost and book.is_thin(number, table):
            choices = []
            for name in _movable(book, room, number):
                here = book.at[number][name]
                if (
                    book.size(number, here) > book.size(number, table) + 1
                    and book.size(number, here) > book.evening[number].tables[here].min
                    and _may(room, name, table)
                    and not book.clashes(number, name, table)
                ):
                    settled = name in plan.rounds[number].get(here, ())
                    choices.append((book.difference(number, {name: table}), settled, name))
            if not choices:
                break
            book.sit(number, min(choices)[2], table)


def _may(room: Room, name: str, table: int) -> bool:
    """Say whether ``name`` may sit at ``table``."""
    return bool(room.allowed[room.ids.index(name)] >> room.tables.index(table) & 1)


def _avoid(book: Book, room: Room, number: int, plan: Plan, left: int) -> int:
    """Swap where somebody with a new seat would meet again; return how many swaps it took."""
    movable, done = _movable(book, room, number), 0
    for table in room.tables:
        old = plan.rounds[number].get(table, ())
        new = sorted(book.rows[number][table] - set(old))
        again = [
            (one, other)
            for one, other in combinations(sorted(book.rows[number][table]), 2)
            if book.met[one][other] > 1 and (one in new or other in new)
        ]
        for one, other in again:
            if done < left and book.met[one][other] > 1:
                done += _swap_best(book, room, number, [one, other], movable)
    return done


def _swap_best(book, room, number, pair, movable) -> bool:
    """Swap one of ``pair`` with whoever costs least, if that leaves fewer repeats; say whether."""
    choices = []
    for name in pair:
        if name not in movable:
            continue
        here = book.at[number][name]
        for other in movable:
            there = book.at[number][other]
            if there == here or not (_may(room, name, there) and _may(room, other, here)):
                continue
            if book.clashes(number, name, there, [other]) or book.clashes(
                number, other, here, [name]
            ):
                continue
            price = book.difference(number, {name: there, other: here})
            choices.append((price, name, other))
    if not choices or min(choices)[0] >= (0, 0):
        return False
    _, name, other = min(choices)
    here, there = book.at[number][name], book.at[number][other]
    book.sit(number, name, there)
    book.sit(number, other, here)
    return True
