"""A load generator: some keep-alive connections ask one thing again and again, for some seconds.

It runs in a process of its own (`python -m benchmarks.load`), reads one `Task` as JSON and writes
a `Result` as JSON.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

MOST = 200_000  # requests in one go


@dataclass
class Task:
    """What to ask. ``{n}`` in ``body`` becomes a number that never repeats."""

    port: int
    path: str
    seconds: float
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    connections: int = 8
    first: int = 0

    def request(self, number: int) -> bytes:
        """Return the bytes of one request."""
        body = self.body.replace("{n}", str(number)).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Result:
    """What came back: how many answers by status, in how many seconds, how long each took."""

    statuses: dict[str, int]
    seconds: float
    p50: float
    p99: float

    @property
    def count(self) -> int:
        """All answers."""
        return sum(self.statuses.values())

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.count / self.seconds


def run(task: Task) -> Result:
    """Ask from another process, so that asking takes no time from the server's interpreter."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps(asdict(task)),
        capture_output=True,
        text=True,
        check=True,
        timeout=task.seconds + 60,
    )
    return Result(**json.loads(done.stdout))


def ask(task: Task) -> Result:
    """Ask with every connection until the time is up."""
    times: list[float] = []
    statuses: Counter[str] = Counter()
    numbers = iter(range(task.first, task.first + MOST))
    guard = threading.Lock()
    begun = time.perf_counter()
    ends = begun + task.seconds

    def number() -> int | None:
        with guard:
            return next(numbers, None)

    threads = [
        threading.Thread(target=one_connection, args=(task, ends, number, times, statuses))
        for _ in range(task.connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    times.sort()
    return Result(dict(statuses), seconds, at(times, 0.5), at(times, 0.99))


def one_connection(
    task: Task,
    ends: float,
    number: Callable[[], int | None],
    times: list[float],
    statuses: Counter[str],
) -> None:
    """Send and read, one after the other."""
    fixed = task.request(0) if "{n}" not in task.body else None
    with socket.create_connection(("127.0.0.1", task.port), timeout=30) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        rest = b""
        while (begun := time.perf_counter()) < ends and (n := number()) is not None:
            line.sendall(fixed or task.request(n))
            status, rest = read_answer(line, rest)
            times.append(time.perf_counter() - begun)
            statuses[status] += 1


def read_answer(line: socket.socket, rest: bytes) -> tuple[str, bytes]:
    """Read one answer to its end; return its status and what came after it."""
    while (end := rest.find(b"\r\n\r\n")) < 0:
        rest += received(line)
    head = rest[:end].lower()
    status = rest[9:12].decode()
    length = 0
    if status != "304" and (place := head.find(b"\r\ncontent-length:")) >= 0:
        length = int(head[place + 17 :].split(b"\r\n", 1)[0])
    missing = end + 4 + length - len(rest)
    parts = [rest]
    while missing > 0:
        parts.append(received(line))
        missing -= len(parts[-1])
    return status, b"".join(parts)[end + 4 + length :]


def received(line: socket.socket) -> bytes:
    """Return the next bytes; a server that hangs up is a failed benchmark."""
    data = line.recv(262144)
    if not data:
        raise ConnectionError("the server closed the connection")
    return data


def at(times: list[float], share: float) -> float:
    """Return the time that ``share`` of the answers did not exceed."""
    return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0


if __name__ == "__main__":
    print(json.dumps(asdict(ask(Task(**json.load(sys.stdin))))))
