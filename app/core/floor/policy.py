"""The policy of the floor: who should be next, why, and where everybody stands.

Each rule narrows what the one before left. The system suggests; the moderator decides.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import timedelta
from enum import StrEnum

from app.core.floor.countdown import allowed
from app.core.floor.figures import time_by_group
from app.core.floor.queue import Request, Turn, everybody
from app.core.refusals import N_
from app.core.vocabulary import Mode, StakeholderGroup

SECOND = timedelta(seconds=1)
Group = StakeholderGroup | None


class Reason(StrEnum):
    """The rule that decided: the last one that left fewer people than before."""

    ONLY_ONE = "only_one"
    NOT_SPOKEN = "not_spoken"
    ROOM_TURN = "room_turn"
    ONLINE_TURN = "online_turn"
    LEAST_TIME = "least_time"
    LONGEST_WAIT = "longest_wait"
    CONNECTION_LOST = "connection_lost"


REASONS = {
    Reason.ONLY_ONE: N_("nobody else is waiting"),
    Reason.NOT_SPOKEN: N_("has not spoken yet"),
    Reason.ROOM_TURN: N_("the room's turn"),
    Reason.ONLINE_TURN: N_("online's turn"),
    Reason.LEAST_TIME: N_("their group was heard least so far"),
    Reason.LONGEST_WAIT: N_("has waited longest"),
    Reason.CONNECTION_LOST: N_("lost the connection and comes back first"),
}

# Printed on the public page, in this order.
RULES = {
    "not_spoken": N_("People who have not spoken come before people who have."),
    "turns": N_("Room and online take turns while both have someone waiting."),
    "least_time": N_("Then comes the stakeholder group that has spoken for the least time so far."),
    "longest_wait": N_("Then comes whoever has waited longest."),
    "gender": N_("Gender plays no part in what the system suggests."),
    "moderator": N_(
        "The moderator may choose anyone else, and says why in one word, which is kept."
    ),
    "needs_time": N_("Anyone may say that they need more time, and gets half as much again."),
    "connection_lost": N_("Whoever loses the connection is first at the next turn online, once."),
    "in_writing": N_("Turns in writing wait in the same line and are read aloud."),
}


@dataclass(frozen=True)
class Suggestion:
    """The request that should be next, and why.

    ``values`` are what the deciding rule compared: ``group`` and whole ``seconds`` for the least
    time, ``asked_at`` for the longest wait.
    """

    id: int
    reason: Reason
    values: Mapping[str, object] = dataclass_field(default_factory=dict)

    def text(self, translate=str) -> str:
        """Return the reason in a few words, translated by ``translate``."""
        return translate(REASONS[self.reason])


@dataclass(frozen=True)
class Place:
    """Where one request stands: ``number`` from 1, and the ``seconds`` those before it may take."""

    id: int
    number: int
    seconds: int


@dataclass
class Floor:
    """What the rules look at beside the candidates: who spoke, for how long, who spoke last."""

    spoken: Container[int]
    time: dict[Group, timedelta]
    last: Mode | None

    @classmethod
    def of(cls, waiting: Collection[Request], turns: Collection[Turn]) -> Floor:
        """Read it from the turns of the session.

        A turn that lasts makes its speaker one who has spoken and its side the last one; its time
        counts when it ends, so that the suggestion changes only when something happens.
        """
        people = everybody(waiting, turns)
        heard = {people.of(turn.request) for turn in turns}
        latest = max(turns, key=lambda turn: (turn.started_at, turn.id), default=None)
        return cls(
            spoken={request.id for request in waiting if people.of(request) in heard},
            time=time_by_group(turns),
            last=latest.request.mode if latest else None,
        )

    def seconds(self, group: Group) -> int:
        """Return a group's time as it is compared: the exact sum rounded down, once."""
        return self.time.get(group, timedelta(0)) // SECOND

    def choose(self, candidates: Sequence[Request]) -> Suggestion:
        """Return whoever the rules leave of at least one candidate."""
        due = self._due(candidates)
        chosen, suggestion = self._narrow(candidates, due)
        returning = [request for request in candidates if request.returns_first]
        online_is_next = Mode.ONLINE in (due, chosen.mode)
        if len(candidates) == 1 or not returning or not online_is_next:
            return suggestion
        first = min(returning, key=lambda request: (request.lost_at, request.id))
        return Suggestion(first.id, Reason.CONNECTION_LOST)

    def _due(self, candidates: Sequence[Request]) -> Mode | None:
        """Return whose turn it is: room and online alternate while both have someone waiting."""
        if self.last is None or len({request.mode for request in candidates}) < 2:
            return None
        return Mode.ON_SITE if self.last == Mode.ONLINE else Mode.ONLINE

    def _narrow(
        self, candidates: Sequence[Request], due: Mode | None
    ) -> tuple[Request, Suggestion]:
        """Apply the rules one after the other until one request is left."""
        left, reason = list(candidates), Reason.ONLY_ONE
        values: dict[str, object] = {}
        new = [request for request in left if request.id not in self.spoken]
        if 0 < len(new) < len(left):
            left, reason = new, Reason.NOT_SPOKEN
        side = [request for request in left if request.mode == due]
        if 0 < len(side) < len(left):
            turn = Reason.ROOM_TURN if due == Mode.ON_SITE else Reason.ONLINE_TURN
            left, reason = side, turn
        least = min(self.seconds(request.group) for request in left)
        quiet = [request for request in left if self.seconds(request.group) == least]
        if len(quiet) < len(left):
            left, reason = quiet, Reason.LEAST_TIME
            values = {"group": quiet[0].group, "seconds": least}
        first = min(left, key=lambda request: request.order)
        if len(left) > 1:
            reason, values = Reason.LONGEST_WAIT, {"asked_at": first.asked_at}
        return first, Suggestion(first.id, reason, values)

    def hear(self, request: Request, seconds: int) -> None:
        """Suppose that ``request`` has had the floor for so long."""
        earlier = self.time.get(request.group, timedelta(0))
        self.time[request.group] = earlier + timedelta(seconds=seconds)
        self.last = request.mode


def suggest(waiting: Collection[Request], turns: Collection[Turn]) -> Suggestion | None:
    """Return who should speak next; ``None`` where nobody waits who is not paused.

    ``waiting`` are the open requests that do not speak, ``turns`` all turns of the session, both
    in any order. Source of the rules: ICANN's public forum, IGF's common queue.
    """
    ready = [request for request in waiting if not request.paused]
    return Floor.of(waiting, turns).choose(ready) if ready else None


def line(
    waiting: Collection[Request], turns: Collection[Turn], *, turn_seconds: int
) -> list[Place]:
    """Return the places of everybody who waits and is not paused, first `suggest`'s own.

    It supposes that each speaks for the whole time allowed and that nobody else comes: a newcomer
    who has not spoken goes before people who have.
    """
    floor = Floor.of(waiting, turns)
    queues = alike([request for request in waiting if not request.paused], floor.spoken)
    by_id = {request.id: request for request in waiting}
    places: list[Place] = []
    ahead = 0
    while queues:
        heads = [queue[0] for queue in queues.values()]
        request = by_id[floor.choose(heads).id]
        places.append(Place(request.id, len(places) + 1, ahead))
        lasts = allowed(turn_seconds, needs_time=request.needs_time)
        floor.hear(request, lasts)
        ahead += lasts
        key = kind_of(request, floor.spoken)
        queues[key].popleft()
        if not queues[key]:
            del queues[key]
    return places


def alike(ready: Sequence[Request], spoken: Container[int]) -> dict[tuple, deque[Request]]:
    """Return queues of requests that only waiting tells apart: their heads decide for all.

    So a line of a thousand costs a thousand choices among a few dozen, not among a thousand.
    """
    queues: dict[tuple, deque[Request]] = defaultdict(deque)
    for request in sorted(ready, key=lambda r: (r.lost_at, r.id) if r.returns_first else r.order):
        queues[kind_of(request, spoken)].append(request)
    return dict(queues)


def kind_of(request: Request, spoken: Container[int]) -> tuple:
    """Return everything but the time of waiting that the rules look at."""
    return request.returns_first, request.id in spoken, request.mode, request.group
