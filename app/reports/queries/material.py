"""Everything a document is made of, read in so many statements whatever was said: plain values."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from app.consultations.models import Consultation
from app.contributions.models import Answer, Contribution, cap_of
from app.core.attribution import Author, author
from app.core.contributions import Kind, Status, series_of_note
from app.core.synthesis import contributors
from app.core.synthesis import statements as rules
from app.core.synthesis.contributors import Contributor
from app.core.synthesis.gate import tokens
from app.database import db
from app.programme.models import Session
from app.registration.models import Registration
from app.reports.models import Citation, Excerpt, Redaction, Statement, Theme
from app.tables.models import CafeTable

C = Contribution
READABLE = (Status.PUBLISHED.value, Status.WITHDRAWN.value)
NAMES = ("name", "organisation")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Voice:
    """A contribution as the document reads it; its author never goes beyond ``shown``.

    ``is_living``: anybody may read it, and it was not withdrawn. ``mode`` is on_site, online,
    written or "" where unknown.
    """

    row: Row[Any]
    session: Session
    shown: Author
    hidden: tuple[str, ...]
    is_living: bool
    mode: str
    erased_at: datetime | None

    @property
    def reference(self) -> str:
        """Its reference."""
        return self.row.reference

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author took it back."""
        return self.row.status == Status.WITHDRAWN

    @property
    def group(self) -> str | None:
        """The stakeholder group of whoever said it."""
        return (self.row.author or {}).get("stakeholder_group") or None


@dataclass(frozen=True)
class Material:
    """A consultation's voices, themes, excerpts, statements and answers, as they are now."""

    consultation: Consultation
    sessions: Mapping[int, Session]
    voices: Mapping[int, Voice]
    themes: Sequence[Row[Any]]
    excerpts: Mapping[int, Row[Any]]
    statements: Sequence[Row[Any]]
    citations: Mapping[int, Sequence[Row[Any]]]
    answers: Mapping[int, Row[Any]]
    who: Mapping[str, Contributor] = field(default_factory=dict)
    concluded: dict[str, Any] = field(default_factory=dict)  # what was made of it, by its name

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return what is concluded of it under ``name``: ``make`` is called the first time."""
        if name not in self.concluded:
            self.concluded[name] = make()
        return self.concluded[name]

    @cached_property
    def counting(self) -> dict[int, rules.Excerpt]:
        """The excerpts as they count, by id."""
        return {
            row.id: rules.Excerpt(
                row.id,
                self.who[self.voices[row.contribution_id].reference],
                row.stance,
                self.voices[row.contribution_id].is_living,
                row.answered,
            )
            for row in self.excerpts.values()
        }

    @cached_property
    def in_theme(self) -> dict[int, list[rules.Excerpt]]:
        """The excerpts of each theme (its id), in the order in which they were marked."""
        found: dict[int, list[rules.Excerpt]] = defaultdict(list)
        for row in self.excerpts.values():
            found[row.theme_id].append(self.counting[row.id])
        return found

    @cached_property
    def statements_in(self) -> dict[int, list[Row[Any]]]:
        """The statements of each theme (its id), in their order."""
        found: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in self.statements:
            found[row.theme_id].append(row)
        return found

    @cached_property
    def standing(self) -> list[Row[Any]]:
        """The themes that went into no other, by number."""
        return [each for each in self.themes if each.merged_into_id is None]

    def hidden_words(self, voice: Voice) -> frozenset[str]:
        """Return the words of the names that may not be said of a voice's author."""
        return words_of(voice.hidden)

    def cites(self, statement_id: int) -> list[rules.Citation]:
        """Return what a statement cites, as it counts."""
        return [
            rules.Citation(self.counting[each.excerpt_id], each.role)
            for each in self.citations.get(statement_id, ())
        ]

    def voice_of(self, excerpt_id: Any) -> Voice:
        """Return the contribution an excerpt is of."""
        return self.voices[self.excerpts[excerpt_id].contribution_id]

    def unheard(self, theme_id: int) -> list[rules.Excerpt]:
        """Return what was said against in a theme and is neither cited nor answered."""
        cited = [each for row in self.statements_in[theme_id] for each in self.cites(row.id)]
        return rules.unheard(self.in_theme[theme_id], cited)


@contextmanager
def kept_whole() -> Iterator[None]:
    """Let a burst of rows be made without the collector walking over all of them again and again.

    Nothing of it is garbage: half of the time of reading 25,000 rows went into looking for some.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def material(consultation: Consultation) -> Material:
    """Read everything. Inside an operation that holds the consultation it is one snapshot."""
    with kept_whole():
        found = everything(consultation)
        assert found.in_theme is not None  # counted while we are at it
        return found


def everything(consultation: Consultation) -> Material:
    """Return the rows of a consultation, a statement each."""
    key = consultation.id
    sessions = {
        each.id: each
        for each in db.session.scalars(
            select(Session).where(Session.consultation_id == key).order_by(Session.starts_at)
        )
    }
    rows = all_contributions(key)
    voices = voices_of(rows, sessions, key)
    return Material(
        consultation,
        sessions,
        voices,
        all_themes(key),
        {row.id: row for row in all_excerpts(key)},
        all_statements(key),
        all_citations(key),
        all_answers(key),
        contributors.contributors(map(said, rows)),
    )


# --- Rows, one statement each -----------------------------------------------------------------


def all_contributions(key: int) -> list[Row[Any]]:
    """Return the contributions of a consultation in the order in which they were sent."""
    parent = aliased(C)
    columns = (
        C.id, C.reference, C.kind, C.series, C.session_id, C.participant_id, C.author,
        C.attribution, C.language, C.guiding_question, C.title, C.text, C.status, C.sent_at,
        C.published_at, C.withdrawn_at, C.changed_at, parent.status.label("parent_status"),
    )  # fmt: skip
    query = select(*columns).outerjoin(parent, C.parent_id == parent.id)
    query = query.where(C.consultation_id == key).order_by(C.sent_at, C.id)
    return list(db.session.execute(query))


def all_themes(key: int) -> list[Row[Any]]:
    """Return all themes by number, those that went into others among them."""
    columns = (Theme.id, Theme.number, Theme.guiding_question, Theme.title, Theme.merged_into_id)
    query = select(*columns).where(Theme.consultation_id == key).order_by(Theme.number)
    return list(db.session.execute(query))


def all_excerpts(key: int) -> list[Row[Any]]:
    """Return all excerpts in the order in which they were marked."""
    columns = (
        Excerpt.id, Excerpt.contribution_id, Excerpt.theme_id, Excerpt.start, Excerpt.end,
        Excerpt.stance, Excerpt.quote, Excerpt.answered, Excerpt.coder,
    )  # fmt: skip
    query = select(*columns).where(Excerpt.consultation_id == key).order_by(Excerpt.id)
    return list(db.session.execute(query))


def all_statements(key: int) -> list[Row[Any]]:
    """Return all statements as printed: by theme, then by their place in it."""
    columns = (
        Statement.id, Statement.theme_id, Statement.number, Statement.text, Statement.revision,
        Statement.reviewed_at, Statement.reviewed_by, Statement.changed_at, Statement.changed_by,
    )  # fmt: skip
    query = select(*columns).join(Theme, Statement.theme_id == Theme.id)
    query = query.where(Statement.consultation_id == key)
    return list(db.session.execute(query.order_by(Theme.number, Statement.place, Statement.id)))


def all_citations(key: int) -> dict[int, list[Row[Any]]]:
    """Return all citations by statement id."""
    query = select(Citation.statement_id, Citation.excerpt_id, Citation.role)
    query = query.join(Statement, Citation.statement_id == Statement.id)
    query = query.where(Statement.consultation_id == key).order_by(Citation.excerpt_id)
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    rows: Iterable[Any] = db.session.execute(query)
    for row in rows:
        found[row.statement_id].append(row)
    return found


def all_answers(key: int) -> dict[int, Row[Any]]:
    """Return the published answers by contribution id."""
    columns = (
        Answer.contribution_id, Answer.disposition, Answer.statement, Answer.text,
        Answer.published_at,
    )  # fmt: skip
    query = select(*columns).where(Answer.consultation_id == key, Answer.published_at.is_not(None))
    rows: Iterable[Any] = db.session.execute(query)
    return {row.contribution_id: row for row in rows}


def said(row: Row[Any]) -> contributors.Said:
    """Return what counting needs of one contribution."""
    facts = row.author or {}
    return contributors.Said(
        row.reference,
        row.kind,
        row.session_id,
        row.participant_id,
        facts.get("name") or "",
        facts.get("organisation") or "",
        row.series,
    )


# --- Voices -----------------------------------------------------------------------------------


def voices_of(
    rows: Iterable[Row[Any]], sessions: Mapping[int, Session], key: int
) -> dict[int, Voice]:
    """Return each contribution with what may be said of its author and how they took part."""
    caps = {number: cap_of(session) for number, session in sessions.items()}
    modes = modes_of(key)
    tables = tables_of(key)
    erased = erased_at(key)
    found = {}
    for row in rows:
        session = sessions[row.session_id]
        shown = author(row.author, row.attribution, caps[row.session_id])
        found[row.id] = Voice(
            row,
            session,
            shown,
            hidden_of(row.author or {}, shown),
            row.status == Status.PUBLISHED
            and row.parent_status in (None, *READABLE)
            and session.is_public,
            mode_of(row, session, modes, tables),
            erased.get(row.reference),
        )
    return found


@lru_cache(maxsize=10_000)
def words_of(names: tuple[str, ...]) -> frozenset[str]:
    """Return the words of names as the gate compares them."""
    return frozenset(word for name in names for word in tokens(name))


def hidden_of(facts: Mapping[str, Any], shown: Author) -> tuple[str, ...]:
    """Return the names of an author that may not be said."""
    return tuple(facts[name] for name in NAMES if facts.get(name) and not getattr(shown, name))


def mode_of(
    row: Row[Any],
    session: Session,
    modes: Mapping[tuple[int, int], str],
    tables: Mapping[tuple[int, int], str],
) -> str:
    """Return how its author took part; what is sent in writing is "written"."""
    if row.kind == Kind.WRITTEN or session.kind.written:
        return "written"
    if row.kind == Kind.NOTE:
        table, _round = series_of_note(row.series)
        return tables.get((session.id, table), "")
    return modes.get((session.id, row.participant_id or 0), "")


def modes_of(key: int) -> dict[tuple[int, int], str]:
    """Return the mode of everybody registered, by (session id, participant id)."""
    query = select(Registration.session_id, Registration.participant_id, Registration.mode)
    query = query.join(Session, Registration.session_id == Session.id)
    found = db.session.execute(query.where(Session.consultation_id == key))
    return {(row[0], row[1]): row[2] for row in found}


def tables_of(key: int) -> dict[tuple[int, int], str]:
    """Return the mode of each table of a café, by (session id, number)."""
    query = select(CafeTable.session_id, CafeTable.number, CafeTable.mode)
    query = query.join(Session, CafeTable.session_id == Session.id)
    found = db.session.execute(query.where(Session.consultation_id == key))
    return {(row[0], row[1]): row[2] for row in found}


def erased_at(key: int) -> dict[str, datetime]:
    """Return by reference since when its author is nobody, at their own wish."""
    query = select(Redaction.reference, Redaction.at).where(
        Redaction.consultation_id == key, Redaction.passage.is_(False)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
