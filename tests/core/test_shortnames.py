"""Names for a wall: as little as tells people apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import shortnames


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Ana Lindqvist", "Ana L"),
        ("Jean-Baptiste Rakotomalala-Ravelojaona", "Jean-Baptiste R"),
        ("Ludwig van Beethoven", "Ludwig B"),
        ("علي حسن", "علي ح"),
        ("Zoe E\u0301tienne", "Zoe E\u0301"),
        ("王伟", "王伟"),
        ("Sukarno", "Sukarno"),
        ("Ana 42", "Ana 42"),
    ],
)
def test_a_name_is_its_first_word_and_an_initial(name, short):
    assert shortnames.short({"x": name}) == {"x": short}


def test_letters_are_added_only_where_two_would_be_called_the_same():
    names = {1: "Ana Lind", 2: "Ana Lopez", 3: "Ana Lo", 4: "Bo Lind", 5: "Ana Maria Lind"}

    assert shortnames.short(names) == {
        1: "Ana Lind", 2: "Ana Lop", 3: "Ana Lo", 4: "Bo L", 5: "Ana Maria Lind",
    }  # fmt: skip


@given(st.dictionaries(st.integers(), st.text("aAbB é-'", max_size=8).map(str.strip)))
def test_people_with_different_names_are_called_differently(names):
    short = shortnames.short(names)

    assert short.keys() == names.keys()
    for one, other in ((a, b) for a in names for b in names if names[a] != names[b]):
        assert short[one] != short[other]
