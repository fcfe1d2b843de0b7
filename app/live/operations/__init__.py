"""What is written about live pages: their counters, and rehearsals of a session."""

from app.live.operations.arrivals import arrive, be_late, here, latecomers, let_out
from app.live.operations.counters import renew_stage, turn
from app.live.operations.rehearsals import (
    PEOPLE,
    NothingToRehearse,
    RehearsalRuns,
    play,
    play_next,
    rehearse,
    wipe,
)
from app.live.operations.stages import steps

__all__ = [
    "PEOPLE", "NothingToRehearse", "RehearsalRuns", "arrive", "be_late", "here", "latecomers",
    "let_out", "play", "play_next", "rehearse", "renew_stage", "steps", "turn", "wipe",
]  # fmt: skip
