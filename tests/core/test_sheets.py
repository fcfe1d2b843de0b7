"""Cells that a spreadsheet could run stay text."""

import csv
import io

import pytest

from app.core import sheets


@pytest.mark.parametrize("start", list("=+-@|%\t\r\n\uff1d\uff0b\uff0d\uff20\uff05\uff5c"))
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\ufeff  ", "\u2060"])
def test_what_a_spreadsheet_could_run_is_led_by_an_apostrophe(before, start):
    assert sheets.safe(f"{before}{start}1+1") == f"'{before}{start}1+1"


@pytest.mark.parametrize(
    "text", ["Zoë Ünal", "Siobhán O’Neill-D'Arcy", "00441632960123", "Dupont; Fils", "a=b", "", " "]
)
def test_ordinary_words_stay_as_they_are(text):
    assert sheets.safe(text) == text


def test_a_phone_number_with_a_plus_stays_text():
    assert sheets.safe("+44 1632 960 123") == "'+44 1632 960 123"


def test_a_sheet_is_utf_8_with_a_mark_and_every_cell_comes_back():
    rows = [["Dupont; Fils", 'say "hi"', "two\nlines", 3, None], ["=1+1", "علي", "a,b", 0, "x"]]

    text = sheets.csv_text(["a", "b", "c", "d", "e"], rows)

    assert text[0] == "\ufeff"
    assert list(csv.reader(io.StringIO(text[1:], newline=""))) == [
        ["a", "b", "c", "d", "e"],
        ["Dupont; Fils", 'say "hi"', "two\nlines", "3", ""],
        ["'=1+1", "علي", "a,b", "0", "x"],
    ]
