"""Editions: sealed once, redacted later, compared with the one before; channels side by side."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.attribution import Attribution, Author
from app.core.document import (
    WITHDRAWN,
    Answer,
    Change,
    Channel,
    ConvergenceRow,
    Document,
    Entry,
    Question,
    Source,
    Statement,
    Theme,
)
from app.core.synthesis import sealing
from app.core.synthesis.changes import changes
from app.core.synthesis.convergence import convergence, in_several
from app.core.synthesis.redaction import Removal, redact

FROZEN = "2013-11-05T10:00:00Z"
LATER = "2013-11-20T08:30:00Z"
CANARY = "Quokka Canary"
ANA = Author(Attribution.NAMED, CANARY, "Net Nordic", "civil_society", "KE")
REFERENCES = [f"OT13-I-{n:04}" for n in range(1, 5)]


def source(reference: str, **fields) -> Source:
    said = {"quote": f"words of {reference}", "language": "en", "direction": "ltr"}
    said |= {"stance": "for", "role": "supports", "kind": "idea", "session": "o", "author": ANA}
    return Source(reference, **(said | fields))


def statement(number: str, *references: str, text: str = "asked", **fields) -> Statement:
    counts = {"word": "a_few", "n": len(references), "base": 9} | fields
    return Statement(number, {"en": text}, sources=tuple(map(source, references)), **counts)


def theme(number: int, *statements: Statement, title: str = "Spending") -> Theme:
    return Theme(number, {"en": title}, 9, 1, statements=statements)


def document(*themes: Theme, edition: int = 1, snapshot_at: str = FROZEN, **fields) -> Document:
    entries = tuple(
        Entry(
            reference,
            "idea",
            "o",
            FROZEN,
            "en",
            "ltr",
            f"All words of {reference}.",
            title=f"Title of {reference}",
            author=ANA,
            answer=Answer("reflected", "3.1", {"en": "In § 3.1"}, FROZEN),
        )
        for reference in REFERENCES
    )
    question = Question(1, {"en": "Which?"}, themes)
    fields = {"questions": (question,), "contributions": entries} | fields
    return Document("open-talks-2013", edition, {"en": "Talks"}, snapshot_at, **fields)


def salts():
    """Different salts, the same in every run."""
    numbers = count(1)
    return lambda: f"{next(numbers):032x}"


def sealed(whole: Document) -> dict:
    return sealing.seal(whole.as_json(), salts())


FIRST = document(theme(3, statement("3.1", *REFERENCES[:3]), statement("3.2", REFERENCES[3])))


def test_a_sealed_document_is_whole_and_reads_back():
    values = sealed(FIRST)

    assert len(values["sha256"]) == 64
    assert sealing.is_whole(values)
    assert sealing.is_whole(json.loads(json.dumps(values, sort_keys=True)))
    assert Document.from_json(values).as_json() == values
    assert sealing.is_whole(Document.from_json(values).as_json())


def test_no_text_stands_in_the_manifest():
    written = json.dumps(sealing.manifest(sealed(FIRST)))

    assert not any(words in written for words in (CANARY, "words", "asked", "Talks", "Spending"))
    assert FROZEN not in written


def texts_in(part, path=()):
    """Every text and number of plain values with its path."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from texts_in(value, (*path, name))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from texts_in(value, (*path, place))
    else:
        yield path, part


def put(values, path, value):
    """Return a copy of plain values with another value at one path."""
    made = copy.deepcopy(values)
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return made


def test_whoever_changes_anything_in_a_frozen_edition_is_found_out():
    values = sealed(FIRST)
    later = {"withdrawn", "erased", "status"}
    tried = 0
    for path, value in texts_in(values):
        if path[-1] in later:
            continue
        other = (value + 1) if isinstance(value, int) else f"{value}x"
        assert not sealing.is_whole(put(values, path, other)), path
        tried += 1
    assert tried > 200


def test_equal_texts_have_different_digests():
    twice = document(theme(3, statement("3.1", REFERENCES[0], REFERENCES[0])))
    first, second = [
        each["seals"]["quote"]["digest"]
        for each in sealed(twice)["questions"][0]["themes"][0]["statements"][0]["sources"]
    ]

    assert first != second


removals = st.lists(
    st.builds(
        Removal,
        st.sampled_from([*REFERENCES, "OT13-I-9999"]),
        st.sampled_from([LATER, "2013-12-24T00:00:00Z"]),
        st.booleans(),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(removals)
def test_a_withdrawal_takes_words_and_name_and_nothing_else(taken):
    values = sealed(FIRST)
    kept = copy.deepcopy(values)
    found = redact(values, taken)

    assert values == kept
    assert found["sha256"] == values["sha256"] == sealing.sha256(found)
    assert sealing.is_whole(found)
    words_gone = {each.reference for each in taken if each.passage}
    name_gone = {each.reference for each in taken}
    for before, after in zip(sealing.parts(values), sealing.parts(found), strict=True):
        reference = before["reference"]
        same = {"author", "seals", "withdrawn", "erased", "status", "quote", "text", "title"}
        assert {k: v for k, v in before.items() if k not in same} == {
            k: v for k, v in after.items() if k not in same
        }
        if reference not in name_gone:
            assert after == before
            continue
        assert {k: v for k, v in after["author"].items() if v} == {
            "attribution": "anonymous",
            "name": WITHDRAWN,
        }
        assert after["seals"]["author"]["salt"] == ""
        assert bool(after["withdrawn"]) == (reference in words_gone)
        for name in ("quote", "text", "title"):
            if name in after and reference in words_gone:
                assert after[name] == ("" if name == "title" else WITHDRAWN)
                assert after["seals"][name]["salt"] == ""
            elif name in after:
                assert after[name] == before[name]
    written = json.dumps(found)
    assert not any(f"ords of {each}" in written for each in words_gone)
    assert set(name_gone) < {*REFERENCES, "OT13-I-9999"} or CANARY not in written


@settings(max_examples=60, deadline=None)
@given(removals, removals)
def test_redacting_again_changes_nothing_and_the_order_does_not_matter(first, second):
    values = sealed(FIRST)
    once = redact(values, first)

    assert redact(once, first) == once
    assert redact(values, [*first, *second]) == redact(values, [*second, *first])
    later = [Removal(each.reference, "2014-01-01T00:00:00Z", each.passage) for each in second]
    assert redact(once, later) == redact(values, [*first, *later])


def test_what_is_taken_back_keeps_the_day_on_which_it_was():
    at = REFERENCES[0]
    erased_first = [Removal(at, FROZEN, passage=False), Removal(at, LATER)]
    withdrawn_first = [Removal(at, FROZEN), Removal(at, LATER, passage=False), Removal(at, LATER)]

    first = next(sealing.parts(redact(sealed(FIRST), erased_first)))
    second = next(sealing.parts(redact(sealed(FIRST), withdrawn_first)))
    assert (first["erased"], first["withdrawn"]) == (FROZEN, LATER)
    assert (second["erased"], second["withdrawn"]) == (None, FROZEN)


def test_sentences_counts_answers_and_numbers_stay_after_a_withdrawal():
    found = Document.from_json(redact(sealed(FIRST), [Removal(each, LATER) for each in REFERENCES]))

    assert [each.number for each in found.statements] == ["3.1", "3.2"]
    assert [(each.text, each.word, each.n, each.base) for each in found.statements] == [
        (each.text, each.word, each.n, each.base) for each in FIRST.statements
    ]
    assert [each.answer for each in found.contributions] == [
        each.answer for each in FIRST.contributions
    ]
    assert {each.status for each in found.contributions} == {"withdrawn"}
    assert {each.withdrawn for each in found.statements[0].sources} == {LATER}


def test_a_withdrawn_text_cannot_be_tried_out():
    values = redact(sealed(FIRST), [Removal(REFERENCES[0], LATER)])
    quote = next(sealing.parts(values))["seals"]["quote"]

    assert quote["salt"] == ""
    assert quote["digest"] != sealing.digest("", f"words of {REFERENCES[0]}")
    assert quote["digest"] != sealing.digest(values["salt"], f"words of {REFERENCES[0]}")


SECOND = document(
    theme(3, statement("3.1", *REFERENCES[:2]), statement("3.10", REFERENCES[3])),
    theme(4, statement("4.1", REFERENCES[3]), title="Roles"),
    edition=2,
    snapshot_at="2013-12-01T10:00:00Z",
)


def test_the_list_of_changes_names_what_is_new_other_and_gone():
    entries = tuple(
        replace(each, withdrawn=LATER if each.reference == REFERENCES[2] else None)
        for each in SECOND.contributions
    )
    found = changes(FIRST, replace(SECOND, contributions=entries))

    assert found == (
        Change("added", "theme", "4", after={"en": "Roles"}),
        Change("changed", "statement", "3.1", before={"en": "asked"}, after={"en": "asked"}),
        Change("removed", "statement", "3.2", before={"en": "asked"}),
        Change("added", "statement", "3.10", after={"en": "asked"}),
        Change("added", "statement", "4.1", after={"en": "asked"}),
        Change("withdrawn", "source", REFERENCES[2], statements=("3.1",), at=LATER),
    )


def test_the_list_is_the_same_when_the_edition_before_was_redacted_meanwhile():
    gone = [Removal(REFERENCES[0], LATER)]
    before = Document.from_json(redact(sealed(FIRST), gone))
    after = Document.from_json(redact(sealed(replace(FIRST, edition=2, snapshot_at=LATER)), gone))

    expected = Change("withdrawn", "source", REFERENCES[0], statements=("3.1",), at=LATER)
    assert changes(before, after) == changes(FIRST, after) == (expected,)


def test_a_source_withdrawn_is_listed_also_where_no_annex_lists_it():
    gone = [Removal(REFERENCES[0], LATER)]
    after = Document.from_json(redact(sealed(replace(FIRST, contributions=())), gone))

    assert [each.key for each in changes(FIRST, after)] == [REFERENCES[0]]


def test_what_was_withdrawn_before_the_edition_before_is_no_change():
    gone = [Removal(REFERENCES[0], "2013-11-05T09:59:59Z")]
    both = Document.from_json(redact(sealed(FIRST), gone))

    assert changes(both, replace(both, edition=2)) == ()


@pytest.mark.parametrize(
    "other",
    [
        statement("3.1", REFERENCES[0], text="demanded"),
        statement("3.1", REFERENCES[0], n=2),
        statement("3.1", REFERENCES[0], base=10),
        statement("3.1", REFERENCES[0], word="most"),
        statement("3.1", REFERENCES[1]),
        statement("3.1", REFERENCES[0], opposing=("3.2",)),
    ],
)
def test_a_statement_is_changed_by_its_words_counts_and_sources(other):
    before, same = (
        document(theme(3, statement("3.1", REFERENCES[0]))),
        statement("3.1", REFERENCES[0]),
    )

    assert changes(before, document(theme(3, replace(same, reviewed_by="O.")))) == ()
    (change,) = changes(before, document(theme(3, other)))
    assert (change.what, change.object, change.key) == ("changed", "statement", "3.1")


def test_a_theme_that_became_a_view_of_few_is_no_change_of_itself():
    moved = document(views_of_few=(theme(3, statement("3.1", REFERENCES[0])),))
    before = document(theme(3, statement("3.1", REFERENCES[0])))

    assert changes(before, moved) == ()
    assert changes(document(), before)[0] == Change("added", "theme", "3", after={"en": "Spending"})


def test_one_question_three_channels_everybody_once_in_each():
    cafe, hall, online = channels = ("world_cafe", "town_hall", "online_round")
    table = convergence(
        2,
        channels,
        spoke=[(cafe, "Ana"), (cafe, "Ana"), (cafe, "Bo"), (online, "Ana"), (hall, "Cy")],
        themes=[(3, {"en": "Spending"}), (4, {"en": "Roles"}), (5, {"en": "Power"})],
        raised=[(3, cafe, "Ana"), (3, cafe, "Ana"), (3, online, "Ana"), (4, hall, "Cy")],
    )

    assert table.channels == (Channel(cafe, 2), Channel(hall, 1), Channel(online, 1))
    assert table.rows == (
        ConvergenceRow(3, {"en": "Spending"}, {cafe: 1, hall: 0, online: 1}, (cafe, online)),
        ConvergenceRow(4, {"en": "Roles"}, {cafe: 0, hall: 1, online: 0}, (hall,)),
        ConvergenceRow(5, {"en": "Power"}, {cafe: 0, hall: 0, online: 0}, ()),
    )
    assert in_several([(cafe, "Ana"), (cafe, "Ana"), (online, "Ana"), (hall, "Cy")]) == 1


voices = st.tuples(st.sampled_from(["c", "h", "o"]), st.integers(0, 5))


@given(st.lists(voices), st.lists(st.tuples(st.sampled_from([1, 2]), voices)))
def test_no_theme_has_more_contributors_in_a_channel_than_its_base(spoke, raised):
    found = convergence(
        1, ("c", "h", "o"), spoke, [(1, {}), (2, {})], [(theme, *voice) for theme, voice in raised]
    )

    bases = {channel.key: channel.base for channel in found.channels}
    for row in found.rows:
        for key, n in row.contributors.items():
            assert n == len(
                {who for theme, (key_, who) in raised if (theme, key_) == (row.theme, key)}
            )
            assert n <= bases[key]
            assert (n > 0) == (key in row.raised_in)
