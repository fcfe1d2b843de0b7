"""The capacity rule: who gets a place, who is next in line, and what is shown as free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.core.vocabulary import RegistrationStatus

Waiting = TypeVar("Waiting")


@dataclass(frozen=True)
class Places:
    """The places of one mode of one session.

    ``capacity`` is ``None`` for unlimited and 0 where everybody waits; ``waiting`` are those in
    line, ``held`` the places of submissions nobody has opened yet. ``shown_held`` and
    ``shown_waiting`` are what submissions add to the display alone (also those that ask for
    nothing new), so that what everybody sees tells nobody whether an address was known.
    """

    capacity: int | None
    confirmed: int = 0
    offered: int = 0
    held: int = 0
    waiting: int = 0
    shown_held: int = 0
    shown_waiting: int = 0

    @property
    def taken(self) -> int:
        """Places that are not free."""
        return self.confirmed + self.offered + self.held

    @property
    def free(self) -> int | None:
        """Places that can be given now; ``None`` for unlimited. Never negative."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)

    @property
    def left(self) -> int | None:
        """Places as displayed: never negative, and none while somebody waits for them."""
        if self.capacity is None:
            return None
        if self.waiting:
            return 0
        return max(self._displayed_free - self.shown_waiting, 0)

    @property
    def ahead(self) -> int:
        """People in line as displayed."""
        if self.capacity is None:
            return self.waiting
        free = 0 if self.waiting else max(self._displayed_free, 0)
        return self.waiting + max(self.shown_waiting - free, 0)

    @property
    def is_full(self) -> bool:
        """Whether the page says that this mode is full."""
        return self.left == 0

    @property
    def shown(self) -> tuple[int | None, int | None, int]:
        """Everything that is displayed of these places: it changes exactly when a page must."""
        return self.capacity, self.left, self.ahead

    @property
    def _displayed_free(self) -> int:
        assert self.capacity is not None
        return self.capacity - self.taken - self.shown_held


def place_for_newcomer(places: Places) -> RegistrationStatus:
    """Decide where a newcomer stands.

    A free place belongs to the head of the waiting list: nobody overtakes it, not even in the
    moment between a cancellation and the promotion.
    """
    if places.capacity is None:
        return RegistrationStatus.CONFIRMED
    if places.waiting == 0 and places.taken < places.capacity:
        return RegistrationStatus.CONFIRMED
    return RegistrationStatus.WAITING


def next_in_line(places: Places, waiting_list: Sequence[Waiting]) -> list[Waiting]:
    """Return the head of ``waiting_list`` (first come, first served) that now fits."""
    if places.capacity is None:
        return list(waiting_list)
    return list(waiting_list[: places.free])
