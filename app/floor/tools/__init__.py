"""The floor as a live tool: what everybody, one person, the console and the stage see and do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response
from flask_babel import gettext as _

from app import clock
from app.contributions import queries as contribution_queries
from app.core.contributions import Kind as ContributionKind
from app.core.contributions import Status
from app.core.vocabulary import SessionStatus
from app.floor import forms, operations, panels, queries, schemas
from app.floor.tools import parts
from app.floor.tools.desk import DESK, Moderating
from app.floor.tools.parts import common, part, waiting_state
from app.floor.tools.personal import PERSONAL, Personal
from app.live import kinds
from app.live.kinds import Desk, Head, Part, Seat, Step
from app.live.panels import phase
from app.programme.models import Session

ROWS = 30


def register(app: Flask) -> None:
    """Add the tool to the table."""
    kinds.register(Floor())


class Floor(kinds.Tool):
    """One line for the room, online and in writing."""

    name = "floor"
    acts = tuple(f"floor-{act}" for act in PERSONAL)
    desk_acts = tuple(f"floor-{act}" for act in DESK)

    def public(self, session: Session) -> Part:
        """Everybody: who speaks as attributed, how many wait, the rules, the questions."""
        board = queries.board(session)
        shown = common(session, board, named=False) | {
            "turns": panels.turns(board, session),
            "figures": panels.figures(board) if phase(session) == "over" else [],
        }
        return part("public", session, board, shown, head=parts.head(board))

    def stage(self, session: Session, *, named: bool) -> Part:
        """The projector: who speaks, the clock, the next three."""
        board = queries.board(session)
        shown = {
            "now": panels.speaking(board, session, named=named),
            "next": panels.next_ones(board, session, named=named),
            "phases": panels.phases(),
            "list_open": board.is_open,
            "total": panels.length(board.turn_seconds),
        }
        return part("stage", session, board, shown, named=named)

    def personal(self, seat: Seat, **forms_of: Any) -> Part:
        """One person: their place, and everything they can do about it."""
        session, board = seat.session, queries.board(seat.session)
        row = board.of_people.get(seat.participant.id)
        sent = [
            each
            for each in contribution_queries.of_participant(seat.participant, session)
            if each.kind == ContributionKind.QUESTION
        ]
        questions = queries.questions(session)
        supported = contribution_queries.supported_by(
            seat.participant, [each.contribution.id for each in questions]
        )
        registered = seat.registration is not None and seat.registration.is_live
        shown = common(session, board, named=False) | {
            "seat": seat,
            "said": parts.said(),
            "registered": registered,
            "held": session.status == SessionStatus.PUBLISHED,
            "questions": panels.asked(questions, panels.counts_for(session, questions), supported),
            "own": panels.own_questions(sent),
            "mine": parts.mine(board, row),
            **parts.own_forms(seat, row, **forms_of),
        }
        state = {"mine": parts.own_state(board, row)}
        return part("personal", session, board, shown, head=parts.head(board), more=state)

    def act(self, seat: Seat, name: str) -> Response | Part:
        """Do what a person's form asks for."""
        return Personal(self, seat).do(name)

    def console(self, desk: Desk, **forms_of: Any) -> Part:
        """The moderators: the speaker, the suggestion, the line, the time, the questions."""
        session, board = desk.session, queries.board(desk.session)
        named, now = desk.may_run, clock.now()
        texts = queries.texts(session)
        questions = queries.questions(session)
        counts = queries.supports(questions)
        questions.sort(
            key=lambda each: (-counts.get(each.contribution.id, 0), each.contribution.id)
        )
        people = panels.line(board, session, named=named, texts=texts, most=ROWS)
        suggestion = board.suggestion  # the first of the line
        last = board.last
        waits = contribution_queries.tally([session.id])
        shown = {
            "said": parts.said(),
            "now": panels.speaking(
                board, session, named=named,
                text=texts.get(last.request_id, "") if last is not None else "",
            ),
            "last": board.rows[last.request_id].public_id if last is not None else "",
            "can_follow": last is not None and board.may_follow_up(last.request_id),
            "can_answer": last is not None and last.answer_started_at is None,
            "suggested": people[0] if suggestion else None,
            "why": suggestion.text(_) if suggestion else "",
            "people": people,
            "waiting": len(board.waiting),
            "others": panels.choices_of(board, board.in_order[ROWS:], named=named),
            "counts": panels.counts(board),
            "reasons": forms.reasons(),
            "list_open": board.is_open,
            "bars": panels.bars(board),
            "by_mode": panels.by_mode(board),
            "figures": panels.figures(board) if board.held and phase(session) == "over" else [],
            "phases": panels.phases(),
            "overrides": panels.overrides(board, session, named=named),
            "turns": panels.turns(board, session),
            "questions": panels.asked(questions, counts),
            "to_moderate": waits.get((session.id, Status.SUBMITTED.value), 0),
            "add": forms.AddForm(session=session),
            "note": forms.NoteForm(),
            "noted": "",
            "refused": "",
            **forms_of,
        }  # fmt: skip
        state = {
            "suggested": schemas.suggested(board),
            "waiting": [waiting_state(board, row, named) for row in board.in_order[:ROWS]],
        }
        running = phase(session) == "running"
        fit = _("about %(number)s turns", number=panels.turns_left(session, board, at=now))
        top = Head(
            label=_("Open floor"),
            until=session.ends_at if running else None,
            until_words=_("until %(time)s", time=kinds.words_at(session, session.ends_at))
            if running else "",
            buttons=(parts.list_button(board),),
            facts=[parts.list_words(board), *([fit] if running else [])],
        )  # fmt: skip
        return part("console", session, board, shown, named=named, head=top, more=state)

    def run(self, desk: Desk, name: str) -> Response | Part:
        """Do what a console's form asks for."""
        return Moderating(self, desk).do(name)

    def steps(self, session: Session) -> Sequence[Step]:
        """Return how a town hall is rehearsed."""
        return operations.steps(session)
