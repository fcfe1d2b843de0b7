"""How long a turn may last and how much of it is left, whatever happens in the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.floor.queue import Turn
from app.core.refusals import N_

LAST_MINUTE = timedelta(minutes=1)


class Phase(StrEnum):
    """What a speaker must know at a glance, in a word as well as in a colour."""

    RUNNING = "running"
    LAST_MINUTE = "last_minute"
    OVER = "over"

    def text(self, translate=str) -> str:
        """Return it in words, translated by ``translate``."""
        return translate(PHASES[self])


PHASES = {
    Phase.RUNNING: N_("more than 1 minute left"),
    Phase.LAST_MINUTE: N_("less than 1 minute left"),
    Phase.OVER: N_("time is up"),
}


@dataclass(frozen=True)
class Countdown:
    """From one instant so many seconds down; everything else follows from these two."""

    started_at: datetime
    seconds: int

    @property
    def ends_at(self) -> datetime:
        """The instant at which nothing is left."""
        return self.started_at + timedelta(seconds=self.seconds)

    def left(self, at: datetime) -> int:
        """Return the whole seconds left, begun ones counted; negative once time is up."""
        return -((at - self.ends_at) // timedelta(seconds=1))

    def phase(self, at: datetime) -> Phase:
        """Return whether there is time, less than a minute, or none."""
        left = self.ends_at - at
        if left <= timedelta(0):
            return Phase.OVER
        return Phase.LAST_MINUTE if left < LAST_MINUTE else Phase.RUNNING


def allowed(turn_seconds: int, *, needs_time: bool) -> int:
    """Return how many seconds one turn has: half as much again for who needs time, rounded up."""
    return -(-turn_seconds * 3 // 2) if needs_time else turn_seconds


def turn_countdown(turn: Turn) -> Countdown:
    """Return the countdown of a turn: it knows the turn and nothing of the list."""
    return Countdown(turn.started_at, turn.limit_seconds)


def answer_countdown(turn: Turn) -> Countdown | None:
    """Return the countdown of the answer, which has as long as the question had."""
    if turn.answer_started_at is None:
        return None
    return Countdown(turn.answer_started_at, turn.limit_seconds)
