"""How people are named: the lower of what they chose and what the session allows, everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.attribution import FACTS, LADDER, NOBODY, SAYS, Attribution, author, lower

ANA = {
    "name": "Quokka Canary",
    "organisation": "Net Nordic",
    "stakeholder_group": "civil_society",
    "country": "KE",
}
N, O, G, A = LADDER  # noqa: E741


@pytest.mark.parametrize(
    ("choice", "cap", "shown"),
    [
        (N, N, ("Quokka Canary", "Net Nordic", "civil_society", "KE")),
        (N, O, ("", "Net Nordic", "civil_society", "KE")),
        (N, G, ("", "", "civil_society", "KE")),
        (N, A, ("", "", "", "")),
        (O, N, ("", "Net Nordic", "civil_society", "KE")),
        (O, O, ("", "Net Nordic", "civil_society", "KE")),
        (O, G, ("", "", "civil_society", "KE")),
        (O, A, ("", "", "", "")),
        (G, N, ("", "", "civil_society", "KE")),
        (G, O, ("", "", "civil_society", "KE")),
        (G, G, ("", "", "civil_society", "KE")),
        (G, A, ("", "", "", "")),
        (A, N, ("", "", "", "")),
        (A, A, ("", "", "", "")),
    ],
)
def test_the_lower_of_choice_and_cap_is_shown(choice, cap, shown):
    found = author(ANA, choice, cap)

    assert tuple(getattr(found, name) for name in FACTS) == shown
    assert found.attribution is lower(choice, cap)
    assert found.as_json() == {n: v or None for n, v in zip(FACTS, shown, strict=True)}


@pytest.mark.parametrize(
    ("facts", "choice", "level"),
    [
        ({"name": "Ana"}, O, A),
        ({"name": "Ana", "country": "KE"}, O, G),
        ({"name": "Ana", "stakeholder_group": "media"}, G, G),
        ({"organisation": "Net Nordic"}, N, O),
        ({"name": "Ana"}, G, A),
        ({}, N, A),
        (None, N, A),
    ],
)
def test_where_there_is_nothing_to_say_the_next_step_down_is_taken_never_one_up(
    facts, choice, level
):
    assert author(facts, choice, N).attribution is level


words = st.one_of(st.just(""), st.text(min_size=1, max_size=5))


@given(
    st.fixed_dictionaries(dict.fromkeys(FACTS, words)),
    st.sampled_from(LADDER),
    st.sampled_from(LADDER),
)
def test_nothing_above_the_lower_step_is_ever_said(facts, choice, cap):
    found = author(facts, choice, cap)

    step = max(LADDER.index(choice), LADDER.index(cap))
    assert LADDER.index(found.attribution) >= step
    for name in FACTS:
        said = getattr(found, name)
        assert said in ("", facts[name])
        assert not said or name in SAYS[LADDER[step]]
    if Attribution.ANONYMOUS in (choice, cap):
        assert found == NOBODY
