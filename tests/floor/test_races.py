"""Many at once on the floor: one speaker, one open request a person, whoever comes first."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from app.database import db
from app.floor import operations, queries
from app.floor.models import FloorRequest, FloorTurn
from app.floor.operations import Wish
from app.programme.models import Session
from app.registration.models import Participant
from tests.floor.hall import hall, person
from tests.registration.test_races import at_once


@pytest.fixture
def session(app, clock):
    clock.set("2028-09-01T08:50:00Z")
    return hall()


@pytest.fixture(autouse=True)
def slow_reading(monkeypatch):
    """Let time pass between reading the line and writing, so that a race shows."""
    load = queries.load

    def slowly(session):
        found = load(session)
        time.sleep(0.01)
        return found

    monkeypatch.setattr(queries, "load", slowly)


def count(model, *conditions) -> int:
    """How many rows there are."""
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(model).where(*conditions)).one()


def test_thirty_requests_of_one_person_at_once_are_one(app, session):
    session_id, ana = session.id, person(session, "Ana").id

    def ask():
        found = db.session.get(Session, session_id)
        who = db.session.get(Participant, ana)
        return operations.ask(found, Wish(), participant=who).state

    assert Counter(at_once(app, [ask] * 30)) == {"waiting": 1, "AlreadyWaiting": 29}
    assert count(FloorRequest) == 1


def test_thirty_who_add_the_same_name_at_once_add_it_once(app, session):
    session_id = session.id

    def add():
        found = db.session.get(Session, session_id)
        return operations.ask(found, Wish(), name="Ana", representation="Net").state

    assert Counter(at_once(app, [add] * 30)) == {"waiting": 1, "AlreadyWaiting": 29}


def test_two_moderators_at_once_give_the_floor_to_one(app, session):
    ids = [operations.ask(session, Wish(), name=f"P{n}").id for n in range(8)]

    def give(number):
        def call():
            request = db.session.get(FloorRequest, number)
            return type(operations.give(request, because="other")).__name__

        return call

    for round in range(1, 4):
        found = Counter(at_once(app, [give(number) for number in ids[-2:]]))
        assert found == {"FloorTurn": 1, "FloorTaken": 1}
        assert count(FloorTurn, FloorTurn.ended_at.is_(None)) == 1
        assert count(FloorRequest, FloorRequest.state == "speaking") == 1
        speaks = db.session.scalars(
            select(FloorRequest).where(FloorRequest.state == "speaking")
        ).one()
        operations.done(speaks)
        ids.remove(speaks.id)
        assert count(FloorTurn) == round


def test_stop_pressed_by_two_at_once_makes_one_turn(app, session):
    request = operations.ask(session, Wish(), name="Ana")
    operations.give(request)
    number = request.id

    def stop():
        return operations.done(db.session.get(FloorRequest, number)).contribution.reference

    assert Counter(at_once(app, [stop] * 6)) == {"PRO-TH-1": 1, "NotSpeaking": 5}


def test_the_line_is_closed_for_whoever_comes_after_and_open_for_whoever_came_before(app, session):
    session_id = session.id

    def ask(number):
        def call():
            found = db.session.get(Session, session_id)
            return operations.ask(found, Wish(), name=f"P{number}").state

        return call

    def close():
        operations.close_list(db.session.get(Session, session_id))
        return "closed"

    found = Counter(at_once(app, [*(ask(n) for n in range(12)), close]))
    assert found["closed"] == 1
    assert found["waiting"] + found["ListClosed"] == 12
    assert count(FloorRequest) == found["waiting"]
