"""The Information Document as content: what is stored reads back as what was meant."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import document, plain
from app.core.attribution import Attribution, Author
from app.core.document import Answer, Document, Entry, Source, Statement, Theme

texts = st.text(max_size=8)
words = st.dictionaries(st.sampled_from(["en", "fr", "ar"]), texts)


@settings(max_examples=30, deadline=None)
@given(
    st.builds(Source),
    st.builds(Statement, text=words),
    st.builds(Theme, title=words),
    st.builds(Entry, answer=st.none() | st.builds(Answer)),
)
def test_every_part_comes_back_from_json_as_it_was(source, statement, theme, entry):
    for each in (source, statement, theme, entry):
        stored = json.loads(json.dumps(plain.values(each)))
        assert plain.build(type(each), stored) == each


def test_a_document_comes_back_from_json_whole():
    ana = Author(Attribution.GROUP_COUNTRY, stakeholder_group="civil_society", country="KE")
    source = Source(
        "OT13-I-0042", "publish", "ar", "rtl", "for", "supports", "idea", "o", author=ana
    )
    statement = Statement("3.1", {"en": "asked"}, "most", 34, 40, (source,), ("3.2",))
    theme = Theme(3, {"en": "Spending"}, 40, 2, {"online_round": 17}, 4, (statement,))
    whole = Document(
        "open-talks-2013",
        1,
        {"en": "Open Talks"},
        "2013-11-05T10:00:00Z",
        questions=(document.Question(2, {"en": "Which?"}, (theme,)),),
        views_of_few=(Theme(7, {"en": "Power"}, 2),),
        figures=(
            document.Figures(
                "by_group",
                "people",
                document.Axis("stakeholder_group", ("media", "not_stated")),
                ((document.Cell(hidden="fewer"),), (document.Cell(7),)),
                document.Cell(9),
            ),
        ),
    )

    again = Document.from_json(json.loads(json.dumps(whole.as_json())))

    assert again == whole
    assert again.as_json() == whole.as_json()
    assert [theme.number for theme in again.themes] == [3, 7]
    assert [each.number for each in again.statements] == ["3.1"]
    assert again.statements[0].sources[0].author is not ana
    assert again.statements[0].sources[0].author == ana


def test_what_an_older_edition_lacked_has_its_default_and_what_it_needs_is_named():
    least = {"consultation": "c", "edition": 1, "title": {}, "snapshot_at": "", "no_such": 1}

    assert Document.from_json(least) == Document("c", 1, {}, "")
    with pytest.raises(ValueError, match="Document needs title"):
        Document.from_json({"consultation": "c", "edition": 1, "snapshot_at": ""})


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", ("oui", "fr")), ("ar", ("yes", "en")), ("en", ("yes", "en"))],
)
def test_a_text_without_the_asked_language_is_said_in_the_original(language, said):
    assert document.say({"fr": "oui", "en": "yes", "ar": ""}, language, "en") == said
    assert document.say({"ru": "да"}, language, "en") == ("да", "ru")
    assert document.say({}, language, "en") == ("", "en")


@pytest.mark.parametrize(
    ("language", "runs"), [("en", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("tlh", "auto")]
)
def test_the_direction_of_a_language(language, runs):
    assert document.direction(language) == runs
