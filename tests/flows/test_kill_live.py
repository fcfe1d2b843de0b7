"""kill -9 while a café writes, a town hall speaks and a board fills: nothing acknowledged is lost,
and every clock goes on where it was."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests import serving
from tests.conftest import new_database

SET_UP = """
from datetime import datetime, timedelta, UTC
from tests import make
def wall(hours): return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")
times = {"starts": wall(-1), "ends": wall(5), "timezone": "UTC"}
cafe = make.session("cafe", **times)
make.town_hall("hall", **times)
make.session("round", format="online_round", capacity={"online": None}, venue=None,
             settings={"moderation": "after"}, **times | {"ends": wall(50)})
people = [make.registration(cafe, mode="online").participant for _ in range(40)]
make.cafe_tables(cafe, room=0, online=40, min=1, hosts=people)
make.seats(cafe)
print(make.token("owner"))
print(people[0].public_id)
"""
CHECK = """
from app.database import db
from app.contributions.models import Contribution
from app.floor.models import FloorTurn
import json
print(json.dumps({
    "said": sorted(r for (r,) in db.session.query(Contribution.reference)),
    "turns": db.session.query(FloorTurn).filter(FloorTurn.ended_at.is_not(None)).count(),
}))
"""
API = "/api/v1/consultations/probe/sessions"
Answer = tuple[int, dict]


@pytest.fixture
def installation(engine_name, request, tmp_path):
    """A server on either database."""
    url = None
    if engine_name == "postgresql":
        url = new_database(request.getfixturevalue("postgresql_url"), f"live_{os.getpid()}")
    with serving.serving(tmp_path, url) as server:
        yield server


class Client:
    """One device with a token."""

    def __init__(self, server: serving.Server, token: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, method: str, path: str, body: object = None) -> Answer:
        """Return status and answer."""
        sent = None if body is None else json.dumps(body)
        self.line.request(method, API + path, sent, self.headers)
        answer = self.line.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")


class Burst:
    """Three rooms at once, until the server is gone; it remembers what was acknowledged."""

    def __init__(self, server: serving.Server, token: str, somebody: str) -> None:
        self.server, self.token, self.somebody = server, token, somebody
        self.said: list[str] = []
        self.turns = 0
        self.faults: list[Answer] = []
        makers = (self.notes, self.ideas, self.speakers)
        self.threads = [threading.Thread(target=self.go, args=(each,)) for each in makers]
        for each in self.threads:
            each.start()

    def go(self, acts: Callable[[Client], Iterator[None]]) -> None:
        """Act until nobody answers any more."""
        client = Client(self.server, self.token)
        with closing(client.line):
            try:
                for _ in acts(client):
                    pass
            except (OSError, http.client.HTTPException):
                return  # the server is gone: nobody was told anything

    def keep(self, answer: Answer) -> dict:
        """Note a fault; return what was answered."""
        if answer[0] not in (200, 201):
            self.faults.append(answer)
        return answer[1]

    def notes(self, client: Client) -> Iterator[None]:
        """Every host writes down five points, one after the other."""
        for point, table in itertools.product(range(5), range(1, 41)):
            points = [{"text": f"Point {point} of table {table}", "tag": "agreement"}]
            body = {"table": table, "round": 1, "points": points}
            made = self.keep(client.send("POST", "/cafe/notes", body))
            self.said += [each["reference"] for each in made.get("items", ())]
            yield

    def ideas(self, client: Client) -> Iterator[None]:
        """Somebody has one idea after the other."""
        for number in itertools.count():
            body = {"participant": self.somebody, "title": f"Idea {number}", "text": "Do it."}
            made = self.keep(client.send("POST", "/round/ideas", body))
            self.said += [made["reference"]] if "reference" in made else []
            yield

    def speakers(self, client: Client) -> Iterator[None]:
        """People ask, are given the floor, and end."""
        for number in itertools.count():
            body = {"name": f"Speaker {number} {time.monotonic()}", "mode": "on_site"}
            asked = self.keep(client.send("POST", "/hall/floor/requests", body))
            one = f"/hall/floor/requests/{asked['id']}"
            # "other": somebody may still wait from before the kill
            self.keep(client.send("POST", f"{one}/give", {"because": "other"}))
            yield
            self.keep(client.send("POST", f"{one}/done", {}))
            yield
            self.turns += 1


def test_a_kill_loses_nothing_acknowledged_and_the_clocks_go_on(installation):
    server = installation
    token, somebody = server.run(SET_UP).split()
    client = Client(server, token)
    client.send("POST", "/cafe/rounds/1/start", {})
    client.send("POST", "/cafe/rounds/1/extend", {"seconds": 90})
    _, rounds = client.send("GET", "/cafe/rounds")
    said, turns = [], 0

    for _kill in range(2):
        burst = Burst(server, token, somebody)
        end = time.monotonic() + 60
        while len(burst.said) < 40 or burst.turns < 5:
            assert time.monotonic() < end, (burst.faults[:3], server.log[-2000:])
            time.sleep(0.01)
        server.kill()
        for each in burst.threads:
            each.join()
        assert burst.faults[:3] == []
        said += burst.said
        turns += burst.turns
        server.start()
        client = Client(server, token)
        close_open_turn(client)

    found = json.loads(server.run(CHECK))
    assert set(said) <= set(found["said"])
    assert len(found["said"]) == len(set(found["said"]))
    assert found["turns"] >= turns
    assert client.send("GET", "/cafe/rounds")[1] == rounds
    assert rounds["items"][0]["state"] == "running"


def close_open_turn(client: Client) -> None:
    """End the turn during which the server died: it still lasts, from the instant it began."""
    _, floor = client.send("GET", "/hall/floor")
    if floor["speaking"]:
        status, _ = client.send("POST", f"/hall/floor/requests/{floor['speaking']['id']}/done", {})
        assert status == 200
