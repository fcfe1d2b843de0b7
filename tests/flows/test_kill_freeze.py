"""kill -9 while an edition is frozen: there is none of it, and the next process freezes it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import Engine, create_engine, text

from app.core.synthesis.freezing import Stage
from tests import serving
from tests.conftest import new_database

SAID = 250  # enough for every stage to last a while
SET_UP = f"""
from benchmarks import document, freezing
document.fill("probe", {SAID})
freezing.ready()
"""
ASK = """
from app.consultations import queries
from app.reports import operations
operations.ask_to_freeze(queries.by_slug("probe"))
"""
DIE = """
import os, signal
from sqlalchemy import event
from app import jobs
from app.database import db
seen = []
def die():
    os.kill(os.getpid(), signal.SIGKILL)
@event.listens_for(db.engine, "before_cursor_execute")
def before(connection, cursor, statement, *more):
    seen.append(statement)
    if statement.startswith("{statement}"):
        die()
@event.listens_for(db.engine, "commit")
def at_commit(connection):
    if "{statement}" == "COMMIT" and any(each.startswith("INSERT INTO edition ") for each in seen):
        die()
jobs.run("reports.freeze")
"""
CHECK = """
import json
from app.consultations import queries
from app.core.synthesis import sealing
from app.reports.queries import editions, edition
made = edition(queries.by_slug("probe"), 1)
values = editions.values(made)
print(json.dumps({
    "whole": sealing.is_whole(values), "said": len(values["contributions"]),
    "sha256": values["sha256"] == made.sha256,
}))
"""
COUNTS = """
SELECT (SELECT count(*) FROM edition), (SELECT count(*) FROM edition_part),
       (SELECT count(*) FROM outbox_mail WHERE kind = 'answer_published'),
       (SELECT count(*) FROM audit_entry WHERE action = 'edition_frozen')
"""


@pytest.fixture
def installation(engine_name, request, tmp_path):
    """A server on either database, a document ready to be frozen, and a line to its tables."""
    url = None
    if engine_name == "postgresql":
        url = new_database(request.getfixturevalue("postgresql_url"), f"freeze_{os.getpid()}")
    with serving.serving(tmp_path, url) as server:
        server.run(SET_UP)
        engine = create_engine(url or f"sqlite:///{tmp_path / 'open-talks.db'}")
        yield server, engine
        engine.dispose()


def asked(engine: Engine, statement: str) -> tuple:
    """The row that answers ``statement``, as of now."""
    with engine.connect() as connection:
        return tuple(connection.execute(text(statement)).one_or_none() or ())


def run(server: serving.Server, code: str) -> int:
    """Run ``code`` in a process of its own; return how it ended."""
    begins = "from app import create_app\nwith create_app().app_context():\n"
    command = [sys.executable, "-c", begins + serving.indented(code)]
    done = subprocess.run(command, cwd=serving.ROOT, env=server.environment, check=False)
    return done.returncode


def stage(engine: Engine) -> Stage:
    """How far the freeze is; waiting before it was asked for."""
    return Stage((*asked(engine, "SELECT stage FROM freezing"), "waiting")[0])


def reached(engine: Engine, wanted: Stage, server: serving.Server) -> None:
    """Wait until the freeze is at a stage, or beyond it."""
    order, end = list(Stage), time.monotonic() + 60
    while order.index(now := stage(engine)) < order.index(wanted):
        assert time.monotonic() < end, server.log[-2000:]
        time.sleep(0.002)
    assert now in (wanted, order[order.index(wanted) + 1]), f"{now} is too late to kill at {wanted}"


def test_a_kill_leaves_no_half_edition_and_the_next_process_freezes_it(installation):
    server, engine = installation
    asking = threading.Thread(target=server.run, args=(ASK,))
    asking.start()
    reached(engine, Stage.COMPOSING, server)
    server.kill()
    asking.join()
    assert asked(engine, COUNTS) == (0, 0, 0, 0)

    for statement in ("INSERT INTO edition_part", "INSERT INTO audit_entry", "COMMIT"):
        with engine.begin() as connection:  # three that die are given up, and this is about dying
            connection.execute(text("UPDATE freezing SET tries = 0"))
        assert run(server, DIE.format(statement=statement)) == -signal.SIGKILL
        assert stage(engine) is Stage.KEEPING
        assert asked(engine, COUNTS) == (0, 0, 0, 0)

    server.start()
    reached(engine, Stage.FILES, server)
    assert asked(engine, COUNTS) == (1, SAID, 1, 1)
    assert json.loads(server.run(CHECK)) == {"whole": True, "said": SAID, "sha256": True}
