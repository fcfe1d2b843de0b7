"""Two facilitators at once: one start, no second lost, no point too many."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from app.contributions.operations import Point
from app.database import db
from app.programme.models import Session
from app.tables import operations, queries
from tests import make
from tests.registration.test_races import at_once


def cafe():
    session = make.cafe()
    make.cafe_tables(session)
    return session


def in_thread(session_id, act):
    return lambda: act(db.session.get(Session, session_id))


def test_two_facilitators_start_a_round_once(app, clock):
    session = cafe()

    def start(there):
        return operations.start_round(there, 1).number

    found = Counter(at_once(app, [in_thread(session.id, start)] * 8))

    assert found == {1: 1, "AlreadyBegan": 7}
    assert [each.number for each in queries.rounds(session)] == [1]


def test_no_second_given_at_once_is_lost(app, clock):
    session = cafe()
    planned = operations.start_round(session, 1).ends_at

    def extend(there):
        operations.extend_round(there, 1, seconds=60)

    at_once(app, [in_thread(session.id, extend)] * 8)

    assert queries.running(session).ends_at == planned + timedelta(seconds=8 * 60)


def test_a_table_keeps_five_points_whoever_sends_at_once(app, clock):
    session = cafe()
    operations.start_round(session, 1)

    def send(there):
        return len(operations.send_notes(there, [Point("x"), Point("y")], table=1, round=1))

    found = Counter(at_once(app, [in_thread(session.id, send)] * 8))

    assert found == {2: 2, "NotesFull": 6}
    assert len(queries.notes_at(session, 1, 1)) == 4


def test_a_plan_is_not_made_anew_while_a_round_starts(app, clock):
    session = cafe()
    for _ in range(4):
        make.registration(session)
    solved = operations.solve(session, operations.Wish(people="confirmed", rounds=2))

    def start(there):
        return operations.start_round(there, 1).number

    def keep(there):
        return operations.keep_draft(there, solved).state

    found = at_once(app, [in_thread(session.id, act) for act in (start, keep)])

    began_first = "RoundsBegan" in found
    assert (queries.published(session) is None) == began_first
    assert queries.draft(session) is None
