"""The shape of synthesis and document as JSON, as it is sent."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from app.core.refusals import N_, Invalid
from app.core.synthesis.excerpts import Coding, Role, Stance
from app.reports.operations import Cites
from app.web import shapes
from app.web.shapes import Input

TEXT = 2_000
ONE_LINE = ("document_number", "prepared_by")
WHAT = ("noted", "discussed", "action", "not_taken_up")
Place = Annotated[int, Field(ge=0, le=1_000_000)]
Key = Annotated[int, Field(ge=0, le=2**31 - 1)]
Words = Annotated[Any, *shapes.localised(TEXT, lines=True)]
FILTERS = (
    ("theme", "Only those of the theme with this number"),
    ("contribution", "Only those of the contribution with this reference"),
    ("stance", "Only those with this stance"),
)


class ThemeNew(Input):
    """A theme under a guiding question (its number, from 1)."""

    title: shapes.Title
    guiding_question: Annotated[int, Field(ge=0, le=10_000)] | None = None


class MergeIn(Input):
    """The theme it goes into."""

    into: Key


class ExcerptNew(Input):
    """A passage from ``start`` up to ``end``, in characters (code points) from 0."""

    contribution: Annotated[str, *shapes.text(40)]
    start: Place
    end: Place
    theme: Key
    stance: Annotated[str, *shapes.one_of(tuple(Stance), "invalid_stance")]


class CodingIn(Input):
    """What a passage was marked with, as the sender knows it."""

    theme: Key
    stance: Annotated[str, *shapes.one_of(tuple(Stance), "invalid_stance")]


class ExcerptChange(Input):
    """What of a mark is replaced: its theme, its stance, and whether what was said against is
    ``answered`` by being listed under differences of view. ``was`` is what it was made from."""

    theme: Key = shapes.LEFT_OUT
    stance: Annotated[str, *shapes.one_of(tuple(Stance), "invalid_stance")] = shapes.LEFT_OUT
    answered: bool = shapes.LEFT_OUT
    was: CodingIn | None = None

    def coding(self) -> dict[str, Any]:
        """Return theme, stance, and what was seen of them, as far as they were sent."""
        saw = Coding(self.was.theme, self.was.stance) if self.was else None
        named = {"theme": self.theme, "stance": self.stance, "saw": saw}
        return {name: value for name, value in named.items() if value is not None}


class CiteIn(Input):
    """An excerpt and what it does for the statement."""

    excerpt: Key
    role: Annotated[str, *shapes.one_of(tuple(Role), "invalid_role")] = Field(alias="as")


CitesIn = Annotated[list[Key | CiteIn], Field(max_length=5_000)]


class StatementNew(Input):
    """A sentence of a theme. A bare excerpt takes its role from its stance."""

    theme: Key
    text: Words
    cites: CitesIn = []


class StatementChange(Input):
    """What of a statement is replaced; ``revision`` is the one it was made from."""

    text: Words = shapes.LEFT_OUT
    cites: CitesIn = shapes.LEFT_OUT
    place: Annotated[int, Field(ge=1, le=10_000)] = shapes.LEFT_OUT
    revision: int | None = None


class ReviewIn(Input):
    """The revision that was read."""

    revision: int | None = None


class EditionNew(Input):
    """An edition; a compilation has no synthesis."""

    compilation: bool = False


class OutcomeIn(Input):
    """What the receiving body did with an edition."""

    edition: Key
    body: shapes.Title
    date: shapes.Date
    what: Annotated[str, *shapes.one_of(WHAT, "invalid_what")]
    text: Words


class PaperIn(Input):
    """What the document says around its sentences: what is named is replaced, null empties."""

    document_number: Annotated[str, *shapes.text(100, empty=True)] | None = None
    prepared_by: Annotated[str, *shapes.text(100, empty=True)] | None = None
    title: Words | None = None
    meeting: Words | None = None
    source: Words | None = None
    summary: Words | None = None
    action_required: Words | None = None
    caution: Words | None = None
    mandate: Words | None = None
    method: Words | None = None
    proposals: Words | None = None
    next_steps: Words | None = None
    revision: int | None = None


def stance_named(value: str | None) -> str | None:
    """Return the stance of a filter, or nothing. Raises `Invalid` (`invalid_stance`)."""
    if value and value not in list(Stance):
        message = N_("This must be one of: %(words)s")
        raise Invalid.field("stance", "invalid_stance", message, words=", ".join(Stance))
    return value or None


def cites_of(sent: list[int | CiteIn] | None) -> Cites | None:
    """Return the citations that were sent: excerpt ids with a role or none."""
    if sent is None:
        return None
    return {
        each if isinstance(each, int) else each.excerpt: None
        if isinstance(each, int)
        else each.role
        for each in sent
    }
