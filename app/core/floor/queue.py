"""Who asks for the floor and who has had it: requests, turns, and which of them are one person."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.refusals import N_, Refusal
from app.core.vocabulary import Mode, StakeholderGroup

PATIENCE = timedelta(minutes=5)  # longer than this online, and the moderator is reminded

Person = tuple[Hashable, ...]


class Kind(StrEnum):
    """How a turn is spoken: by its own voice, or read aloud by the online moderator."""

    VOICE = "voice"
    TEXT = "text"


class Because(StrEnum):
    """The one word that says why somebody else than the suggested person speaks."""

    FOLLOW_UP = "follow_up"
    TOPIC = "topic"
    PROTOCOL = "protocol"
    ACCESSIBILITY = "accessibility"
    OTHER = "other"


BECAUSE = {
    Because.FOLLOW_UP: N_("follow-up"),
    Because.TOPIC: N_("topic"),
    Because.PROTOCOL: N_("protocol"),
    Because.ACCESSIBILITY: N_("accessibility"),
    Because.OTHER: N_("other"),
}


class AlreadyWaiting(Refusal):
    """This person has an open request: they wait, paused, or speak."""

    code = "already_waiting"
    message = N_("This person is already in the line.")


class ListClosed(Refusal):
    """Nobody new may ask for the floor."""

    code = "list_closed"
    message = N_("The list of speakers is closed.")


class FloorTaken(Refusal):
    """Somebody speaks."""

    code = "floor_taken"
    message = N_("Somebody is speaking. End that turn first.")


class ReasonNeeded(Refusal):
    """Another person was suggested, and no word says why this one speaks."""

    code = "reason_needed"
    message = N_("Another speaker was suggested. Say in one word why this person is next.")


class NotWaiting(Refusal):
    """The request is not in the line: it was spoken, withdrawn, or is being spoken."""

    code = "not_waiting"
    message = N_("This person is not in the line any more.")


class NotOnline(Refusal):
    """Only whoever takes part online can lose the connection."""

    code = "not_online"
    message = N_("Only a speaker online can lose the connection.")


@dataclass(frozen=True)
class Request:
    """One person's wish to speak, from asking until it is spoken or withdrawn.

    ``participant`` is ``None`` for people added by staff under their name alone. A hub asks
    ``online``, as it is registered. ``asked_at`` is an instant and stays through pauses and
    losses; ``id`` grows with the order of asking. ``losses`` counts lost connections, the latest
    at ``lost_at``.
    """

    id: int
    name: str
    mode: Mode
    asked_at: datetime
    participant: Hashable | None = None
    representation: str = ""
    group: StakeholderGroup | None = None
    kind: Kind = Kind.VOICE
    hub: str = ""
    paused: bool = False
    needs_time: bool = False
    losses: int = 0
    lost_at: datetime | None = None

    @property
    def order(self) -> tuple[datetime, int]:
        """What "has waited longest" compares; of two in the same instant the first to come."""
        return self.asked_at, self.id

    @property
    def returns_first(self) -> bool:
        """Whether a first lost connection puts it at the head of the next turn online."""
        return self.mode == Mode.ONLINE and self.losses == 1 and self.lost_at is not None


@dataclass(frozen=True)
class Turn:
    """One stretch at the microphone; ``ended_at`` is ``None`` while it lasts.

    A turn that goes on after a lost connection is two stretches of one request. ``request`` is
    the request as it was when it got the floor. ``limit_seconds`` was fixed then, so that nothing
    in the list changes it. The answer, if any, has its own two instants.
    """

    id: int
    request: Request
    started_at: datetime
    ended_at: datetime | None = None
    limit_seconds: int = 120
    answer_started_at: datetime | None = None
    answer_ended_at: datetime | None = None

    def length(self, at: datetime | None = None) -> timedelta:
        """Return how long it was; a turn that lasts counts until ``at``, without it not at all."""
        return stretch(self.started_at, self.ended_at or at)

    def answer_length(self, at: datetime | None = None) -> timedelta:
        """Return the same of the answer."""
        if self.answer_started_at is None:
            return timedelta(0)
        return stretch(self.answer_started_at, self.answer_ended_at or at)


def stretch(start: datetime, end: datetime | None) -> timedelta:
    """Return the time between two instants; a clock set back makes nobody's time negative."""
    return timedelta(0) if end is None else max(end - start, timedelta(0))


class People:
    """Which requests of a session are one person's.

    A request without participant belongs to the speaker of the same name and representation
    (trimmed, NFC, case-folded), whichever of the two came first; where two participants share
    both, to the one who asked first.
    """

    def __init__(self, requests: Iterable[Request]) -> None:
        self._owners: dict[tuple[str, str], Hashable] = {}
        for request in sorted(requests, key=lambda request: request.order):
            self.add(request)

    def add(self, request: Request) -> None:
        """Make one request more known, the latest of all."""
        if request.participant is not None:
            self._owners.setdefault(label(request), request.participant)

    def of(self, request: Request) -> Person:
        """Return whose request this is: equal for equal people."""
        owner = request.participant
        if owner is None:
            owner = self._owners.get(label(request))
        return ("name", *label(request)) if owner is None else ("participant", owner)


def label(request: Request) -> tuple[str, str]:
    """Return name and representation as they are compared."""
    return comparable(request.name), comparable(request.representation)


def comparable(text: str) -> str:
    """Return ``text`` trimmed, in NFC and case-folded (which may leave NFC, hence twice)."""
    folded = unicodedata.normalize("NFC", text.strip()).casefold()
    return unicodedata.normalize("NFC", folded)


def everybody(waiting: Iterable[Request], turns: Iterable[Turn]) -> People:
    """Return the people behind all requests that wait, are spoken, or were."""
    return People([*waiting, *(turn.request for turn in turns)])


def times_spoken(waiting: Collection[Request], turns: Collection[Turn]) -> dict[int, int]:
    """Return by request id how often each person who waits has had the floor.

    A turn that was cut off and goes on counts once, one that lasts counts already.
    """
    people = everybody(waiting, turns)
    spoken = {turn.request.id: people.of(turn.request) for turn in turns}
    counts = Counter(spoken.values())
    return {request.id: counts[people.of(request)] for request in waiting}


def speaking(turns: Iterable[Turn]) -> Turn | None:
    """Return the turn that lasts, if any."""
    return next((turn for turn in turns if turn.ended_at is None), None)


def after_loss(request: Request, *, at: datetime) -> Request:
    """Return the request of a speaker whose connection broke: it waits again.

    The first time it heads the next turn online, after that it has its ordinary place. Raises
    `NotOnline` for people in the room.
    """
    if request.mode != Mode.ONLINE:
        raise NotOnline
    return replace(request, losses=request.losses + 1, lost_at=at, paused=False)


def waits_too_long(request: Request, *, at: datetime) -> bool:
    """Whether somebody online, ready to speak, has waited more than five minutes."""
    ready_online = request.mode == Mode.ONLINE and not request.paused
    return ready_online and at - request.asked_at > PATIENCE
