"""When a join link leads into the room: from half an hour before the start until the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from app.core.timing import Period

OPENS_BEFORE = timedelta(minutes=30)


class State(StrEnum):
    """What a join link answers."""

    NO_PLACE = "no_place"
    ON_SITE = "on_site"
    CANCELLED = "cancelled"
    TOO_EARLY = "too_early"
    OPEN = "open"
    OVER = "over"
    NO_ROOM = "no_room"


def window(starts_at: datetime, ends_at: datetime) -> Period:
    """Return when the room can be entered; its closing instant is closed."""
    return Period(starts_at - OPENS_BEFORE, ends_at)


def state(
    opening: Period, *, at: datetime, live: bool, online: bool, takes_place: bool, has_room: bool
) -> State:
    """Decide what to answer at instant ``at``.

    ``live``: the registration holds a place; ``online``: in that mode; ``takes_place``: the
    session is neither cancelled nor postponed; ``has_room``: its address is known.
    """
    if not takes_place:
        return State.CANCELLED
    if not live:
        return State.NO_PLACE
    if not online:
        return State.ON_SITE
    if at >= opening.ends_at:
        return State.OVER
    if at < opening.starts_at:
        return State.TOO_EARLY
    return State.OPEN if has_room else State.NO_ROOM
