"""Themes: numbered groups of excerpts that can go into one another and leave a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.core.refusals import N_, Refusal

FEW = 5  # themes with fewer contributors are views of few: listed, not ranked, never dropped


class CannotMerge(Refusal):
    """A theme goes into another living theme, once."""

    code = "cannot_merge"
    message = N_("This theme cannot go into that one: choose another theme that still stands.")


@dataclass(frozen=True)
class Book:
    """The themes of a consultation: where each went (``None``: it stands), what each holds.

    ``excerpts`` are theme by excerpt, ``statements`` theme by statement number, ``highest`` the
    highest sentence number ever given in each theme, also to a statement deleted since.
    """

    went_into: Mapping[int, int | None] = field(default_factory=dict)
    excerpts: Mapping[int, int] = field(default_factory=dict)
    statements: Mapping[str, int] = field(default_factory=dict)
    highest: Mapping[int, int] = field(default_factory=dict)

    def now(self, theme: int) -> int:
        """Return the theme that ``theme`` is today: itself, or where it went in the end."""
        while (into := self.went_into[theme]) is not None:
            theme = into
        return theme

    def trace(self, theme: int) -> list[int]:
        """Return the themes that went into ``theme``, straight or by way of another, in order."""
        return sorted(each for each in self.went_into if each != theme and self.now(each) == theme)


def merge(book: Book, theme: int, into: int) -> Book:
    """Return ``book`` after ``theme`` went into ``into``.

    Its excerpts and statements go along, statements keep their numbers, the theme keeps a place
    that says where it went. Raises `CannotMerge` unless both stand and differ.
    """
    stand = {each for each, went in book.went_into.items() if went is None}
    if theme == into or not {theme, into} <= stand:
        raise CannotMerge
    return replace(
        book,
        went_into={**book.went_into, theme: into},
        excerpts=moved(book.excerpts, theme, into),
        statements=moved(book.statements, theme, into),
    )


def moved(places: Mapping, theme: int, into: int) -> dict:
    """Return ``places`` with everything of ``theme`` in ``into``."""
    return {key: into if place == theme else place for key, place in places.items()}


def next_number(given: Iterable[int]) -> int:
    """Return the number after the highest ever ``given``, deleted ones among them."""
    return max(given, default=0) + 1
