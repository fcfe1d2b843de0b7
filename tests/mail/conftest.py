"""What the tests of mail share: a sender that has not rested, a sink, a folder."""

from __future__ import annotations

import pytest

from app.mail import tasks
from tests import smtp


@pytest.fixture(autouse=True)
def rested_sender(monkeypatch):
    """No test inherits the rest another test's silent server gave the sender."""
    monkeypatch.setattr(tasks, "_rest_until", 0.0)


@pytest.fixture
def sink(app, monkeypatch):
    """A mail server, and the application sending to it."""
    with smtp.sink() as taken:
        monkeypatch.setitem(app.config, "MAIL_URL", taken.url)
        yield taken


@pytest.fixture
def mailbox(app, monkeypatch, tmp_path):
    """A folder, and the application sending to it."""
    monkeypatch.setitem(app.config, "MAIL_URL", f"file://{tmp_path / 'mail box'}")
    return tmp_path / "mail box"
