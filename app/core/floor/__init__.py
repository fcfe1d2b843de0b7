"""Whose turn it is at the microphone: one line for the room, for people online and in writing.

`suggest` names who should be next and why, `line` everybody's place, `admit` and `grant` say
who may ask and who may be given the floor, `figures` what came of it. Ask for these by the name
of the package: ``floor.suggest(…)``.
"""

from app.core.floor.countdown import Countdown, Phase, allowed, answer_countdown, turn_countdown
from app.core.floor.figures import Figures, Seconds, SessionFigures, figures, seconds
from app.core.floor.policy import REASONS, RULES, Place, Reason, Suggestion, line, suggest
from app.core.floor.queue import (
    BECAUSE,
    PATIENCE,
    AlreadyWaiting,
    Because,
    FloorTaken,
    Kind,
    ListClosed,
    NotOnline,
    NotWaiting,
    People,
    Person,
    ReasonNeeded,
    Request,
    Turn,
    after_loss,
    speaking,
    times_spoken,
    waits_too_long,
)
from app.core.floor.rulings import admit, grant

__all__ = [
    "BECAUSE",
    "PATIENCE",
    "REASONS",
    "RULES",
    "AlreadyWaiting",
    "Because",
    "Countdown",
    "Figures",
    "FloorTaken",
    "Kind",
    "ListClosed",
    "NotOnline",
    "NotWaiting",
    "People",
    "Person",
    "Phase",
    "Place",
    "Reason",
    "ReasonNeeded",
    "Request",
    "Seconds",
    "SessionFigures",
    "Suggestion",
    "Turn",
    "admit",
    "after_loss",
    "allowed",
    "answer_countdown",
    "figures",
    "grant",
    "line",
    "seconds",
    "speaking",
    "suggest",
    "times_spoken",
    "turn_countdown",
    "waits_too_long",
]
