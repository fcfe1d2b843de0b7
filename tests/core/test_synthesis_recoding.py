"""Marking a passage otherwise: whose review that ends, and what it may not leave behind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.refusals import ChangedMeanwhile
from app.core.synthesis.excerpts import Coding, ExcerptCited, Stance, recode

codings = st.builds(Coding, st.integers(1, 3), st.sampled_from([each.value for each in Stance]))
cites = st.dictionaries(st.sampled_from(["1.1", "1.2", "2.1", "3.4"]), st.integers(1, 3))


@given(codings, codings, cites)
def test_only_another_stance_ends_reviews_and_no_statement_is_left_in_another_theme(
    now, wanted, cited_in
):
    behind = [number for number, theme in cited_in.items() if theme != wanted.theme]
    if wanted.theme != now.theme and behind:
        with pytest.raises(ExcerptCited) as refusal:
            recode(now, wanted, saw=None, cited_in=cited_in)
        assert refusal.value.values == {"numbers": ", ".join(behind)}
    else:
        assert recode(now, wanted, saw=now, cited_in=cited_in) == (wanted.stance != now.stance)


@given(codings, codings, codings)
def test_whoever_saw_something_else_is_told(now, wanted, saw):
    if saw == now:
        assert recode(now, wanted, saw=saw, cited_in={}) == (wanted.stance != now.stance)
    else:
        with pytest.raises(ChangedMeanwhile):
            recode(now, wanted, saw=saw, cited_in={})


def test_who_cites_it_from_another_theme_keeps_it_from_going_anywhere_but_there():
    now = Coding(1, "for")

    assert recode(now, Coding(2, "for"), saw=None, cited_in={"2.1": 2}) is False
    with pytest.raises(ExcerptCited):
        recode(now, Coding(2, "for"), saw=None, cited_in={"1.1": 1, "2.1": 2})
