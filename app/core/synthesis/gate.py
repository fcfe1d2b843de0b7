"""The coverage gate: everything that keeps an edition from being frozen, and nothing else does.

Whether a session still runs, or the consultation lacks a field, keeps nothing from being frozen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app.core.attribution import Author
from app.core.floor.queue import comparable
from app.core.refusals import N_, FieldError, Refusal
from app.core.synthesis import excerpts

WORD = re.compile(r"[^\W_]+")
MESSAGES = {
    "statement_without_source": N_("§ %(object)s has no source that can be read."),
    "statement_not_reviewed": N_("§ %(object)s is not reviewed."),
    "quote_changed": N_("§ %(object)s quotes words of %(reference)s that were changed."),
    "attribution_exceeded": N_("%(object)s names somebody of %(reference)s who did not want it."),
    "opposing_view_missing": N_(
        "Theme %(object)s: %(count)s excerpts against it are neither cited nor answered."
    ),
    "contribution_without_answer": N_("%(object)s has no published answer."),
}


@dataclass(frozen=True)
class Point:
    """One thing that blocks: ``code``, the ``object`` it is about, what to say.

    ``object`` is a statement's number, a theme's number or a contribution's reference;
    ``reference`` the contribution it comes from, where the object is another.
    """

    code: str
    object: str
    reference: str = ""
    count: int = 0

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the message, translated by ``translate`` and with its values filled in."""
        return translate(MESSAGES[self.code]) % self.values

    @property
    def values(self) -> dict[str, Any]:
        """What stands in the message."""
        return {"object": self.object, "reference": self.reference, "count": self.count}

    def as_json(self) -> dict[str, Any]:
        """Return it as the API has it."""
        return {"code": self.code, "object": self.object, "message": self.text()}


class NotReady(Refusal):
    """An edition is not frozen while points block it; the errors' fields name their objects."""

    code = "not_ready"
    message = N_("The document is not ready to be frozen.")

    @classmethod
    def because(cls, points: Iterable[Point]) -> NotReady:
        """Refuse because of these points."""
        return cls(
            errors=[
                FieldError(each.object, each.code, MESSAGES[each.code], each.values)
                for each in points
            ]
        )


@dataclass(frozen=True)
class Cited:
    """One citation of a statement, with what its contribution says now.

    ``quote`` was marked at ``start``; ``text`` is the contribution's now. ``living`` is false once
    it is withdrawn or no longer published: then its words are gone, and that blocks nothing by
    itself. ``hidden`` are the names and organisations of its author that may not be said,
    ``allowed`` what may be printed of them, ``printed`` what would be.
    """

    reference: str
    quote: str
    start: int
    text: str
    living: bool = True
    hidden: tuple[str, ...] = ()
    allowed: Author | None = None
    printed: Author | None = None


@dataclass(frozen=True)
class Drafted:
    """A statement before the freeze: its texts in all languages and its citations."""

    number: str
    texts: tuple[str, ...]
    is_reviewed: bool
    cites: tuple[Cited, ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that the gate looks at.

    ``unheard`` is by theme number how many living excerpts against are neither cited nor answered
    (`statements.unheard`); ``unanswered`` the published contributions without published answer;
    ``public`` texts that name nobody by being repeated: titles, questions, the receiving body.
    """

    statements: tuple[Drafted, ...] = ()
    unheard: tuple[tuple[int, int], ...] = ()
    unanswered: tuple[str, ...] = ()
    public: tuple[str, ...] = field(default=())


def blocking(facts: Facts, *, compilation: bool = False) -> list[Point]:
    """Return everything that blocks the freeze, statements first, then themes, then answers.

    A compilation has no statements and no themes: only missing answers block it.
    """
    points = []
    if not compilation:
        for each in facts.statements:
            points += blocking_statement(each, facts.public)
        points += [
            Point("opposing_view_missing", str(theme), count=count)
            for theme, count in facts.unheard
            if count
        ]
    return points + [Point("contribution_without_answer", each) for each in facts.unanswered]


def blocking_statement(drafted: Drafted, public: Iterable[str] = ()) -> list[Point]:
    """Return what blocks because of one statement.

    Without any readable source it cannot be reviewed, so that is all there is to say of it.
    """
    living = [each for each in drafted.cites if each.living]
    if not living:
        return [Point("statement_without_source", drafted.number)]
    sentences = [tokens(text) for text in drafted.texts]
    points = []
    if not drafted.is_reviewed:
        points.append(Point("statement_not_reviewed", drafted.number))
    for each in living:
        if excerpts.find(each.text, each.quote, each.start) is None:
            points.append(Point("quote_changed", drafted.number, each.reference))
        if says_too_much(sentences, each, public):
            points.append(Point("attribution_exceeded", drafted.number, each.reference))
    return list(dict.fromkeys(points))


def says_too_much(sentences: Iterable[list[str]], cited: Cited, public: Iterable[str] = ()) -> bool:
    """Say whether a statement (its words in each language) names an author not to be named.

    What the author wrote in the published text themselves, or what stands in the consultation's
    own words, gives nothing away. Names are looked for as whole words, whatever their case.
    """
    if cited.printed is not None and cited.printed != cited.allowed:
        return True
    for name in filter(None, map(tokens, cited.hidden)):
        if any(holds(sentence, name) for sentence in sentences) and not any(
            holds(tokens(text), name) for text in (cited.text, *public)
        ):
            return True
    return False


def tokens(text: str) -> list[str]:
    """Return the words of ``text`` as they are compared."""
    return WORD.findall(comparable(text))


def holds(text: list[str], words: list[str]) -> bool:
    """Say whether ``words`` stand in ``text``, one after the other."""
    last = len(text) - len(words)
    return any(text[place : place + len(words)] == words for place in range(last + 1))
