"""kill -9 in a burst: nothing acknowledged is lost, and every mail arrives."""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing

import pytest

from tests import serving, smtp
from tests.conftest import new_database

SET_UP = """
from tests import make
cafe = make.session("cafe", capacity={"on_site": 30, "online": None})
print(make.token("owner"))
"""
CHECK = """
from app.database import db
from app.registration.models import Registration
from app.mail.models import OutboxMail
print(sorted(r.participant.email for r in db.session.query(Registration)))
print(sorted(r.status for r in db.session.query(Registration)).count("confirmed"))
print(sorted({mail.status for mail in db.session.query(OutboxMail)}))
if db.engine.dialect.name == "sqlite":
    from sqlalchemy import text
    assert db.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
"""
PATH = "/api/v1/consultations/probe/sessions/cafe/registrations"


@pytest.fixture
def installation(engine_name, request, tmp_path):
    """A server on either database, sending to a mail server of the test."""
    url = None
    if engine_name == "postgresql":
        url = new_database(request.getfixturevalue("postgresql_url"), f"kill_{os.getpid()}")
    with (
        smtp.sink() as sink,
        serving.serving(tmp_path, url, MAIL_URL=sink.url, CHANGE_NOTICE_MINUTES="0") as server,
    ):
        yield server, sink


class Burst:
    """People who register, from several threads, until told to stop."""

    def __init__(self, server: serving.Server, token: str, start: int) -> None:
        self.server = server
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.acknowledged: list[str] = []
        self.faults: list[int] = []
        self._number = start
        self._guard = threading.Lock()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._register, daemon=True) for _ in range(4)]
        for each in self._threads:
            each.start()

    def stop(self) -> int:
        """End it; return the number the next one may start with."""
        self._over.set()
        for each in self._threads:
            each.join()
        return self._number + 1

    def _register(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        with closing(connection):
            self._register_over(connection)

    def _register_over(self, connection: http.client.HTTPConnection) -> None:
        while not self._over.is_set():
            with self._guard:
                self._number += 1
                email = f"p{self._number:05}@example.org"
            body = json.dumps({"name": f"P {email}", "email": email, "mode": "on_site"})
            try:
                connection.request("POST", PATH, body, self.headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                return  # the server is gone: nobody was told anything
            if answer.status == 201:
                self.acknowledged.append(email)
            else:
                self.faults.append(answer.status)


def kill_in_bursts(installation, kills: int) -> None:
    server, sink = installation
    token = server.run(SET_UP).strip()
    acknowledged: list[str] = []
    number = 0
    for kill in range(kills):
        burst = Burst(server, token, number)
        end = time.monotonic() + 30
        while len(burst.acknowledged) < 20 + 7 * (kill % 5):
            assert time.monotonic() < end, server.log
            time.sleep(0.01)
        server.kill()
        number = burst.stop()
        acknowledged += burst.acknowledged
        assert burst.faults == []
        server.start()

    everybody, confirmed, _ = server.run(CHECK).splitlines()
    registered = json.loads(everybody.replace("'", '"'))
    assert set(acknowledged) <= set(registered)
    assert len(registered) == len(set(registered))
    assert int(confirmed) == 30

    wait_for_everybody(sink, registered)
    time.sleep(4)  # one more sweep: nothing may come that came before
    copies = defaultdict(list)
    for message, raw in zip(sink.messages, sink.raw, strict=True):
        copies[message["Message-ID"]].append(raw)
    assert sorted(copies_of(sink)) == registered
    assert sum(len(each) - 1 for each in copies.values()) <= kills
    assert all(len(set(each)) == 1 for each in copies.values())
    assert server.run(CHECK).splitlines()[2] == "['sent']"


def wait_for_everybody(sink: smtp.Sink, people: list[str]) -> None:
    end = time.monotonic() + 40
    while missing := set(people) - set(sink.recipients):
        assert time.monotonic() < end, f"{len(missing)} of {len(people)} mails are missing"
        time.sleep(0.1)


def copies_of(sink: smtp.Sink) -> Counter:
    """Return how many different messages each person got: one."""
    people = Counter(
        {(m["Message-ID"], to) for m, to in zip(sink.messages, sink.recipients, strict=True)}
    )
    return Counter(to for _, to in people)


def test_a_kill_in_a_burst_loses_nothing_and_doubles_at_most_one_mail(installation):
    kill_in_bursts(installation, 2)


@pytest.mark.drill
def test_twenty_kills_lose_nothing(installation):
    kill_in_bursts(installation, 20)
