"""YAML as people write it: the 1.2 core schema, lines, and everything that is no YAML of ours."""

from __future__ import annotations

import math
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.core import yamltext
from app.core.yamltext import NotYaml, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("nULL", "nULL"),
        ("true", True), ("False", False), ("yes", "yes"), ("on", "on"), ("NO", "NO"), ("y", "y"),
        ("0", 0), ("050", 50), ("-7", -7), ("+7", 7), ("0o17", 15), ("0x1F", 31),
        ("1_000", "1_000"), ("18:30", "18:30"), ("2013-10-08", "2013-10-08"), ("0b11", "0b11"),
        ("0.0", 0.0), ("1e3", 1000.0), (".5", 0.5), ("5.", 5.0), ("1,5", "1,5"), (".", "."),
        (".inf", ".inf"), (".nan", ".nan"), ("٣", "٣"), ("9" * 5_000, "9" * 5_000),
    ],
)  # fmt: skip
def test_plain_scalars_follow_the_core_schema(text, value):
    assert (type(resolve(text)), resolve(text)) == (type(value), value)


@given(st.integers(min_value=-(10**60), max_value=10**60))
def test_every_whole_number_is_read_as_itself(number):
    assert resolve(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_is_read_as_itself(number):
    read = resolve(repr(number))
    assert isinstance(read, float)
    assert read == number or math.isclose(read, number)


@given(st.text(max_size=40))
def test_text_is_never_changed_only_recognised(text):
    value = resolve(text)
    if isinstance(value, str):
        assert value == text
    else:
        assert re.fullmatch(r"|~|[A-Za-z]{4,5}|[-+]?[0-9.eExXoO+a-fA-F-]+", text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_what_is_quoted_is_text_whatever_it_looks_like(text):
    written = yaml.safe_dump({"x": text}, default_style='"', allow_unicode=True)

    value = yamltext.read(written.encode()).value["x"]

    assert (value.text, value.resolved()) == (text, text)


def test_everything_knows_its_line():
    document = yamltext.read(b"a: 1\nb:\n  - {c: 18:30}\n  -\n    d: |\n      x\n")

    assert {path: line for path, line in document.lines.items() if path} == {
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 3,
        ("b", 0, "c"): 3,
        ("b", 1): 5,
        ("b", 1, "d"): 5,
    }
    assert document.value["b"][0]["c"].resolved() == "18:30"
    assert document.line(("b", 1, "missing", 3)) == 5


def test_twins_tags_and_odd_keys_are_problems_of_their_lines():
    document = yamltext.read(b"a: 1\na: 2\nb: !!python/object:os.system x\n? [k]\n: v\n")

    assert [(line, where) for line, where, _ in document.problems] == [(2, "a"), (3, "b"), (4, "")]
    assert document.value["a"].text == "1"


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        ("title: Café".encode("latin-1"), 1, "UTF-8"),
        ("a: 1\nb: x".encode("utf-16"), 1, "UTF-8"),
        (b"a: 1\nb: \x00", 2, "character"),
        (b"a: [1, 2\nb: 3\n", 2, "not YAML"),
        (b"a: 1\n---\nb: 2\n", 2, "not YAML"),
        (b"a: *nobody\n", 1, "not YAML"),
        (b"x" * 2_000_000, 1, "larger"),
        (b"[" * 20_000, 1, "nested"),
        (b"&a [*a, *a]", 1, "deeper"),
        (b"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
         b"c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
         b"e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n", 1, "more"),
    ],
    ids=["latin-1", "utf-16", "nul", "open-list", "two-documents", "no-anchor", "2-mb", "deep",
         "itself", "laughs"],
)  # fmt: skip
def test_what_is_no_yaml_of_ours_is_one_sentence(data, line, said):
    with pytest.raises(NotYaml) as fault:
        yamltext.read(data)

    assert fault.value.line == line
    assert said in fault.value.text
    assert "\n" not in fault.value.text


def sentence_on(data):
    """Return what is said of ``data`` if it is refused."""
    try:
        yamltext.read(data)
    except NotYaml as fault:
        return fault.text
    return ""


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_a_sentence(data):
    assert "\n" not in sentence_on(data)
