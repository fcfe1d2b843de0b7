"""What was made of it: themes, excerpts, statements, what they cite, answers; a statement each.

``only`` narrows what is read; without it everything of the consultation is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from sys import intern
from typing import Any, NamedTuple

from sqlalchemy import Row, select

from app.contributions.models import Answer
from app.core.synthesis import statements as rules
from app.database import db
from app.reports.models import Citation, Excerpt, Statement, Theme
from app.reports.queries.said import Voice, Voices


class Marked(NamedTuple):
    """An excerpt: there are tens of thousands, hence as little as can be."""

    id: int
    contribution_id: int
    theme_id: int
    start: int
    end: int
    stance: str
    quote: str
    answered: bool
    coder: str


def all_themes(key: int) -> list[Row[Any]]:
    """Return all themes by number, those that went into others among them."""
    columns = (Theme.id, Theme.number, Theme.guiding_question, Theme.title, Theme.merged_into_id)
    query = select(*columns).where(Theme.consultation_id == key).order_by(Theme.number)
    return list(db.session.execute(query))


def all_excerpts(key: int, *only: Any) -> dict[int, Marked]:
    """Return all excerpts by id, in the order in which they were marked."""
    columns = [getattr(Excerpt, name) for name in Marked._fields]
    query = select(*columns).where(Excerpt.consultation_id == key, *only).order_by(Excerpt.id)
    return {row[0]: Marked._make(row) for row in db.session.execute(query)}


def all_statements(key: int) -> list[Row[Any]]:
    """Return all statements as printed: by theme, then by their place in it."""
    columns = (
        Statement.id, Statement.theme_id, Statement.number, Statement.text, Statement.revision,
        Statement.reviewed_at, Statement.reviewed_by, Statement.changed_at, Statement.changed_by,
    )  # fmt: skip
    query = select(*columns).join(Theme, Statement.theme_id == Theme.id)
    query = query.where(Statement.consultation_id == key)
    return list(db.session.execute(query.order_by(Theme.number, Statement.place, Statement.id)))


def all_citations(key: int, *only: Any) -> dict[int, dict[int, str]]:
    """Return all citations by statement id: the excerpts' ids, each with its role, in order."""
    query = select(Citation.statement_id, Citation.excerpt_id, Citation.role)
    query = query.join(Statement, Citation.statement_id == Statement.id)
    query = query.where(Statement.consultation_id == key, *only).order_by(Citation.excerpt_id)
    found: dict[int, dict[int, str]] = {}
    for statement, excerpt, role in db.session.execute(query):
        found.setdefault(statement, {})[excerpt] = intern(role)
    return found


def all_answers(key: int, *only: Any) -> dict[int, Row[Any]]:
    """Return the published answers by contribution id."""
    columns = (
        Answer.contribution_id, Answer.disposition, Answer.statement, Answer.text,
        Answer.published_at,
    )  # fmt: skip
    query = select(*columns).where(Answer.consultation_id == key, Answer.published_at.is_not(None))
    rows: Iterable[Any] = db.session.execute(query.where(*only))
    return {row.contribution_id: row for row in rows}


# --- Excerpts as they count -------------------------------------------------------------------


def counted(rows: Mapping[int, Marked], voices: Voices) -> dict[int, rules.Excerpt]:
    """Return excerpts as they count, by id."""
    found = {}
    for number, row in rows.items():
        voice = voices[row.contribution_id]
        who = voices.who[voice.reference]
        found[number] = rules.Excerpt(number, who, row.stance, voice.is_living, row.answered)
    return found


def odd(rows: Mapping[int, Marked], voices: Voices) -> set[int]:
    """Return the excerpts that cannot be read, or whose words stand elsewhere than marked."""
    return {number for number, row in rows.items() if is_odd(row, voices[row.contribution_id])}


def is_odd(row: Marked, voice: Voice) -> bool:
    """Say whether the gate has to look closely at an excerpt."""
    as_marked = row.quote != "" and voice.row.text.startswith(row.quote, row.start)
    return not (voice.is_living and as_marked)


def by_theme(
    rows: Mapping[int, Marked], counting: Mapping[int, rules.Excerpt]
) -> dict[int, list[rules.Excerpt]]:
    """Return the excerpts of each theme (its id), in the order in which they were marked."""
    found: dict[int, list[rules.Excerpt]] = defaultdict(list)
    for number, row in rows.items():
        found[row.theme_id].append(counting[number])
    return found
