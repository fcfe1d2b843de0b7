"""Many at once: no place is given twice, no form is taken twice, nobody meets a deadlock."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from contextlib import nullcontext

import pytest
from sqlalchemy import Engine, event, func, select

from app import database
from app.core.vocabulary import Mode
from app.database import db
from app.mail.models import OutboxMail
from app.programme import queries as programme
from app.programme.models import Session
from app.registration import operations, queries
from app.registration.models import Registration
from app.registration.operations import Wish, ledger
from tests import make


def at_once(app, calls):
    """Run ``calls`` in threads that start together; return what each returned or raised."""
    db.session.rollback()
    start, results = threading.Barrier(len(calls)), []

    def run(call):
        with app.app_context():
            start.wait()
            try:
                results.append(call())
            except Exception as fault:  # counted by the test
                results.append(type(fault).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def twenty_for_five(app):
    """Let twenty register at once for five places; return how they stand."""
    session_id = make.cafe(capacity={"on_site": 5}).id

    def call(number):
        def register():
            session = db.session.get(Session, session_id)
            details = {"name": f"P {number}", "email": f"p{number}@example.org"}
            return operations.register(session, details=details, mode="on_site")[0].status

        return register

    return Counter(at_once(app, [call(number) for number in range(20)]))


@pytest.fixture
def slow_reading(monkeypatch):
    """Let time pass between counting places and giving one, so that a race shows."""
    count = queries.places_of

    def counted(sessions):
        found = count(sessions)
        time.sleep(0.005)
        return found

    monkeypatch.setattr(queries, "places_of", counted)


@pytest.fixture
def unlocked(monkeypatch):
    """Take the locks away: rows, the writers' line, and SQLite's immediate transactions."""
    monkeypatch.setattr(ledger, "lock", lambda row: db.session.refresh(row))
    monkeypatch.setattr(database, "writers_turn", nullcontext)
    event.remove(Engine, "begin", database.begin)

    def begin(connection):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")

    event.listen(Engine, "begin", begin)
    yield
    event.remove(Engine, "begin", begin)
    event.listen(Engine, "begin", database.begin)


def test_twenty_for_five_places_are_five(app, clock, slow_reading):
    assert twenty_for_five(app) == {"confirmed": 5, "waiting": 15}
    cafe = programme.by_slug(make.consultation(), "cafe")
    assert [queries.position(each) for each in queries.line(cafe, Mode.ON_SITE)] == [*range(1, 16)]


def test_without_the_locks_it_goes_wrong(app, clock, slow_reading, unlocked):
    assert twenty_for_five(app) != {"confirmed": 5, "waiting": 15}


def test_one_form_sent_twelve_times_at_once_is_one_registration_and_one_mail(app, clock):
    session_id, consultation_id = make.cafe().id, make.consultation().id

    def submit():
        session = db.session.get(Session, session_id)
        assert session.consultation_id == consultation_id
        details = {"name": "Ada", "email": "ada@example.org", "consent": True}
        wishes = [Wish(session, Mode.ON_SITE)]
        return bool(operations.submit(session.consultation, details=details, wishes=wishes).id)

    assert at_once(app, [submit] * 12) == [True] * 12
    rows = [
        db.session.scalar(select(func.count()).select_from(model))
        for model in (Registration, OutboxMail)
    ]
    assert rows == [1, 1]


def test_forms_for_several_sessions_in_any_order_meet_no_deadlock(app, clock):
    ids = [make.session(capacity={"on_site": 2, "online": 2}).id for _ in range(3)]

    def call(number):
        order = random.Random(number).sample(ids, 3)

        def submit_and_cancel():
            wishes = [
                Wish(db.session.get(Session, each), random.choice(list(Mode))) for each in order
            ]
            details = {"name": "P", "email": f"p{number}@example.org", "consent": True}
            consultation = wishes[0].session.consultation
            operations.submit(consultation, details=details, wishes=wishes)
            person = queries.by_email(consultation, details["email"])
            for registration in queries.of_participant(person):
                if number % 2:
                    operations.cancel(registration)
            return "done"

        return submit_and_cancel

    assert Counter(at_once(app, [call(number) for number in range(12)])) == {"done": 12}
    for each in ids:
        for places in queries.places(db.session.get(Session, each)).values():
            assert places.confirmed <= 2
            assert places.free == 0 or places.waiting == 0
