"""Rows as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
DANGEROUS = frozenset("=+-@|%\t\r\n\uff1d\uff0b\uff0d\uff20\uff5c\uff05")
BLANK = frozenset(
    " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
    "\u202f\u205f\u3000\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff\v\f\x00\x85"
)


def safe(value: object) -> object:
    """Return a cell that stays text: what a spreadsheet could run is led by an apostrophe.

    That is a text whose first character, blanks and invisible ones apart, is one of
    ``= + - @ | %``, a tab or a line end, or the full-width form of one (OWASP, "CSV injection").
    """
    if not isinstance(value, str):
        return "" if value is None else value
    first = next((letter for letter in value if letter not in BLANK), "")
    return f"'{value}" if first in DANGEROUS else value


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]], *, bom: bool = True) -> str:
    """Return ``rows`` under ``head`` as CSV; ``bom`` tells spreadsheets that it is UTF-8."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return (BOM if bom else "") + sheet.getvalue()
