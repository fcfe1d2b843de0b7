"""Two hundred at once against the running server: no place twice, no form twice, nobody refused."""

from __future__ import annotations

import http.client
import json
import re
import sys
import threading
import time
import urllib.parse
from collections import Counter
from contextlib import closing
from email import message_from_bytes

import pytest

from tests.conftest import new_database
from tests.serving import Server, serving

PEOPLE, PLACES = 200, 50
UNLOCKED = """
import time
from app import database
from app.registration import queries
from app.registration.operations import ledger
from app.extensions import db

database._writers.acquire = database._writers.release = lambda: None
ledger.lock = lambda row: db.session.refresh(row)
count = queries.places_of
def slowly(sessions):
    found = count(sessions)
    time.sleep(0.01)
    return found
queries.places_of = slowly
from sqlalchemy import Engine, event
event.remove(Engine, "begin", database.begin)
@event.listens_for(Engine, "begin")
def begin(connection):
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
from app.server import main
main()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request, tmp_path):
    """The production server: one process on SQLite, two on PostgreSQL."""
    url, workers = None, "1"
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgresql_url"), "races")
        workers = "2"
    with serving(tmp_path, url, WEB_WORKERS=workers, CHANGE_NOTICE_MINUTES="0") as running:
        yield running


def request(
    server: Server, method: str, path: str, body=None, *, form=None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """Send one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    data = None
    if form is not None:
        data = urllib.parse.urlencode(form).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    elif body is not None:
        data = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    with closing(connection):
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        return answer.status, dict(answer.getheaders()), text


def at_once(number: int, call) -> list:
    """Call ``call(number)`` from so many threads that start together."""
    start, results = threading.Barrier(number), []

    def run(one: int) -> None:
        start.wait()
        try:
            results.append(call(one))
        except OSError as fault:
            results.append((type(fault).__name__, {}, ""))

    threads = [threading.Thread(target=run, args=(one,)) for one in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def prepared(server: Server, places: int = PLACES) -> dict[str, str]:
    """A published session with ``places`` on site; return the headers of a token."""
    server.flask("people", "add", "owner@example.org", "--role", "admin")
    token = server.flask("people", "token", "owner@example.org").strip()
    headers = {"Authorization": f"Bearer {token}"}
    consultation = {
        "slug": "probe",
        "title": "Probe",
        "timezone": "Europe/Zurich",
        "status": "published",
    }
    session = {
        "slug": "cafe",
        "title": "Café",
        "format": "world_cafe",
        "starts": "2031-10-10T18:15",
        "ends": "2031-10-10T20:15",
        "timezone": "Europe/Zurich",
        "capacity": {"on_site": places, "online": None},
        "status": "published",
    }
    answers = [
        request(server, "POST", "/api/v1/consultations", consultation, **headers)[0],
        request(server, "POST", "/api/v1/consultations/probe/sessions", session, **headers)[0],
    ]
    assert answers == [201, 201]
    return headers


def register_all(server: Server, headers: dict[str, str], people: int = PEOPLE) -> list:
    """So many different people register at once for the room."""
    path = "/api/v1/consultations/probe/sessions/cafe/registrations"

    def register(number: int):
        person = {"name": f"P {number}", "email": f"p{number}@example.org", "mode": "on_site"}
        return request(server, "POST", path, person, **headers)

    return at_once(people, register)


def mails_of(server: Server, number: int) -> list[bytes]:
    """The mails in the folder, once there are ``number`` of them and no more come."""
    folder = server.data_dir / "mail"
    end = time.monotonic() + 60
    seen = -1
    while time.monotonic() < end:
        found = list(folder.glob("*.eml")) if folder.exists() else []
        if len(found) >= number and len(found) == seen:
            return [file.read_bytes() for file in found]
        seen = len(found)
        time.sleep(1.5)
    raise AssertionError(f"{seen} of {number} mails")


def test_fifty_places_for_two_hundred(server):
    headers = prepared(server)

    results = register_all(server, headers)

    answers = [json.loads(text) for status, _headers, text in results if status == 201]
    assert Counter(status for status, _headers, _text in results) == {201: PEOPLE}
    assert Counter(answer["status"] for answer in answers) == {
        "confirmed": PLACES,
        "waiting": PEOPLE - PLACES,
    }
    listed = "/api/v1/consultations/probe/sessions/cafe/registrations?status=waiting&limit=200"
    waiting = json.loads(request(server, "GET", listed, **headers)[2])["items"]
    assert sorted(item["position"] for item in waiting) == list(range(1, PEOPLE - PLACES + 1))
    told = {answer["id"]: answer["position"] for answer in answers if answer["position"]}
    assert told == {item["id"]: item["position"] for item in waiting}


def test_one_person_two_hundred_times(server):
    headers = prepared(server)
    page = request(server, "GET", "/probe/register")[2]
    signed = re.search(r'name="form_hour" value="([^"]+)"', page).group(1)
    form = {
        "name": "Ana",
        "email": "ana@example.org",
        "language": "en",
        "consent": "1",
        "mode-cafe": "on_site",
        "form_hour": signed,
    }

    results = at_once(PEOPLE, lambda _number: request(server, "POST", "/probe/register", form=form))

    assert Counter(status for status, _headers, _text in results) == {303: PEOPLE}
    path = "/api/v1/consultations/probe/sessions/cafe/registrations"
    kept = json.loads(request(server, "GET", path, **headers)[2])["items"]
    assert [(item["status"], item["participant"]["email"]) for item in kept] == [
        ("confirmed", "ana@example.org")
    ]
    mails = [message_from_bytes(raw) for raw in mails_of(server, 1)]
    assert [mail["To"] for mail in mails if "ana@example.org" in mail["To"]] == [mails[0]["To"]]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_without_the_lock_too_many_get_a_place(engine, request_fixture, tmp_path):
    """The control: the same requests, the guards taken out of the server's process."""
    url = (
        new_database(request_fixture("postgresql_url"), "unlocked") if engine != "sqlite" else None
    )
    server = Server(tmp_path, url, WEB_WORKERS="1")
    server.flask("db", "upgrade")
    server.command = [sys.executable, "-c", UNLOCKED]
    try:
        server.start()
        headers = prepared(server, places=10)
        results = register_all(server, headers, people=40)
    finally:
        server.kill()
    confirmed = sum('"status":"confirmed"' in t.replace(" ", "") for _s, _h, t in results)
    failed = sum(status != 201 for status, _headers, _text in results)

    assert confirmed > 10 or failed > 0, (confirmed, failed)


@pytest.fixture
def request_fixture(request):
    """Ask for a fixture only where it is needed."""
    return request.getfixturevalue


@pytest.mark.drill
def test_a_hundred_places_for_ten_thousand(server):
    headers = prepared(server, places=100)
    path = "/api/v1/consultations/probe/sessions/cafe/registrations"
    threads, each = 40, 250

    def register_many(thread: int):
        found: Counter[tuple[int, str]] = Counter()
        for number in range(each):
            email = f"p{thread}-{number}@example.org"
            person = {"name": "P", "email": email, "mode": "on_site"}
            status, _headers, text = request(server, "POST", path, person, **headers)
            found[status, json.loads(text).get("status", "")] += 1
        return found

    total = sum(at_once(threads, register_many), Counter())

    assert total == {(201, "confirmed"): 100, (201, "waiting"): threads * each - 100}
