"""What no plan can beat: lower bounds of repeats, lost meetings, revisits and of the mix."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from math import comb


def turan(guests: int, sources: int) -> int:
    """Return the same-source pairs among ``guests`` who come evenly from ``sources`` tables."""
    each, more = divmod(guests, max(sources, 1))
    return more * comb(each + 1, 2) + (max(sources, 1) - more) * comb(each, 2)


def least_same_source(guests: int, chairs: Sequence[int], sources: int) -> int:
    """Return the least Σ turan over tables, for ``guests`` on ``chairs`` (guests' chairs each).

    turan is convex, so filling the tables evenly is best; who finds no chair is left out.
    """
    return sum(turan(table, sources) for table in evenly(guests, chairs))


def evenly(people: int, chairs: Sequence[int]) -> list[int]:
    """Return how many sit at each table when ``people`` fill ``chairs`` as evenly as possible."""
    filled = [0] * len(chairs)
    open_tables = [n for n, limit in enumerate(chairs) if limit > 0]
    while people > 0 and open_tables:
        step = max(
            min(people // len(open_tables), min(chairs[n] - filled[n] for n in open_tables)), 1
        )
        for table in open_tables:
            if people >= step:
                filled[table] += step
                people -= step
        open_tables = [n for n in open_tables if filled[n] < chairs[n]]
    return filled


def spread(meetings: int, pairs: int) -> tuple[int, int]:
    """Return the least (Σ C(m, 2), Σ (m − 1)⁺) of ``meetings`` spread over ``pairs``."""
    if pairs <= 0:
        return 0, 0
    each, more = divmod(meetings, pairs)
    return (
        (pairs - more) * comb(each, 2) + more * comb(each + 1, 2),
        max(meetings - pairs, 0),
    )


def least_mix(sizes: Sequence[int], total: int, people: int) -> int:
    """Return the least Σ (count·people − size·total)² over whole counts that sum to their share.

    The counts of one value at tables of ``sizes``, where ``total`` of ``people`` have that value;
    the terms are convex, so giving one at a time where it costs least is exact.
    """
    seated = sum(sizes) * total // people if people else 0
    cost = sum((size * total) ** 2 for size in sizes)
    steps = [(people * people - 2 * people * size * total, n) for n, size in enumerate(sizes)]
    heapq.heapify(steps)
    for _ in range(seated):
        step, table = steps[0]
        cost += step
        heapq.heapreplace(steps, (step + 2 * people * people, table))
    return cost
