"""The public feed of 200 sessions: polled about nothing new, and fetched warm."""

from __future__ import annotations

from pathlib import Path

from benchmarks import load
from benchmarks.house import Server
from benchmarks.report import Line, compare

URL = "/probe/calendar.ics"
SECONDS = 0.4


def prepare(ours: Server, bodies: Path) -> None:
    """Let the floor send the very bytes of our feed."""
    (bodies / "feed").write_bytes(ours.get(URL)[2])


def measure(floor: Server, ours: Server) -> list[Line]:
    """Compare with bare Flask views of the same bytes."""
    etag = ours.get(URL)[1]["ETag"]
    headers = {"If-None-Match": etag}
    for _ in range(20):
        assert ours.get(URL, headers)[0] == 304
        assert ours.get(URL)[2] == floor.get("/feed")[2]
    return [
        *compare(
            "feed of 200 sessions, unchanged (304)",
            (floor, load.Task(floor.port, "/unchanged", SECONDS, headers=headers)),
            (ours, load.Task(ours.port, URL, SECONDS, headers=headers)),
            bound=0.80,
            status="304",
        ),
        *compare(
            "feed of 200 sessions, warm",
            (floor, load.Task(floor.port, "/feed", SECONDS)),
            (ours, load.Task(ours.port, URL, SECONDS)),
            bound=0.80,
        ),
    ]
