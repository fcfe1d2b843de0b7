"""Quantity words: the contract's order, restated in fractions for every count there is."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.core.synthesis.quantity import BEGINNINGS, MEANINGS, WORDS, Word, quantity


def restated(n: int, base: int) -> str | None:
    """Say the word by the first line of the contract that holds."""
    share = Fraction(n, base) if base else None
    order = [
        ("one", n == 1),
        ("nearly_all", base >= 10 and share is not None and share > Fraction(90, 100)),
        ("most", share is not None and share > Fraction(1, 2)),
        ("a_few", n in (2, 3, 4)),
        ("several", n in (5, 6, 7, 8, 9)),
        ("many", share is not None and share >= Fraction(20, 100)),
        ("some", True),
    ]
    return next(word for word, holds in order if holds) if n else None


def test_every_word_is_the_contracts_for_all_counts_up_to_sixty():
    seen = set()
    for base in range(61):
        for n in range(base + 1):
            found = quantity(n, base)
            assert found.word == restated(n, base), (n, base)
            assert (found.n, found.base) == (n, base)
            seen.add(found.word)
    assert seen == {None, *Word}


@pytest.mark.parametrize(
    ("n", "base", "word"),
    [
        (34, 40, "most"),
        (6, 40, "several"),
        (12, 40, "many"),
        (3, 40, "a_few"),
        (1, 1, "one"),
        (2, 2, "most"),
        (9, 9, "most"),
        (9, 10, "most"),
        (10, 10, "nearly_all"),
        (5, 10, "several"),
        (10, 50, "many"),
        (10, 51, "some"),
    ],
)
def test_the_words_at_their_edges(n, base, word):
    assert quantity(n, base).word == word


@pytest.mark.parametrize(("n", "base"), [(-1, 3), (4, 3), (1, 0)])
def test_more_supporters_than_contributors_is_a_mistake_of_ours(n, base):
    with pytest.raises(ValueError, match="contributors"):
        quantity(n, base)


def test_the_counts_stand_beside_the_word_in_every_sentence():
    assert quantity(34, 40).text() == "Most of them (34 of 40)"
    assert quantity(0, 40).text() == ""
    assert quantity(6, 40).text(lambda text: text.replace("Several", "Plusieurs")) == (
        "Plusieurs (6 of 40)"
    )
    for word in Word:
        assert "%(n)s" in BEGINNINGS[word]
        assert "%(base)s" in BEGINNINGS[word]
        assert word in WORDS
        assert word in MEANINGS
