"""Live documents polled about nothing new: what everybody does every three seconds."""

from __future__ import annotations

from benchmarks import load
from benchmarks.house import Server
from benchmarks.report import Line, compare

SECONDS = 0.4


def measure(floor: Server, ours: Server, addresses: dict[str, str]) -> list[Line]:
    """Compare each of ``addresses`` (name → path) unchanged with a bare Flask 304."""
    lines: list[Line] = []
    for name, url in addresses.items():
        headers = {"If-None-Match": ours.get(url)[1]["ETag"]}
        for _ in range(20):
            assert ours.get(url, headers)[0] == 304
        lines += compare(
            f"live document, {name}, unchanged (304)",
            (floor, load.Task(floor.port, "/unchanged", SECONDS, headers=headers)),
            (ours, load.Task(ours.port, url, SECONDS, headers=headers)),
            bound=0.60,
            status="304",
        )
    return lines
