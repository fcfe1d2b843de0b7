"""Who may ask for the floor, and whom the moderator may give it to."""

from __future__ import annotations

from collections.abc import Collection

from app.core.floor.policy import suggest
from app.core.floor.queue import (
    AlreadyWaiting,
    Because,
    FloorTaken,
    ListClosed,
    NotWaiting,
    ReasonNeeded,
    Request,
    Turn,
    everybody,
    speaking,
)
from app.core.refusals import N_, Invalid


def admit(
    newcomer: Request,
    *,
    waiting: Collection[Request],
    turns: Collection[Turn],
    list_is_open: bool,
) -> None:
    """Let ``newcomer`` into the line, or say why not; its ``id`` does not matter yet.

    Raises `AlreadyWaiting` where the same person waits, has paused or speaks (a request open
    twice would speak twice), `ListClosed` where nobody new may ask.
    """
    people = everybody(waiting, turns)
    people.add(newcomer)
    lasting = [turn.request for turn in turns if turn.ended_at is None]
    if people.of(newcomer) in {people.of(request) for request in [*waiting, *lasting]}:
        raise AlreadyWaiting
    if not list_is_open:
        raise ListClosed


def grant(
    request_id: int,
    *,
    waiting: Collection[Request],
    turns: Collection[Turn],
    because: str | None = None,
) -> Because | None:
    """Let the moderator give a request the floor, or say why not.

    Return the word to keep in the log where another was suggested, ``None`` where the suggestion
    is followed or there was none (everybody else has paused). Raises `FloorTaken`, `NotWaiting`,
    `ReasonNeeded`, and `Invalid` for a word that is not one of ours.
    """
    word = because_of(because)
    if speaking(turns) is not None:
        raise FloorTaken
    if request_id not in {request.id for request in waiting}:
        raise NotWaiting
    suggestion = suggest(waiting, turns)
    if suggestion is None or suggestion.id == request_id:
        return None
    if word is None:
        raise ReasonNeeded
    return word


def because_of(word: str | None) -> Because | None:
    """Read the one word; nothing is none."""
    if not word:
        return None
    try:
        return Because(word)
    except ValueError:
        raise Invalid.field(
            "because", "unknown_reason", N_("Choose a reason from the list")
        ) from None
