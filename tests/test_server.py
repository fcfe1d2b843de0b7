"""The production server: one sentence on a busy port, no secret in a log, a clean end."""

from __future__ import annotations

import http.client
import logging
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from app import server as production
from tests import serving


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A server on SQLite."""
    with serving.serving(tmp_path_factory.mktemp("served")) as server:
        yield server


def fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_it_serves_and_says_where(running):
    assert fetch(running.url + "/healthz") == (200, "ok\n")
    assert fetch(running.url + "/readyz") == (200, "database: ok\nqueue: ok\n")
    assert running.log.startswith(f"Serving {running.url} (Ctrl-C stops it)\n")


def test_no_log_holds_the_secrets_of_addresses(running):
    secret = "AbCdEfGhIjKlMnOpQrStUvWxYz012345"
    for path in (f"/my/{secret}/", f"/join/{secret}", f"/calendar/{secret}.ics", f"/t/{secret}"):
        fetch(running.url + path)

    assert secret not in running.log


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET /my/AbCdEfGhIjKlMnOpQrStUvWxYz012345/", "GET /my/[secret]/"),
        ("/calendar/AbCdEfGhIjKlMnOpQrStUvWxYz012345.ics", "/calendar/[secret].ics"),
        ("/calendar/staff/aaaaaaaaaaaaaaaaaaaaaaaa.ics", "/calendar/staff/[secret].ics"),
        ("/unsubscribe/abcdefghijklmnop?x", "/unsubscribe/[secret]?x"),
        ("/manage/sign-in/AbCdEfGhIjKlMnOpQrStUvWxYz012345", "/manage/sign-in/[secret]"),
        ("/open-talks-2013/world-cafe-in-the-discovery/", None),
        ("/probe/calendar.ics", None),
    ],
)
def test_a_line_is_scrubbed_of_tokens_and_of_nothing_else(text, expected):
    assert production.scrubbed(text) == (expected or text)
    record = production.ScrubbedRecord("x", logging.INFO, "f", 1, "at %s", (text,), None)
    assert record.getMessage() == f"at {expected or text}"


def test_a_busy_port_is_one_sentence(running):
    done = subprocess.run(
        [sys.executable, "-m", "app.server"],
        cwd=serving.ROOT,
        env=running.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        f"Port {running.port} on 127.0.0.1 is in use by another program; try another PORT.\n"
    )


def test_a_host_that_is_not_ours_is_one_sentence():
    with pytest.raises(SystemExit, match=r"HOST '192\.0\.2\.1' is no address of this machine\."):
        production.listening("192.0.2.1", 0)


def test_it_stops_cleanly_and_starts_again(tmp_path):
    with serving.serving(tmp_path) as server:
        assert server.stop() == 0
        server.start()
        assert fetch(server.url + "/healthz")[0] == 200
        assert "Traceback" not in server.log


def test_one_process_of_two_does_the_background_work_and_another_takes_over(tmp_path):
    with serving.serving(tmp_path, WEB_WORKERS="2") as server:
        workers = children(server.process.pid)
        wait_until(lambda: holder(tmp_path, workers) is not None)
        first = holder(tmp_path, workers)
        assert len(workers) == 2

        subprocess.run(["kill", "-9", str(first)], check=True)
        wait_until(lambda: holder(tmp_path, children(server.process.pid)) not in (None, first))


def holder(data_dir, workers) -> int | None:
    """Return which of ``workers`` holds the lock, as the kernel says."""
    inode = (data_dir / "worker.lock").stat().st_ino
    for line in Path("/proc/locks").read_text().splitlines():
        fields = line.split()
        if fields[1] == "FLOCK" and fields[5].endswith(f":{inode}") and int(fields[4]) in workers:
            return int(fields[4])
    return None


def children(pid: int) -> set[int]:
    return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def wait_until(true, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_one_connection_carries_request_after_request(running):
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    for _ in range(3):
        connection.request("POST", "/nowhere", b"x" * 10_000)
        answer = connection.getresponse()
        answer.read()
        assert (answer.status, answer.will_close) == (404, False)
    connection.close()


def test_the_server_takes_a_whole_room_at_once(running):
    with_connections = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(300)]
    try:
        assert fetch(running.url + "/healthz")[0] == 200
    finally:
        for each in with_connections:
            each.close()
