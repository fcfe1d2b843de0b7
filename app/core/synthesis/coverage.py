"""Coverage: which share of the contributors of each group, mode and language is cited.

It warns and blocks nothing. The unit is a contributor (see `contributors`), counted once in each
group, mode or language they spoke from; groups of fewer than five are not shown.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass
from fractions import Fraction

FEWEST = 5
GAP = Fraction(15, 100)
NOT_STATED = "not_stated"
Side = dict[str, dict[Hashable, Hashable]]  # by key: contributor by contribution
Sides = dict[str, Side]


@dataclass(frozen=True, slots=True)
class Heard:
    """One published contribution as coverage counts it; ``mode`` is on_site, online, written."""

    contribution: Hashable
    contributor: Hashable
    group: str | None
    mode: str | None
    language: str | None


@dataclass(frozen=True)
class Share:
    """How many ``of`` so many contributors are cited; ``behind`` points less than the best, where
    that is over fifteen, else 0. With fewer than five contributors ``cited`` and ``of`` are
    ``None``."""

    cited: int | None
    of: int | None
    behind: int = 0

    @property
    def percent(self) -> int | None:
        """The share in whole per cent, halves up; ``None`` where it is not shown."""
        if self.cited is None or not self.of:
            return None
        return (self.cited * 200 + self.of) // (self.of * 2)


@dataclass(frozen=True)
class Coverage:
    """Shares by key, in the order of their keys, *not stated* last."""

    by_group: dict[str, Share]
    by_mode: dict[str, Share]
    by_language: dict[str, Share]

    @property
    def warnings(self) -> list[tuple[str, str, int]]:
        """The gaps: which side (``by_mode``), which key, how many points behind the best."""
        return [
            (side, key, share.behind)
            for side in ("by_group", "by_mode", "by_language")
            for key, share in getattr(self, side).items()
            if share.behind
        ]


def by_side(heard: Iterable[Heard]) -> Sides:
    """Return whose each contribution is, by group, by mode and by language."""
    sides: Sides = {side: {} for side in ("by_group", "by_mode", "by_language")}
    for each in heard:
        for side, key in zip(sides, (each.group, each.mode, each.language), strict=True):
            sides[side].setdefault(key or NOT_STATED, {})[each.contribution] = each.contributor
    return sides


def coverage(sides: Sides, cited: Set[Hashable]) -> Coverage:
    """Return the shares cited of the contributors of all published contributions.

    ``cited`` are the contributions that are.
    """
    return Coverage(**{side: shares(keys, cited) for side, keys in sides.items()})


def shares(keys: Side, cited: Set[Hashable]) -> dict[str, Share]:
    """Return the shares of one side by key."""
    counts = {
        key: (len({theirs[each] for each in theirs.keys() & cited}), len({*theirs.values()}))
        for key, theirs in sorted(keys.items(), key=lambda item: (item[0] == NOT_STATED, item[0]))
    }
    best = max((Fraction(n, of) for n, of in counts.values() if of >= FEWEST), default=Fraction(0))
    return {key: share(n, of, best) for key, (n, of) in counts.items()}


def share(cited: int, of: int, best: Fraction) -> Share:
    """Return one share beside the ``best``; what fewer than five people did is not shown."""
    if of < FEWEST:
        return Share(None, None)
    gap = best - Fraction(cited, of)
    return Share(cited, of, round(gap * 100) if gap > GAP else 0)
