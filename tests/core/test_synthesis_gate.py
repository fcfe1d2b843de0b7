"""The coverage gate: exactly six things block, and shares that differ only warn."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.attribution import NOBODY, Attribution, Author
from app.core.synthesis.coverage import Coverage, Heard, Share, by_side, coverage
from app.core.synthesis.gate import MESSAGES, Cited, Drafted, Facts, NotReady, Point, blocking

GOOD = Cited("OT13-I-0042", "every subsidy", 8, "Publish every subsidy at once.")
WITHDRAWN = Cited("OT13-I-0043", "every subsidy", 8, "", living=False)


def drafted(*cites: Cited, number: str = "3.1", text: str = "asked", is_reviewed: bool = True):
    return Drafted(number, (text,), is_reviewed, cites)


def points(*statements: Drafted, **facts) -> list[tuple[str, str]]:
    return [(each.code, each.object) for each in blocking(Facts(statements, **facts))]


def test_a_document_without_fault_is_blocked_by_nothing_nor_is_an_empty_one():
    assert points(drafted(GOOD)) == []
    assert points() == []


def test_a_statement_without_source_blocks_and_is_named_once():
    assert points(drafted()) == [("statement_without_source", "3.1")]
    assert points(drafted(is_reviewed=False)) == [("statement_without_source", "3.1")]


def test_a_withdrawn_source_blocks_only_where_it_was_the_last():
    assert points(drafted(GOOD, WITHDRAWN)) == []
    assert points(drafted(WITHDRAWN, WITHDRAWN)) == [("statement_without_source", "3.1")]


def test_a_statement_that_nobody_reviewed_blocks():
    assert points(drafted(GOOD, is_reviewed=False)) == [("statement_not_reviewed", "3.1")]


def test_words_changed_after_they_were_marked_block_with_their_contribution():
    changed = Cited("OT13-I-0051", "every subsidy", 8, "Publish some subsidies at once.")
    moved = Cited("OT13-I-0052", "every subsidy", 8, "Please publish every subsidy at once.")

    assert points(drafted(moved)) == []
    assert blocking(Facts((drafted(GOOD, changed, changed),))) == [
        Point("quote_changed", "3.1", "OT13-I-0051")
    ]


def test_a_theme_that_passes_over_what_was_said_against_it_blocks():
    assert points(drafted(GOOD), unheard=((3, 2), (4, 0))) == [("opposing_view_missing", "3")]


def test_a_published_contribution_without_published_answer_blocks():
    assert points(unanswered=("OT13-I-0007",)) == [("contribution_without_answer", "OT13-I-0007")]


def test_a_compilation_is_blocked_by_missing_answers_alone():
    everything = Facts((drafted(), drafted(is_reviewed=False)), ((3, 1),), ("OT13-I-0007",))

    assert [each.code for each in blocking(everything, compilation=True)] == [
        "contribution_without_answer"
    ]


@pytest.mark.parametrize(
    ("text", "exceeds"),
    [
        ("asked with Ana Silva that prices be public", True),
        ("asked with ANA SILVA’s group that prices be public", True),
        ("asked, as did Net-Nordic, for more", True),
        ("asked for a Nordic net", False),
        ("asked Anastasia Silva", False),
        ("asked for more", False),
    ],
)
def test_a_statement_that_names_a_cited_author_beyond_their_choice_blocks(text, exceeds):
    hidden = Cited("OT13-I-1", "more", 0, "more", hidden=("Ana Silva", "Net Nordic", ""))

    found = points(drafted(hidden, text=text))
    assert found == ([("attribution_exceeded", "3.1")] if exceeds else [])


def test_repeating_what_is_public_anyway_names_nobody():
    says_itself = Cited("OT13-I-1", "ITU", 4, "The ITU should act", hidden=("ITU",))
    other = Cited("OT13-I-1", "act", 0, "act", hidden=("ITU",))

    assert points(drafted(says_itself, text="asked the ITU to act")) == []
    assert points(drafted(other, text="asked the ITU to act"), public=("The ITU Council",)) == []
    assert points(drafted(other, text="asked the ITU to act")) == [("attribution_exceeded", "3.1")]


def test_more_of_an_author_than_allowed_blocks_whatever_the_sentence_says():
    more = Author(Attribution.ORGANISATION, organisation="Net Nordic")
    shown = Cited("OT13-I-1", "more", 0, "more", allowed=NOBODY, printed=more)
    right = Cited("OT13-I-1", "more", 0, "more", allowed=more, printed=more)

    assert points(drafted(shown)) == [("attribution_exceeded", "3.1")]
    assert points(drafted(right)) == []


def test_six_reasons_and_no_seventh():
    assert set(MESSAGES) == {
        "statement_without_source",
        "statement_not_reviewed",
        "contribution_without_answer",
        "quote_changed",
        "attribution_exceeded",
        "opposing_view_missing",
    }


def test_the_refusal_names_every_object_and_says_why_in_words():
    facts = Facts((drafted(number="1.2"),), ((3, 2),), ("OT13-I-0007",))
    refusal = NotReady.because(blocking(facts))

    assert (refusal.code, refusal.status) == ("not_ready", 409)
    assert [(each.field, each.code, each.text()) for each in refusal.errors] == [
        ("1.2", "statement_without_source", "§ 1.2 has no source that can be read."),
        (
            "3",
            "opposing_view_missing",
            "Theme 3: 2 excerpts against it are neither cited nor answered.",
        ),
        ("OT13-I-0007", "contribution_without_answer", "OT13-I-0007 has no published answer."),
    ]
    assert blocking(facts)[0].as_json() == {
        "code": "statement_without_source",
        "object": "1.2",
        "message": "§ 1.2 has no source that can be read.",
    }


def heard(cited: int, of: int, *, group=None, mode=None, language=None) -> list[tuple]:
    """So many contributors, of whom so many are cited, with a contribution each."""
    side = group, mode, language
    return [((side, n), n < cited, *side) for n in range(of)]


def shares(said: list[tuple]) -> Coverage:
    """The shares in contributions: (contributor, whether cited, group, mode, language)."""
    sides = by_side(Heard(n, who, *side) for n, (who, _cited, *side) in enumerate(said))
    return coverage(sides, {n for n, (_who, is_cited, *_side) in enumerate(said) if is_cited})


def test_the_sample_of_the_picture_online_is_twenty_one_points_behind_the_room():
    found = shares(
        heard(92, 100, mode="on_site")
        + heard(71, 100, mode="online")
        + heard(84, 100, mode="written")
    )

    assert found.by_mode == {
        "on_site": Share(92, 100, 0),
        "online": Share(71, 100, 21),
        "written": Share(84, 100, 0),
    }
    assert found.warnings == [("by_mode", "online", 21)]
    assert found.by_group == {"not_stated": Share(247, 300, 0)}


def test_fifteen_points_are_no_gap_and_a_little_more_is():
    fifteen = shares(heard(100, 100, group="a") + heard(85, 100, group="b"))
    more = shares(heard(1000, 1000, group="a") + heard(849, 1000, group="b"))

    assert fifteen.warnings == []
    assert more.warnings == [("by_group", "b", 15)]


def test_groups_of_fewer_than_five_are_not_shown_and_set_no_measure():
    found = shares(heard(4, 4, group="a") + heard(5, 10, group="b"))

    assert found.by_group == {"a": Share(None, None), "b": Share(5, 10, 0)}
    assert found.by_group["a"].percent is None
    assert found.by_group["b"].percent == 50


def test_a_contributor_counts_once_and_is_cited_if_any_of_theirs_is():
    one = [("Ana", n == 3, "media", "online", "en") for n in range(6)]

    found = shares(one + heard(0, 5, group="media", mode="online", language="en"))
    assert found.by_group == {"media": Share(1, 6)}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 12),
            st.booleans(),
            st.sampled_from(["a", "zulu", None]),
            st.none(),
            st.none(),
        ),
        max_size=60,
    )
)
def test_shares_and_gaps_restated(everything):
    found = shares(everything).by_group

    exact = {}
    for key in {group for _who, _cited, group, *_side in everything}:
        of = {who for who, _cited, group, *_side in everything if group == key}
        cited = {who for who, is_cited, group, *_side in everything if group == key and is_cited}
        exact[key or "not_stated"] = (len(cited), len(of))
    best = max((Fraction(*pair) for pair in exact.values() if pair[1] >= 5), default=0)
    for key, (cited, of) in exact.items():
        share = found[key]
        if of < 5:
            assert share == Share(None, None)
            continue
        assert (share.cited, share.of) == (cited, of)
        assert (share.behind > 0) == (best - Fraction(cited, of) > Fraction(15, 100))
        assert abs(share.percent - Fraction(100 * cited, of)) <= Fraction(1, 2)
    assert len(found) == len(exact)
    assert "not_stated" not in list(found)[:-1]
