"""Freezing step by step: what is done when, and how far it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

PATIENCE = timedelta(minutes=10)
MOST_TRIES = 3


class Stage(StrEnum):
    """Where the freeze is that somebody asked for; after ``KEEPING`` the edition is frozen."""

    WAITING = "waiting"
    READING = "reading"
    COMPOSING = "composing"
    SEALING = "sealing"
    KEEPING = "keeping"
    FILES = "files"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


ENDED = frozenset({Stage.DONE, Stage.REFUSED, Stage.FAILED})
# Percent when a stage begins. Reading and checking is a quarter of the seconds of 5,000
# contributions, putting the document together half; its files are many times that.
BEGINS = {
    Stage.WAITING: 0,
    Stage.READING: 1,
    Stage.COMPOSING: 8,
    Stage.SEALING: 20,
    Stage.KEEPING: 25,
    Stage.FILES: 30,
    Stage.DONE: 100,
}


def percent(stage: Stage, done: int = 0, total: int = 0) -> int:
    """Return how far a freeze is, 0 to 100: it only grows. ``done`` of ``total`` files are made.

    Raises `KeyError` for a freeze that ended without an edition.
    """
    begins = BEGINS[stage]
    if stage is not Stage.FILES or total <= 0:
        return begins
    return begins + (99 - begins) * min(done, total) // total


def is_abandoned(*, is_gone: bool, touched_at: datetime, now: datetime) -> bool:
    """Say whether another process may take up what one had begun.

    ``is_gone``: it ran on this machine and has ended. One elsewhere is given `PATIENCE` since it
    last said how far it is.
    """
    return is_gone or now - touched_at >= PATIENCE
