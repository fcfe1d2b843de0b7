"""The front door answers as the view behind it does: same status, same headers, same bytes."""

import pytest

from app.core.links import Purpose
from app.database import db
from app.programme import operations as programme
from app.registration import operations as registrations
from app.registration import queries as registered
from app.registration.models import Registration
from tests import make

FEEDS = (
    "/probe/calendar.ics", "/probe/calendar.ics?lang=fr", "/probe/calendar.ics?format=world_cafe",
    "/probe/calendar.ics?mode=online&language=en", "/probe/cafe/calendar.ics",
    "/probe/cafe/calendar.ics?lang=ar", "personal", "personal?lang=en",
)  # fmt: skip
WAYS = {
    "plain": {},
    "gzip": {"Accept-Encoding": "gzip, br"},
    "unchanged": {"If-None-Match": "…"},
    "unchanged-gzip": {"If-None-Match": "…", "Accept-Encoding": "gzip"},
    "by-date": {"If-Modified-Since": "Fri, 01 Sep 2028 09:00:00 GMT"},
    "changed": {"If-None-Match": '"other"'},
}


@pytest.fixture
def door(app):
    """The front door of the application."""
    door = app.extensions["front_door"]
    yield door
    door.is_open = True


def somebody_in_the_cafe() -> int:
    return make.registration(make.cafe(), mode="online").id


@pytest.fixture
def ana(furnished, clock):
    """Somebody registered in `cafe`, an hour ago."""
    number = furnished(somebody_in_the_cafe)
    clock.go_on(hours=1)
    return db.session.get(Registration, number)


def address(url, ana):
    feed = registered.link(ana.participant, Purpose.FEED)
    return url.replace("personal", feed.removeprefix("https://talks.example.org"))


def picture(answer):
    return answer.status, sorted(answer.headers), answer.data


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("url", FEEDS)
def test_every_answer_is_the_same_with_and_without_it(client, door, ana, url, way, method):
    url = address(url, ana)
    door.is_open = False
    etag = client.get(url).headers["ETag"]
    headers = {name: value.replace("…", etag) for name, value in WAYS[way].items()}
    behind = picture(client.open(url, method=method, headers=headers))
    door.is_open = True
    client.get(url, headers=headers)  # from this answer it learns

    reached = []
    door._behind, view = counting(door._behind, reached), door._behind
    in_front = picture(client.open(url, method=method, headers=headers))
    door._behind = view

    assert in_front == behind
    assert reached == []


def counting(behind, reached):
    def call(environ, start_response):
        reached.append(environ["PATH_INFO"])
        return behind(environ, start_response)

    return call


@pytest.mark.parametrize(
    ("method", "query"),
    [
        ("OPTIONS", ""), ("PUT", ""), ("GET", "?utm_source=mail"), ("GET", "?lang=en&lang=fr"),
        ("GET", "?lang=%FF"),
    ],
)  # fmt: skip
def test_what_is_unusual_goes_through_to_the_view(client, door, ana, method, query):
    client.get("/probe/calendar.ics")
    reached = []
    door._behind, view = counting(door._behind, reached), door._behind

    client.open("/probe/calendar.ics" + query, method=method)

    door._behind = view
    assert reached == ["/probe/calendar.ics"]


def warm(client, url):
    for _ in range(2):
        answer = client.get(url)
    return answer


def test_a_change_is_seen_at_once(client, door, ana, clock):
    warm(client, "/probe/calendar.ics")
    programme.change(ana.session, {"title": {"en": "Another title"}})

    assert b"SUMMARY:Another title" in client.get("/probe/calendar.ics").data


def test_time_alone_makes_it_another_document(client, door, ana, clock):
    assert b"PT1H" in warm(client, "/probe/calendar.ics").data
    clock.set("2028-10-10T18:15:00Z")

    assert b"P1D" in client.get("/probe/calendar.ics").data


def test_a_revoked_secret_is_known_at_once(client, door, ana):
    url = address("personal", ana)
    warm(client, url)
    registrations.renew_feed(ana.participant)

    assert client.get(url).status_code == 410


def test_a_fault_of_the_database_is_left_to_the_view(client, door, ana, monkeypatch):
    good = warm(client, "/probe/calendar.ics")

    def away(*_):
        raise OSError("the database is away")

    monkeypatch.setattr(door, "_lines", None)
    monkeypatch.setattr("app.web.front.Lines", away)

    assert client.get("/probe/calendar.ics").data == good.data
