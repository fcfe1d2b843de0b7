"""Rounds: how many there are, which began, which runs, what is asked in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.contributions import queries as contributions
from app.database import db
from app.programme.models import Session
from app.tables.models import CafeTable, Round
from app.tables.queries.rows import tables
from app.tables.queries.seats import in_force

USUAL_ROUNDS = 3


@dataclass(frozen=True)
class Turn:
    """One round as the clock knows it, begun or to come.

    ``state`` is ``to_come``, ``running`` or ``ended``; ``guiding_question`` is the number all its
    tables work on, ``None`` where they work on different ones. ``row`` is there once it began.
    """

    number: int
    guiding_question: int | None
    row: Round | None = None

    @property
    def state(self) -> str:
        """Where it stands; only somebody's act changes it, never time alone."""
        if self.row is None:
            return "to_come"
        return "running" if self.row.is_running else "ended"


def rounds(session: Session) -> list[Round]:
    """Return the rounds that began, in order."""
    return list(
        db.session.scalars(
            select(Round).where(Round.session_id == session.id).order_by(Round.number)
        )
    )


def begun(session: Session) -> int:
    """Return how many rounds began."""
    return len(rounds(session))


def running(session: Session) -> Round | None:
    """Return the round that runs."""
    return next((each for each in rounds(session) if each.is_running), None)


def how_many(session: Session) -> int:
    """Return how many rounds there are: the plan's, or what the session's settings say."""
    plan = in_force(session)
    if plan is not None:
        return len(plan.document["rounds"])
    return session.kind.settings(session.settings).get("rounds", USUAL_ROUNDS)


def upcoming(session: Session) -> int | None:
    """Return the number of the next round to start, ``None`` after the last."""
    following = begun(session) + 1
    return following if following <= how_many(session) else None


def turns(session: Session) -> list[Turn]:
    """Return every round of the session in order."""
    rows = {each.number: each for each in rounds(session)}
    asked = tables(session)
    return [
        Turn(number, asked_in(session, asked, number), rows.get(number))
        for number in range(1, max(how_many(session), len(rows)) + 1)
    ]


def asked_in(session: Session, asked: Sequence[CafeTable], number: int) -> int | None:
    """Return the question on which every table works in round ``number``."""
    found = {table.guiding_question for table in asked} or {None}
    return with_default(session, found.pop(), number) if len(found) == 1 else None


def question_of(table: CafeTable, number: int) -> int | None:
    """Return the question of ``table`` in round ``number``: its own, else the round's."""
    return with_default(table.session, table.guiding_question, number)


def with_default(session: Session, question: int | None, number: int) -> int | None:
    """Return ``question``; without one, round 1 works on question 1, and so on."""
    if question is not None:
        return question
    return number if contributions.has_question(session.consultation, number) else None
