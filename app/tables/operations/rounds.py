"""One clock for all: a round starts, gets more time, ends."""

from __future__ import annotations

from datetime import timedelta

from app import clock
from app.core.refusals import N_, Invalid, NotFound
from app.core.vocabulary import SessionStatus
from app.database import db, operation
from app.live import operations as live
from app.programme.models import Session
from app.tables import queries
from app.tables.models import Round
from app.tables.operations.base import RoundState, begin, note
from app.tables.operations.seating import publish_draft

USUAL_MINUTES = 20
LONGEST = 3_600  # seconds that can be added at once


class AlreadyBegan(RoundState):
    """Somebody started it before."""

    message = N_("Round %(number)s has begun already.")


class StillRunning(RoundState):
    """One round at a time."""

    message = N_("Round %(number)s still runs. End it first.")


class NotItsTurn(RoundState):
    """Rounds come one after the other."""

    message = N_("Round %(number)s comes first.")


class NotRunning(RoundState):
    """Only a round that runs can be extended or ended."""

    message = N_("Round %(number)s is not running.")


class CalledOff(RoundState):
    """The session does not take place."""

    message = N_("This session was called off.")


@operation
def start_round(session: Session, number: int) -> Round:
    """Start round ``number`` for everybody; a draft is published with it.

    Raises `NotFound` where there is no such round, `RoundState` where it is not its turn.
    """
    begin(session)
    if session.status in (SessionStatus.CANCELLED, SessionStatus.POSTPONED):
        raise CalledOff
    so_far = queries.rounds(session)
    if not 1 <= number <= queries.how_many(session):
        raise NotFound
    if number <= len(so_far):
        raise AlreadyBegan(number=number)
    if so_far and so_far[-1].is_running:
        raise StillRunning(number=so_far[-1].number)
    if number > len(so_far) + 1:
        raise NotItsTurn(number=len(so_far) + 1)
    publish_draft(session)
    now = clock.now()
    minutes = session.kind.settings(session.settings).get("round_minutes", USUAL_MINUTES)
    began = Round(
        session_id=session.id,
        number=number,
        started_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )
    db.session.add(began)
    note(session, "round_started", {"round": number})
    live.turn(session.id)
    return began


@operation
def extend_round(session: Session, number: int, *, seconds: int) -> Round:
    """Give a running round ``seconds`` (1 to 3600) more; over its time they count from now.

    Raises `Invalid`, `NotFound`, `RoundState`.
    """
    if not 1 <= seconds <= LONGEST:
        message = N_("Between 1 and %(most)s seconds.")
        raise Invalid.field("seconds", "out_of_range", message, most=LONGEST)
    running = running_round(session, number)
    running.ends_at = max(running.ends_at, clock.now()) + timedelta(seconds=seconds)
    note(session, "round_extended", {"round": number, "seconds": seconds})
    live.turn(session.id)
    return running


@operation
def end_round(session: Session, number: int) -> Round:
    """End a running round, early or late. Raises `NotFound`, `RoundState`."""
    running = running_round(session, number)
    running.ended_at = clock.now()
    note(session, "round_ended", {"round": number})
    live.turn(session.id)
    return running


def running_round(session: Session, number: int) -> Round:
    """Hold the session and return its round ``number``, which runs."""
    begin(session)
    if not 1 <= number <= queries.how_many(session):
        raise NotFound
    running = queries.running(session)
    if running is None or running.number != number:
        raise NotRunning(number=number)
    return running
