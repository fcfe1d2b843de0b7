"""What the fragments of the floor hold, and their pieces of the live document: instants only."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from app import clock
from app.core import floor
from app.core.vocabulary import Mode
from app.floor import forms, panels, queries, schemas
from app.floor.queries import Board
from app.live import kinds
from app.live.kinds import Button, Head, Part, Seat
from app.live.panels import phase
from app.programme.models import Session


def part(
    template: str,
    session: Session,
    board: Board,
    shown: dict[str, Any],
    *,
    named: bool = False,
    head: Head | None = None,
    more: dict[str, Any] | None = None,
) -> Part:
    """Return a fragment with its piece of the live document, which holds instants only."""
    state = {
        "list": "open" if board.is_open else "closed",
        "speaking": schemas.speaking(board, named=named),
        "answer": answer_state(board),
        "next": [waiting_state(board, row, named) for row in ready(board)[: panels.NEXT]],
        "waiting_by_mode": {
            mode.value: sum(row.mode == mode for row in board.in_order) for mode in Mode
        },
        "turns": len({turn.request_id for turn in board.held}),
    }
    return Part(
        template=f"floor/{template}.html",
        state=state | (more or {}),
        shown={"phase": phase(session), **shown},
        head=head,
    )


def common(session: Session, board: Board, *, named: bool) -> dict[str, Any]:
    """Return what public and personal fragments both show."""
    questions = queries.questions(session)
    return {
        "now": panels.speaking(board, session, named=named),
        "next": panels.next_ones(board, session, named=named),
        "phases": panels.phases(),
        "list_open": board.is_open,
        "waiting": len(board.waiting),
        "counts": panels.counts(board),
        "rules": panels.rules(),
        "questions": panels.asked(questions, panels.counts_for(session, questions)),
        "rejected": queries.rejected_questions(session),
        "follow_ups": board.follow_ups,
        "total": panels.length(board.turn_seconds),
    }


def head(board: Board) -> Head:
    """Return what the live head says to those who follow: nothing in it counts down."""
    label = _("Open floor") if board.is_open else _("Open floor, list closed")
    return Head(label=label)


def list_button(board: Board) -> Button:
    """Return the console's button for the list."""
    if board.is_open:
        return Button("floor-close", _("Close the list"))
    return Button("floor-open", _("Open the list"), primary=True)


def list_words(board: Board) -> str:
    """Return whether the list takes anybody, in words."""
    return _("List open") if board.is_open else _("List closed")


def ready(board: Board) -> list[Any]:
    """Return the rows of whoever may be called, in order."""
    return [board.rows[number] for number in board.places]


def waiting_state(board: Board, row: Any, named: bool) -> dict[str, Any]:
    """Return one who waits, for a live document: since when, not how long."""
    return {
        "id": row.public_id,
        **schemas.label(board, row, named=named),
        "mode": row.mode,
        "kind": row.kind,
        "asked_at": kinds.instant(row.asked_at),
        "paused": row.paused,
    }


def answer_state(board: Board) -> dict[str, Any] | None:
    """Return the clock of the answer while it runs."""
    turn = board.last
    if turn is None or turn.answer_started_at is None or turn.answer_ended_at is not None:
        return None
    countdown = floor.answer_countdown(board.turns[-1])
    return {
        "started_at": kinds.instant(turn.answer_started_at),
        "ends_at": kinds.instant(countdown.ends_at) if countdown else None,
    }


def own_state(board: Board, row: Any) -> dict[str, Any] | None:
    """Return somebody's own request for their live document."""
    if row is None:
        return None
    place = board.places.get(row.id)
    return {
        "id": row.public_id,
        "state": row.state,
        "paused": row.paused,
        "place": place.number if place else None,
        "seconds_before": place.seconds if place else None,
    }


def mine(board: Board, row: Any) -> dict[str, Any] | None:
    """Return somebody's own request as their page shows it."""
    if row is None:
        return None
    place = board.places.get(row.id)
    now = clock.now()
    return {
        "row": row,
        "place": place.number if place else None,
        "minutes": panels.minutes_before(board, row, at=now) if place else None,
        "speaks": row.state == "speaking",
    }


def own_forms(seat: Seat, row: Any, **sent: Any) -> dict[str, Any]:
    """Return the forms of a person's page, those that came back among them."""
    session = seat.session
    mode = session.modes[0].value if session.modes else Mode.ON_SITE.value
    if row is not None:
        mode = row.mode
    elif seat.registration is not None and seat.registration.is_live:
        mode = queries.speaks_from(session, seat.registration)
    text = ""
    if row is not None:
        found = queries.by_public_id(row.public_id)
        text = found.text if found else ""
    return {
        "ask": forms.AskForm(session=session, mode=mode),
        "write": forms.WriteForm(session=session, text=text),
        "question": forms.QuestionForm(session=session),
        "written": text,
        "places": forms.places(session),
        "refused": "",
        **sent,
    }


def said() -> str:
    """Return in words what ``?said=`` names; empty for anything else."""
    return {
        "asked": _("You are in the line"),
        "withdrawn": _("You have left the line"),
        "paused": _("Others go first. Your place is kept"),
        "resumed": _("You are ready to speak again"),
        "moved": _("Saved: from where you speak"),
        "time": _("Saved: how much time you have"),
        "written": _("Your turn is saved. It will be read aloud"),
        "question": _("We have received your question"),
        "supported": _("You support it"),
        "added": _("They are in the line"),
        "noted": _("The words of the turn are saved"),
    }.get(request.args.get("said", ""), "")
