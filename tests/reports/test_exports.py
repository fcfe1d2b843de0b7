"""An edition as page, Markdown and JSON: the same bytes each time, and every part in its place."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.core.attribution import Attribution, Author
from app.core.document import Document, Theme
from app.reports.exports import markdown, paper, parts
from app.reports.exports.parts import Place
from tests.reports import printing, sample

pytestmark = pytest.mark.engines("sqlite")  # nothing here asks a database
ROOT = Path(__file__).parents[2]


def made(app, document=None, language="en", place=printing.PLACE):
    """Return the paper of a document."""
    with app.app_context():
        return paper.paper(document or sample.edition(), language, place)


def of_kind(of, kind):
    """Return all parts of one kind, chapter by chapter."""
    return [part for chapter in of.chapters for part in chapter.parts if isinstance(part, kind)]


def test_the_same_document_gives_the_same_bytes_in_another_process_zone_and_year(app, tmp_path):
    environment = {
        **os.environ,
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
    }
    elsewhere = subprocess.run(
        [sys.executable, "-m", "tests.reports.printing"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert elsewhere.stdout.split("\n")[:-1] == printing.sums(app)


def test_chapters_keep_their_numerals_and_leave_out_what_is_empty(app):
    whole = made(app)
    bare = made(app, sample.edition(proposals={}, views_of_few=()))

    assert [chapter.numeral for chapter in whole.chapters] == [*paper.ROMAN, "", "", "", ""]
    assert [each.numeral for each in bare.chapters][:6] == ["I", "II", "III", "IV", "VII", "VIII"]


def test_a_compilation_has_no_synthesis(app):
    compiled = made(app, sample.edition(compilation=True, proposals={}))

    numerals = [chapter.numeral for chapter in compiled.chapters if chapter.numeral]
    assert numerals == ["I", "II", "III", "VII", "VIII"]
    assert of_kind(compiled, parts.Sentence) == []


def test_paragraphs_count_through_and_sections_never_move(app):
    whole = made(app)

    numbers = [part.number for part in of_kind(whole, parts.Paragraph)]
    assert numbers == list(range(1, len(numbers) + 1))
    sentences = [each.number for each in of_kind(whole, parts.Sentence)]
    assert sentences == ["2.1", "3.1", "3.2", "3.3", "1.1"]


def test_a_sentence_says_its_word_its_counts_and_who_spoke_against_it(app):
    said = {each.number: each for each in of_kind(made(app), parts.Sentence)}["3.1"]

    assert parts.text(said.words) == (
        "Most of them (34 of 40), and 214 people in one campaign, "
        "asked that subsidies be published."
    )
    assert [run.text for run in said.words if run.kind == "strong"] == ["Most of them"]
    assert [run.text for run in said.words if run.kind == "figure"] == ["34", "40", "214"]
    assert parts.text(said.against) == "6 spoke against it: §\u00a03.2"
    assert said.summary == "10 sources and 1 campaign"
    assert (said.said, said.base) == (34, 40)


def test_a_sentence_that_nothing_supports_has_no_word_and_no_dots(app):
    bare = sample.Statement("9.1", {"en": "It stayed open."}, None, 0, 12)
    theme = Theme(9, {"en": "Open"}, 12, 1, statements=(bare,))
    document = sample.edition(questions=(sample.Question(1, {"en": "Why?"}, (theme,)),))

    said = of_kind(made(app, document), parts.Sentence)[0]

    assert (parts.text(said.words), said.said, said.base) == ("It stayed open.", 0, 0)


def test_a_withdrawn_source_keeps_number_and_day_and_nothing_else(app):
    said = {each.number: each for each in of_kind(made(app), parts.Sentence)}["3.1"]
    gone = [each for each in said.sources if each.is_withdrawn]

    assert [(each.reference, each.quote) for each in gone] == [("OT13-TH-11", "[withdrawn]")]
    assert gone[0].about == "[withdrawn] · Wed 20 November 2013 · Turn · Town Hall"


def test_an_erased_name_is_withdrawn_and_the_words_stay(app):
    erased = sample.source(
        1, author=Author(Attribution.NAMED, "[withdrawn]"), erased="2014-01-02T00:00:00Z"
    )
    said = sample.Statement("9.1", {"en": "x"}, "a_few", 2, 12, (erased,))
    theme = Theme(9, {"en": "T"}, 12, 1, statements=(said,))
    document = sample.edition(questions=(sample.Question(1, {"en": "Why?"}, (theme,)),))

    source = of_kind(made(app, document), parts.Sentence)[0].sources[0]

    assert source.about.startswith("[withdrawn] · Thu 2 January 2014 · ")
    assert source.quote == sample.QUOTES[1][1]


def test_hidden_figures_say_why(app):
    tables = {each.anchor: each for each in of_kind(made(app), parts.Table)}
    rows = [
        [parts.text(f.words) for f in row] for row in tables["f-attended_by_group_and_mode"].rows
    ]

    assert rows[2] == ["Media", "fewer than 5", "withheld", "9"]
    assert rows[3][0] == "Not stated"
    assert rows[-1] == ["Total", "112", "417", "529"]


def test_clocks_run_from_left_to_right_in_every_language(app):
    sessions = of_kind(made(app, language="ar"), parts.Table)[0]

    clocks = [run.text for run in sessions.rows[0][1].words if run.kind == "clock"]
    assert clocks == ["18:15–20:15"]
    assert '<bdi dir="ltr">18:15–20:15</bdi>' in printing.page(app, sample.edition(), "ar")


def test_texts_in_another_language_say_so_and_a_translation_is_not_official(app):
    arabic = made(app, language="ar")
    english = made(app)

    assert english.translation == ""
    assert arabic.direction == "rtl"
    assert arabic.translation != ""
    missing = sample.edition(title={"en": "Only English"})
    assert made(app, missing, "ar").title == (parts.Run("Only English", language="en"),)


def test_links_carry_the_language_and_never_name_a_newer_edition(app):
    second = made(app, sample.edition(edition=2), "ar")

    assert second.address == "https://opentalks.example/open-talks-2013/document/2?lang=ar"
    assert second.latest == "https://opentalks.example/open-talks-2013/document/?lang=ar"
    assert [href for _name, href in second.earlier] == [
        "https://opentalks.example/open-talks-2013/document/1?lang=ar"
    ]
    assert [href.rpartition("/")[2] for _name, href in second.files] == [
        "2.docx?lang=ar", "2.pdf?lang=ar", "2.md?lang=ar", "2.json?lang=ar",
    ]  # fmt: skip


def test_json_reads_back_as_the_document(app):
    document = sample.edition()

    read = json.loads(printing.file(app, document, "json"))

    assert Document.from_json(read) == document
    assert read["links"] == {
        "edition": "https://opentalks.example/open-talks-2013/document/1",
        "latest": "https://opentalks.example/open-talks-2013/document/",
    }


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("a *b* _c_ [d](e) <f> `g` | h", r"a \*b\* \_c\_ \[d\](e) \<f\> \`g\` \| h"),
        ("1. first", r"1\. first"),
        ("- no list\n# no head", r"\- no list \# no head"),
        ("& nbsp;", r"\& nbsp;"),
    ],
)
def test_markdown_makes_nothing_of_what_people_write(said, written):
    assert markdown.plain(said) == written


def test_markdown_has_a_line_for_each_source_and_row(app):
    text = printing.file(app, sample.edition(), "md").decode()

    assert "# Open Talks on the role of governments in Internet governance: what was said" in text
    assert "**§ 3.1** **Most of them** (**34** of **40**)" in text
    assert text.count("](https://opentalks.example/open-talks-2013/contributions/") == 36 + 2 + 25
    when = "Geneva, Tue 8 October 2013, 18:15–20:15 (CEST)"
    assert f"| **World Café** | {when} | **145** | **135** |" in text


class Outline(HTMLParser):
    """Collects headings, identifiers and links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.inside: list[str] = []
        self.details = 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if given.get("id"):
            self.ids.append(given["id"])
        if (given.get("href") or "").startswith("#"):
            self.inside.append(given["href"][1:])
        self.details += tag == "details" and "sources" in (given.get("class") or "")


@pytest.mark.parametrize("language", ["en", "ar", "zh-Hans"])
def test_the_page_opens_the_sources_of_each_sentence_and_every_link_lands(app, language):
    page = Outline(printing.page(app, sample.edition(), language))

    assert page.details == 6 + 1  # six sentences, and what was said against in none
    assert len(page.ids) == len(set(page.ids))
    assert set(page.inside) <= set(page.ids)
    assert {"s3.1", "s3.2", "s1.1", "s7.1", "viii", "changes"} <= set(page.ids)
    assert page.levels[0] == 1
    assert all(b - a <= 1 for a, b in zip(page.levels, page.levels[1:], strict=False))


def test_the_page_says_nothing_that_a_later_programme_or_edition_changes(app):
    page = printing.page(app, sample.edition())

    assert "Programme version" not in page
    assert "/document/2" not in page
    assert 'href="/open-talks-2013/document/"' in page


def test_the_page_of_five_hundred_contributions_is_light(app):
    import gzip

    page = printing.page(app, sample.edition(500))

    assert len(gzip.compress(page.encode(), 6)) < 25_000
    assert len(gzip.compress((ROOT / "static/css/document.css").read_bytes(), 9)) <= 5_000


def test_what_people_wrote_is_never_markup(app):
    attack = '<script>alert(1)</script> #eval("x") $x$ \\ @a'
    document = sample.edition(
        title={"en": attack}, contributions=(sample.entry(1, text=attack, title=attack),)
    )

    page = printing.page(app, document)

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert r"\<script\>alert(1)\</script\>" in printing.file(app, document, "md").decode()
    assert Place("", "x").edition(document, "en") == "/open-talks-2013/document/1"
