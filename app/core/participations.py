"""Participations by session: a list of people who are also counted once each, in other tables.

Who was in one session may have been in another, so how many people there were bounds every row: of
ten people and fourteen participations in two sessions, a row of fewer than five can only be four.
A hidden row therefore has a witness (see `linked`): somebody who could as well have been in another
hidden session instead, in the same mode, without being in one twice. Then nothing that is printed
about the people changes. Where there is nobody, the smallest row that helps is hidden as well; else
the list is withheld whole but for its total, and where even that tells a row, with its total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from app.core.document import Figures
from app.core.statistics import FEWER, FEWEST, WITHHELD, Plan, cell, with_not_stated

Person = Mapping[str, str]  # the mode of one person in each session they took part in
Moves = set[tuple[str, str]]  # (from, to): somebody could have been there instead
TOTAL = ""


def by_session(
    people: Sequence[Person], offered: Mapping[str, Collection[str]], plan: Plan
) -> Figures:
    """Return the list of participations; ``offered`` are the modes of each session of its rows."""
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
    hidden = hide_rows({key: counts[key] for key in keys}, moves)
    total = cell(sum(counts.values()), hidden.get(TOTAL))
    cells = tuple((cell(counts[key], hidden.get(key)),) for key in keys)
    return Figures(plan.code, plan.unit, rows, cells, total, base=total, notes=plan.notes)


def hide_rows(counts: Mapping[str, int], moves: Moves) -> dict[str, str]:
    """Return which rows of a list are hidden and why, and whether its `TOTAL` is."""
    if sum(counts.values()) < FEWEST:
        return dict.fromkeys((*counts, TOTAL), FEWER)
    hidden = {key: FEWER for key, value in counts.items() if value < FEWEST}
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
