"""References that can be said aloud, texts that are kept, windows whose first instant is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.core import contributions as rules
from app.core.contributions import Decision, Kind
from app.core.refusals import Invalid

START = datetime(2028, 9, 1, 9, tzinfo=UTC)
END = START + timedelta(days=7)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("kind", "where", "number", "reference"),
    [
        (Kind.NOTE, {"table": 4, "round": 2}, 3, "OT13-T4-R2-3"),
        (Kind.CARD, {}, 7, "OT13-C-0007"),
        (Kind.TURN, {}, 12, "OT13-TH-12"),
        (Kind.QUESTION, {}, 5, "OT13-Q-5"),
        (Kind.IDEA, {}, 42, "OT13-I-0042"),
        (Kind.IDEA, {}, 12_345, "OT13-I-12345"),
        (Kind.COMMENT, {}, 1, "OT13-K-0001"),
        (Kind.WRITTEN, {}, 9, "OT13-W-9"),
    ],
)
def test_references_are_as_the_contract_says(kind, where, number, reference):
    series = rules.series(kind, **where)

    assert rules.reference("OT13", kind, series, number) == reference


def test_a_note_without_table_is_no_note():
    with pytest.raises(ValueError, match="table and round"):
        rules.series(Kind.NOTE)


@pytest.mark.parametrize(
    ("kind", "opens", "closes"),
    [
        (Kind.IDEA, START, END),
        (Kind.COMMENT, START, END),
        (Kind.QUESTION, None, END),
        (Kind.WRITTEN, None, END),
        (Kind.CARD, START, END + timedelta(hours=24)),
    ],
)
def test_the_opening_instant_is_open_and_the_closing_one_closed(kind, opens, closes):
    def is_open(at):
        return rules.is_open(kind, START, END, at=at)

    assert is_open(START)
    assert is_open(START - INSTANT) is (opens is None)
    assert is_open(closes - INSTANT)
    assert not is_open(closes)


def test_line_ends_count_once_and_control_characters_are_dropped():
    title, text = rules.words(" A\ttitle\x00 ", "a\r\n" * 1_998 + "b\x07b")

    assert title == "A title"
    assert text == "a\n" * 1_998 + "bb"


@pytest.mark.parametrize(
    ("title", "text", "errors"),
    [
        ("x" * 91, "text", [("title", "too_long")]),
        ("", "x" * 4_001, [("text", "too_long")]),
        ("", " \r\n ", [("text", "missing_field")]),
        ("x" * 91, "", [("title", "too_long"), ("text", "missing_field")]),
        ("", "e" + "\u0301" * 1_000_000, [("text", "too_long")]),
    ],
)
def test_what_cannot_be_kept_is_refused_field_by_field(title, text, errors):
    with pytest.raises(Invalid) as refusal:
        rules.words(title, text)

    assert [(e.field, e.code) for e in refusal.value.errors] == errors


def test_a_rejection_names_a_rule_that_exists():
    assert rules.rule(None, Decision.PUBLISH) is None
    assert rules.rule(2, Decision.REJECT) == 2
    for number, code in ((None, "rule_needed"), (0, "unknown_rule"), (99, "unknown_rule")):
        with pytest.raises(Invalid) as refusal:
            rules.rule(number, Decision.REJECT)
        assert refusal.value.errors[0].code == code
