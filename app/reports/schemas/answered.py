"""The shape of synthesis and document as JSON, as it is answered; names only as attributed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.contributions.schemas import AuthorOut
from app.core.document import WITHDRAWN
from app.core.synthesis import statements as rules
from app.core.synthesis import themes as groups
from app.core.synthesis.coverage import Share
from app.core.timing import isoformat_z
from app.reports.mails import address
from app.reports.models import Edition, Excerpt, Outcome, Paper
from app.reports.queries import Material
from app.reports.queries import coverage as gate
from app.web import shapes


class ThemeOut(BaseModel):
    """A theme with its counts, each contributor once; ``id`` is its number."""

    id: int
    number: int
    guiding_question: int | None
    title: str | dict[str, str]
    merged_into: int | None
    contributors: int
    excerpts: int
    statements: list[str]
    few: bool
    unheard: list[int]


class ExcerptOut(BaseModel):
    """An excerpt as coded, its author as attributed; ``withdrawn`` where it cannot be read."""

    id: int
    contribution: str
    start: int
    end: int
    quote: str
    language: str
    theme: int
    marked_in: int
    stance: str
    answered: bool
    withdrawn: bool
    author: AuthorOut | None


class CiteOut(BaseModel):
    """One citation."""

    excerpt: int
    role: str = Field(serialization_alias="as")
    contribution: str
    stance: str
    withdrawn: bool


class StatementOut(BaseModel):
    """A statement; ``n`` of ``base`` contributors of its theme support it."""

    number: str
    theme: int
    text: str | dict[str, str]
    cites: list[CiteOut]
    word: str | None
    n: int
    base: int
    reviewed: bool
    reviewed_by: str | None
    reviewed_at: str | None
    changed_by: str
    changed_at: str
    revision: int


class PointOut(BaseModel):
    """One thing that keeps an edition from being frozen."""

    code: str
    object: str
    message: str


class ShareOut(BaseModel):
    """``cited`` of so many; null where they are fewer than five. ``behind``: a gap over 15."""

    cited: int | None
    of: int | None
    percent: int | None
    behind: int


class CitedOut(BaseModel):
    """Which share of the contributors is cited."""

    by_group: dict[str, ShareOut]
    by_mode: dict[str, ShareOut]
    by_language: dict[str, ShareOut]


class ProgressOut(BaseModel):
    """How far the rapporteur is: published contributions, and statements."""

    contributions: int
    coded: int
    answered: int
    statements: int
    reviewed: int


class CoverageOut(BaseModel):
    """The gate, who is cited, and how far it is."""

    blocking: list[PointOut]
    cited: CitedOut
    progress: ProgressOut


class EditionOut(BaseModel):
    """A frozen edition."""

    number: int
    snapshot_at: str
    sha256: str
    compilation: bool
    statements: dict[str, str | dict[str, str]]
    url: str


class OutcomeOut(BaseModel):
    """What the receiving body did."""

    edition: int
    body: str | dict[str, str]
    date: str
    what: str
    text: str | dict[str, str]
    told_at: str | None


class PaperOut(BaseModel):
    """What the document says around its sentences."""

    words: dict[str, str | dict[str, str]]
    revision: int
    changed_at: str


class CellOut(BaseModel):
    """A figure; ``hidden`` says why there is none: fewer (than 5), or withheld."""

    value: int | None
    hidden: str | None


class AxisOut(BaseModel):
    """One side of a table."""

    name: str
    keys: list[str]
    words: dict[str, dict[str, str]]


class TableOut(BaseModel):
    """A table: ``cells`` by row, then column; without ``columns`` one figure a row."""

    code: str
    unit: str
    rows: AxisOut
    columns: AxisOut | None
    cells: list[list[CellOut]]
    row_totals: list[CellOut]
    column_totals: list[CellOut]
    total: CellOut
    base: CellOut
    notes: list[str]


class ChannelOut(BaseModel):
    """A channel and how many contributed in it."""

    key: str
    base: int


class RaisedOut(BaseModel):
    """A theme with its contributors by channel."""

    theme: int
    title: dict[str, str]
    contributors: dict[str, int]
    raised_in: list[str]


class ConvergenceOut(BaseModel):
    """One guiding question in each channel."""

    guiding_question: int
    channels: list[ChannelOut]
    rows: list[RaisedOut]


class ResultsOut(BaseModel):
    """The figures of ``edition`` at its snapshot; null: as they are so far."""

    edition: int | None
    at: str
    tables: list[TableOut]
    convergence: list[ConvergenceOut]


def instant(at: datetime | None) -> str | None:
    """Return an instant as answers have it."""
    return isoformat_z(at) if at else None


def themes(found: Material, numbers: Iterable[int] | None = None) -> list[dict[str, Any]]:
    """Return themes with their counts, all of them or those with these numbers."""
    wanted = None if numbers is None else set(numbers)
    names = {row.id: row.number for row in found.themes}
    language = found.consultation.language
    made = []
    for row in found.themes:
        if wanted is not None and row.number not in wanted:
            continue
        excerpts = found.in_theme.get(row.id, [])
        people = len(rules.people(excerpts))
        made.append(
            {
                "id": row.number,
                "number": row.number,
                "guiding_question": row.guiding_question,
                "title": shapes.plain(row.title, language),
                "merged_into": names.get(row.merged_into_id or 0),
                "contributors": people,
                "excerpts": len(excerpts),
                "statements": [each.number for each in found.statements_in.get(row.id, ())],
                "few": people < groups.FEW,
                "unheard": [each.id for each in found.unheard(row.id)],
            }
        )
    return made


def statements(found: Material, numbers: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Return statements with their sources and quantity words, all or those with these numbers."""
    wanted = None if numbers is None else set(numbers)
    names = {row.id: row.number for row in found.themes}
    language = found.consultation.language
    made = []
    for row in found.statements:
        if wanted is not None and row.number not in wanted:
            continue
        quantity = rules.counted(found.cites(row.id), found.in_theme.get(row.theme_id, ()))
        made.append(
            {
                "number": row.number,
                "theme": names[row.theme_id],
                "text": shapes.plain(row.text, language),
                "cites": [cite(found, *each) for each in found.citations.get(row.id, {}).items()],
                "word": quantity.word.value if quantity.word else None,
                "n": quantity.n,
                "base": quantity.base,
                "reviewed": row.reviewed_at is not None,
                "reviewed_by": row.reviewed_by,
                "reviewed_at": instant(row.reviewed_at),
                "changed_by": row.changed_by,
                "changed_at": instant(row.changed_at),
                "revision": row.revision,
            }
        )
    return made


def cite(found: Material, number: int, role: str) -> dict[str, Any]:
    """Return one citation."""
    voice = found.voice_of(number)
    return {
        "excerpt": number,
        "as": role,
        "contribution": voice.reference,
        "stance": found.excerpts[number].stance,
        "withdrawn": not voice.is_living,
    }


def excerpt(row: Excerpt) -> dict[str, Any]:
    """Return an excerpt; its author is named as everywhere."""
    said = row.contribution
    living = said.is_published and said.is_public
    return {
        "id": row.id,
        "contribution": said.reference,
        "start": row.start,
        "end": row.end,
        "quote": row.quote if living else WITHDRAWN,
        "language": said.language,
        "theme": row.theme.number,
        "marked_in": row.marked_in,
        "stance": row.stance,
        "answered": row.answered,
        "withdrawn": not living,
        "author": said.shown_author.as_json() if living else None,
    }


def coverage(found: Material) -> dict[str, Any]:
    """Return the gate, the shares cited, and how far it is."""
    cited = gate.cited(found)
    living = [number for number, voice in found.voices.items() if voice.is_living]
    coded = {row.contribution_id for row in found.excerpts.values()}
    return {
        "blocking": [each.as_json() for each in gate.blocking(found)],
        "cited": {
            side: {key: share(one) for key, one in getattr(cited, side).items()}
            for side in ("by_group", "by_mode", "by_language")
        },
        "progress": {
            "contributions": len(living),
            "coded": sum(number in coded for number in living),
            "answered": sum(number in found.answers for number in living),
            "statements": len(found.statements),
            "reviewed": sum(row.reviewed_at is not None for row in found.statements),
        },
    }


def share(one: Share) -> dict[str, int | None]:
    """Return one share."""
    return {"cited": one.cited, "of": one.of, "percent": one.percent, "behind": one.behind}


def edition(row: Edition) -> dict[str, Any]:
    """Return a frozen edition."""
    language = row.consultation.language
    return {
        "number": row.number,
        "snapshot_at": isoformat_z(row.snapshot_at),
        "sha256": row.sha256,
        "compilation": row.compilation,
        "statements": {
            number: shapes.plain(text, language) for number, text in row.sentences.items()
        },
        "url": address(row.consultation.slug, row.number),
    }


def outcome(row: Outcome, language: str) -> dict[str, Any]:
    """Return what the receiving body did."""
    return {
        "edition": row.edition,
        "body": shapes.plain(row.body, language),
        "date": row.on.isoformat(),
        "what": row.what,
        "text": shapes.plain(row.text, language),
        "told_at": instant(row.told_at),
    }


def paper(row: Paper) -> dict[str, Any]:
    """Return what the document says around its sentences."""
    return {
        "words": row.words,
        "revision": row.revision,
        "changed_at": isoformat_z(row.changed_at),
    }
