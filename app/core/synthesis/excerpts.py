"""Excerpts: passages of contributions by code points, what they are marked with, their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.refusals import N_, ChangedMeanwhile, FieldError, Invalid, Refusal


class Stance(StrEnum):
    """How an excerpt stands to its theme."""

    FOR = "for"
    AGAINST = "against"
    MIXED = "mixed"
    QUESTION = "question"
    FACT = "fact"


class Role(StrEnum):
    """What an excerpt does for the statement that cites it; only supports count."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    ILLUSTRATES = "illustrates"


class ExcerptCited(Refusal):
    """A statement stands on it."""

    code = "excerpt_cited"
    message = N_("§ %(numbers)s cites this excerpt. Take it out there first.")


@dataclass(frozen=True)
class Coding:
    """What a passage is marked with: the number of a theme that stands, and a stance."""

    theme: int
    stance: str


def recode(now: Coding, wanted: Coding, *, saw: Coding | None, cited_in: Mapping[str, int]) -> bool:
    """Let a passage be marked otherwise; say whether what cites it has to be reviewed again.

    ``cited_in`` are the themes of the statements that cite it, by their numbers. They stand on its
    stance, whatever the role in which they cite it; and it goes to another theme only where they
    are. Raises `ChangedMeanwhile` where whoever asks ``saw`` something else, `ExcerptCited`.
    """
    if saw not in (None, now):
        raise ChangedMeanwhile
    behind = [number for number, theme in cited_in.items() if theme != wanted.theme]
    if wanted.theme != now.theme and behind:
        raise ExcerptCited(numbers=", ".join(behind))
    return wanted.stance != now.stance


def role(stance: str) -> Role:
    """Return the role that a citation takes from its excerpt's stance."""
    return {Stance.FOR: Role.SUPPORTS, Stance.AGAINST: Role.OPPOSES}.get(
        Stance(stance), Role.ILLUSTRATES
    )


def quote(text: str, start: int, end: int) -> str:
    """Return the passage of ``text`` from ``start`` up to ``end``, offsets in code points from 0.

    Raises `Invalid` naming what is out of bounds, or the passage where it is blank.
    """
    errors = []
    if not 0 <= start < len(text):
        errors.append(FieldError("start", "out_of_bounds", OUTSIDE, {"length": len(text)}))
    if not start < end <= len(text):
        errors.append(FieldError("end", "out_of_bounds", OUTSIDE, {"length": len(text)}))
    if not errors and not text[start:end].strip():
        errors.append(FieldError("start", "empty_passage", N_("Mark at least one word")))
    if errors:
        raise Invalid(errors=errors)
    return text[start:end]


def find(text: str, passage: str, start: int) -> int | None:
    """Return where ``passage``, marked at ``start``, stands in ``text`` now, nearest to there.

    ``None`` says that its words were changed. Words that only moved, because something before
    them was changed, were not.
    """
    if not passage:
        return None
    if text.startswith(passage, start):
        return start
    places = []
    place = text.find(passage)
    while place >= 0:
        places.append(place)
        place = text.find(passage, place + 1)
    return min(places, key=lambda place: (abs(place - start), place), default=None)


OUTSIDE = N_("The text has %(length)s characters: mark a passage within it")
