"""What time alone does to registrations."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.core.vocabulary import Mode
from app.database import db
from app.programme import operations as programme
from app.registration import operations, queries
from app.registration.models import Hold, Receipt, Submission
from app.registration.operations.lapse import lapse_submission
from app.registration.tasks import hourly, minutely
from tests import make

ADA = "ada@example.org"


def registration(session, email=ADA):
    """The registration of the person with this address."""
    return queries.find(session, queries.by_email(make.consultation(), email))


def test_unopened_after_48_hours_it_lapses_and_the_next_is_promoted(app, clock, new_mails):
    cafe = make.cafe(capacity={"on_site": 1})
    make.submission(cafe, email=ADA)
    waiting = make.registration(cafe, email="bo@example.org")
    new_mails()

    clock.go_on(hours=47, minutes=59)
    minutely()
    assert registration(cafe).status == "confirmed"
    assert new_mails() == [("reminder_to_open", ADA)]

    clock.go_on(minutes=1)
    minutely()
    minutely()
    lapsed = registration(cafe)
    assert (lapsed.status, lapsed.ended_by, waiting.status) == (
        "cancelled",
        "expired",
        "confirmed",
    )
    assert sorted(new_mails()) == [
        ("registration_cancelled", ADA), ("registration_promoted", "bo@example.org"),
    ]  # fmt: skip


def test_the_reminder_to_open_comes_after_24_hours_and_once(app, clock, new_mails):
    make.submission(make.cafe(), email=ADA)
    new_mails()

    clock.go_on(hours=23, minutes=59)
    minutely()
    assert new_mails() == []
    clock.go_on(minutes=1)
    minutely()
    minutely()
    assert new_mails() == [("reminder_to_open", ADA)]


def test_opened_in_time_nothing_lapses(app, clock):
    cafe = make.cafe()
    make.submission(cafe, email=ADA)
    operations.open(registration(cafe).participant)

    clock.go_on(days=5)
    minutely()

    assert registration(cafe).status == "confirmed"


def test_unlimited_places_never_lapse(app, clock):
    cafe = make.cafe()
    make.submission(cafe, mode=Mode.ONLINE, email=ADA)
    assert registration(cafe).participant.lapses_at is None

    clock.go_on(days=5)
    minutely()

    assert registration(cafe).status == "confirmed"


@pytest.mark.parametrize(
    ("registered", "lapses"), [("2028-10-06T16:14:00Z", True), ("2028-10-06T16:15:00Z", False)]
)
def test_nothing_lapses_within_48_hours_of_the_start(app, clock, registered, lapses):
    cafe = make.cafe()  # starts on 10 October, 16:15Z
    clock.set(registered)
    make.submission(cafe, email=ADA)
    assert (registration(cafe).participant.lapses_at is not None) == lapses

    clock.go_on(hours=48)
    minutely()

    assert registration(cafe).is_live != lapses


def test_a_submission_lapses_and_its_place_goes_to_the_line(app, clock, new_mails):
    cafe, hall = make.cafe(capacity={"on_site": 1}), make.session("hall")
    ada = make.registration(hall, email=ADA).participant
    make.submission(cafe, email=ADA)
    submission = queries.open_submissions(ada)[0]
    waiting = make.registration(cafe, email="bo@example.org")
    new_mails()

    clock.go_on(hours=48)
    with pytest.raises(queries.Gone):
        operations.apply(submission)
    minutely()

    assert (waiting.status, new_mails()) == (
        "confirmed",
        [("registration_promoted", "bo@example.org")],
    )
    for model in (Hold, Submission):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


def test_two_workers_may_let_the_same_submission_lapse(app, clock):
    cafe = make.cafe()
    ada = make.registration(make.session("hall"), email=ADA).participant
    make.submission(cafe, email=ADA)
    submission = queries.open_submissions(ada)[0]

    lapse_submission(submission)
    lapse_submission(submission)

    with pytest.raises(queries.Gone):
        operations.apply(submission)


def test_reminders_come_a_day_and_an_hour_before_once_each(app, clock, new_mails):
    cafe = make.cafe(capacity={"on_site": 1})
    make.registration(cafe, email=ADA)
    make.registration(cafe, email="waiting@example.org")
    new_mails()

    got = []
    for moment in (
        "09T16:14",
        "09T16:15",
        "09T16:16",
        "10T15:14",
        "10T15:15",
        "10T15:16",
        "10T16:15",
    ):
        clock.set(f"2028-10-{moment}:00Z")
        minutely()
        got.append(new_mails())

    assert got == [[], [("reminder_day", ADA)], [], [], [("reminder_hour", ADA)], [], []]


def test_who_registers_later_than_the_reminder_gets_only_the_next(app, clock, new_mails):
    cafe = make.cafe()
    clock.set("2028-10-10T10:00:00Z")
    make.registration(cafe, email=ADA)
    new_mails()

    clock.go_on(minutes=1)
    minutely()
    assert new_mails() == []
    clock.set("2028-10-10T15:15:00Z")
    minutely()
    assert new_mails() == [("reminder_hour", ADA)]


def test_after_a_move_people_are_reminded_again(app, clock, new_mails):
    cafe = make.cafe()
    make.registration(cafe, email=ADA)
    clock.set("2028-10-09T17:00:00Z")
    minutely()
    programme.change(
        cafe, {"starts": cafe.starts.replace(day=17), "ends": cafe.ends.replace(day=17)}
    )
    new_mails()

    clock.set("2028-10-16T16:15:00Z")
    minutely()

    assert new_mails() == [("reminder_day", ADA)]


def test_a_called_off_session_reminds_nobody(app, clock, new_mails):
    cafe = make.cafe()
    make.registration(cafe, email=ADA)
    programme.cancel(cafe)
    new_mails()

    clock.set("2028-10-09T17:00:00Z")
    minutely()

    assert new_mails() == []


def test_receipts_are_forgotten(app, clock):
    make.submission(make.cafe())
    clock.go_on(hours=2)

    hourly()

    assert db.session.scalar(select(func.count()).select_from(Receipt)) == 0
