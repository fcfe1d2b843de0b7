"""What the floor keeps of a participant: when they asked and spoke, and under which name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.core.floor import People
from app.core.timing import isoformat_z
from app.database import db
from app.floor import queries
from app.floor.models import FloorRequest, FloorTurn
from app.live import operations as live
from app.programme.models import Session
from app.registration.models import Participant


def export(participant: Participant) -> dict[str, Any]:
    """Return every request and turn of somebody, as plain values."""
    return {"floor_requests": [exported(each) for each in queries.of_participant(participant)]}


def exported(request: FloorRequest) -> dict[str, Any]:
    """Return one request with its turns, as plain values."""
    return {
        "session": request.session.slug,
        "asked_at": isoformat_z(request.asked_at),
        "name": request.name,
        "representation": request.representation,
        "country": request.country,
        "stakeholder_group": request.stakeholder_group,
        "attribution": request.attribution,
        "mode": request.mode,
        "kind": request.kind,
        "hub": request.hub,
        "needs_time": request.needs_time,
        "text": request.text,
        "state": request.state,
        "turns": [span(each) for each in queries.turns_of(request)],
    }


def span(turn: FloorTurn) -> dict[str, Any]:
    """Return when somebody had the floor."""
    ended_at = isoformat_z(turn.ended_at) if turn.ended_at else None
    return {"started_at": isoformat_z(turn.started_at), "ended_at": ended_at}


def erase(participant: Participant) -> None:
    """Take a person out of the line and their names out of it; called inside an operation.

    Also what staff added under the same name and representation, which counts as theirs. Group,
    mode and time stay for the figures; what was said is a contribution, and goes as one.
    """
    mine = queries.of_participant(participant)
    sessions = {request.session_id for request in mine}
    for request in [*mine, *under_their_name(participant, sessions)]:
        if request.state == "waiting":
            request.state = "withdrawn"
        request.name = request.representation = request.text = request.hub = ""
        request.country = None
        request.person = f"erased:{request.id}"
    for session_id in sorted(sessions):
        live.turn(session_id)


def under_their_name(participant: Participant, sessions: set[int]) -> list[FloorRequest]:
    """Return what staff added without a participant and the rules count as this person's."""
    found: list[FloorRequest] = []
    for session_id in sessions:
        board = queries.load(db.session.get_one(Session, session_id))
        people = People(board.requests.values())
        ids = [
            request.id
            for request in board.requests.values()
            if request.participant is None and people.of(request) == ("participant", participant.id)
        ]
        found += db.session.scalars(select(FloorRequest).where(FloorRequest.id.in_(ids)))
    return found
