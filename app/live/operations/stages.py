"""The steps of a rehearsal: people arrive, then what each tool of the format plays."""

from __future__ import annotations

from app.core.refusals import N_
from app.live import kinds
from app.live.kinds import LATE, Step
from app.live.operations.arrivals import arrive, be_late
from app.programme.models import Session


def steps(session: Session) -> list[Step]:
    """Return every step of rehearsing ``session``, a copy, in order.

    A format of several tools plays them one after the other; latecomers come where the first tool
    that knows them says so, else right after the others.
    """
    first = Step(
        "arrive", N_("Most people arrive: at the door and online"), lambda: arrive(session)
    )
    played = [step for tool in kinds.of(session) for step in tool.steps(session)]
    if not any(step.key == LATE for step in played):
        played.insert(0, late(session))
    return [first, *once(played)]


def once(steps: list[Step]) -> list[Step]:
    """Return the first step of each key."""
    return list({step.key: step for step in reversed(steps)}.values())[::-1]


def late(session: Session) -> Step:
    """Return the step in which latecomers arrive and nothing else happens."""
    label = N_("Latecomers arrive; a few people never come")
    return Step(LATE, label, lambda: be_late(session))
