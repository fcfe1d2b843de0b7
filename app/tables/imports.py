"""The café of an invented sample: its tables, the rounds that are over, what was written down."""

from __future__ import annotations

from collections.abc import Mapping

from app.contributions import operations as contributions
from app.contributions.operations import Point
from app.core import timing
from app.core.contributions import Source
from app.core.sample import Cafe
from app.core.vocabulary import Mode
from app.database import db, operation
from app.live import operations as live
from app.programme.models import Session
from app.registration.models import Participant
from app.tables.models import Round
from app.tables.operations import Place, place_tables


@operation
def fill(session: Session, cafe: Cafe, people: Mapping[str, Participant]) -> None:
    """Put up the tables of ``cafe``, with rounds and notes as of their own times."""
    place_tables(
        session,
        [
            Place(
                number=table.number,
                mode=Mode(table.mode).value,
                host=people[table.host].public_id,
                guiding_question=table.guiding_question,
                language=table.language,
                twin=table.twin,
                place=table.place,
            )
            for table in cafe.tables
        ],
    )
    for number, each in enumerate(cafe.rounds, 1):
        ends_at = timing.instant(each.ends, session.timezone)
        db.session.add(
            Round(
                session_id=session.id,
                number=number,
                started_at=timing.instant(each.starts, session.timezone),
                ends_at=ends_at,
                ended_at=ends_at,
            )
        )
    questions = {table.number: table.guiding_question for table in cafe.tables}
    for note in cafe.notes:
        contributions.add_notes(
            session,
            [Point(point.text, point.tag) for point in note.points],
            table=note.table,
            round=note.round,
            guiding_question=questions[note.table],
            language=note.language,
            source=Source.SAMPLE,
            sent_at=timing.instant(note.at, session.timezone),
        )
    live.turn(session.id)
