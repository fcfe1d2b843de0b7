"""What machines ask."""

from __future__ import annotations

import pytest

from app.extensions import db
from tests import make


def test_alive_and_ready(client):
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "database: ok\nqueue: ok\n"


def test_not_ready_without_a_queue(app, client, monkeypatch, tmp_path):
    from app import jobs

    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path / "missing")
    monkeypatch.setitem(app.extensions, "jobs", jobs.Bell(app))
    answer = client.get("/readyz")

    assert (answer.status_code, answer.text) == (503, "database: ok\nqueue: does not answer\n")


def test_not_ready_without_a_database(client, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def fail(*_args, **_options):
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(db.session, "execute", fail)
    answer = client.get("/readyz")

    assert (answer.status_code, answer.text) == (503, "database: does not answer\nqueue: ok\n")


@pytest.mark.engines("sqlite")
def test_metrics_are_for_whoever_has_the_token(app, client, clock, monkeypatch):
    assert client.get("/metrics").status_code == 404

    monkeypatch.setitem(app.config, "METRICS_TOKEN", "let me count")
    make.registration(make.cafe())
    wrong = {"Authorization": "Bearer something"}
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers=wrong).status_code == 401
    page = client.get("/metrics", headers={"Authorization": "Bearer let me count"}).text
    assert '\nopen_talks_mails{status="queued"} 1\n' in page


@pytest.mark.engines("sqlite")
def test_robots_may_read_feeds_and_not_the_back_office(client):
    page = client.get("/robots.txt").text

    assert page.startswith("User-agent: *\n")
    assert "Disallow: /manage/\n" in page
    assert "calendar" not in page


@pytest.mark.engines("sqlite")
def test_whoever_finds_a_weakness_knows_whom_to_tell(client, clock):
    assert client.get("/.well-known/security.txt").text == (
        "Contact: mailto:calendar@talks.example.org\n"
        "Expires: 2029-09-01T00:00:00Z\n"
        "Preferred-Languages: en, fr\n"
        "Canonical: https://talks.example.org/.well-known/security.txt\n"
    )
