"""The real server for tests: a process, port, DATA_DIR and database of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.smtp import free_port

ROOT = Path(__file__).resolve().parent.parent
FILE = "open-talks.db"


class Server:
    """One installation. ``environment`` is added to what the process gets."""

    def __init__(self, data_dir: Path, database_url: str | None = None, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ} | {
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "PYTHONUNBUFFERED": "1",
            **({"DATABASE_URL": database_url} if database_url else {}),
            **environment,
        }
        self.command = [sys.executable, "-m", "app.server"]
        self.process: subprocess.Popen | None = None

    @property
    def log(self) -> str:
        """What the server has written so far."""
        file = self.data_dir / "server.log"
        return file.read_text() if file.exists() else ""

    def flask(self, *arguments: str) -> str:
        """Run ``flask --app wsgi …`` in this installation; return its output."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, code: str) -> str:
        """Run Python ``code`` inside the application's context, in a process of its own."""
        script = f"from app import create_app\nwith create_app().app_context():\n{indented(code)}"
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *, wait: bool = True) -> Server:
        """Start serving; the tables must have been made (``flask("db", "upgrade")``)."""
        with (self.data_dir / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds: float = 40) -> None:
        """Wait until `/readyz` says so."""
        end = time.monotonic() + seconds
        while True:
            assert self.process is not None
            assert self.process.poll() is None, self.log
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                assert time.monotonic() < end, self.log
                time.sleep(0.05)

    def stop(self) -> int | None:
        """Ask it to stop; return its exit code."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(40)
        self.process = None
        return code

    def kill(self) -> None:
        """End it and its workers without a word (kill -9)."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None


def indented(code: str) -> str:
    """Return ``code`` one level deeper."""
    return "".join(f"    {line}\n" for line in code.splitlines())


@cache
def empty_database() -> bytes:
    """Return the SQLite file of a new installation: what ``flask db upgrade`` makes, once."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        Server(data_dir).flask("db", "upgrade")
        assert [each.name for each in data_dir.glob(f"{FILE}*")] == [FILE]  # nothing beside it
        return (data_dir / FILE).read_bytes()


@contextmanager
def serving(
    data_dir: Path, database_url: str | None = None, **environment: str
) -> Iterator[Server]:
    """Make the tables and serve; end whatever still runs afterwards."""
    server = Server(data_dir, database_url, **environment)
    if database_url:
        server.flask("db", "upgrade")
    else:
        (data_dir / FILE).write_bytes(empty_database())
    try:
        yield server.start()
    finally:
        server.kill()
