"""An edition as PDF: tagged for everybody's reader, in every script, whatever people write."""

from __future__ import annotations

import io
import unicodedata

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.reports.exports import fonts, parts, pdf
from app.reports.exports import paper as papers
from tests.reports import printing, sample

pytestmark = pytest.mark.engines("sqlite")  # nothing here asks a database


def read(made: bytes) -> pypdf.PdfReader:
    """Read a PDF file back."""
    return pypdf.PdfReader(io.BytesIO(made))


def tags(node, found=None) -> list[str]:
    """Return the kinds of all elements of a structure tree, in order."""
    found = [] if found is None else found
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            tags(each, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append(str(node["/S"]))
        if "/K" in node:
            tags(node["/K"], found)
    return found


def rows(node, found=None) -> list[list[tuple[str, str]]]:
    """Return every row of every table in a structure tree: its cells' kinds and scopes."""
    found = [] if found is None else found
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            rows(each, found)
    elif isinstance(node, dict):
        if node.get("/S") == "/TR":
            found.append([cell(each.get_object()) for each in node["/K"]])
        elif "/K" in node:
            rows(node["/K"], found)
    return found


def cell(node) -> tuple[str, str]:
    """Return kind and scope of one cell, which names no heads beside those that scopes give."""
    facts = [each.get_object() for each in node.get("/A", [])]
    assert not any(each.get("/Headers") for each in facts)
    return str(node["/S"]), str(next((each["/Scope"] for each in facts if "/Scope" in each), ""))


def is_table(part) -> bool:
    """Return whether a part of the paper is a table."""
    return isinstance(part, parts.Table)


def alternatives(reader) -> list[str]:
    """Return the words given for pictures."""
    return [
        str(each.get_object()["/Alt"])
        for each in (reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1))
        if isinstance(each, dict) and "/Alt" in each
    ]


@pytest.mark.parametrize("language", ["en", "ar", "zh-Hans"])
def test_the_file_is_tagged_says_its_language_and_title_and_claims_pdf_ua(app, language):
    reader = read(printing.file(app, sample.edition(), "pdf", language))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(language.partition("-")[0])
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert reader.metadata.title == sample.edition().title[language]
    assert reader.metadata.author is None
    assert reader.metadata.creation_date.isoformat() == "2013-11-05T10:00:00+00:00"
    kinds = tags(root["/StructTreeRoot"]["/K"])
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Link", "/L", "/Figure"} <= set(kinds)
    assert kinds.count("/Table") == 1 + 1 + 2 + 2  # sessions, convergence, annexes


@pytest.mark.parametrize("language", ["en", "ar"])
def test_tables_have_a_head_for_each_column_and_each_row(app, language):
    reader = read(printing.file(app, sample.edition(), "pdf", language))
    found = rows(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    heads = [row for row in found if row[1][0] == "/TH"]
    with app.app_context():
        paper = papers.paper(sample.edition(), language, printing.PLACE)
    tables = [each for chapter in paper.chapters for each in chapter.parts if is_table(each)]

    assert len(heads) == len(tables)
    assert len(found) - len(heads) == sum(len(each.rows) for each in tables)
    for row in found:
        first, *rest = row
        if row in heads:
            assert {first, *rest} == {("/TH", "/Column")}
        else:
            assert (first, {*rest}) == (("/TH", "/Row"), {("/TD", "")})


def test_figures_have_their_own_face_and_all_faces_are_inside(app):
    reader = read(printing.file(app, sample.edition(), "pdf"))
    faces = [
        each.get_object() for page in reader.pages for each in page["/Resources"]["/Font"].values()
    ]
    names = {str(face["/BaseFont"]).partition("+")[2].partition("-")[0] for face in faces}

    assert names == {
        "BarlowSemiCondensed", "DejaVuSansMono", "NotoSans", "NotoSansArabic", "NotoSansSC",
        "NotoSerif", "NotoSerifSC",
    }  # fmt: skip


def test_every_page_and_the_outline_lead_through_the_document(app):
    reader = read(printing.file(app, sample.edition(), "pdf"))
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]

    assert titles[0] == "I Mandate, questions and scope"
    assert titles[-1] == "Changes to the edition before"
    assert "1 of" in reader.pages[0].extract_text()
    assert "opentalks.example/open-talks-2013/document/1" in reader.pages[0].extract_text()


def test_a_bar_has_words_for_those_who_do_not_see_it(app):
    made = printing.file(app, sample.edition(), "pdf")

    assert "On § 3.1: 34 for, 6 against" in alternatives(read(made))


def test_the_words_of_all_scripts_are_in_the_text(app):
    reader = read(printing.file(app, sample.edition(), "pdf"))
    text = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in reader.pages))

    assert "publish every subsidy" in text
    assert "Публикуйте каждую субсидию" in text
    assert "公开每一笔补贴" in text
    assert "Jean-Baptiste" in text


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("naïve Ελλ Жук علي 中文", "naïve Ελλ Жук علي 中文"),
        ("smile 😀!", "smile □!"),
        ("한국", "□□"),
        ("a\u0301", "á"),
        ("中\u093f", "中"),
        ("pri\ue000vate\x07", "pri□vate"),
        ("بي\u200cن", "بي\u200cن"),
        ("one\ntwo\ttab", "one\ntwo tab"),
    ],
)
def test_letters_no_face_can_draw_stand_as_squares(written, drawn):
    assert fonts.drawable(written) == drawn


def test_the_square_itself_can_be_drawn():
    assert any(ord(fonts.MISSING) in face for face in fonts.covered())


def test_a_paper_with_squares_says_so(app):
    made = printing.file(app, sample.edition(title={"en": "With 한 letter"}), "pdf")
    text = read(made).pages[-1].extract_text()

    assert "stand as □" in " ".join(text.split())
    assert (
        "stand as" not in read(printing.file(app, sample.edition(), "pdf")).pages[-1].extract_text()
    )


@pytest.mark.parametrize("seed", range(3))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.text(max_size=60), min_size=6, max_size=6))
def test_whatever_people_write_is_printed(app, seed, written):
    entries = tuple(
        sample.entry(number, text=text, title=text[:seed]) for number, text in enumerate(written)
    )
    document = sample.edition(title={"en": written[0]}, contributions=entries)

    assert printing.file(app, document, "pdf").startswith(b"%PDF-1.7")


def test_addresses_are_printed_as_people_type_them():
    assert pdf.words_of("https://opentalks.example/c/document/1") == (
        "opentalks.example/c/document/1"
    )


def test_a_list_too_long_to_print_says_where_it_stands(app, monkeypatch):
    made = papers.paper(sample.edition(), "en", printing.PLACE)
    rows = max(
        len(part.rows) for chapter in made.chapters for part in chapter.parts if is_long(part)
    )
    monkeypatch.setattr(pdf, "MOST_ROWS", rows)
    whole = words_of(pdf.pdf(made))
    monkeypatch.setattr(pdf, "MOST_ROWS", rows - 1)
    printed = words_of(pdf.pdf(made))

    said = f"{rows} rows are too many to be printed"
    assert (said in whole, said in printed) == (False, True)
    assert len(printed) < len(whole)


def is_long(part) -> bool:
    """Whether a part is a list of many rows."""
    return isinstance(part, parts.Table) and part.is_long


def words_of(made: bytes) -> str:
    """All that is printed, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in read(made).pages).split())
