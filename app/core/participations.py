"""Participations by session: a list of people who are also counted once each, in other tables.

Who was in one session may have been in another, so how many people there were bounds every row: of
ten people and fourteen participations in two sessions, a row of fewer than five can only be four.
A hidden row therefore has a witness (see `linked`): somebody who could as well have been in another
hidden session instead, in the same mode, without being in one twice. Then nothing that is printed
about the people changes. Where there is nobody, the smallest row that helps is hidden as well; else
the list is withheld whole but for its total, and where even that tells a row, with its total.

Nor may the list tell how many were in a room where the other tables hide it: if only the café has
one, that is its row. So then somebody must be able to have been in the same sessions in the other
mode, else the list is withheld whole. (Swaps among people change no number of a mode, and anybody
can have been in anybody's place; so what else is hidden there needs nothing of this list.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from app.core.document import Figures
from app.core.statistics import FEWER, FEWEST, WITHHELD, Plan, cell, with_not_stated
from app.core.vocabulary import Mode

Person = Mapping[str, str]  # the mode of one person in each session they took part in
Moves = set[tuple[str, str]]  # (from, to): somebody could have been there instead
TOTAL = ""


def by_session(
    people: Sequence[Person],
    offered: Mapping[str, Collection[str]],
    plan: Plan,
    *,
    modes_are_hidden: bool = False,
) -> Figures:
    """Return the list of participations; ``offered`` are the modes of each session of its rows.

    ``modes_are_hidden`` says that nobody may know how many of the people were in a room.
    """
    rows = plan.rows if plan.rows.keys else with_not_stated(plan.rows)
    keys = rows.keys
    counts = Counter(session for each in people for session in each)
    moves = {
        (one, other)
        for each in people
        for one, mode in each.items()
        for other in keys
        if other not in each and mode in offered[other]
    }
    is_told = modes_are_hidden and not could_be_otherwise(people, offered)
    if len(people) < FEWEST:  # how often they took part would tell how many they were
        why = FEWER if sum(counts.values()) < FEWEST else WITHHELD
        hidden = dict.fromkeys((*keys, TOTAL), why)
    else:
        hidden = hide_rows({key: counts[key] for key in keys}, moves, whole=is_told)
    total = cell(sum(counts.values()), hidden.get(TOTAL))
    cells = tuple((cell(counts[key], hidden.get(key)),) for key in keys)
    return Figures(plan.code, plan.unit, rows, cells, total, base=total, notes=plan.notes)


def could_be_otherwise(people: Sequence[Person], offered: Mapping[str, Collection[str]]) -> bool:
    """Say whether one more and one fewer can have been in a room, in the very same sessions.

    Where no session offers one of the modes, everybody knows how many used it.
    """
    if len({mode for modes in offered.values() for mode in modes}) < len(Mode):
        return True
    rooms = [each for each in people if Mode.ON_SITE in each.values()]
    others = [each for each in people if Mode.ON_SITE not in each.values()]
    fewer = any(
        all(
            Mode.ONLINE in offered[session] for session, mode in each.items() if mode != Mode.ONLINE
        )
        for each in rooms
    )
    more = any(Mode.ON_SITE in offered[session] for each in others for session in each)
    return (fewer or not rooms) and (more or not others)


def hide_rows(counts: Mapping[str, int], moves: Moves, *, whole: bool = False) -> dict[str, str]:
    """Return which rows of a list are hidden and why, and whether its `TOTAL` is.

    ``whole``: all rows are withheld, whatever they are.
    """
    hidden = {key: FEWER for key, value in counts.items() if value < FEWEST}
    if whole:
        hidden = dict.fromkeys(counts, WITHHELD)
    while TOTAL not in hidden:
        stuck = next(
            (key for key in counts if key in hidden and not partners(key, counts, hidden, moves)),
            None,
        )
        if stuck is None:
            break
        open_to = partners(stuck, counts, {**dict.fromkeys(counts, WITHHELD), **hidden}, moves)
        if open_to:
            hidden[min(open_to, key=lambda key: (counts[key], key))] = WITHHELD
        elif not is_whole(counts, hidden):
            hidden = dict.fromkeys(counts, WITHHELD)
        else:
            hidden[TOTAL] = WITHHELD
    return hidden


def is_whole(counts: Mapping[str, int], hidden: Mapping[str, str]) -> bool:
    """Say whether a list is withheld whole: then a row may be any number."""
    return set(counts) <= set(hidden) and FEWER not in hidden.values()


def partners(
    key: str, counts: Mapping[str, int], hidden: Mapping[str, str], moves: Moves
) -> list[str]:
    """Return the hidden rows that can exchange one participation with a hidden row ``key``."""
    whole = is_whole(counts, hidden)

    def fits(row: str, value: int) -> bool:
        if whole:
            return value >= 0
        return 0 <= value < FEWEST if counts[row] < FEWEST else value >= FEWEST

    return [
        other
        for other in counts
        if other != key
        and other in hidden
        and any(
            (one, two) in moves and fits(one, counts[one] - 1) and fits(two, counts[two] + 1)
            for one, two in ((key, other), (other, key))
        )
    ]
