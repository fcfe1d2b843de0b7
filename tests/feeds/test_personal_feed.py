"""One person's own feed: what it holds, what leaves it, and what it tells nobody else."""

import pytest

from app.core.links import Purpose
from app.database import db
from app.feeds import operations, queries
from app.feeds.operations import fetches
from app.programme import operations as programme
from app.registration import operations as registrations
from app.registration import queries as registered
from tests import make
from tests.core.ical.readers import read_alike


@pytest.fixture
def cafe(app, clock):
    """A session with one place on site, and any number online."""
    fetches.clear()
    return make.cafe(capacity={"on_site": 1, "online": None})


def path(participant) -> str:
    return registered.link(participant, Purpose.FEED).removeprefix("https://talks.example.org")


def read(client, participant):
    return {event[0]: event[3:] for event in read_alike(client.get(path(participant)).data)}


def text_of(client, participant) -> str:
    return client.get(path(participant)).data.decode().replace("\r\n ", "")


def test_it_shows_a_place_under_the_public_uid_with_the_join_link(client, cafe):
    ana = make.registration(cafe, mode="online")
    text = text_of(client, ana.participant)
    join = registered.join_link(ana)

    assert read(client, ana.participant) == {cafe.uid: ("Cafe", "CONFIRMED", ana.sequence)}
    assert f'CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Join online":{join}\r\n' in text
    assert f"LOCATION:{join}\r\n" in text
    assert "CLASS:PRIVATE\r\n" in text
    assert "TRANSP:OPAQUE\r\n" in text
    assert "room-secret" not in text
    assert "SOURCE" not in text


def test_the_waiting_list_is_tentative_takes_no_time_and_names_no_position(client, cafe):
    make.registration(cafe)
    bo = make.registration(cafe).participant
    text = text_of(client, bo)

    assert [words[:2] for words in read(client, bo).values()] == [
        ("Waiting list: Cafe", "TENTATIVE")
    ]
    assert "TRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n" in text
    assert "CONFERENCE" not in text
    assert "/join/" not in text


def test_promotion_shows_at_the_next_poll(client, cafe, clock):
    ana, bo = make.registration(cafe), make.registration(cafe)
    first = client.get(path(bo.participant))
    clock.go_on(minutes=5)
    registrations.cancel(ana)

    second = client.get(path(bo.participant), headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 200
    assert second.headers["Last-Modified"] > first.headers["Last-Modified"]
    assert [words[:2] for words in read(client, bo.participant).values()] == [("Cafe", "CONFIRMED")]


def test_own_withdrawal_disappears_and_moves_the_date(client, cafe, clock):
    ana = make.registration(cafe)
    first = client.get(path(ana.participant))
    clock.go_on(minutes=5)
    registrations.cancel(ana)

    second = client.get(
        path(ana.participant), headers={"If-Modified-Since": first.headers["Last-Modified"]}
    )

    assert second.status_code == 200
    assert read(client, ana.participant) == {}
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/Zurich" in second.data


def test_removed_by_staff_is_cancelled_for_fourteen_days(client, cafe, clock):
    ana = make.registration(cafe)
    read(client, ana.participant)
    removed_at = clock.go_on(minutes=5)
    registrations.cancel(ana, by="staff")

    assert read(client, ana.participant) == {
        cafe.uid: ("CANCELLED: Cafe", "CANCELLED", ana.sequence)
    }
    clock.time = removed_at
    clock.go_on(days=14, seconds=-1)
    assert cafe.uid in read(client, ana.participant)
    clock.go_on(seconds=1)
    assert read(client, ana.participant) == {}


def test_a_cancelled_session_stays_cancelled_for_sixty_days_after_its_end(client, cafe, clock):
    ana = make.registration(cafe)
    clock.go_on(minutes=5)
    programme.cancel(cafe)

    assert [words[:2] for words in read(client, ana.participant).values()] == [
        ("CANCELLED: Cafe", "CANCELLED")
    ]
    clock.set("2028-12-09T18:14:59Z")
    assert cafe.uid in read(client, ana.participant)
    clock.set("2028-12-09T18:15:00Z")
    assert read(client, ana.participant) == {}


def test_a_moved_session_is_moved_with_the_sequence_of_the_mail(client, cafe, clock):
    from datetime import datetime

    ana = make.registration(cafe)
    before = read(client, ana.participant)[cafe.uid]
    clock.go_on(minutes=5)
    programme.change(
        cafe, {"starts": datetime(2028, 10, 10, 19, 15), "ends": datetime(2028, 10, 10, 21, 15)}
    )
    db.session.refresh(ana)

    (event,) = read_alike(client.get(path(ana.participant)).data)

    assert event[1:3] == ("2028-10-10T17:15:00Z", "2028-10-10T19:15:00Z")
    assert event[5] == ana.sequence > before[2]


def test_withdrawing_and_registering_again_goes_up(client, cafe, clock):
    """C06: nobody's calendar ignores the new invitation as old."""
    ana = make.registration(cafe)
    first = read(client, ana.participant)[cafe.uid][2]
    registrations.cancel(ana)
    clock.go_on(minutes=5)
    again = make.registration(cafe, who=ana.participant)

    assert read(client, ana.participant)[cafe.uid] == ("Cafe", "CONFIRMED", again.sequence)
    assert again.sequence > first
    public = read_alike(client.get("/probe/calendar.ics").data)
    assert [event[4:] for event in public] == [("CONFIRMED", 0)]


def test_no_feed_shows_another_persons_data(client, cafe):
    ana = make.registration(cafe, name="Ana Canary", email="ana.canary@example.org")
    bo = make.registration(cafe, mode="online", name="Bo Canary", email="bo.canary@example.org")

    for url in (
        path(ana.participant), path(bo.participant),
        "/probe/calendar.ics", "/probe/cafe/calendar.ics",
    ):  # fmt: skip
        text = client.get(url).data.decode().replace("\r\n ", "")
        assert "canary" not in text.lower()
        assert "ORGANIZER" not in text
        assert "ATTENDEE" not in text
        assert "METHOD" not in text
    assert registered.join_token(bo) not in client.get(path(ana.participant)).data.decode()


def test_its_headers_keep_it_private(client, cafe):
    headers = dict(client.get(path(make.registration(cafe).participant)).headers)

    assert {
        name: headers.get(name)
        for name in (
            "Cache-Control", "Referrer-Policy", "X-Robots-Tag", "Access-Control-Allow-Origin",
            "Set-Cookie",
        )
    } == {
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
        "Access-Control-Allow-Origin": None,
        "Set-Cookie": None,
    }  # fmt: skip


def test_a_feed_made_anew_answers_410_at_its_old_address_at_once(client, cafe, clock):
    ana = make.registration(cafe).participant
    old = path(ana)
    for _ in range(3):
        client.get(old)  # the front door knows it by now

    registrations.renew_feed(ana)

    assert client.get(old).status_code == 410
    assert client.get(path(ana)).status_code == 200


def test_it_speaks_the_persons_language(client, cafe):
    ana = make.registration(cafe, language="ar").participant
    programme.change(cafe, {"title": {"en": "Cafe", "ar": "مقهى"}})

    assert [words[0] for words in read(client, ana).values()] == ["مقهى"]
    assert "SUMMARY:Cafe\r\n" in client.get(path(ana) + "?lang=en").data.decode()


def test_a_fetch_is_noted_for_the_person_to_see_but_not_at_every_poll(client, cafe, clock):
    ana = make.registration(cafe).participant
    first = clock.time
    client.get(path(ana), headers={"User-Agent": "Thunderbird/153"})
    clock.go_on(seconds=30)
    client.get(path(ana), headers={"User-Agent": "Google-Calendar-Importer"})
    db.session.rollback()
    secret = registered.secret_of(ana, Purpose.FEED)
    assert (secret.first_used_at, secret.user_agent) == (first, "Thunderbird/153")

    clock.go_on(seconds=30)
    client.get(path(ana), headers={"User-Agent": "Google-Calendar-Importer"})

    db.session.rollback()
    assert (secret.first_used_at, secret.last_used_at, secret.user_agent) == (
        first, clock.time, "Google-Calendar-Importer",
    )  # fmt: skip


def test_unchecked_it_is_served_for_an_hour_and_then_busy(app, client, cafe, clock, monkeypatch):
    from tests.feeds.test_http import broken

    ana = make.registration(cafe).participant
    good = client.get(path(ana))
    monkeypatch.setattr(app.extensions["front_door"], "is_open", False)
    monkeypatch.setattr(queries, "personal_state", broken)
    monkeypatch.setattr(operations, "flush_fetches", lambda: None)

    clock.go_on(hours=1)
    away = client.get(path(ana))
    clock.go_on(seconds=1)

    assert (away.status_code, away.data) == (200, good.data)
    assert client.get(path(ana)).status_code == 503
