"""Statements: numbered sentences that stand on excerpts; what counts, what is missing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass

from app.core.refusals import N_, Refusal
from app.core.synthesis.excerpts import Role, Stance
from app.core.synthesis.quantity import Quantity, quantity


class NoSource(Refusal):
    """A statement that no living source stands behind is not reviewed."""

    code = "no_source"
    status = 422
    message = N_("This statement has no source. Cite at least one excerpt.")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt of a theme as it counts: whose it is and whether its contribution is readable.

    ``living`` is false from the withdrawal on; such an excerpt stays cited and counts for nothing.
    ``answered`` says that the rapporteur listed it under differences of view.
    """

    id: Hashable
    contributor: Hashable
    stance: str
    living: bool = True
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """An excerpt and what it does for the statement that cites it."""

    excerpt: Excerpt
    role: str


def number(theme: int, n: int) -> str:
    """Return a statement's number: theme, then sentence."""
    return f"{theme}.{n}"


def parts(number: str) -> tuple[int, int]:
    """Return theme and sentence of ``3.1``, for sorting as printed; raises `ValueError`."""
    theme, _point, n = number.partition(".")
    return int(theme), int(n)


def counted(citations: Iterable[Citation], theme: Iterable[Excerpt]) -> Quantity:
    """Return how many of a theme's contributors support a statement, each counted once.

    Only living supports count. The base is everybody with a living excerpt in the theme, whatever
    its stance, and whoever supports the statement from elsewhere.
    """
    supporters = {
        each.excerpt.contributor
        for each in citations
        if each.role == Role.SUPPORTS and each.excerpt.living
    }
    return quantity(len(supporters), len(supporters | people(theme)))


def people(excerpts: Iterable[Excerpt], stance: str | None = None) -> set[Hashable]:
    """Return who stands behind living excerpts, each once; those of one ``stance`` if given."""
    return {
        each.contributor
        for each in excerpts
        if each.living and (stance is None or each.stance == stance)
    }


def has_source(citations: Iterable[Citation]) -> bool:
    """Say whether anything readable stands behind a statement."""
    return any(each.excerpt.living for each in citations)


def review(citations: Iterable[Citation]) -> None:
    """Let a statement be reviewed, or raise `NoSource`; a later withdrawal takes nothing back."""
    if not has_source(citations):
        raise NoSource


def unheard(theme: Iterable[Excerpt], cited: Set[Hashable]) -> list[Excerpt]:
    """Return the living excerpts against that no statement of the theme cites and none answers.

    ``cited`` are the ids of the excerpts that any of its statements cites: what is against one of
    them is often what the next one says.
    """
    against = Stance.AGAINST.value
    return [
        each
        for each in theme
        if each.stance == against and each.living and not each.answered and each.id not in cited
    ]
