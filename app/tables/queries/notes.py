"""What tables wrote down: by table and round, of earlier rounds, of the twin; the harvest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import func, select

from app.contributions.models import Contribution
from app.core.contributions import CARDS_UNTIL, Kind, Status, series, series_of_note
from app.database import db
from app.programme.models import Session
from app.tables.models import CafeTable
from app.tables.queries.rows import tables

C = Contribution
GONE = (Status.WITHDRAWN.value, Status.REJECTED.value)


@dataclass(frozen=True)
class TableNotes:
    """What a table wrote down, by round."""

    table: CafeTable
    notes: list[Contribution]


@dataclass(frozen=True)
class Harvest:
    """What the café brought in: each table's notes, room and online in turn, and the cards."""

    tables: list[TableNotes]
    cards: list[Contribution]


def _notes(session: Session):
    return select(C).where(
        C.session_id == session.id, C.kind == Kind.NOTE.value, C.status.not_in(GONE)
    )


def notes_at(session: Session, table: int, number: int) -> list[Contribution]:
    """Return the points of a table in a round, in order; withdrawn and rejected ones apart."""
    called = series(Kind.NOTE, table=table, round=number)
    return list(db.session.scalars(_notes(session).where(C.series == called).order_by(C.number)))


def notes_before(session: Session, table: int, number: int) -> list[Contribution]:
    """Return what a table published in the rounds before ``number``, the latest round first."""
    wanted = [series(Kind.NOTE, table=table, round=each) for each in range(1, number)]
    rows = _notes(session).where(C.series.in_(wanted), C.status == Status.PUBLISHED.value)
    found = db.session.scalars(rows.order_by(C.number)).all()
    return sorted(found, key=lambda each: -place_of(each)[1])


def notes_of_twin(table: CafeTable, number: int) -> list[Contribution]:
    """Return what the twin of ``table`` published in the rounds before ``number``."""
    twin = twin_of(table)
    return [] if twin is None else notes_before(table.session, twin.number, number)


def twin_of(table: CafeTable) -> CafeTable | None:
    """Return the twin of ``table``: the one it names, else the one that names it."""
    others = [each for each in tables(table.session) if each.mode != table.mode]
    named = [each for each in others if each.number == table.twin]
    naming = [each for each in others if each.twin == table.number]
    return next(iter(named + naming), None)


def place_of(note: Contribution) -> tuple[int, int]:
    """Return the table and the round in which a note was written."""
    return series_of_note(note.series)


def note_counts(session: Session) -> dict[tuple[int, int], int]:
    """Return how many points there are by (table, round); only where there are any."""
    rows = db.session.execute(
        select(C.series, func.count())
        .where(C.session_id == session.id, C.kind == Kind.NOTE.value, C.status.not_in(GONE))
        .group_by(C.series)
    )
    return {series_of_note(called): count for called, count in rows}


def cards(session: Session) -> list[Contribution]:
    """Return the published cards, in the order in which they came."""
    return list(
        db.session.scalars(
            select(C)
            .where(
                C.session_id == session.id,
                C.kind == Kind.CARD.value,
                C.status == Status.PUBLISHED.value,
            )
            .order_by(C.number)
        )
    )


def harvest(session: Session) -> Harvest:
    """Return what is published, for the wall: tables of the room and online in turn."""
    rows = db.session.scalars(_notes(session).where(C.status == Status.PUBLISHED.value))
    by_table: dict[int, list[Contribution]] = {}
    for note in sorted(rows, key=lambda each: (place_of(each), each.number)):
        by_table.setdefault(place_of(note)[0], []).append(note)
    found = [
        TableNotes(table, by_table[table.number])
        for table in tables(session)
        if table.number in by_table
    ]
    return Harvest(in_turn(found), cards(session))


def in_turn(found: Sequence[TableNotes]) -> list[TableNotes]:
    """Return room and online alternately, what one has more of at the end."""
    room = [each for each in found if not each.table.is_online]
    online = [each for each in found if each.table.is_online]
    return [each for pair in zip_longest(room, online) for each in pair if each is not None]


def is_open_for_hosts(session: Session, *, at: datetime) -> bool:
    """Say whether hosts may still write and change notes: until 24 hours after the end."""
    return at < session.ends_at + CARDS_UNTIL
