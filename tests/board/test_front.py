"""The board at the front door: the same answers as from the views behind it, seen at once."""

from __future__ import annotations

import pytest

from app.contributions import operations
from tests import make
from tests.feeds.test_front_door import counting, picture

BOARD = "/probe/round/ideas"
PAGES = (
    BOARD, f"{BOARD}?sort=newest", f"{BOARD}?sort=random&seed=7", f"{BOARD}?question=1&language=en",
    f"{BOARD}?group=civil_society", f"{BOARD}?group=nothing", f"{BOARD}?page=2&lang=ar",
    f"{BOARD}?tz=US/Eastern", f"{BOARD}?tz=Nowhere/City", "/probe/contributions/PRO-I-0001",
    "/probe/contributions/pro-i-0001?lang=fr&tz=Asia/Tokyo", "/probe/contributions/PRO-I-0002",
)  # fmt: skip
WAYS = {
    "plain": {},
    "gzip": {"Accept-Encoding": "gzip"},
    "unchanged": {"If-None-Match": "…"},
}


def board() -> None:
    session = make.online_round(settings={"moderation": "after"})
    make.idea(session, guiding_question=1)
    operations.withdraw(make.idea(session))


@pytest.fixture
def door(app, furnished, clock):
    """The front door of a house with a board: one idea is read, one withdrawn."""
    furnished(board)
    clock.go_on(hours=1)
    door = app.extensions["front_door"]
    yield door
    door.is_open = True


def reached_behind(door, call) -> tuple:
    """Return what ``call()`` answers, and which addresses went through to the views."""
    reached: list[str] = []
    door._behind, view = counting(door._behind, reached), door._behind
    try:
        return call(), reached
    finally:
        door._behind = view


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("url", PAGES)
def test_every_page_is_the_same_with_and_without_it(client, door, url, way, method):
    door.is_open = False
    etag = client.get(url).headers["ETag"]
    headers = {name: value.replace("…", etag) for name, value in WAYS[way].items()}
    behind = picture(client.open(url, method=method, headers=headers))
    door.is_open = True
    client.get(url, headers=headers)

    in_front, reached = reached_behind(
        door, lambda: picture(client.open(url, method=method, headers=headers))
    )

    assert in_front == behind
    assert reached == []


@pytest.mark.parametrize("url", [BOARD, "/probe/contributions/PRO-I-0001"])
def test_a_withdrawal_a_comment_and_the_close_are_seen_at_once(client, door, clock, url):
    from app.contributions import queries
    from app.contributions.operations import Sent
    from app.core.contributions import Kind

    def twice() -> bytes:
        client.get(url)
        return client.get(url).data

    seen = [twice()]
    idea = queries.by_reference("PRO-I-0001")
    who = make.participant(idea.session)
    operations.submit(idea.session, Kind.COMMENT, Sent(text="Yes"), participant=who, answers=idea)
    seen.append(twice())
    operations.support(idea, who)
    assert twice() == seen[-1]
    clock.set("2028-09-30T21:59:00Z")
    seen.append(twice())
    operations.withdraw(queries.by_reference("PRO-I-0001"))
    seen.append(twice())

    assert len(set(seen)) == 4


def test_what_is_held_back_goes_through_to_the_view(client, door):
    from app.contributions import queries
    from app.core.contributions import Decision

    url = "/probe/contributions/PRO-I-0001"
    assert [client.get(url).status_code for _ in range(2)] == [200, 200]
    operations.moderate(queries.by_reference("PRO-I-0001"), Decision.HOLD)

    for _ in range(2):
        answer, reached = reached_behind(door, lambda: client.get(url).status_code)
        assert (answer, reached) == (404, [url])
