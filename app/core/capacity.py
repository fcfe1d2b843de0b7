"""The capacity rule: who gets a place, who is next in line, and what is shown as free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from app.core.refusals import N_, Refusal
from app.core.vocabulary import Mode, RegistrationStatus

Waiting = TypeVar("Waiting")


class SessionFull(Refusal):
    """There is no place in this mode, and no line to stand in (or none was asked for)."""

    code = "session_full"
    message = N_("There is no free place left in this session.")


@dataclass(frozen=True)
class Standing:
    """Where one person stands in a session: mode, with a place or not, and what they wait for."""

    mode: Mode
    status: RegistrationStatus
    waits_for: Mode | None = None

    @property
    def line(self) -> Mode | None:
        """The mode for which this person stands in line."""
        if self.waits_for is not None:
            return self.waits_for
        return self.mode if self.status is RegistrationStatus.WAITING else None


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
    def as_shown(self) -> Places:
        """The places as somebody would count them who knows only what is displayed."""
        if self.capacity is None:
            return self
        return Places(self.capacity, confirmed=self.capacity - (self.left or 0), waiting=self.ahead)

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


def with_newcomer(places: Mapping[Mode, Places], standing: Standing) -> dict[Mode, Places]:
    """Return ``places`` with one person more, who stands at ``standing``."""
    found = dict(places)
    taken = "confirmed" if standing.status is RegistrationStatus.CONFIRMED else "waiting"
    counted = [(standing.mode, taken)]
    if standing.waits_for is not None:
        counted.append((standing.waits_for, "waiting"))
    for mode, field in counted:
        found[mode] = replace(found[mode], **{field: getattr(found[mode], field) + 1})
    return found


def next_in_line(places: Places, waiting_list: Sequence[Waiting]) -> list[Waiting]:
    """Return the head of ``waiting_list`` (first come, first served) that now fits."""
    if places.capacity is None:
        return list(waiting_list)
    return list(waiting_list[: places.free])


def stand(
    places: Mapping[Mode, Places], mode: Mode, waits_for: Mode | None = None, *, waiting_list: bool
) -> Standing:
    """Decide where a newcomer to a session stands who asks for ``mode``.

    ``waits_for`` is a mode they would rather have: given at once where a place is free, else they
    wait for it while holding ``mode``. Raises `SessionFull` where there is no waiting list.
    """
    confirmed, waiting = RegistrationStatus.CONFIRMED, RegistrationStatus.WAITING
    if waits_for == mode:
        waits_for = None
    if waits_for is not None and place_for_newcomer(places[waits_for]) is confirmed:
        return Standing(waits_for, confirmed)
    status = place_for_newcomer(places[mode])
    if not waiting_list and (waits_for is not None or status is waiting):
        raise SessionFull
    return Standing(mode, status, waits_for)


def switch(
    places: Mapping[Mode, Places],
    now: Standing,
    mode: Mode,
    waits_for: Mode | None = None,
    *,
    waiting_list: bool,
) -> Standing:
    """Decide where somebody who stands at ``now`` stands after asking for ``mode``.

    Nobody loses a place by asking: switching into a full mode raises `SessionFull`, and with
    ``waits_for`` the present place is kept until promotion.
    """
    confirmed = RegistrationStatus.CONFIRMED
    if waits_for == mode:  # "the other one, and I wait for it": what is held stays
        mode = now.mode
    if waits_for == mode:
        waits_for = None
    if waits_for is not None and waits_for != now.line:
        if place_for_newcomer(places[waits_for]) is confirmed:
            return Standing(waits_for, confirmed)
        if not waiting_list:
            raise SessionFull
    if mode == now.mode:
        return Standing(mode, now.status, waits_for)
    if place_for_newcomer(places[mode]) is not confirmed:
        raise SessionFull
    return Standing(mode, confirmed, waits_for)
