"""A board of 5,000 ideas: each of its pages made anew, beside the same with none and with fifty."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import event, insert

from benchmarks import house
from benchmarks.report import Line

IDEAS = 5_000
BOUND = 40
ROUNDS = 5
SLUGS = {"none": 0, "fifty": 50, "many": IDEAS}
PAGES = (
    "/probe/{s}/ideas", "/probe/{s}/ideas?sort=newest", "/probe/{s}/ideas?sort=random&seed=7",
    "/probe/{s}/ideas?group=media&language=en", "/probe/{s}/ideas?page=100",
    "/live/probe/{s}/", "/live/probe/{s}/state.json", "/live/probe/{s}/projector",
    "/live/probe/{s}/console", "/my/{m}/live/{s}/", "/my/{m}/live/{s}/state.json",
)  # fmt: skip


def measure() -> list[Line]:
    """Compare time and statements of the board's pages and live documents."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        app = house.build(house.environment(Path(folder), url), JOBS_EMBEDDED=False)
        with app.app_context():
            from app.core.links import Purpose
            from app.database import db
            from app.registration import queries
            from tests import make

            house.programme(1)
            for slug, number in SLUGS.items():
                fill(slug, number)
            reader = make.registration(running("none"), mode="online").participant
            browser = make.browser(app, "owner")
            manage = queries.token(reader, Purpose.MANAGE)
            lines = [line for page in PAGES for line in compared(browser, page, manage)]
            db.session.remove()
            db.engine.dispose()
    return lines


def running(slug: str):
    """Return the session called ``slug``, an online round that is open now."""
    from datetime import timedelta

    from app import clock
    from tests import make

    def wall(days: int) -> str:
        return (clock.now() + timedelta(days=days)).date().isoformat()

    return make.online_round(
        slug,
        starts=f"{wall(-9)}T09:00",
        ends=f"{wall(9)}T23:59",
        settings={"moderation": "after"},
    )


def fill(slug: str, number: int) -> None:
    """Put ``number`` published ideas on the board of a session, each supported by somebody."""
    from app.contributions.models import Contribution, Support
    from app.core.vocabulary import StakeholderGroup
    from app.database import db, operation
    from tests import make

    session = running(slug)
    if not number:
        return
    groups, first = list(StakeholderGroup), make.idea(session)
    columns = {c.key: getattr(first, c.key) for c in Contribution.__table__.columns}
    del columns["id"]

    @operation
    def insert_ideas() -> None:
        rows = [
            columns | {
                "number": first.number + each,
                "reference": f"{slug.upper()}-I-{each}",
                "spin": 1 + each * 7_919 % 1_000_002,
                "comments": each % 7,
                "author": {"stakeholder_group": groups[each % 8].value, "country": "KE"},
                "attribution": "group_country",
                "text": f"Idea {each}. " + "What governments should do, and who tells them. " * 8,
            }
            for each in range(1, number)
        ]  # fmt: skip
        db.session.execute(insert(Contribution), rows)
        ids = db.session.scalars(
            db.select(Contribution.id).where(Contribution.session_id == session.id)
        )
        supports = [
            {"contribution_id": each, "participant_id": first.participant_id, "at": first.sent_at}
            for each in ids
        ]
        db.session.execute(insert(Support), supports)

    insert_ideas()


def compared(browser, page: str, manage: str) -> list[Line]:
    """Return the lines of one page: its time beside the empty board's, and its statements."""
    from app.database import db

    def get(slug: str) -> None:
        answer = browser.get(page.format(s=slug, m=manage))
        assert answer.status_code == 200, (page, slug, answer.status)

    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    none, many = (taken(partial(get, slug)) for slug in ("none", "many"))
    event.listen(db.engine, "before_cursor_execute", note)
    counts = []
    for slug in ("fifty", "many"):
        fresh()
        asked.clear()
        get(slug)
        counts.append(len(asked))
    event.remove(db.engine, "before_cursor_execute", note)
    what = f"board of {IDEAS:,}: {page.format(s='…', m='…')}"
    return [
        Line(what, f"{none * 1000:.1f} ms", f"{many * 1000:.1f} ms", f"{many / none:.1f}",
             f"≤ {BOUND}", many <= BOUND * none),
        Line(f"statements of {what}", f"{counts[0]} for 50", f"{counts[1]} for {IDEAS:,}",
             f"{counts[1] / counts[0]:.2f}", "= 1.00", counts[0] == counts[1]),
    ]  # fmt: skip


def fresh() -> None:
    """Forget what is kept, so that everything is made anew."""
    from app.web.documents import shelf

    shelf.clear()


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
