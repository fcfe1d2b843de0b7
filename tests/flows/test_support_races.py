"""Fifty supports of one person at once against the running server are one; so is each act of it."""

from __future__ import annotations

import json
import sys
from collections import Counter

import pytest

from tests.conftest import new_database
from tests.flows.test_http_races import at_once, request
from tests.serving import Server, serving

AT_ONCE = 50
API = "/api/v1/consultations/probe"
WITHOUT_THE_TABLES_RULE = """
from sqlalchemy import text
from app.extensions import db
with db.engine.begin() as connection:
    connection.execute(text("ALTER TABLE support DROP CONSTRAINT pk_support"))
"""
LOOK_SLOWLY = """
import time
from app.contributions.operations import supports
from app.extensions import db
look = db.session.get
def slowly(*arguments, **more):
    found = look(*arguments, **more)
    time.sleep(0.02)
    return found
supports.db.session.get = slowly
from app.server import main
main()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request, tmp_path):
    """The production server: one process on SQLite, two on PostgreSQL."""
    url, workers = None, "1"
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgresql_url"), "supports")
        workers = "2"
    with serving(tmp_path, url, WEB_WORKERS=workers) as running:
        yield running


def prepared(server: Server) -> tuple[dict[str, str], list[str], str]:
    """An open board with an idea; return a token's headers, two people's ids, the reference."""
    server.flask("people", "add", "owner@example.org", "--role", "admin")
    token = server.flask("people", "token", "owner@example.org").strip()
    headers = {"Authorization": f"Bearer {token}"}
    consultation = {
        "slug": "probe", "title": "Probe", "timezone": "Europe/Zurich", "status": "published",
    }  # fmt: skip
    session = {
        "slug": "round", "title": "Round", "format": "online_round",
        "starts": "2020-01-01T09:00", "ends": "2037-01-01T23:59", "timezone": "Europe/Zurich",
        "settings": {"moderation": "after"}, "status": "published",
    }  # fmt: skip
    made(request(server, "POST", "/api/v1/consultations", consultation, **headers))
    made(request(server, "POST", f"{API}/sessions", session, **headers))
    people = []
    for name in ("ana", "bo"):
        person = {"name": name, "email": f"{name}@example.org", "mode": "online"}
        path = f"{API}/sessions/round/registrations"
        people.append(made(request(server, "POST", path, person, **headers))["participant"]["id"])
    idea = {"participant": people[0], "title": "One", "text": "Words"}
    path = f"{API}/sessions/round/ideas"
    reference = made(request(server, "POST", path, idea, **headers))["reference"]
    return headers, people, reference


def made(answer) -> dict:
    status, _headers, text = answer
    assert status == 201, text
    return json.loads(text)


def supports_of(server: Server, headers: dict[str, str], reference: str) -> int:
    path = f"{API}/contributions/{reference}"
    return json.loads(request(server, "GET", path, **headers)[2])["supports"]


def test_fifty_supports_of_one_person_at_once_are_one(server):
    headers, people, reference = prepared(server)
    path = f"{API}/contributions/{reference}/supports"
    before = request(server, "GET", "/probe/round/ideas")

    def support(_number: int):
        return request(server, "POST", path, {"participant": people[1]}, **headers)

    results = at_once(AT_ONCE, support)

    assert Counter(status for status, _headers, _text in results) == {201: 1, 200: AT_ONCE - 1}
    assert supports_of(server, headers, reference) == 1
    other = request(server, "POST", path, {"participant": people[0]}, **headers)
    assert other[0] == 201
    assert supports_of(server, headers, reference) == 2
    after = request(server, "GET", "/probe/round/ideas")
    assert (after[2], after[1]["ETag"]) == (before[2], before[1]["ETag"])


def test_without_the_tables_rule_there_are_more(postgresql_url, tmp_path):
    """The control: the same requests, the guards taken out of the server's process.

    On PostgreSQL: SQLite refuses a reader that would become a writer, whatever the table allows.
    """
    url = new_database(postgresql_url, "loose")
    server = Server(tmp_path, url, WEB_WORKERS="1")
    server.flask("db", "upgrade")
    server.run(WITHOUT_THE_TABLES_RULE)
    server.command = [sys.executable, "-c", LOOK_SLOWLY]
    try:
        server.start()
        headers, people, reference = prepared(server)
        path = f"{API}/contributions/{reference}/supports"
        results = at_once(
            AT_ONCE,
            lambda _n: request(server, "POST", path, {"participant": people[1]}, **headers),
        )
        made_new = sum(status == 201 for status, _headers, _text in results)
        failed = sum(status >= 500 for status, _headers, _text in results)
    finally:
        server.kill()

    assert made_new > 1 or failed > 0, (made_new, failed)
