"""Background work: huey rings the bell, a clock sweeps what no bell announced.

The truth is in rows: a bell that is lost costs seconds, never a mail. Tasks are known by name, so
that operations can ring for work they may not import. One process of an installation runs the
embedded worker (whoever holds the lock in DATA_DIR); `flask work` runs another one apart.
"""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

log = logging.getLogger("app.jobs")
Task = Callable[[], object]

SWEEP_SECONDS = 3
MINUTE = 60
RETRY_LOCK_SECONDS = 2
STOP_SECONDS = 10

_tasks: dict[str, Task] = {}
_sweeps: dict[str, float] = {}
_starting: list[Task] = []


def task(name: str, *, every: float | None = None) -> Callable[[Task], Task]:
    """Register what runs when ``name`` is rung, and ``every`` so many seconds without a bell."""

    def decorate(function: Task) -> Task:
        _tasks[name] = function
        if every is not None:
            _sweeps[name] = every
        return function

    return decorate


def minutely(name: str) -> Callable[[Task], Task]:
    """Register what runs once a minute in every worker; rows decide whether there is work."""
    return task(name, every=MINUTE)


def on_start(function: Task) -> Task:
    """Run ``function`` when a worker starts, before anything else."""
    if function not in _starting:
        _starting.append(function)
    return function


def register(app: Flask) -> None:
    """Give ``app`` its bell: a file in DATA_DIR, or Redis by REDIS_URL."""
    app.config.setdefault("JOBS_EMBEDDED", True)
    app.extensions["jobs"] = Bell(app)


def ring(name: str) -> None:
    """Have ``name`` run soon; never raises, for what it announces is found by the sweep anyway."""
    try:
        current_app.extensions["jobs"].ring(name)
    except Exception:  # any fault of the queue: the request must not fail with it
        log.warning(
            "the bell for %s could not be rung; the sweep will find the work", name, exc_info=True
        )


def is_available() -> bool:
    """Say whether the queue answers (`/readyz`)."""
    try:
        current_app.extensions["jobs"].huey.storage.queue_size()
    except Exception:  # whatever its library raises means: not there
        return False
    return True


def run(name: str) -> None:
    """Run the task called ``name`` now; its failure is logged, not raised."""
    try:
        _tasks[name]()
    except Exception:
        log.exception("the job %s failed", name)


def this_process() -> str:
    """Return what names this process for ever: host, number, and when it started."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{_started(os.getpid())}"


def is_gone(process: str) -> bool:
    """Say whether ``process`` (as `this_process` named it) ran here and has ended."""
    host, _, rest = process.rpartition(":")[0].rpartition(":")
    started = process.rpartition(":")[2]
    if host != socket.gethostname()[:40] or not rest.isdecimal():
        return False
    return _started(int(rest)) != started


def _started(pid: int) -> str | None:
    """Return the kernel's mark of when ``pid`` started; ``None`` if there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None if Path("/proc/self/stat").exists() else _alive(pid)
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def _alive(pid: int) -> str | None:
    """Say what can be said without /proc: whether the number is in use."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return "0"


def begin() -> None:
    """Do what a worker does first."""
    for first in _starting:
        try:
            first()
        except Exception:
            log.exception("the worker's start failed in part")


class Bell:
    """The queue of one application; it is opened when first used, in the process that uses it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._guard = threading.Lock()
        self._huey: Huey | None = None

    @property
    def huey(self) -> Huey:
        """The queue itself."""
        with self._guard:
            if self._huey is None:
                self._huey = self._open()
            return self._huey

    def ring(self, name: str) -> None:
        """Put the name of a task into the queue."""
        huey = self.huey
        huey.enqueue(self._job.s(name))

    def _open(self) -> Huey:
        signed = SignedSerializer(secret=self.app.config["SECRET_KEY"], salt="open-talks-jobs")
        options = {"name": "open-talks", "results": False, "serializer": signed}
        if url := self.app.config["REDIS_URL"]:
            import redis

            pool = redis.ConnectionPool.from_url(url, socket_connect_timeout=1, socket_timeout=3)
            huey = RedisHuey(connection_pool=pool, read_timeout=1, **options)
        else:
            file = Path(self.app.config["DATA_DIR"]) / "jobs.db"
            huey = SqliteHuey(filename=str(file), fsync=False, timeout=1, **options)
        self._job = huey.task(name="run")(self._run_in_context)
        return huey

    def _run_in_context(self, name: str) -> None:
        with self.app.app_context():
            run(name)


class Clock(threading.Thread):
    """Runs one sweep whenever it is due, in the worker's own process: no queue needed.

    Each sweep has a thread: a long one (thousands of mails) holds up no other.
    """

    def __init__(self, app: Flask, stop: threading.Event, name: str, every: float) -> None:
        super().__init__(name=f"jobs-clock-{name}", daemon=True)
        self.app = app
        self.stop_flag = stop
        self.sweep = name
        self.every = every

    def run(self) -> None:
        """Sweep until told to stop."""
        while not self.stop_flag.is_set():
            with self.app.app_context():
                run(self.sweep)
            self.stop_flag.wait(self.every)


class QuietConsumer(Consumer):
    """A consumer that leaves the process's signals to whoever owns the process."""

    def _set_signal_handlers(self) -> None:
        """Leave them alone."""


class Worker:
    """One consumer with its clock. ``embedded``: it waits for the installation's lock first."""

    def __init__(self, app: Flask, *, embedded: bool) -> None:
        self.app = app
        self.embedded = embedded
        self.stop_flag = threading.Event()
        self.has_begun = threading.Event()
        self._thread = threading.Thread(target=self._work, name="jobs-worker", daemon=True)

    def start(self) -> None:
        """Work in the background until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing new, and wait for what is being done."""
        self.stop_flag.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def _work(self) -> None:
        lock = self._take_lock() if self.embedded else None
        if self.stop_flag.is_set():
            return
        self.has_begun.set()
        log.info("process %d does the background work", os.getpid())
        with self.app.app_context():
            begin()
        clocks = [Clock(self.app, self.stop_flag, *sweep) for sweep in _sweeps.items()]
        consumer = QuietConsumer(
            self.app.extensions["jobs"].huey,
            workers=2,
            periodic=False,
            initial_delay=0.05,
            max_delay=0.5,
            shutdown_timeout=STOP_SECONDS,
        )
        for clock in clocks:
            clock.start()
        consumer.start()
        checked = time.monotonic()
        while not self.stop_flag.wait(0.5):
            if time.monotonic() - checked > MINUTE:
                consumer.check_worker_health()
                checked = time.monotonic()
        consumer.stop(graceful=True)
        for clock in clocks:
            clock.join(STOP_SECONDS)
        if lock is not None:
            lock.close()

    def _take_lock(self):
        """Wait until no other process of this installation is the embedded worker."""
        file = (Path(self.app.config["DATA_DIR"]) / "worker.lock").open("a")
        while not self.stop_flag.is_set():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self.stop_flag.wait(RETRY_LOCK_SECONDS)
            else:
                return file
        return file
