"""The town hall of an invented sample: turns with their lengths, questions and what became of them.

What is written here is what the verbs of the floor would have left, at the sample's own times.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.contributions import operations as contributions
from app.contributions.models import Support
from app.contributions.operations import Sent
from app.core import floor, sample, timing
from app.core.contributions import Kind, Source
from app.database import db, lock, operation
from app.floor.models import FloorList, FloorRequest, FloorTurn, QuestionMark
from app.live import operations as live
from app.programme.models import Session
from app.registration.models import Participant

People = Mapping[str, Participant]
USUAL_SECONDS = 120


@operation
def fill(session: Session, told: sample.Floor, people: People) -> None:
    """Hold the town hall of ``told``: its turns in order, its questions, its list closed."""
    lock(session)
    for turn in told.turns:
        hold(session, turn, people[turn.by])
    for question in told.questions:
        ask(session, question, people)
    db.session.add(FloorList(session_id=session.id, is_open=False))
    live.turn(session.id)


def hold(session: Session, turn: sample.Turn, who: Participant) -> None:
    """Write one turn: the request, its stretches, and the contribution that is cited."""
    lost_at = at_place(session, turn.starts) + timedelta(seconds=turn.seconds)
    request = FloorRequest(
        session=session,
        participant_id=who.id,
        person=f"participant:{who.id}",
        name=who.name,
        representation=who.organisation,
        country=who.country,
        stakeholder_group=who.stakeholder_group,
        attribution=turn.attribution,
        mode=turn.mode,
        kind=turn.kind,
        text="",
        needs_time=turn.needs_time,
        asked_at=at_place(session, turn.asked),
        paused=False,
        losses=1 if turn.goes_on else 0,
        lost_at=lost_at if turn.goes_on else None,
        state="done",
    )
    db.session.add(request)
    db.session.flush()
    stretch(session, turn, request, at_place(session, turn.starts), turn.seconds)
    if turn.goes_on:
        stretch(session, turn, request, at_place(session, turn.goes_on), turn.goes_on_seconds)
    made = contributions.submit(
        session,
        Kind.TURN,
        Sent(
            text=turn.text,
            guiding_question=turn.question,
            attribution=turn.attribution,
            language=turn.language,
        ),
        participant=who,
        sent_at=lost_at,
        source=Source.SAMPLE,
    )
    request.contribution_id = made.id


def stretch(
    session: Session, turn: sample.Turn, request: FloorRequest, started_at: datetime, seconds: int
) -> None:
    """Write one stretch at the microphone, the answer after the last one."""
    ended_at = started_at + timedelta(seconds=seconds)
    answered = turn.answer_seconds is not None
    whole = session.kind.settings(session.settings).get("turn_seconds", USUAL_SECONDS)
    db.session.add(
        FloorTurn(
            session_id=session.id,
            request_id=request.id,
            mode=turn.mode,
            started_at=started_at,
            ended_at=ended_at,
            limit_seconds=floor.allowed(whole, needs_time=turn.needs_time),
            extended=0,
            because=turn.because,
            is_follow_up=False,
            answer_started_at=ended_at if answered else None,
            answer_ended_at=ended_at + timedelta(seconds=turn.answer_seconds or 0)
            if answered
            else None,
        )
    )
    db.session.flush()


def ask(session: Session, question: sample.Words, people: People) -> None:
    """Publish one question in writing with its supports, and mark what became of it."""
    at = at_place(session, question.at)
    made = contributions.submit(
        session,
        Kind.QUESTION,
        Sent(
            text=question.text,
            guiding_question=question.question,
            attribution=question.attribution,
            language=question.language,
        ),
        participant=people[question.by],
        sent_at=at,
        source=Source.SAMPLE,
    )
    for who in question.supports:
        db.session.add(Support(contribution_id=made.id, participant_id=people[who].id, at=at))
    if question.read:
        db.session.add(
            QuestionMark(
                contribution_id=made.id,
                read_at=at_place(session, question.read),
                answered_at=at_place(session, question.answered) if question.answered else None,
            )
        )
    db.session.flush()


def at_place(session: Session, wall: datetime) -> datetime:
    """Return the instant at which the clock at the session's place showed ``wall``."""
    return timing.instant(wall, session.timezone)
