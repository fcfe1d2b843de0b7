"""A small generator of whole numbers: the same seed draws the same on every machine."""

from __future__ import annotations

MULTIPLIER, INCREMENT, MASK = 6364136223846793005, 1442695040888963407, (1 << 64) - 1


def start(*parts: int) -> int:
    """Return the first state for ``parts`` (the seed, and what else tells streams apart)."""
    state = 0x9E3779B97F4A7C15
    for part in parts:
        for word in (part & MASK, (part >> 64) & MASK):
            state = ((state ^ word) * MULTIPLIER + INCREMENT) & MASK
            state ^= state >> 29
            state = (state * 0xBF58476D1CE4E5B9 + INCREMENT) & MASK
            state ^= state >> 32
    return state


class Chance:
    """Draws without replacement of its state; loops that must be fast advance it themselves."""

    def __init__(self, *parts: int) -> None:
        self.state = start(*parts)

    def below(self, limit: int) -> int:
        """Return a number from 0 to ``limit`` − 1; ``limit`` < 2**31."""
        self.state = (self.state * MULTIPLIER + INCREMENT) & MASK
        return (self.state >> 33) % limit

    def shuffle(self, items: list) -> None:
        """Put ``items`` in a drawn order."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
