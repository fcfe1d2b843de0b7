"""Running orders: lengths become starts, lines move, sessions clash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from app.core.timing import Period

Line = TypeVar("Line")
OCCUPIES_AT_MOST = timedelta(hours=24)


@dataclass(frozen=True)
class Slot:
    """When one line of a running order begins and ends."""

    starts_at: datetime
    ends_at: datetime


def slots(starts_at: datetime, minutes: Sequence[int]) -> list[Slot]:
    """Return the slot of each line, one after the other from ``starts_at``."""
    found = []
    for length in minutes:
        ends_at = starts_at + timedelta(minutes=length)
        found.append(Slot(starts_at, ends_at))
        starts_at = ends_at
    return found


def moved(lines: Sequence[Line], position: int, by: int) -> list[Line]:
    """Return ``lines`` with the one at ``position`` moved ``by`` places; at the ends it stays."""
    order = list(lines)
    target = position + by
    if 0 <= position < len(order) and 0 <= target < len(order):
        order.insert(target, order.pop(position))
    return order


def clash(one: Period, other: Period) -> timedelta:
    """Return for how long two sessions keep a person from being in both.

    Half-open intervals of instants: wall clocks and dates decide nothing, sessions that only
    touch share nothing, and one that lasts over 24 hours occupies nobody.
    """
    if any(p.ends_at - p.starts_at > OCCUPIES_AT_MOST for p in (one, other)):
        return timedelta(0)
    return one.overlap(other)
