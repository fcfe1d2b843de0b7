"""Turns: given, timed, cut off, followed up, answered; each becomes a contribution that is cited.

A turn gets its reference when it first ends: only one lasts at a time, so the numbers follow the
order of speaking, and a turn that goes on after a lost connection keeps its own (decision 009).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app import clock
from app.contributions import operations as contributions
from app.contributions.models import Contribution
from app.core import floor
from app.core.contributions import Kind as ContributionKind
from app.core.floor import AlreadyWaiting, Because, FloorTaken, Request
from app.core.refusals import N_, Refusal
from app.database import db, lock, operation
from app.floor import queries
from app.floor.models import FloorRequest, FloorTurn
from app.floor.operations.line import hold, note
from app.live import operations as live
from app.registration.models import Participant

LONGER = 30
LONGEST = 3_600
LEAST_AFTER_LOSS = 30


class NotSpeaking(Refusal):
    """The request does not have the floor."""

    code = "not_speaking"
    message = N_("This person is not speaking.")


class NoFollowUp(Refusal):
    """Only the last speaker follows up, once, where the session lets people."""

    code = "no_follow_up"
    message = N_("Only the last speaker can follow up, and only once.")


@operation
def give(request: FloorRequest, *, because: str | None = None) -> FloorTurn:
    """Give somebody the floor; the word for another choice than the suggestion is logged.

    An answer that still runs ends. Raises `FloorTaken`, `NotWaiting`, `ReasonNeeded`, `Invalid`,
    `SessionNotOpen`.
    """
    hold(request)
    session, now = request.session, clock.now()
    board = queries.load(session)
    word = floor.grant(request.id, waiting=board.waiting, turns=board.turns, because=because)
    end_answer(queries.latest(session), now)
    turn = FloorTurn(
        session_id=session.id,
        request_id=request.id,
        mode=request.mode,
        started_at=now,
        limit_seconds=limit_of(request, board.turn_seconds),
        extended=0,
        because=word.value if word else None,
        is_follow_up=False,
    )
    db.session.add(turn)
    request.state, request.paused = "speaking", False
    db.session.flush()
    log_choice(request, board, word)
    live.turn(session.id)
    return turn


def limit_of(request: FloorRequest, turn_seconds: int) -> int:
    """Return how long a turn may last: the whole time, or what a lost connection left of it."""
    whole = floor.allowed(turn_seconds, needs_time=request.needs_time)
    earlier = queries.turns_of(request)
    if not earlier:
        return whole
    used = sum((stretch(each) for each in earlier), timedelta(0))
    return max(whole - used // timedelta(seconds=1), LEAST_AFTER_LOSS)


def stretch(turn: FloorTurn) -> timedelta:
    """Return how long an ended stretch was."""
    return max((turn.ended_at or turn.started_at) - turn.started_at, timedelta(0))


def log_choice(request: FloorRequest, board: queries.Board, word: Because | None) -> None:
    """Note that the floor was given, and by which word against which suggestion."""
    details: dict[str, object] = {}
    if word is not None and board.suggestion is not None:
        suggested = board.rows[board.suggestion.id].public_id
        details = {
            "because": word.value,
            "suggested": suggested,
            "rule": board.suggestion.reason.value,
        }
    action = "floor_given_out_of_turn" if word else "floor_given"
    note(action, request.session, request, **details)


@operation
def done(request: FloorRequest) -> FloorRequest:
    """End the turn that lasts; it is published and can be cited. Raises `NotSpeaking`."""
    hold(request)
    finish(request, clock.now())
    live.turn(request.session_id)
    return request


def finish(request: FloorRequest, now: datetime) -> None:
    """End somebody's turn: it counts, and it has its reference."""
    end_turn(request, now)
    request.state = "done"
    keep_turn(request)


def end_turn(request: FloorRequest, now: datetime) -> FloorTurn:
    """End the stretch that lasts. Raises `NotSpeaking`."""
    turn = queries.latest(request.session)
    if turn is None or turn.request_id != request.id or turn.ended_at is not None:
        raise NotSpeaking
    turn.ended_at = now
    return turn


def keep_turn(request: FloorRequest) -> None:
    """Make the contribution of a turn, unless it has one: spoken words come later, if at all."""
    known = request.contribution
    if known is not None and known.is_withdrawn:
        forget(request)
    elif known is not None and request.text:
        contributions.write_down(known, request.text)
    if known is not None:
        return
    sent = contributions.Sent(text=request.text, attribution=request.attribution)
    participant = db.session.get(Participant, request.participant_id or 0)
    made = contributions.submit(
        request.session,
        ContributionKind.TURN,
        sent,
        participant=participant,
        author=queries.facts(request),
    )
    request.contribution = made
    db.session.flush()


@operation
def lost(request: FloorRequest) -> FloorRequest:
    """Take the floor from a speaker whose connection broke: they come back first, once.

    Raises `NotSpeaking`, `NotOnline`.
    """
    hold(request)
    now = clock.now()
    if request.state != "speaking":
        raise NotSpeaking
    back: Request = floor.after_loss(queries.as_request(request), at=now)
    end_turn(request, now)
    request.state = "waiting"
    request.losses, request.lost_at, request.paused = back.losses, back.lost_at, back.paused
    keep_turn(request)
    note("floor_connection_lost", request.session, request)
    live.turn(request.session_id)
    return request


@operation
def extend(request: FloorRequest) -> FloorRequest:
    """Give the speaker thirty seconds more. Raises `NotSpeaking`."""
    hold(request)
    turn = queries.latest(request.session)
    if turn is None or turn.request_id != request.id or turn.ended_at is not None:
        raise NotSpeaking
    if turn.limit_seconds + LONGER <= LONGEST:
        turn.limit_seconds += LONGER
        turn.extended += LONGER
        note("floor_extended", request.session, request, seconds=LONGER)
        live.turn(request.session_id)
    return request


@operation
def follow_up(request: FloorRequest) -> FloorTurn:
    """Let the last speaker follow up: a second stretch of the same turn, once.

    Raises `FloorTaken` while another speaks, `NoFollowUp`, `AlreadyWaiting`.
    """
    hold(request)
    session, now = request.session, clock.now()
    board = queries.load(session)
    if board.lasting is not None and board.lasting.request_id != request.id:
        raise FloorTaken
    if request.state not in ("speaking", "done") or not board.may_follow_up(request.id):
        raise NoFollowUp
    mine = board.of_people.get(request.participant_id) if request.participant_id else None
    if mine is not None and mine.id != request.id:
        raise AlreadyWaiting
    if board.lasting is not None:
        finish(request, now)
    end_answer(queries.latest(session), now)
    db.session.flush()
    turn = FloorTurn(
        session_id=session.id,
        request_id=request.id,
        mode=request.mode,
        started_at=now,
        limit_seconds=floor.allowed(board.turn_seconds, needs_time=request.needs_time),
        extended=0,
        because=Because.FOLLOW_UP.value,
        is_follow_up=True,
    )
    db.session.add(turn)
    request.state = "speaking"
    db.session.flush()
    note("floor_follow_up", session, request)
    live.turn(session.id)
    return turn


# --- Answers ----------------------------------------------------------------------------------


@operation
def start_answer(request: FloorRequest) -> FloorRequest:
    """Start the clock of the answer, which has as long as the question; the speaker stops.

    Raises `NotSpeaking` where another turn came since, `FloorTaken` while another speaks.
    """
    hold(request)
    now = clock.now()
    turn = queries.latest(request.session)
    if turn is None or turn.request_id != request.id:
        raise NotSpeaking
    if turn.ended_at is None:
        finish(request, now)
    if turn.answer_started_at is None:
        turn.answer_started_at = now
        live.turn(request.session_id)
    return request


@operation
def stop_answer(request: FloorRequest) -> FloorRequest:
    """Stop the clock of the answer. Raises `NotSpeaking` where none runs."""
    hold(request)
    turn = queries.latest(request.session)
    if turn is None or turn.request_id != request.id or turn.answer_started_at is None:
        raise NotSpeaking
    end_answer(turn, clock.now())
    live.turn(request.session_id)
    return request


def end_answer(turn: FloorTurn | None, now: datetime) -> None:
    """End the answer that still runs, if one does."""
    running = turn is not None and turn.answer_started_at and turn.answer_ended_at is None
    if turn is not None and running:
        turn.answer_ended_at = now


# --- Forgetting -------------------------------------------------------------------------------


@operation
def forget_words(contribution: Contribution) -> None:
    """Remove what the floor keeps of a turn whose words were withdrawn."""
    for request in queries.made_into(contribution):
        lock(request)
        request.text = ""
        if request.state == "done":
            forget(request)
        live.turn(request.session_id)


def forget(request: FloorRequest) -> None:
    """Take every name and word out of a request; group, mode and time stay for the figures."""
    request.name = request.representation = request.text = request.hub = ""
    request.country = None
