"""What can happen on a board. One function per verb, one transaction each."""

from app.board.operations.ideas import (
    LASTS,
    IdeaLapsed,
    TooManyDrafts,
    confirm,
    discard,
    extend,
    forget_kept,
    forget_lapsed,
    keep,
    refuse,
    save,
    send,
)
from app.board.operations.rehearsing import steps

__all__ = [
    "LASTS", "IdeaLapsed", "TooManyDrafts", "confirm", "discard", "extend", "forget_kept",
    "forget_lapsed", "keep", "refuse", "save", "send", "steps",
]  # fmt: skip
