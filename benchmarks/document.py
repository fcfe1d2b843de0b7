"""A document of 5,000 contributions and 20,000 excerpts, beside the same with none and with fifty.

The first page right after an act has a bound of its own; what reading everything anew costs (in a
new process, or after something that no act of coding or writing does) stands behind the line.
"""

from __future__ import annotations

import tempfile
from functools import partial
from itertools import count
from pathlib import Path

from sqlalchemy import insert

from benchmarks import anew, house
from benchmarks.report import Line

SIZES = {"none": 0, "fifty": 50, "many": 5_000}
EACH = 4  # excerpts a contribution
THEMES = 40
PAGES = (
    "/manage/{c}/document/", "/manage/{c}/document/?theme=7&statement=7.1&from=120",
    "/manage/{c}/document/coding", "/manage/{c}/document/coding?show=all",
    "/manage/{c}/document/coding/{r}", "/manage/{c}/document/editions", "/{c}/results",
    "/api/v1/consultations/{c}/coverage",
)  # fmt: skip
_numbers = count(1)


def measure() -> list[Line]:
    """Compare time and statements of the pages of a document."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        app = house.build(house.environment(Path(folder), url), JOBS_EMBEDDED=False)
        with app.app_context():
            from app.core.vocabulary import Role
            from app.database import db
            from tests import make

            for slug, number in SIZES.items():
                fill(slug, number)
            admin = make.person(Role.ADMIN)
            browser, head = make.browser(app, who=admin), make.bearer(who=admin)
            lines = [line for page in PAGES for line in compared(browser, head, page)]
            db.session.remove()
            db.engine.dispose()
    return lines


def fill(slug: str, number: int) -> None:
    """Make a consultation with ``number`` contributions, four excerpts and a fifth of a sentence
    each; two thirds of the sentences are reviewed, half of the contributions are answered."""
    from tests import make

    home = make.consultation(slug)
    session = make.session(
        "round", inside=home, format="online_round", starts="2026-01-01T09:00",
        ends="2036-01-01T23:59", capacity={"online": None}, venue=None,
        settings={"moderation": "after"},
    )  # fmt: skip
    first = make.idea(session, guiding_question=1)
    if number:
        said(first, number)
        coded(first, number)


def said(first, number: int) -> None:
    """Put ``number`` published ideas beside ``first``."""
    from app.contributions.models import Contribution
    from app.core.vocabulary import StakeholderGroup
    from app.database import db, operation

    groups = list(StakeholderGroup)
    columns = {c.key: getattr(first, c.key) for c in Contribution.__table__.columns}
    del columns["id"]

    @operation
    def insert_ideas() -> None:
        rows = [
            columns | {
                "number": first.number + each,
                "reference": f"{first.consultation.prefix}-I-{first.number + each:04}",
                "participant_id": None,
                "author": {
                    "name": f"Author {each % 3_000}",
                    "stakeholder_group": groups[each % 8].value, "country": "KE",
                },
                "attribution": "group_country",
                "text": f"Idea {each}. " + "What governments should do, and who tells them. " * 8,
            }
            for each in range(1, number)
        ]  # fmt: skip
        db.session.execute(insert(Contribution), rows)

    insert_ideas()


def coded(first, number: int) -> None:
    """Mark everything, write sentences on it, and answer half of it."""
    from app import clock
    from app.contributions.models import Answer, Contribution
    from app.database import db, operation
    from app.reports import operations
    from app.reports.models import Citation, Excerpt, Statement, Theme

    stances = ("for", "for", "against", "question")
    home, now = first.consultation, clock.now()

    @operation
    def insert_work() -> None:
        themes = [
            operations.add_theme(home, title={"en": f"Theme {each}"}, guiding_question=1)
            for each in range(1, THEMES + 1)
        ]
        keys = {each.number: each.id for each in themes}
        ids = list(
            db.session.scalars(
                db.select(Contribution.id).where(Contribution.consultation_id == home.id)
            )
        )
        common = {"consultation_id": home.id, "coder": "bench", "at": now, "answered": False}
        excerpts = [
            common | {
                "contribution_id": key, "theme_id": keys[1 + (index + part) % THEMES],
                "marked_in": 1 + (index + part) % THEMES, "start": 5 * part,
                "end": 5 * part + 4, "stance": stances[part % 4],
                "quote": text[5 * part:5 * part + 4],
            }
            for index, (key, text) in enumerate(
                db.session.execute(
                    db.select(Contribution.id, Contribution.text)
                    .where(Contribution.consultation_id == home.id)
                )
            )
            for part in range(EACH)
        ]  # fmt: skip
        db.session.execute(insert(Excerpt), excerpts)
        stated = [
            {
                "consultation_id": home.id, "theme_id": keys[1 + each % THEMES],
                "number": f"{1 + each % THEMES}.{1 + each // THEMES}", "place": each,
                "text": {"en": f"asked for the {each}th thing."}, "revision": 1,
                "changed_at": now, "changed_by": "bench",
                "reviewed_at": now if each % 3 else None, "reviewed_by": "bench",
            }
            for each in range(max(number // 25, THEMES))
        ]  # fmt: skip
        db.session.execute(insert(Statement), stated)
        rows = db.session.execute(
            db.select(Statement.id, Excerpt.id)
            .join(Excerpt, Excerpt.theme_id == Statement.theme_id)
            .where(Statement.consultation_id == home.id, Excerpt.id % 5 == Statement.id % 5)
        )
        cited = [{"statement_id": s, "excerpt_id": e, "role": "supports"} for s, e in rows]
        db.session.execute(insert(Citation), cited[: EACH * number])
        answers = [
            {
                "consultation_id": home.id, "contribution_id": key, "disposition": "reflected",
                "statement": "1.1", "text": {}, "published_at": now, "changed_at": now,
            }
            for key in ids[::2]
        ]  # fmt: skip
        db.session.execute(insert(Answer), answers)

    insert_work()
    db.session.execute(db.select(Theme.id)).all()


def compared(browser, head: dict[str, str], page: str) -> list[Line]:
    """Return the lines of one page, and what it costs right after a change."""
    from app.consultations import queries

    prefixes = {slug: queries.by_slug(slug).prefix for slug in SIZES}

    def get(slug: str) -> None:
        address = page.format(c=slug, r=f"{prefixes[slug]}-I-0001")
        answer = browser.get(address, headers=head if "/api/" in address else {})
        assert answer.status_code == 200, (address, answer.status)

    anew.forget()
    whole = anew.once(partial(get, "many"))
    what = f"document of {SIZES['many']:,}: {page.format(c='…', r='…')}"
    note = f"{whole * 1000:.0f} ms where nothing is kept"
    return [
        *anew.compared(what, get, sizes=SIZES, note=note),
        anew.after_acts(what, get, {"a mark": mark, "a saved sentence": save}, sizes=SIZES),
    ]


def mark() -> None:
    """Mark some words that nobody marked like this."""
    from app.consultations import queries
    from app.contributions.models import Contribution
    from app.database import db
    from app.reports import operations

    home, number = queries.by_slug("many"), next(_numbers)
    query = db.select(Contribution).where(Contribution.consultation_id == home.id)
    said = db.session.scalars(query.order_by(Contribution.id).offset(number).limit(1)).one()
    operations.mark(said, start=number % 9, end=30 + number % 7, theme=7, stance="against")
    db.session.remove()


def save() -> None:
    """Save a sentence with other words, and another source."""
    from app.consultations import queries as consultations
    from app.database import db
    from app.reports import operations, queries

    home, number = consultations.by_slug("many"), next(_numbers)
    sources = [each.id for each in queries.excerpts(home, theme=7, limit=100)]
    cites = dict.fromkeys(sources[: 50 + number % 50])
    operations.change(
        queries.statement(home, "7.1"), text={"en": f"asked for {number}."}, cites=cites
    )
    db.session.remove()
