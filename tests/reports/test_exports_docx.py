"""An edition as a Word file, read back: headings, real tables, languages, links that land."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from app.core.document import Figures
from tests.reports import printing, sample

pytestmark = pytest.mark.engines("sqlite")  # nothing here asks a database
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def read(app, language="en", **values):
    """Make a file and read it back."""
    made = printing.file(app, sample.edition(**values), "docx", language)
    return docx.Document(io.BytesIO(made))


def styled(file, *names) -> list[str]:
    """Return the words of all paragraphs of these styles."""
    return [each.text for each in file.paragraphs if each.style.name in names]


def test_headings_have_levels_and_the_title_its_style(app):
    file = read(app)

    assert styled(file, "Title") == [sample.edition().title["en"]]
    assert styled(file, "Heading 1")[:2] == [
        "I\tMandate, questions and scope",
        "II\tHow the consultation was run",
    ]
    assert styled(file, "Heading 2")[1].startswith("Question 2. ")
    assert styled(file, "Heading 3") == [
        "2\tWho speaks for users",
        "3\tTransparency of public spending",
        "1\tAccess in rural areas",
    ]


def test_tables_are_tables_with_header_rows_and_captions(app):
    file = read(app)
    data = [each for each in file.tables if each.style.name == "Figures"]

    assert len(data) == 1 + 1 + 2 + 2  # sessions, convergence, annexes
    for table in data:
        properties = table.rows[0]._tr.trPr
        assert properties.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    assert [cell.text for cell in data[0].rows[2].cells] == [
        "Town Hall", "Bali, Fri 25 October 2013, 09:00–10:30 (WITA)", "1\u202f204", "402",
    ]  # fmt: skip


def test_a_sentence_stands_with_its_number_and_the_codes_of_its_sources(app):
    lines = [each.text for each in read(app).paragraphs]
    at = lines.index("§\u00a03.2\tSeveral (6 of 40) warned that it would reveal business data.")

    assert lines[at + 1].startswith("6 sources: OT13-TH-20  OT13-I-0021")


def test_pictures_have_words(app):
    inline = [*read(app).element.body.iter(qn("wp:docPr"))]

    assert [each.get("descr") for each in inline] == [
        "",  # the mark, which says that it is decoration
        "On § 3.1: 34 for, 6 against",
        "Code to scan: the address of this edition",
    ]


def test_languages_are_said_and_arabic_runs_from_right_to_left(app):
    english, arabic = read(app), read(app, "ar")

    defaults = arabic.styles.element.find(qn("w:docDefaults"))
    assert defaults.find(f".//{qn('w:lang')}").get(qn("w:bidi")) == "ar-SA"
    assert arabic.element.body.sectPr.find(qn("w:bidi")) is not None
    assert english.element.body.sectPr.find(qn("w:bidi")) is None
    title = next(each for each in arabic.paragraphs if each.style.name == "Title")
    assert title._p.pPr.find(qn("w:bidi")).get(qn("w:val")) == "1"
    assert title.runs[0]._r.rPr.find(qn("w:rtl")) is not None
    tables = [each for each in arabic.tables if each.style.name == "Figures"]
    assert all(each._tbl.tblPr.find(qn("w:bidiVisual")) is not None for each in tables)
    quote = next(each for each in english.paragraphs if each.style.name == "Quote")
    assert quote.runs[0]._r.rPr.find(qn("w:lang")).get(qn("w:val")) == "fr"


def test_only_the_mark_is_decoration(app):
    inline = [*read(app).element.body.iter(qn("wp:docPr"))]

    assert ["decorative" in each.xml for each in inline] == [True, False, False]


def test_words_that_run_from_left_to_right_hold_together_in_arabic_lines(app):
    held = "\u200e18:15–20:15\u200e"
    arabic, english = read(app, "ar"), read(app)
    when = [each.tables[1 + 1].rows[1].cells[1].text for each in (arabic, english)]

    assert held in when[0]
    assert "\u200e" not in when[1]


def test_a_numbered_line_in_another_language_keeps_its_number_at_the_start(app):
    document = sample.edition(mandate={"en": "The Council asked."})
    file = docx.Document(io.BytesIO(printing.file(app, document, "docx", "ar")))
    line = next(each for each in file.paragraphs if "The Council asked." in each.text)

    assert line.text == "1\t\u200eThe Council asked.\u200e"
    assert line._p.pPr.find(qn("w:bidi")).get(qn("w:val")) == "1"


def test_small_tables_stay_on_one_page(app):
    data = [each for each in read(app).tables if each.style.name == "Figures"]
    first, *rest, last = (
        [each.paragraphs[0]._p.pPr.find(qn("w:keepNext")) is not None for each in row.cells]
        for row in data[0].rows
    )

    assert all(map(all, [first, *rest]))
    assert not any(last)


@pytest.mark.parametrize("language", ["en", "ar", "zh-Hans"])
def test_every_link_inside_lands_and_every_bookmark_has_its_own_name(app, language):
    body = read(app, language).element.body
    names = [each.get(qn("w:name")) for each in body.iter(qn("w:bookmarkStart"))]
    links = {each.get(qn("w:anchor")) for each in body.iter(qn("w:hyperlink"))} - {None}

    assert len(names) == len(set(names))
    assert links <= set(names)
    assert "_s3_1" in links


def test_two_tables_of_one_kind_have_two_bookmarks(app):
    long = "people_by_stakeholder_group_and_mode_and_region"
    figures = tuple(
        Figures(f"{long}_{end}", "people", each.rows, each.cells, each.total)
        for end, each in zip("ab", sample.FIGURES[1:] * 2, strict=True)
    )
    body = read(app, figures=figures).element.body
    names = [each.get(qn("w:name")) for each in body.iter(qn("w:bookmarkStart"))]

    assert len(names) == len(set(names))
    assert max(map(len, names)) <= 40


def test_the_properties_name_nobody_and_the_entries_no_day(app):
    made = printing.file(app, sample.edition(), "docx")
    known = docx.Document(io.BytesIO(made)).core_properties

    assert (known.author, known.last_modified_by, known.comments) == ("", "", "")
    assert (known.title, known.language) == (sample.edition().title["en"], "en")
    assert known.created.isoformat() == known.modified.isoformat() == "2013-11-05T10:00:00+00:00"
    with zipfile.ZipFile(io.BytesIO(made)) as entries:
        assert {each.date_time for each in entries.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [each for each in entries.namelist() if "thumbnail" in each]


def test_what_xml_cannot_hold_is_left_out(app):
    said = "bell\x07 and\x0b half\ud83d"
    file = read(app, contributions=(sample.entry(3, text=said),))

    assert "bell and half" in [cell.text for row in file.tables[-3].rows for cell in row.cells]


@pytest.mark.skipif(not OFFICE, reason="LibreOffice is not here")
@pytest.mark.parametrize("language", ["en", "ar", "zh-Hans"])
def test_libreoffice_opens_and_converts_it(app, tmp_path, language):
    source = tmp_path / "edition.docx"
    source.write_bytes(printing.file(app, sample.edition(), "docx", language))

    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip

    assert (tmp_path / "edition.pdf").read_bytes().startswith(b"%PDF")
