"""A house to measure: databases with a programme in them, and servers in front of them."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

SESSIONS = 200
START_SECONDS = 30


@dataclass
class Server:
    """One running server."""

    port: int
    process: subprocess.Popen

    def cpu_seconds(self) -> float:
        """Return the processor time of its processes so far; 0 where /proc does not say."""
        ticks = os.sysconf("SC_CLK_TCK")
        return sum(times_of(pid) for pid in family(self.process.pid)) / ticks

    def get(self, path: str, headers: dict[str, str] | None = None):
        """Return (status, headers, body) of one request."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request("GET", path, headers=headers or {})
        answer = line.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read()
        line.close()
        return found


def family(pid: int) -> list[int]:
    """Return ``pid`` and its children."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return [pid]
    return [pid, *(child for each in text.split() for child in family(int(each)))]


def times_of(pid: int) -> int:
    """Return user and system ticks of one process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


@contextmanager
def server(what: str, environment: dict[str, str]) -> Iterator[Server]:
    """Run the application or the floor on a free port, and stop it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.serve", what],
        env={**os.environ, **environment, "PORT": str(port), "HOST": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(port: int, process: subprocess.Popen) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"the server ended with status {process.returncode}")
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/")
            line.getresponse().read()
            line.close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"the server did not answer within {START_SECONDS} s")


def environment(folder: Path, url: str) -> dict[str, str]:
    """Return the settings of a house in ``folder`` on the database at ``url``."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "SITE_URL": "http://127.0.0.1:8000",
        "MAIL_URL": f"file://{folder / 'mail'}",
        "WEB_WORKERS": "1",
        "XDG_RUNTIME_DIR": str(folder),
    }


def build(settings: dict[str, str], **overrides: object) -> Flask:
    """Return an application with these settings, its tables made by the migrations."""
    from flask_migrate import upgrade

    import config
    from app import create_app

    app = create_app(**config.load(settings), **overrides)
    with app.app_context():
        upgrade()
    return app


def furnish(app: Flask, *, sessions: int) -> str:
    """Put a published programme into the house; return a token that may register people."""
    from app.core.vocabulary import Role
    from app.database import db
    from tests import make

    with app.app_context():
        programme(sessions)
        token = make.token(Role.ADMIN)
        db.session.remove()
        db.engine.dispose()
    return token


def follower(app: Flask) -> str:
    """Register somebody in the first session; return where their live document is."""
    from app.core.links import Purpose
    from app.database import db
    from app.programme.models import Session
    from app.registration import queries
    from tests import make

    with app.app_context():
        session = db.session.query(Session).filter_by(slug="session-0").one()
        person = make.registration(session, mode="online").participant
        token = queries.token(person, Purpose.MANAGE)
        db.session.remove()
        db.engine.dispose()
    return f"/my/{token}/live/session-0/state.json"


def programme(sessions: int, slug: str = "probe") -> None:
    """Publish ``sessions`` town halls, two hours each, one after the other."""
    from datetime import datetime, timedelta

    from app.database import operation
    from tests import make

    @operation
    def publish() -> None:
        inside = make.consultation(slug, title={"en": "Open Talks", "fr": "Débats ouverts"})
        first = datetime(2030, 3, 1, 9, 0)
        for number in range(sessions):
            starts = first + timedelta(hours=3 * number)
            make.town_hall(
                f"session-{number}",
                inside=inside,
                starts=starts.isoformat(),
                ends=(starts + timedelta(hours=2)).isoformat(),
                timezone="Europe/Zurich" if number % 2 else "Asia/Makassar",
                title={"en": f"Town Hall {number}: who decides?", "fr": f"Assemblée {number}"},
                description={"en": "What should governments do, and who tells them? " * 6},
                capacity={"on_site": None, "online": None},
            )

    publish()
