"""The floor under `/api/v1`: the line for everybody, asking by one's own link, giving by staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g

from app import clock
from app.consultations.models import Consultation
from app.contributions.permissions import acts, participant_of
from app.core.permissions import Permission
from app.core.refusals import N_, Invalid, NotFound
from app.core.timing import isoformat_z
from app.floor import operations, queries, schemas
from app.floor.models import FloorRequest
from app.floor.schemas import (
    AskedOut,
    FiguresOut,
    FloorOut,
    FloorRequestNew,
    GiveIn,
    RequestOut,
    WrittenIn,
)
from app.programme.models import Session
from app.registration.models import Participant
from app.web import access, api
from app.web.access import public_or_token, requires
from app.web.openapi import documented

bp = Blueprint(
    "floor_api", __name__,
    url_prefix="/api/v1/consultations/<consultation>/sessions/<session>/floor",
)  # fmt: skip
ONE = "/requests/<floor_request>"
RUN = Permission.RUN_LIVE


# --- For everybody ----------------------------------------------------------------------------


@bp.get("")
@documented("Who speaks, who is next and why, who waits", gives=FloorOut)
@public_or_token
def read(consultation: Consultation, session: Session) -> Response:
    """Answer with the floor; names as attributed, in full for who runs the session."""
    return api.answer(shown(with_floor(session)))


@bp.get("/figures")
@documented("The figures of the session so far", gives=FiguresOut)
@public_or_token
def figures(consultation: Consultation, session: Session) -> Response:
    """Answer with turns, minutes, asked, answered and not reached."""
    board = queries.board(with_floor(session))
    asked = queries.question_figures(queries.questions(session))
    return api.answer(schemas.figures(board, asked))


def with_floor(session: Session) -> Session:
    """Return ``session`` if its format has a floor; raises `NotFound`."""
    if "floor" not in session.kind.tools:
        raise NotFound
    return session


def shown(session: Session) -> dict[str, Any]:
    """Return the floor as this reader may have it."""
    named = access.may(RUN, session.consultation, session)
    return schemas.shown(queries.board(session), named=named, at=clock.now())


# --- The list ---------------------------------------------------------------------------------


@bp.post("/open")
@documented("Open the list of speakers", gives=FloorOut)
@requires(RUN)
def open_list(consultation: Consultation, session: Session) -> Response:
    """Let people ask."""
    return on_list(session, operations.open_list)


@bp.post("/close")
@documented("Close the list of speakers; whoever waits stays", gives=FloorOut)
@requires(RUN)
def close_list(consultation: Consultation, session: Session) -> Response:
    """Take no new requests."""
    return on_list(session, operations.close_list)


def on_list(session: Session, verb: Callable[[Session], None]) -> Response:
    """Do ``verb`` and answer with the floor as it is now."""

    def act() -> tuple[int, api.Ids]:
        verb(session)
        return 200, {}

    return api.perform(act, lambda: shown(session))


# --- Asking, and what people do with their own request ----------------------------------------


@bp.post("/requests")
@documented("Ask for the floor", takes=FloorRequestNew, gives=AskedOut, made=True)
@acts
def ask(consultation: Consultation, session: Session) -> Response:
    """Put somebody into the line."""
    body = api.read(FloorRequestNew)
    with_floor(session)
    participant = somebody(session, body)

    def act() -> tuple[int, api.Ids]:
        made = operations.ask(
            session,
            body.wish(),
            participant=participant,
            name=body.name or "",
            representation=body.representation,
            stakeholder_group=body.stakeholder_group,
        )
        return 201, {"public_id": made.public_id}

    return api.perform(act, asked_out)


def somebody(session: Session, body: FloorRequestNew) -> Participant | None:
    """Return who asks; ``None`` for whom staff add under a name.

    Raises `Invalid` where a token names neither or both, `Forbidden` where a link names another.
    """
    if body.name is None:
        return participant_of(session, body.participant)
    if g.acting is not None:
        raise access.Forbidden
    if body.participant is not None:
        raise Invalid.field("name", "not_both", N_("Name a participant or a name, not both"))
    return None


@bp.post(f"{ONE}/withdraw")
@documented("Leave the line", gives=RequestOut)
@acts
def withdraw(consultation: Consultation, session: Session, floor_request: FloorRequest):
    """Take somebody out of the line."""
    return on_own(floor_request, operations.withdraw)


@bp.post(f"{ONE}/pause")
@documented("Let others go first and keep the place", gives=RequestOut)
@acts
def pause(consultation: Consultation, session: Session, floor_request: FloorRequest):
    """Pause."""
    return on_own(floor_request, operations.pause)


@bp.post(f"{ONE}/resume")
@documented("Be ready to speak again", gives=RequestOut)
@acts
def resume(consultation: Consultation, session: Session, floor_request: FloorRequest):
    """Go on waiting."""
    return on_own(floor_request, operations.resume)


@bp.post(f"{ONE}/text")
@documented("Write a turn, or note what was said in it", takes=WrittenIn, gives=RequestOut)
@acts
def text(consultation: Consultation, session: Session, floor_request: FloorRequest):
    """Keep what shall be read aloud; staff also note what was said."""
    words, by_staff = api.read(WrittenIn).text, g.acting is None
    return on_own(
        floor_request, lambda request: operations.write(request, words, by_staff=by_staff)
    )


def on_own(request: FloorRequest, verb: Callable[[FloorRequest], Any]) -> Response:
    """Do ``verb`` for whoever's request it is, or for staff."""
    if g.acting is not None and request.participant_id != g.acting[0].id:
        raise access.Forbidden
    return on_one(request, verb)


# --- Giving the floor -------------------------------------------------------------------------


@bp.post(f"{ONE}/give")
@documented("Give somebody the floor", takes=GiveIn, gives=RequestOut)
@requires(RUN)
def give(consultation: Consultation, session: Session, floor_request: FloorRequest):
    """Give the floor; another choice than the suggested one needs a word."""
    because = api.read(GiveIn).because
    return on_one(floor_request, lambda request: operations.give(request, because=because))


@bp.post(f"{ONE}/done")
@documented("End the turn that lasts", gives=RequestOut)
@requires(RUN)
def done(consultation: Consultation, session: Session, floor_request: FloorRequest):
    """End a turn."""
    return on_one(floor_request, operations.done)


@bp.post(f"{ONE}/lost")
@documented("The speaker lost the connection: they come back first, once", gives=RequestOut)
@requires(RUN)
def lost(consultation: Consultation, session: Session, floor_request: FloorRequest):
    """Take the floor back from a speaker who is gone."""
    return on_one(floor_request, operations.lost)


def on_one(request: FloorRequest, verb: Callable[[FloorRequest], Any]) -> Response:
    """Do ``verb`` and answer with the request as it is now."""
    with_floor(request.session)

    def act() -> tuple[int, api.Ids]:
        verb(request)
        return 200, {"public_id": request.public_id}

    return api.perform(act, request_out)


# --- Answers ----------------------------------------------------------------------------------


def asked_out(public_id: str) -> dict[str, Any]:
    """Return a new request's id and place in line."""
    found = known(public_id)
    place = queries.board(found.session).places.get(found.id)
    return {"id": public_id, "place_in_line": place.number if place else None}


def request_out(public_id: str) -> dict[str, Any]:
    """Return one request as it is now, to staff or to whose it is."""
    found = known(public_id)
    board = queries.board(found.session)
    place = board.places.get(found.id)
    turns = [each for each in board.held if each.request_id == found.id]
    last = turns[-1] if turns else None
    return {
        "id": public_id,
        "state": found.state,
        "name": found.name,
        "representation": found.representation,
        "mode": found.mode,
        "kind": found.kind,
        "paused": found.paused,
        "needs_time": found.needs_time,
        "place_in_line": place.number if place else None,
        "times_spoken": board.times_spoken_by(found.id),
        "text": found.text,
        "started_at": isoformat_z(last.started_at) if last else None,
        "ended_at": isoformat_z(last.ended_at) if last and last.ended_at else None,
        "limit_seconds": last.limit_seconds if last else None,
        "because": last.because if last else None,
        "reference": found.contribution.reference if found.contribution else None,
    }


def known(public_id: str) -> FloorRequest:
    """Return the request called so, which is there."""
    found = queries.by_public_id(public_id)
    assert found is not None
    return found
