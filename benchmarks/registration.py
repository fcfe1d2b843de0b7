"""Registration by API, its mail row included, against one bare insert and commit."""

from __future__ import annotations

import json

from benchmarks import load
from benchmarks.house import Server
from benchmarks.report import Line, compare

BOUNDS = {"SQLite": 0.08, "PostgreSQL": 0.03}
SECONDS = 2.0
PERSON = {"name": "Person {n}", "email": "person{n}@example.org", "mode": "online"}


def measure(engine: str, floor: Server, ours: Server, token: str) -> list[Line]:
    """Compare, on ``engine``; the slowest hundredth may take ten times the median."""
    path = "/api/v1/consultations/probe/sessions/session-0/registrations"
    headers = {"Content-Type": "application/json"}
    body = json.dumps(PERSON)
    own = {**headers, "Authorization": f"Bearer {token}"}
    warm = load.Task(ours.port, path, 0.5, "POST", own, body, first=10**9)
    load.run(warm)
    return compare(
        f"registration by API, {engine}",
        (floor, load.Task(floor.port, "/insert", SECONDS, "POST", headers, body)),
        (ours, load.Task(ours.port, path, SECONDS, "POST", own, body)),
        bound=BOUNDS[engine],
        rounds=3,
        tail=10,
        status="201",
    )
