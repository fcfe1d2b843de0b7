"""Public pages at the front door: the same answers as from the views behind it."""

import pytest

from app.programme import queries as sessions
from tests import make
from tests.feeds.test_front_door import counting, picture

PAGES = (
    "/probe/", "/probe/?tz=America/New_York", "/probe/?tz=Nowhere/City", "/probe/?tz=US/Eastern",
    "/probe/?lang=ar", "/probe/?format=world_cafe&mode=online", "/probe/?format=nothing",
    "/probe/cafe/", "/probe/cafe/?tz=Asia/Tokyo&lang=fr", "/probe/help", "/probe/privacy",
    "/probe/changes",
)  # fmt: skip
WAYS = {
    "plain": {},
    "gzip": {"Accept-Encoding": "gzip"},
    "unchanged": {"If-None-Match": "…"},
}


@pytest.fixture
def door(app, furnished, clock):
    """The front door of a house with a programme, published an hour ago."""
    furnished(make.cafe)
    clock.go_on(hours=1)
    door = app.extensions["front_door"]
    yield door
    door.is_open = True


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("url", PAGES)
def test_every_page_is_the_same_with_and_without_it(client, door, url, way):
    door.is_open = False
    etag = client.get(url).headers["ETag"]
    headers = {name: value.replace("…", etag) for name, value in WAYS[way].items()}
    behind = picture(client.get(url, headers=headers))
    door.is_open = True
    client.get(url, headers=headers)

    reached = []
    door._behind, view = counting(door._behind, reached), door._behind
    in_front = picture(client.get(url, headers=headers))
    door._behind = view

    assert in_front == behind
    assert reached == []


def test_places_and_time_are_seen_at_once(client, door, clock):
    for _ in range(2):
        before = client.get("/probe/").data
    make.registration(programme_session())
    after = client.get("/probe/").data
    assert b"49" in after
    assert after != before

    client.get("/probe/")
    clock.set("2028-10-10T17:00:00Z")
    assert client.get("/probe/").data != after


def programme_session():
    """Return the session of `door`."""
    from app.consultations import queries

    return sessions.by_slug(queries.by_slug("probe"), "cafe")
