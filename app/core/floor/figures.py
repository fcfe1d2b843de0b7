"""What a session's floor adds up to, by group and by mode; nothing is counted by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from app.core.floor.queue import People, Request, Turn
from app.core.vocabulary import Mode, StakeholderGroup

MICROSECOND = timedelta(microseconds=1)
Key = TypeVar("Key", bound=Hashable)
Group = StakeholderGroup | None


@dataclass(frozen=True)
class Seconds:
    """Exact time at the microphone; who has had none is not named."""

    by_group: dict[Group, Decimal]
    by_mode: dict[Mode, Decimal]


@dataclass(frozen=True)
class Figures:
    """One line of the figures.

    ``asked`` counts requests, withdrawn ones included; ``turns`` and ``answered`` those that got
    the floor and an answer, ``not_reached`` those that got neither; ``speakers`` are the people
    who had the floor. Times are exact seconds.
    """

    asked: int
    turns: int
    answered: int
    not_reached: int
    speakers: int
    seconds: Decimal
    answer_seconds: Decimal

    @property
    def minutes(self) -> Decimal:
        """The time in minutes, with one decimal."""
        return (self.seconds / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class SessionFigures:
    """The figures of a session: the whole, each group, each mode."""

    total: Figures
    by_group: dict[Group, Figures]
    by_mode: dict[Mode, Figures]


def decimal_seconds(time: timedelta) -> Decimal:
    """Return ``time`` in seconds, exact to the microsecond, without trailing zeros."""
    whole, rest = divmod(time // MICROSECOND, 1_000_000)
    return Decimal(whole) if not rest else Decimal(f"{whole}.{rest:06}".rstrip("0"))


def summed(
    turns: Iterable[Turn], key: Callable[[Turn], Key], at: datetime | None = None
) -> dict[Key, timedelta]:
    """Return the exact time of turns by ``key``."""
    sums: dict[Key, timedelta] = defaultdict(timedelta)
    for turn in turns:
        if turn.ended_at or at:
            sums[key(turn)] += turn.length(at)
    return dict(sums)


def time_by_group(turns: Iterable[Turn]) -> dict[Group, timedelta]:
    """Return the exact time of ended turns by stakeholder group."""
    return summed(turns, lambda turn: turn.request.group)


def seconds(turns: Collection[Turn], *, at: datetime | None = None) -> Seconds:
    """Return the time by group and mode: of ended turns, and with ``at`` of the one that lasts."""
    by_group = summed(turns, lambda turn: turn.request.group, at)
    by_mode = summed(turns, lambda turn: turn.request.mode, at)
    return Seconds(
        by_group={key: decimal_seconds(time) for key, time in by_group.items()},
        by_mode={key: decimal_seconds(time) for key, time in by_mode.items()},
    )


def figures(requests: Collection[Request], turns: Collection[Turn]) -> SessionFigures:
    """Return the figures of a session from all its requests, whatever became of them.

    A turn counts for the group and mode in which it was held, its request for those it has now.
    """
    everything = [*requests, *(turn.request for turn in turns)]
    people = People(everything)
    heard = {turn.request.id for turn in turns}

    def row(asked: Sequence[Request], held: Sequence[Turn]) -> Figures:
        return Figures(
            asked=len(asked),
            turns=len({turn.request.id for turn in held}),
            answered=len({turn.request.id for turn in held if turn.answer_started_at}),
            not_reached=sum(request.id not in heard for request in asked),
            speakers=len({people.of(turn.request) for turn in held}),
            seconds=total(turn.length() for turn in held),
            answer_seconds=total(turn.answer_length() for turn in held),
        )

    def rows(key: Callable[[Request], Key]) -> dict[Key, Figures]:
        return {
            value: row(
                [request for request in requests if key(request) == value],
                [turn for turn in turns if key(turn.request) == value],
            )
            for value in {key(request) for request in everything}
        }

    return SessionFigures(
        total=row(list(requests), list(turns)),
        by_group=rows(lambda request: request.group),
        by_mode=rows(lambda request: request.mode),
    )


def total(times: Iterable[timedelta]) -> Decimal:
    """Return the exact seconds of several times."""
    return decimal_seconds(sum(times, timedelta(0)))
