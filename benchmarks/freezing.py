"""Freezing 5,000 contributions: how long others wait for it, and what memory it takes.

In a process of its own, for the most memory a process ever took is counted from its beginning.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks import document, house
from benchmarks.report import Line

NUMBER = 5_000
MOST_KB = 80  # of memory a contribution with four excerpts, above what holds the application
SHARE = 0.5  # of the time of freezing that one writer may wait


def measure() -> list[Line]:
    """Return the lines of one freeze, measured in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.freezing"], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    share, each = found["wait"] / found["freeze"], found["memory"] / NUMBER
    what = f"freezing {NUMBER:,} contributions"
    return [
        Line(f"longest wait of a writer while {what}", f"{found['freeze']:.1f} s",
             f"{found['wait']:.2f} s", f"{share:.2f}", f"≤ {SHARE}", share <= SHARE,
             f"{found['written']} writes"),
        Line(f"memory of {what}", f"{found['base'] / 1024:.0f} MB",
             f"+{found['memory'] / 1024:.0f} MB", f"{each:.0f} kB each", f"≤ {MOST_KB} kB",
             each <= MOST_KB),
    ]  # fmt: skip


def freeze() -> dict[str, float]:
    """Freeze while somebody writes all the time; return seconds, kB and how much was written."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        app = house.build(house.environment(Path(folder), url), JOBS_EMBEDDED=False)
        with app.app_context():
            from app.consultations import queries
            from app.database import db
            from app.reports import operations

            document.fill("many", NUMBER)
            ready()
            home = queries.by_slug("many")
            db.session.rollback()
            base, waits, over = most_memory(), [], threading.Event()
            writer = threading.Thread(target=write, args=(app, waits, over))
            writer.start()
            begun = time.perf_counter()
            operations.freeze(home)
            took = time.perf_counter() - begun
            over.set()
            writer.join()
            memory = most_memory() - base
            db.session.remove()
            db.engine.dispose()
    return {
        "freeze": took, "wait": max(waits), "written": len(waits), "base": base, "memory": memory,
    }  # fmt: skip


def write(app, waits: list[float], over: threading.Event) -> None:
    """Write one theme after the other until it is ``over``, and note how long each took."""
    with app.app_context():
        from app.consultations import queries
        from app.reports import operations

        home = queries.by_slug("many")
        while not over.is_set():
            begun = time.perf_counter()
            title = {"en": f"Theme {len(waits)}"}
            operations.add_theme(home, title=title, guiding_question=1)
            waits.append(time.perf_counter() - begun)
            time.sleep(0.02)


def ready() -> None:
    """Answer, review and hear everything, so that nothing blocks."""
    from sqlalchemy import delete, insert, select, update

    from app import clock
    from app.contributions.models import Answer, Contribution
    from app.database import db, operation
    from app.reports.models import Citation, Excerpt, Statement

    @operation
    def finish() -> None:
        now = clock.now()
        cited = select(Citation.statement_id)
        db.session.execute(delete(Statement).where(Statement.id.not_in(cited)))
        db.session.execute(update(Statement).values(reviewed_at=now, reviewed_by="bench"))
        db.session.execute(update(Excerpt).values(answered=True))
        left = select(Contribution.id, Contribution.consultation_id).where(
            Contribution.id.not_in(select(Answer.contribution_id))
        )
        rows = [
            {"consultation_id": home, "contribution_id": key, "disposition": "few", "text": {},
             "published_at": now, "changed_at": now}
            for key, home in db.session.execute(left)
        ]  # fmt: skip
        db.session.execute(insert(Answer), rows)

    finish()


def most_memory() -> int:
    """Return the most memory this process ever took, in kB."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1])


if __name__ == "__main__":
    print(json.dumps(freeze()))
