"""Reads of the floor: one session's line, turns and suggestion at once; its questions.

Everything the rules look at is loaded with three statements, however long the line is, and
computed once a revision: a thousand people who follow their place share one computation.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select

from app.attendance import queries as attendance
from app.attendance.models import Join
from app.contributions import queries as contributions
from app.contributions.models import Contribution, cap_of
from app.core import floor, scans
from app.core.attribution import Author, author
from app.core.contributions import Kind as ContributionKind
from app.core.contributions import Status
from app.core.floor import Kind, Place, Request, Suggestion, Turn
from app.core.vocabulary import Mode, StakeholderGroup
from app.database import db
from app.floor.models import FloorList, FloorRequest, FloorTurn, QuestionMark
from app.live import queries as live
from app.programme.models import Session
from app.registration.models import Participant, Registration

R, T = FloorRequest, FloorTurn
USUAL_SECONDS = 120
MOST_BOARDS = 50
COLUMNS = (
    R.id, R.public_id, R.participant_id, R.name, R.representation, R.country,
    R.stakeholder_group, R.attribution, R.mode, R.kind, R.needs_time, R.hub, R.asked_at,
    R.paused, R.losses, R.lost_at, R.state, R.contribution_id,
)  # fmt: skip
HELD = (
    T.id, T.request_id, T.mode, T.started_at, T.ended_at, T.limit_seconds, T.because,
    T.is_follow_up, T.answer_started_at, T.answer_ended_at,
)  # fmt: skip


@dataclass(frozen=True)
class Board:
    """A session's floor at one revision, as plain values.

    ``rows`` are all requests by id (the columns of `COLUMNS`), ``held`` all turns in order of
    time (those of `HELD`), ``cap`` is the most that the session says of anybody.
    """

    is_open: bool
    turn_seconds: int
    follow_ups: bool
    cap: str
    rows: dict[int, Any]
    held: list[Any]

    @cached_property
    def requests(self) -> dict[int, Request]:
        """All requests as the rules know them, by id."""
        return {number: as_request(row) for number, row in self.rows.items()}

    @cached_property
    def waiting(self) -> list[Request]:
        """The open requests that do not speak, those who paused included."""
        return [self.requests[row.id] for row in self.rows.values() if row.state == "waiting"]

    @cached_property
    def turns(self) -> list[Turn]:
        """All turns as the rules know them."""
        return [as_turn(each, self.requests[each.request_id]) for each in self.held]

    @cached_property
    def suggestion(self) -> Suggestion | None:
        """Who should speak next, and why."""
        return floor.suggest(self.waiting, self.turns)

    @cached_property
    def places(self) -> dict[int, Place]:
        """Where everybody stands who waits and has not paused, in order of their places."""
        line = floor.line(self.waiting, self.turns, turn_seconds=self.turn_seconds)
        return {place.id: place for place in line}

    @cached_property
    def in_order(self) -> list[Any]:
        """The rows of everybody who waits: by place, those who paused at the end."""
        paused = sorted((each for each in self.waiting if each.paused), key=lambda each: each.order)
        return [self.rows[number] for number in [*self.places, *(each.id for each in paused)]]

    @cached_property
    def spoken(self) -> dict[int, int]:
        """How often each person who waits has had the floor, by request."""
        return floor.times_spoken(self.waiting, self.turns)

    @cached_property
    def last(self) -> Any | None:
        """The latest turn, lasting or not."""
        return self.held[-1] if self.held else None

    @property
    def lasting(self) -> Any | None:
        """The turn that lasts, if somebody speaks."""
        return self.last if self.last is not None and self.last.ended_at is None else None

    @cached_property
    def of_people(self) -> dict[int, Any]:
        """The open request of each participant who has one."""
        return {
            row.participant_id: row
            for row in self.rows.values()
            if row.participant_id is not None and row.state in ("waiting", "speaking")
        }

    @cached_property
    def figures(self) -> floor.SessionFigures:
        """What it adds up to so far."""
        return floor.figures(list(self.requests.values()), self.turns)

    @cached_property
    def seconds(self) -> floor.Seconds:
        """The time of ended turns by group and mode."""
        return floor.seconds(self.turns)

    def author(self, row: Any) -> Author:
        """Return what may be said of whose request it is, to everybody."""
        return author(facts(row), row.attribution, self.cap)

    def times_spoken_by(self, request_id: int) -> int:
        """Return how often whose request it is has had the floor, whatever became of it."""
        request = self.requests[request_id]
        return floor.times_spoken([request], self.turns)[request_id]

    def may_follow_up(self, request_id: int) -> bool:
        """Whether this request's turn was the last one and has had no second stretch yet."""
        if not self.follow_ups or self.last is None or self.last.request_id != request_id:
            return False
        return not any(each.is_follow_up for each in self.held if each.request_id == request_id)


def facts(row: Any) -> dict[str, Any]:
    """Return what is known of whose request it is, as `core.attribution` wants it."""
    return {
        "name": row.name,
        "organisation": row.representation,
        "stakeholder_group": row.stakeholder_group,
        "country": row.country,
    }


def as_request(row: Any) -> Request:
    """Return a request as the rules know it; where the name was forgotten it is nobody else's."""
    return Request(
        id=row.id,
        name=row.name or f"#{row.id}",
        mode=Mode(row.mode),
        asked_at=row.asked_at,
        participant=row.participant_id,
        representation=row.representation,
        group=StakeholderGroup(row.stakeholder_group) if row.stakeholder_group else None,
        kind=Kind(row.kind),
        hub=row.hub,
        paused=row.paused,
        needs_time=row.needs_time,
        losses=row.losses,
        lost_at=row.lost_at,
    )


def as_turn(row: Any, request: Request) -> Turn:
    """Return a turn as the rules know it, held in the mode in which it was held."""
    return Turn(
        id=row.id,
        request=replace(request, mode=Mode(row.mode)),
        started_at=row.started_at,
        ended_at=row.ended_at,
        limit_seconds=row.limit_seconds,
        answer_started_at=row.answer_started_at,
        answer_ended_at=row.answer_ended_at,
    )


# --- One session's floor ----------------------------------------------------------------------


class Boards:
    """The boards of the last revisions asked for, the least used going first."""

    def __init__(self, most: int = MOST_BOARDS) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[Hashable, Board]] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, key: Hashable, version: Hashable) -> Board | None:
        """Return the board kept under ``key`` if it is of this version."""
        with self._guard:
            found = self._kept.get(key)
            if found is None or found[0] != version:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def put(self, key: Hashable, version: Hashable, board: Board) -> None:
        """Keep ``board``."""
        with self._guard:
            self._kept[key] = (version, board)
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


_boards = Boards()


def board(session: Session) -> Board:
    """Return a session's floor as it is now, for reading: computed once a revision.

    The counter is read before the rows, so that what is kept is never older than its number.
    Inside an operation, whose changes may yet be undone, nothing is kept.
    """
    if db.session().info.get("operation"):
        return load(session)
    version = (*live.counted(session), session.revision, session.consultation.revision)
    found = _boards.take(session.uid, version)
    if found is None:
        found = load(session)
        _boards.put(session.uid, version, found)
    return found


def load(session: Session) -> Board:
    """Return a session's floor, read anew."""
    settings = session.kind.settings(session.settings)
    rows = db.session.execute(select(*COLUMNS).where(R.session_id == session.id).order_by(R.id))
    held = db.session.execute(select(*HELD).where(T.session_id == session.id).order_by(T.id))
    return Board(
        is_open=is_open(session),
        turn_seconds=settings.get("turn_seconds", USUAL_SECONDS),
        follow_ups=settings.get("follow_up", True),
        cap=cap_of(session),
        rows={row.id: row for row in rows},
        held=list(held),
    )


def is_open(session: Session) -> bool:
    """Say whether the list is open: until somebody closes it."""
    found = db.session.scalar(select(FloorList.is_open).where(FloorList.session_id == session.id))
    return True if found is None else found


def by_public_id(public_id: str) -> FloorRequest | None:
    """Return the request with this opaque id."""
    return db.session.scalar(select(R).where(R.public_id == public_id))


def turns_of(request: FloorRequest) -> list[FloorTurn]:
    """Return the stretches of one request, in order of time."""
    return list(db.session.scalars(select(T).where(T.request_id == request.id).order_by(T.id)))


def latest(session: Session) -> FloorTurn | None:
    """Return the session's latest turn, lasting or not."""
    return db.session.scalar(
        select(T).where(T.session_id == session.id).order_by(T.id.desc()).limit(1)
    )


def of_participant(participant: Participant) -> list[FloorRequest]:
    """Return every request of a participant, the oldest first."""
    return list(
        db.session.scalars(select(R).where(R.participant_id == participant.id).order_by(R.id))
    )


def open_of(session: Session, participant: Participant) -> FloorRequest | None:
    """Return the open request of a participant in a session, if there is one."""
    return db.session.scalar(
        select(R).where(
            R.session_id == session.id,
            R.participant_id == participant.id,
            R.state.in_(["waiting", "speaking"]),
        )
    )


def speaks_from(session: Session, registration: Registration) -> str:
    """Return from where somebody speaks: the room once they were let in, online once they joined,
    else as they are registered."""
    person = registration.participant_id
    facts = [fact for _number, fact in attendance.facts_of(session, [person])]
    found = scans.presences(facts, expected={person}).get(person)
    if found is not None and found.is_in and Mode.ON_SITE in session.modes:
        return Mode.ON_SITE.value
    joined = select(Join.id).where(Join.session_id == session.id, Join.participant_id == person)
    if Mode.ONLINE in session.modes and db.session.scalar(joined.limit(1)) is not None:
        return Mode.ONLINE.value
    return registration.mode


def made_into(contribution: Contribution) -> list[FloorRequest]:
    """Return the request that a turn's contribution was made of."""
    return list(db.session.scalars(select(R).where(R.contribution_id == contribution.id)))


def texts(session: Session) -> dict[int, str]:
    """Return what is written for the open requests of a session, by request."""
    rows = db.session.execute(
        select(R.id, R.text).where(
            R.session_id == session.id, R.state.in_(["waiting", "speaking"]), R.text != ""
        )
    )
    return {row[0]: row[1] for row in rows}


def references(session: Session) -> dict[int, Contribution]:
    """Return the turns of a session as they are cited, by request."""
    rows = db.session.execute(
        select(R.id, Contribution)
        .join(Contribution, Contribution.id == R.contribution_id)
        .where(R.session_id == session.id)
    )
    return {row[0]: row[1] for row in rows}


# --- Questions in writing ---------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """A published question and what became of it."""

    contribution: Contribution
    read_at: datetime | None
    answered_at: datetime | None

    @property
    def is_reached(self) -> bool:
        """Whether it was read out or answered."""
        return self.read_at is not None or self.answered_at is not None


def questions(session: Session) -> list[Question]:
    """Return the published questions of a session, in the order in which they came."""
    rows = db.session.execute(
        select(Contribution, QuestionMark.read_at, QuestionMark.answered_at)
        .outerjoin(QuestionMark, QuestionMark.contribution_id == Contribution.id)
        .where(
            Contribution.session_id == session.id,
            Contribution.kind == ContributionKind.QUESTION.value,
            Contribution.status == Status.PUBLISHED.value,
        )
        .order_by(Contribution.id)
    )
    return [Question(*row) for row in rows]


def rejected_questions(session: Session) -> int:
    """Return how many questions a moderator did not publish: their number is public."""
    return len(
        db.session.scalars(
            select(Contribution.id).where(
                Contribution.session_id == session.id,
                Contribution.kind == ContributionKind.QUESTION.value,
                Contribution.status == Status.REJECTED.value,
            )
        ).all()
    )


def question_figures(questions: list[Question]) -> dict[str, int]:
    """Return how many questions were published, read out, answered and not reached."""
    return {
        "asked": len(questions),
        "read_out": sum(each.read_at is not None for each in questions),
        "answered": sum(each.answered_at is not None for each in questions),
        "not_reached": sum(not each.is_reached for each in questions),
    }


def supports(questions: list[Question]) -> dict[int, int]:
    """Return how many support each of these questions."""
    return contributions.supports_of([each.contribution.id for each in questions])


def mark_of(contribution: Contribution) -> QuestionMark | None:
    """Return what became of a question, if anything did."""
    return db.session.get(QuestionMark, contribution.id)
