"""The archive's invented document: whole, frozen, marked as invented on every page and file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.consultations import queries as consultations
from app.core import sample
from app.database import db
from app.mail.models import OutboxMail
from app.programme import imports as programme
from app.reports import imports, queries
from app.reports.queries import coding


@pytest.fixture
def archive(furnished):
    """The archive as a new installation has it."""
    furnished(programme.seed)
    return consultations.by_slug("open-talks-2013")


def test_everything_said_is_answered_and_edition_one_holds_every_sentence(archive):
    told = sample.document()
    numbers = [each.number for each in queries.all_editions(archive)]
    progress = coding.progress(archive)
    sentences = [each.number for each in queries.statements(archive)]

    assert numbers == [1]
    assert progress.answered == progress.total
    assert len(sentences) == sum(len(theme.sentences) for theme in told.themes)
    assert list(queries.latest(archive).sentences) != []
    assert set(queries.latest(archive).sentences) == set(sentences)
    assert queries.coverage.of(archive)[0] == []


def test_every_page_and_file_of_it_says_that_it_is_invented(archive, client):
    for address in ("/open-talks-2013/document/1", "/open-talks-2013/document/1.md"):
        text = client.get(address).text
        assert "Invented sample: nobody said any of this." in text, address
        assert "invented sample" in text
    document = client.get("/open-talks-2013/document/1.json").json
    assert "invented sample" in document["title"]["en"]
    page = client.get("/open-talks-2013/contributions/OT13-I-0001").text
    assert "Reflected in § 4.1" in page
    assert "/open-talks-2013/document/1#s4.1" in page


@pytest.mark.parametrize("language", ["ar", "fr", "ru", "zh-Hans"])
def test_a_contribution_shows_its_sentence_whole_where_only_another_language_has_it(
    archive, client, language
):
    answer = client.get(f"/open-talks-2013/contributions/OT13-I-0004?lang={language}")

    assert answer.status_code == 200
    assert (
        '<bdi lang="en" dir="ltr"><b>Most of them</b> (<b class="fig">4</b> of '
        '<b class="fig">6</b>) asked that governments begin together'
    ) in answer.text
    assert f"/open-talks-2013/document/1?lang={language}#s1.1" in answer.text


def test_nobody_is_written_to_because_of_it(archive):
    assert db.session.query(OutboxMail).count() == 0


def test_it_is_made_once(archive):
    programme.seed()

    assert [each.number for each in queries.all_editions(archive)] == [1]


def test_a_passage_that_is_not_there_and_an_unknown_source_are_said(archive):
    told = sample.document()
    passage = told.themes[0].passages[0]
    for wrong in (replace(passage, words="never said"), replace(passage, of="I-9999")):
        theme = replace(told.themes[0], passages=(wrong,), sentences=())
        with pytest.raises(ValueError, match=r"never said|I-9999"):
            imports.fill(archive, replace(told, themes=(theme,)))
    assert len(queries.themes(archive)) == len(told.themes)  # nothing of it was kept
