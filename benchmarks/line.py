"""A line of 1,000 at the microphone: each of its pages made anew, beside the same with nobody."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import event

from benchmarks import house
from benchmarks.report import Line

WAITING = 1_000
BOUND = 40
ROUNDS = 5
SLUGS = ("session-0", "session-1")  # nobody waits, a thousand wait
PAGES = ("", "state.json", "projector", "console", "console/state.json")


def measure() -> list[Line]:
    """Compare time and statements of every live page and document of a floor."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        app = house.build(house.environment(Path(folder), url), JOBS_EMBEDDED=False)
        with app.app_context():
            from app.database import db
            from tests import make

            house.programme(2)
            fill("session-1")
            browser = make.browser(app, "owner")
            lines = [line for page in PAGES for line in compared(browser, page)]
            db.session.remove()
            db.engine.dispose()
    return lines


def fill(slug: str) -> None:
    """Let 1,000 people ask for the floor of a session."""
    from app.core.vocabulary import Mode, StakeholderGroup
    from app.database import db, operation
    from app.floor import operations
    from app.programme.models import Session

    groups = list(StakeholderGroup)

    @operation
    def ask() -> None:
        session = db.session.query(Session).filter_by(slug=slug).one()
        for number in range(WAITING):
            operations.ask(
                session,
                operations.Wish(mode=Mode.ONLINE if number % 3 else Mode.ON_SITE),
                name=f"Speaker {number}",
                representation=f"Office {number % 50}",
                stakeholder_group=groups[number % len(groups)].value,
            )

    ask()


def compared(browser, page: str) -> list[Line]:
    """Return the lines of one page: its time beside nobody's, and its statements."""
    from app.database import db

    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    few, many = (taken(partial(get, browser, slug, page)) for slug in SLUGS)
    counts = []
    for slug in SLUGS:
        fresh()
        asked.clear()
        get(browser, slug, page)
        counts.append(len(asked))
    event.remove(db.engine, "before_cursor_execute", note)
    what = f"line of {WAITING:,}: …/{page}"
    return [
        Line(what, f"{few * 1000:.1f} ms", f"{many * 1000:.1f} ms", f"{many / few:.1f}",
             f"≤ {BOUND}", many <= BOUND * few),
        Line(f"statements of {what}", f"{counts[0]} for 0", f"{counts[1]} for {WAITING:,}",
             f"{counts[1] / counts[0]:.2f}", "= 1.00", counts[0] == counts[1]),
    ]  # fmt: skip


def get(browser, slug: str, page: str) -> None:
    """Fetch a live page."""
    answer = browser.get(f"/live/probe/{slug}/{page}")
    assert answer.status_code == 200, (page, answer.status)


def fresh() -> None:
    """Forget what is kept, so that everything is made anew."""
    from app.floor import queries
    from app.web.documents import shelf

    shelf.clear()
    queries._boards = queries.Boards()


def taken(call: Callable[[], None]) -> float:
    """Return the median seconds of making a page anew."""
    call()
    times = []
    for _ in range(ROUNDS):
        fresh()
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return median(times)
