"""The shape of the floor as JSON, in and out; names only as far as the reader may have them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel

from app.contributions.schemas import Chosen
from app.core import floor, people
from app.core.attribution import Attribution
from app.core.contributions import TEXT
from app.core.floor import Figures, Kind
from app.core.timing import isoformat_z
from app.core.vocabulary import Mode
from app.floor.operations import Wish
from app.floor.queries import Board
from app.web import shapes
from app.web.shapes import Input

NOT_STATED = "not_stated"
Affiliation = Annotated[Any, *shapes.by(people.organisation, shapes.STRING | {"maxLength": 200})]

FullName = Annotated[
    Any,
    *shapes.by(
        lambda value: None if value is None else people.name(value),
        shapes.STRING | {"maxLength": 120},
    ),
]


# --- In ---------------------------------------------------------------------------------------


class FloorRequestNew(Input):
    """Somebody who wants to speak: a participant, or one whom staff add under their name.

    ``mode`` left out is the one they are registered in; ``text`` is what is read aloud.
    """

    participant: Annotated[str, *shapes.text(60)] | None = None
    name: FullName = None
    representation: Affiliation = ""
    stakeholder_group: Annotated[Any, *shapes.by(people.stakeholder_group, shapes.STRING)] = None
    mode: Annotated[str, *shapes.one_of(tuple(Mode), "invalid_mode")] | None = None
    kind: Annotated[str, *shapes.one_of(tuple(Kind), "invalid_kind")] = Kind.VOICE.value
    text: Annotated[str, *shapes.text(TEXT, lines=True, empty=True)] | None = None
    needs_time: bool = False
    attribution: Chosen = Attribution.NAMED.value
    hub: Affiliation = ""

    def wish(self) -> Wish:
        """Return how they want to speak."""
        return Wish(
            mode=Mode(self.mode) if self.mode else None,
            kind=Kind(self.kind),
            text=self.text or "",
            needs_time=self.needs_time,
            attribution=self.attribution,
            hub=self.hub,
        )


class GiveIn(Input):
    """The one word that says why somebody else than the suggested person speaks."""

    because: Annotated[str, *shapes.one_of(tuple(floor.Because), "unknown_reason")] | None = None


class WrittenIn(Input):
    """What shall be read aloud, or what was said."""

    text: Annotated[str, *shapes.text(TEXT, lines=True)]


# --- Out --------------------------------------------------------------------------------------


class AskedOut(BaseModel):
    """What was made: its id, and the place in line, which may change when others come."""

    id: str
    place_in_line: int | None


class WaitingOut(BaseModel):
    """Somebody in the line; `name` and `representation` are null where they may not be said."""

    id: str
    name: str | None
    representation: str | None
    mode: str
    kind: str
    times_spoken: int
    waiting_seconds: int
    paused: bool


People = list[WaitingOut]


class SpeakingOut(BaseModel):
    """Whoever has the floor, since when and until when."""

    id: str
    name: str | None
    representation: str | None
    mode: str
    kind: str
    started_at: str
    ends_at: str
    limit_seconds: int


class SuggestedOut(BaseModel):
    """Who should be next, and why, in a few words."""

    id: str
    reason: str


class SecondsOut(BaseModel):
    """Time at the microphone, of turns that ended, by stakeholder group and by mode."""

    by_group: dict[str, float]
    by_mode: dict[str, float]


class FloorOut(BaseModel):
    """The floor as it is: `waiting` in the order of the places, those who paused at the end."""

    list: str
    speaking: SpeakingOut | None
    suggested: SuggestedOut | None
    waiting: People
    seconds: SecondsOut


class RequestOut(BaseModel):
    """One request as it is now: `state` is waiting, speaking, done or withdrawn.

    `reference` names the turn once it was held.
    """

    id: str
    state: str
    name: str
    representation: str
    mode: str
    kind: str
    paused: bool
    needs_time: bool
    place_in_line: int | None
    times_spoken: int
    text: str
    started_at: str | None
    ended_at: str | None
    limit_seconds: int | None
    because: str | None
    reference: str | None


class FiguresRow(BaseModel):
    """One line of the figures."""

    asked: int
    turns: int
    answered: int
    not_reached: int
    speakers: int
    seconds: float
    minutes: float
    answer_seconds: float


class QuestionFigures(BaseModel):
    """Questions in writing: those published, and what became of them."""

    asked: int
    read_out: int
    answered: int
    not_reached: int


class FiguresOut(BaseModel):
    """The figures of a session, counted by nobody's hand."""

    total: FiguresRow
    by_group: dict[str, FiguresRow]
    by_mode: dict[str, FiguresRow]
    questions: QuestionFigures


# --- From the board ---------------------------------------------------------------------------


def label(board: Board, row: Any, *, named: bool) -> dict[str, str | None]:
    """Return name and representation: in full where ``named``, else as attributed."""
    if named:
        return {"name": row.name, "representation": row.representation}
    shown = board.author(row)
    return {"name": shown.name or None, "representation": shown.organisation or None}


def waiting(board: Board, row: Any, *, named: bool, at: datetime) -> dict[str, Any]:
    """Return one who waits."""
    return {
        "id": row.public_id,
        **label(board, row, named=named),
        "mode": row.mode,
        "kind": row.kind,
        "times_spoken": board.spoken[row.id],
        "waiting_seconds": max(int((at - row.asked_at).total_seconds()), 0),
        "paused": row.paused,
    }


def speaking(board: Board, *, named: bool) -> dict[str, Any] | None:
    """Return whoever speaks; everything that counts follows from two instants."""
    turn = board.lasting
    if turn is None:
        return None
    row = board.rows[turn.request_id]
    countdown = floor.turn_countdown(board.turns[-1])
    return {
        "id": row.public_id,
        **label(board, row, named=named),
        "mode": turn.mode,
        "kind": row.kind,
        "started_at": isoformat_z(turn.started_at),
        "ends_at": isoformat_z(countdown.ends_at),
        "limit_seconds": turn.limit_seconds,
    }


def suggested(board: Board) -> dict[str, str] | None:
    """Return who should be next and the reason in words."""
    found = board.suggestion
    if found is None:
        return None
    return {"id": board.rows[found.id].public_id, "reason": found.text()}


def seconds(board: Board) -> dict[str, dict[str, float]]:
    """Return the time so far by group and mode."""
    found = board.seconds
    return {
        "by_group": {str(key or NOT_STATED): float(time) for key, time in found.by_group.items()},
        "by_mode": {str(key): float(time) for key, time in found.by_mode.items()},
    }


def shown(board: Board, *, named: bool, at: datetime) -> dict[str, Any]:
    """Return the whole floor as it is answered at instant ``at``."""
    return {
        "list": "open" if board.is_open else "closed",
        "speaking": speaking(board, named=named),
        "suggested": suggested(board),
        "waiting": [waiting(board, row, named=named, at=at) for row in board.in_order],
        "seconds": seconds(board),
    }


def figures_row(row: Figures) -> dict[str, Any]:
    """Return one line of the figures."""
    return {
        "asked": row.asked,
        "turns": row.turns,
        "answered": row.answered,
        "not_reached": row.not_reached,
        "speakers": row.speakers,
        "seconds": float(row.seconds),
        "minutes": float(row.minutes),
        "answer_seconds": float(row.answer_seconds),
    }


def figures(board: Board, questions: dict[str, int]) -> dict[str, Any]:
    """Return the figures of a session."""
    found = board.figures
    return {
        "total": figures_row(found.total),
        "by_group": {
            str(key or NOT_STATED): figures_row(row) for key, row in found.by_group.items()
        },
        "by_mode": {str(key): figures_row(row) for key, row in found.by_mode.items()},
        "questions": questions,
    }
