"""What changes of a session do to the people in it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.core.vocabulary import Mode
from app.database import db
from app.mail.models import OutboxMail
from app.programme import operations as programme
from app.registration import operations
from app.registration.operations import ModeInUse
from app.registration.tasks import minutely
from tests import make

LATER = {"starts": datetime(2028, 10, 10, 19, 15), "ends": datetime(2028, 10, 10, 21, 15)}
EARLIER = {"starts": datetime(2028, 10, 10, 18, 15), "ends": datetime(2028, 10, 10, 20, 15)}
ELSEWHERE = {"venue": {"name": "Palais", "city": "Geneva", "country": "CH"}}


@pytest.fixture
def window(app, monkeypatch):
    """Changes are told fifteen minutes after the first of them."""
    monkeypatch.setitem(app.config, "CHANGE_NOTICE_MINUTES", 15)


def sequences(address):
    """(kind, SEQUENCE) of the mails to ``address``."""
    return list(
        map(
            tuple,
            db.session.execute(
                select(OutboxMail.kind, OutboxMail.sequence)
                .where(OutboxMail.to_address == address)
                .order_by(OutboxMail.id)
            ),
        )
    )


def test_one_of_many_is_removed_and_hears_of_it(app, clock):
    cafe = make.cafe()
    ana = make.registration(cafe, email="ana@example.org")
    bo = make.registration(cafe, email="bo@example.org")

    operations.cancel(ana, by="staff")
    public = [cafe.sequence]
    make.registration(cafe, email="ana@example.org")
    public.append(cafe.sequence)
    programme.change(cafe, LATER)
    public.append(cafe.sequence)

    assert sequences("ana@example.org") == [
        ("registration_confirmed", 0), ("registration_cancelled", 1),
        ("registration_confirmed", 2), ("registration_changed", 3),
    ]  # fmt: skip
    assert sequences("bo@example.org") == [
        ("registration_confirmed", 0), ("registration_changed", 1),
    ]  # fmt: skip
    assert (public, ana.sequence, bo.sequence) == ([0, 0, 1], 3, 1)


def test_a_newcomer_starts_at_the_sequence_of_the_session(app, clock):
    cafe = make.cafe()
    programme.change(cafe, LATER)
    programme.change(cafe, EARLIER)

    assert make.registration(cafe).sequence == cafe.sequence == 2


def test_several_changes_in_the_window_are_one_mail(app, clock, new_mails, window):
    cafe = make.cafe()
    make.registration(cafe, email="ana@example.org")
    new_mails()

    programme.change(cafe, LATER)
    clock.go_on(minutes=10)
    programme.change(cafe, ELSEWHERE)
    minutely()
    assert new_mails() == []
    clock.go_on(minutes=5)
    minutely()
    minutely()

    assert new_mails() == [("registration_changed", "ana@example.org")]


def test_a_change_taken_back_within_the_window_is_no_mail(app, clock, new_mails, window):
    cafe = make.cafe()
    make.registration(cafe)
    new_mails()

    programme.change(cafe, LATER)
    programme.change(cafe, EARLIER)
    clock.go_on(minutes=15)
    minutely()

    assert (new_mails(), cafe.sequence) == ([], 2)


def test_only_those_for_whom_something_differs_are_told(app, clock, new_mails, window):
    cafe = make.cafe()
    make.registration(cafe, email="room@example.org")
    make.registration(cafe, mode=Mode.ONLINE, email="online@example.org")
    programme.change(cafe, ELSEWHERE)
    make.registration(cafe, email="knows@example.org")
    new_mails()

    clock.go_on(minutes=15)
    minutely()

    assert new_mails() == [("registration_changed", "room@example.org")]


def test_before_and_now_are_in_the_mail(app, clock):
    cafe = make.cafe()
    make.registration(cafe, email="ana@example.org")
    programme.change(cafe, LATER)

    facts = db.session.scalar(
        select(OutboxMail.facts).where(OutboxMail.kind == "registration_changed")
    )
    assert facts["before"]["starts_at"] == "2028-10-10T16:15:00Z"
    assert facts["session"]["starts_at"] == "2028-10-10T17:15:00Z"


def test_a_session_that_starts_soon_is_told_at_once(app, clock, new_mails, window):
    cafe = make.cafe()
    make.registration(cafe, email="ana@example.org")
    new_mails()

    clock.set("2028-10-10T15:15:00Z")
    programme.change(cafe, LATER)

    assert new_mails() == [("registration_changed", "ana@example.org")]


def test_a_session_that_was_to_start_soon_and_moves_far_away_is_told_at_once(
    app, clock, new_mails, window
):
    cafe = make.cafe()
    make.registration(cafe, email="ana@example.org")
    new_mails()

    clock.set("2028-10-10T15:15:00Z")
    programme.change(
        cafe, {"starts": datetime(2028, 11, 10, 18, 15), "ends": datetime(2028, 11, 10, 20, 15)}
    )

    assert new_mails() == [("registration_changed", "ana@example.org")]


def test_a_withdrawn_session_is_told_as_called_off_and_back_as_restored(app, clock, new_mails):
    cafe = make.cafe()
    make.registration(cafe, email="ana@example.org")
    new_mails()

    programme.change(cafe, {"status": "draft"})
    programme.change(cafe, LATER)
    programme.change(cafe, {"status": "published"})

    assert new_mails() == [
        ("session_cancelled", "ana@example.org"), ("session_restored", "ana@example.org"),
    ]  # fmt: skip


def test_a_cancellation_is_told_at_once_and_to_everybody(app, clock, new_mails, window):
    cafe = make.cafe(capacity={"on_site": 1})
    for who in ("in", "waits"):
        make.registration(cafe, email=f"{who}@example.org")
    gone = make.registration(cafe)
    operations.cancel(gone)
    new_mails()

    programme.cancel(cafe, reason={"en": "Storm"})
    assert new_mails() == [
        ("session_cancelled", "in@example.org"), ("session_cancelled", "waits@example.org"),
    ]  # fmt: skip

    programme.restore(cafe)
    assert new_mails() == [
        ("session_restored", "in@example.org"), ("session_restored", "waits@example.org"),
    ]  # fmt: skip
    assert [number for _, number in sequences("in@example.org")] == [0, 1, 2]


def test_a_new_title_is_no_notice(app, clock, new_mails):
    cafe = make.cafe()
    make.registration(cafe)
    new_mails()

    programme.change(cafe, {"title": {"en": "Café"}})

    assert new_mails() == []


def test_a_mode_in_which_people_are_cannot_be_removed(app, clock):
    cafe = make.cafe()
    online = make.registration(cafe, mode=Mode.ONLINE)

    with pytest.raises(ModeInUse) as refusal:
        programme.change(cafe, {"capacity": {"on_site": 50}})
    assert (refusal.value.code, refusal.value.status) == ("mode_in_use", 409)

    operations.cancel(online)
    assert programme.change(cafe, {"capacity": {"on_site": 50}}).modes == (Mode.ON_SITE,)


def test_a_mode_for_which_a_place_is_held_cannot_be_removed(app, clock):
    cafe = make.cafe()
    make.registration(make.session("other"), email="ada@example.org")
    make.submission(cafe, mode=Mode.ONLINE, email="ada@example.org")

    with pytest.raises(ModeInUse):
        programme.change(cafe, {"capacity": {"on_site": 50}})


def test_what_people_see_of_a_moved_session_counts_as_changed(app, clock):
    cafe = make.cafe()
    ana = make.registration(cafe).participant
    revision, changed_at = ana.revision, ana.changed_at

    programme.change(cafe, LATER)
    programme.change(cafe, EARLIER)

    assert ana.revision == revision + 2
    assert (ana.changed_at - changed_at).total_seconds() >= 2  # though the clock stands still
