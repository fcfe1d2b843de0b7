"""A line of 1,000 at the microphone: each of its pages made anew, beside the same with nobody."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from benchmarks import anew, house
from benchmarks.report import Line

WAITING = 1_000
SIZES = {"session-0": 0, "session-1": WAITING}
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
            lines = [
                line
                for page in PAGES
                for line in anew.compared(
                    f"line of {WAITING:,}: …/{page}", partial(get, browser, page), sizes=SIZES
                )
            ]
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


def get(browser, page: str, slug: str) -> None:
    """Fetch a live page."""
    answer = browser.get(f"/live/probe/{slug}/{page}")
    assert answer.status_code == 200, (page, answer.status)
