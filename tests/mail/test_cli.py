"""`flask work`."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests import serving, smtp

pytestmark = pytest.mark.engines("sqlite")


def test_work_sends_what_waits_and_ends_when_told(tmp_path):
    with smtp.sink() as sink:
        server = serving.Server(tmp_path, MAIL_URL=sink.url)
        server.flask("db", "upgrade")
        server.run("from tests import make\nmake.registration(make.cafe(), email='a@example.org')")
        worker = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "work"],
            cwd=serving.ROOT,
            env=server.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            sink.wait_for(1)
        finally:
            worker.send_signal(signal.SIGTERM)
            said, _ = worker.communicate(timeout=30)

    assert sink.recipients == ["a@example.org"]
    assert (worker.returncode, said) == (0, "Working (Ctrl-C stops it)\n")
