"""Quantity words: they come from the counts, never from the writer, and the counts stand beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.core.refusals import N_

FEWEST_FOR_NEARLY_ALL = 10


class Word(StrEnum):
    """How many of a theme's contributors support a statement."""

    ONE = "one"
    NEARLY_ALL = "nearly_all"
    MOST = "most"
    A_FEW = "a_few"
    SEVERAL = "several"
    MANY = "many"
    SOME = "some"


WORDS = {
    Word.ONE: N_("One"),
    Word.NEARLY_ALL: N_("Nearly all"),
    Word.MOST: N_("Most"),
    Word.A_FEW: N_("A few"),
    Word.SEVERAL: N_("Several"),
    Word.MANY: N_("Many"),
    Word.SOME: N_("Some"),
}
# How a sentence begins: word and counts in one text, because languages order them differently.
BEGINNINGS = {
    Word.ONE: N_("One of them (%(n)s of %(base)s)"),
    Word.NEARLY_ALL: N_("Nearly all of them (%(n)s of %(base)s)"),
    Word.MOST: N_("Most of them (%(n)s of %(base)s)"),
    Word.A_FEW: N_("A few (%(n)s of %(base)s)"),
    Word.SEVERAL: N_("Several (%(n)s of %(base)s)"),
    Word.MANY: N_("Many (%(n)s of %(base)s)"),
    Word.SOME: N_("Some (%(n)s of %(base)s)"),
}
# What the words mean, in the order in which they are decided.
MEANINGS = {
    Word.ONE: N_("one contributor"),
    Word.NEARLY_ALL: N_("more than 90 %, of at least 10 contributors on the theme"),
    Word.MOST: N_("more than 50 %"),
    Word.A_FEW: N_("2 to 4"),
    Word.SEVERAL: N_("5 to 9"),
    Word.MANY: N_("10 or more, and at least 20 %"),
    Word.SOME: N_("10 or more, and less than 20 %"),
}


@dataclass(frozen=True)
class Quantity:
    """``n`` of ``base`` contributors of a theme support a statement; ``word`` says so."""

    word: Word | None
    n: int
    base: int

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return how the sentence begins: word and counts; empty where nobody supports it."""
        if self.word is None:
            return ""
        return translate(BEGINNINGS[self.word]) % {"n": self.n, "base": self.base}


def quantity(n: int, base: int) -> Quantity:
    """Return what is said of ``n`` supporters among ``base`` contributors of the theme.

    Raises `ValueError` unless 0 ≤ n ≤ base. Whole numbers only: no rounding decides a word.
    """
    if not 0 <= n <= base:
        raise ValueError(f"{n} of {base} contributors")
    return Quantity(word(n, base) if n else None, n, base)


def word(n: int, base: int) -> Word:
    """Return the quantity word for ``n`` > 0 of ``base``, in the contract's order."""
    if n == 1:
        return Word.ONE
    if base >= FEWEST_FOR_NEARLY_ALL and n * 10 > base * 9:
        return Word.NEARLY_ALL
    if n * 2 > base:
        return Word.MOST
    if n <= 4:
        return Word.A_FEW
    if n <= 9:
        return Word.SEVERAL
    return Word.MANY if n * 5 >= base else Word.SOME
