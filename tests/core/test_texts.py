"""What people type: kept as typed where it matters, equal where it is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import people, texts
from app.core.refusals import Invalid

ANA = {"name": "Ana", "email": "ana@example.org"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  Ana@Example.ORG ", "ana@example.org"),
        ("ana+talks@example.org", "ana+talks@example.org"),
        ("strauß@example.org", "strauß@example.org"),
        ("ana@bücher.example.org", "ana@xn--bcher-kva.example.org"),
        ("ana@faß.de", "ana@xn--fa-hia.de"),
        ("zoe\u0308@example.org", "zoë@example.org"),
        ("o'neill@example.org", "o'neill@example.org"),
    ],
)
def test_an_address_is_normalised_and_nothing_of_it_is_lost(typed, kept):
    assert texts.address(typed) == kept


def test_sharp_s_and_double_s_are_two_people():
    assert texts.address("strauß@example.org") != texts.address("strauss@example.org")


@pytest.mark.parametrize("typed", ["ana", "ana@", "@example.org", "a b@example.org", "ana@x..org"])
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(Invalid) as refusal:
        texts.address(typed)

    assert [(e.field, e.code) for e in refusal.value.errors] == [("email", "email_invalid")]


@given(st.text(max_size=60))
def test_normalising_an_address_twice_is_once(text):
    try:
        once = texts.address(text)
    except Invalid:
        return
    assert texts.address(once) == once


@pytest.mark.parametrize(
    "name", ["Suharto", "O", "Siobhán O’Neill-D'Arcy", "x" * 120, "عبد الله", "山田太郎", "=1+1"]
)
def test_any_name_of_up_to_120_characters_is_one(name):
    assert people.details(ANA | {"name": name}).name == name


def test_a_name_is_one_line_without_marks_that_turn_what_follows():
    assert people.details(ANA | {"name": " Ana\n\u202eMaria "}).name == "Ana Maria"


def test_folding_finds_names_whatever_the_keyboard():
    assert texts.folded("Ünal Ødegård STRAẞE") == texts.folded("unal odegard strasse")


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(Invalid) as refusal:
        people.details(
            {
                "name": "x" * 121,
                "email": "ana@",
                "organisation": "x" * 201,
                "country": "Switzerland",
                "stakeholder_group": "friends",
                "language": "tlh",
                "timezone": "posixrules",
            }
        )

    assert [(e.field, e.code) for e in refusal.value.errors] == [
        ("name", "too_long"), ("email", "email_invalid"), ("organisation", "too_long"),
        ("country", "unknown_country"), ("stakeholder_group", "unknown_stakeholder_group"),
        ("language", "unknown_language"), ("timezone", "unknown_timezone"),
    ]  # fmt: skip


def test_nothing_but_name_and_address_is_required():
    details = people.details(ANA, language="fr")

    assert details == people.Details(name="Ana", email="ana@example.org", language="fr")


def test_a_walk_in_needs_no_address():
    assert people.details({"name": "Ana"}, needs_email=False).email is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("#OpenTalks", "OpenTalks"), (" حوارات_مفتوحة ", "حوارات_مفتوحة"), ("हिन्दी", "हिन्दी")],
)
def test_a_hashtag_is_one_word_in_any_script(typed, kept):
    assert texts.hashtag(typed) == kept


@pytest.mark.parametrize("typed", ["", "#", "two words", "a-b", "<b>", "x" * 51])
def test_anything_else_is_no_hashtag(typed):
    with pytest.raises(Invalid) as refusal:
        texts.hashtag(typed)

    assert refusal.value.errors[0].code == "invalid_hashtag"
