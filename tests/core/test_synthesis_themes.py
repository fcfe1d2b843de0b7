"""Themes that go into one another: nothing is lost, everything says where it went."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.synthesis.themes import Book, CannotMerge, merge, next_number

BOOK = Book(
    went_into={1: None, 2: None, 3: None},
    excerpts={10: 1, 11: 2, 12: 3},
    statements={"1.1": 1, "2.1": 2, "2.2": 2},
    highest={1: 1, 2: 2},
)


def test_a_merged_theme_keeps_a_trace_and_its_statements_keep_their_numbers():
    book = merge(merge(BOOK, 2, 3), 3, 1)

    assert [book.now(each) for each in (1, 2, 3)] == [1, 1, 1]
    assert book.went_into == {1: None, 2: 3, 3: 1}
    assert book.trace(1) == [2, 3]
    assert set(book.excerpts.values()) == {1}
    assert book.statements == {"1.1": 1, "2.1": 1, "2.2": 1}
    assert book.highest == {1: 1, 2: 2}
    assert BOOK.went_into[2] is None


@pytest.mark.parametrize(("theme", "into"), [(1, 1), (1, 9), (9, 1), (2, 3), (1, 2)])
def test_a_theme_goes_into_another_that_stands_once(theme, into):
    with pytest.raises(CannotMerge):
        merge(merge(BOOK, 2, 1), theme, into)


books = st.integers(1, 6).flatmap(
    lambda last: st.builds(
        Book,
        went_into=st.just(dict.fromkeys(range(1, last + 1))),
        excerpts=st.dictionaries(st.integers(0, 20), st.integers(1, last)),
        statements=st.dictionaries(
            st.tuples(st.integers(1, last), st.integers(1, 5)).map(lambda p: f"{p[0]}.{p[1]}"),
            st.integers(1, last),
        ),
    )
)


@given(books, st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=8))
def test_whatever_is_merged_everything_is_still_there_and_in_a_theme_that_stands(book, merges):
    after, refused = book, 0
    for theme, into in merges:
        try:
            after = merge(after, theme, into)
        except CannotMerge:
            refused += 1

    assert after.excerpts.keys() == book.excerpts.keys()
    assert after.statements.keys() == book.statements.keys()
    assert after.went_into.keys() == book.went_into.keys()
    standing = {theme for theme, into in after.went_into.items() if into is None}
    assert len(standing) == len(book.went_into) - (len(merges) - refused)
    for excerpt, theme in book.excerpts.items():
        assert after.excerpts[excerpt] == after.now(theme)
        assert after.excerpts[excerpt] in standing
    for number, theme in book.statements.items():
        assert after.statements[number] == after.now(theme)
    traced = [each for theme in standing for each in (theme, *after.trace(theme))]
    assert sorted(traced) == sorted(book.went_into)


@given(st.lists(st.integers(1, 50)))
def test_a_number_once_given_is_never_given_again(given_before):
    assert next_number(given_before) not in given_before
    assert next_number([]) == 1
