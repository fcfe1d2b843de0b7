"""Tables, seats, rounds and notes under `/api/v1`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.consultations.models import Consultation
from app.contributions.operations import Point
from app.core.permissions import Permission
from app.programme.models import Session
from app.tables import operations, queries
from app.tables.permissions import check_host, writes
from app.tables.schemas import (
    ExtendIn,
    NotesIn,
    NotesOut,
    PatchedOut,
    PatchIn,
    RoundOut,
    SeatingIn,
    SeatingOut,
    SwapIn,
    TablesIn,
    TablesOut,
    round_out,
    seating_out,
    table_out,
)
from app.web import access, api
from app.web.access import public_or_token, requires
from app.web.openapi import documented

bp = Blueprint(
    "tables_api",
    __name__,
    url_prefix="/api/v1/consultations/<consultation>/sessions/<session>",
)
SEE, RUN = Permission.SEE_LIVE, Permission.RUN_LIVE


# --- Tables -----------------------------------------------------------------------------------


@bp.get("/tables")
@documented("List the tables", gives=TablesOut)
@public_or_token
def tables(consultation: Consultation, session: Session):
    """Answer with the tables; who hosts them, and their rooms, for who follows from inside."""
    operations.check(session)
    return api.answer(tables_out(session))


@bp.put("/tables")
@documented("Put up exactly these tables, before the first round", takes=TablesIn,
            gives=TablesOut)  # fmt: skip
@requires(RUN)
def place(consultation: Consultation, session: Session):
    """Replace all tables."""
    operations.check(session)
    places = api.read(TablesIn).places()

    def act() -> tuple[int, api.Ids]:
        operations.place_tables(session, places)
        return 200, {}

    return api.perform(act, lambda: tables_out(session))


def tables_out(session: Session) -> dict[str, Any]:
    """Return the tables as the one who asks may see them."""
    inside = access.may(SEE, session.consultation, session)
    return {"tables": [table_out(table, inside=inside) for table in queries.tables(session)]}


# --- Seats ------------------------------------------------------------------------------------


@bp.get("/seating")
@documented("Read who sits where: the draft, else what is published", gives=SeatingOut)
@requires(SEE)
def seating(consultation: Consultation, session: Session):
    """Answer with the plan the next round starts with."""
    operations.check(session)
    return api.answer(plan_out(session))


@bp.post("/seating")
@documented("Make seats: a draft", takes=SeatingIn, gives=SeatingOut, made=True)
@requires(RUN)
def make_seating(consultation: Consultation, session: Session):
    """Make seats and keep them as the draft; they are found before the transaction begins."""
    solved = operations.solve(session, api.read(SeatingIn).wish())

    def act() -> tuple[int, api.Ids]:
        operations.keep_draft(session, solved)
        return 201, {}

    return api.perform(act, lambda: plan_out(session))


@bp.post("/seating/patch")
@documented("Plan the later rounds for what happened, moving few", takes=PatchIn,
            gives=PatchedOut)  # fmt: skip
@requires(RUN)
def patch(consultation: Consultation, session: Session):
    """Patch the draft, or what is published: the result is the draft."""
    wanted = api.read(PatchIn).model_dump()

    def act() -> tuple[int, api.Ids]:
        _kept, changed = operations.patch(session, **wanted)
        return 200, {"changed_seats": changed}

    def show(changed_seats: int) -> dict[str, Any]:
        return plan_out(session) | {"changed_seats": changed_seats}

    return api.perform(act, show)


@bp.post("/seating/swap")
@documented("Let two people trade seats in a round to come", takes=SwapIn, gives=SeatingOut)
@requires(RUN)
def swap(consultation: Consultation, session: Session):
    """Swap two people in the draft, or in what is published: the result is the draft."""
    body = api.read(SwapIn)

    def act() -> tuple[int, api.Ids]:
        operations.swap(session, round=body.round, people=(body.people[0], body.people[1]))
        return 200, {}

    return api.perform(act, lambda: plan_out(session))


@bp.post("/seating/publish")
@documented("Let everybody follow the draft", gives=SeatingOut)
@requires(RUN)
def publish(consultation: Consultation, session: Session):
    """Publish the draft."""

    def act() -> tuple[int, api.Ids]:
        operations.publish(session)
        return 200, {}

    return api.perform(act, lambda: plan_out(session))


def plan_out(session: Session) -> dict[str, Any]:
    """Return the plan the next round starts with, an empty one where there is none."""
    return seating_out(queries.in_force(session))


# --- Rounds -----------------------------------------------------------------------------------


@bp.get("/rounds")
@documented("List the rounds", lists=RoundOut)
@public_or_token
def rounds(consultation: Consultation, session: Session):
    """Answer with every round, begun or to come."""
    operations.check(session)
    return api.listing(
        queries.turns(session),
        lambda turn: (turn.number,),
        lambda found: [round_out(turn) for turn in found],
        int,
    )


@bp.post("/rounds/<round>/start")
@documented("Start a round for everybody", gives=RoundOut)
@requires(RUN)
def start(consultation: Consultation, session: Session, round: int):
    """Start it; a draft is published with it."""
    return turned(session, round, lambda: operations.start_round(session, round))


@bp.post("/rounds/<round>/extend")
@documented("Give a running round more time", takes=ExtendIn, gives=RoundOut)
@requires(RUN)
def extend(consultation: Consultation, session: Session, round: int):
    """Extend it."""
    seconds = api.read(ExtendIn).seconds
    return turned(session, round, lambda: operations.extend_round(session, round, seconds=seconds))


@bp.post("/rounds/<round>/end")
@documented("End a running round", gives=RoundOut)
@requires(RUN)
def end(consultation: Consultation, session: Session, round: int):
    """End it."""
    return turned(session, round, lambda: operations.end_round(session, round))


def turned(session: Session, number: int, turn: Any):
    """Do ``turn`` and answer with the round as it is now."""

    def act() -> tuple[int, api.Ids]:
        turn()
        return 200, {"number": number}

    def show(number: int) -> dict[str, Any]:
        return round_out(queries.turns(session)[number - 1])

    return api.perform(act, show)


# --- Notes ------------------------------------------------------------------------------------


@bp.post("/notes")
@documented("Send what a table wrote down in a round", takes=NotesIn, gives=NotesOut, made=True)
@writes
def notes(consultation: Consultation, session: Session):
    """Publish a table's points."""
    operations.check(session)
    body = api.read(NotesIn)
    by_staff = check_host(session, body.table)
    points = [Point(point.text, point.tag) for point in body.points]

    def act() -> tuple[int, api.Ids]:
        made = operations.send_notes(
            session,
            points,
            table=body.table,
            round=body.round,
            language=body.language,
            by_staff=by_staff,
        )
        return 201, {"references": [note.reference for note in made]}

    def show(references: list[str]) -> dict[str, Any]:
        return {"items": [{"reference": reference} for reference in references]}

    return api.perform(act, show)
