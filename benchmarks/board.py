"""A board of 5,000 ideas: each of its pages made anew, beside the same with none and with fifty."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from sqlalchemy import insert

from benchmarks import anew, house
from benchmarks.report import Line

IDEAS = 5_000
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
            lines = [
                line
                for page in PAGES
                for line in anew.compared(
                    f"board of {IDEAS:,}: {page.format(s='…', m='…')}",
                    partial(get, browser, page, manage),
                    sizes=SLUGS,
                )
            ]
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


def get(browser, page: str, manage: str, slug: str) -> None:
    """Fetch a page of a board."""
    answer = browser.get(page.format(s=slug, m=manage))
    assert answer.status_code == 200, (page, slug, answer.status)
