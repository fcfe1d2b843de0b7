"""Everything a document is made of, read in so many statements whatever was said: plain values."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Row

from app.consultations.models import Consultation
from app.core.synthesis import statements as rules
from app.core.synthesis.contributors import Contributor
from app.programme.models import Session
from app.reports.queries import coded
from app.reports.queries.coded import Marked
from app.reports.queries.said import Voice, Voices, all_sessions, all_voices

Made = TypeVar("Made")


@dataclass(frozen=True)
class Material:
    """A consultation's voices, themes, excerpts, statements and answers, as they are now, by id."""

    consultation: Consultation
    sessions: Mapping[int, Session]
    voices: Voices
    themes: Sequence[Row[Any]]
    excerpts: Mapping[int, Marked]
    statements: Sequence[Row[Any]]
    citations: Mapping[int, Mapping[int, str]]  # by statement: excerpts with their roles
    answers: Mapping[int, Row[Any]]
    counting: Mapping[int, rules.Excerpt]  # the excerpts as they count
    in_theme: Mapping[int, list[rules.Excerpt]]  # the same by theme, as they were marked
    odd: Set[int]  # the excerpts at which the gate looks closely
    concluded: dict[str, Any] = field(default_factory=dict)  # what was made of it, by its name

    @property
    def who(self) -> Mapping[str, Contributor]:
        """Who counts behind each contribution, by reference."""
        return self.voices.who

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Return what is concluded of it under ``name``: ``make`` is called the first time."""
        if name not in self.concluded:
            self.concluded[name] = make()
        return self.concluded[name]

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

    def cites(self, statement_id: int) -> list[rules.Citation]:
        """Return what a statement cites, as it counts."""
        return [
            rules.Citation(self.counting[number], role)
            for number, role in self.citations.get(statement_id, {}).items()
        ]

    def voice_of(self, excerpt_id: Any) -> Voice:
        """Return the contribution an excerpt is of."""
        return self.voices[self.excerpts[excerpt_id].contribution_id]

    def unheard(self, theme_id: int) -> list[rules.Excerpt]:
        """Return what was said against in a theme and is neither cited nor answered."""
        mine = self.statements_in.get(theme_id, ())
        cited = set().union(*(self.citations.get(row.id, ()) for row in mine))
        return rules.unheard(self.in_theme.get(theme_id, ()), cited)


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
    key = consultation.id
    with kept_whole():
        sessions = all_sessions(key)
        voices = all_voices(key, sessions)
        excerpts = coded.all_excerpts(key)
        counting = coded.counted(excerpts, voices)
        return Material(
            consultation,
            sessions,
            voices,
            coded.all_themes(key),
            excerpts,
            coded.all_statements(key),
            coded.all_citations(key),
            coded.all_answers(key),
            counting,
            coded.by_theme(excerpts, counting),
            coded.odd(excerpts, voices),
        )
