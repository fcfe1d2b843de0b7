"""Tables of figures drawn as bars: places and widths in per cent, no style, either direction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from babel.numbers import format_percent
from flask_babel import gettext as _

from app.core.document import Axis, Cell, Figures
from app.reports.exports import annexes, parts, wording
from app.web import filters

SERIES = ("solid", "hatched", "outline")  # more columns than these are drawn as one bar
ROOM = 86  # per cent of the width for the longest bar: its total stands after it
FITS = 8  # per cent a number needs inside its part


@dataclass(frozen=True)
class Piece:
    """One part of a bar: where it begins and how wide it is, and its number where it fits."""

    x: float
    width: float
    fill: str
    number: str
    middle: float


@dataclass(frozen=True)
class Bar:
    """One row: its name, its parts, its total in words and where that stands."""

    label: str
    pieces: tuple[Piece, ...]
    total: str
    end: float


@dataclass(frozen=True)
class Table:
    """A table with its chart: words for head, rows and cells; ``bars`` is empty without any."""

    code: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]
    note: str
    series: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]
    is_hidden: bool


def table(one: Figures, language: str, original: str, *, rtl: bool) -> Table:
    """Return a table and its chart in words of ``language``."""

    def names(axis: Axis) -> list[str]:
        return [parts.text(wording.axis_key(axis, key, language, original)) for key in axis.keys]

    rows = names(one.rows)
    columns = names(one.columns) if one.columns else []
    pieces = SERIES if one.columns and len(columns) <= len(SERIES) else ()
    return Table(
        code=one.code,
        caption=wording.caption(one),
        head=heads(one, columns),
        rows=tuple(lines(one, rows)),
        note=annexes.note(one),
        series=tuple(zip(pieces, columns, strict=False)),
        bars=tuple(bars(one, rows, is_split=bool(pieces), rtl=rtl)),
        is_hidden=one.total.hidden is not None,
    )


def heads(one: Figures, columns: list[str]) -> tuple[str, ...]:
    """Return the words above the figures."""
    share = (_("Share"),)
    if one.columns is None:
        return (str(wording.UNITS.get(one.unit, one.unit)), *share)
    return (*columns, _("Total"), *share)


def lines(one: Figures, rows: list[str]) -> Iterator[tuple[str, tuple[tuple[str, bool], ...]]]:
    """Yield each row and the last one: name, then (words, whether hidden) of each figure."""
    for index, name in enumerate(rows):
        totals = [one.row_totals[index]] if one.row_totals else []
        cells = [*one.cells[index], *totals]
        yield name, (*map(said, cells), share(cells[-1], one.total))
    cells = [*one.column_totals, one.total]
    yield _("Total"), (*map(said, cells), share(one.total, one.total))


def said(cell: Cell) -> tuple[str, bool]:
    """Return a figure in words, and whether it is hidden."""
    return parts.text(wording.cell(cell)), cell.hidden is not None


def share(cell: Cell, of: Cell) -> tuple[str, bool]:
    """Return which share of the base a row is."""
    if cell.value is None or not of.value:
        return "", False
    return format_percent(cell.value / of.value, locale=filters.locale()), False


def bars(one: Figures, rows: list[str], *, is_split: bool, rtl: bool) -> Iterator[Bar]:
    """Yield a bar a row; a row with a hidden part is one dashed bar, without a total none."""
    totals = one.row_totals or tuple(cells[0] for cells in one.cells)
    longest = max((each.value or 0 for each in totals), default=0)
    if not longest:
        return
    for index, name in enumerate(rows):
        total, cells = totals[index], one.cells[index]
        whole = (total.value or 0) * ROOM / longest
        if is_split and total.value and not any(each.hidden for each in cells):
            made = [*pieces(cells, longest, rtl=rtl)]
        elif total.value:
            fill = "dashed" if is_split and one.columns else "solid"
            made = [piece(0, whole, fill, "", rtl=rtl)]
        else:
            made = []
        end = 100 - whole - 1 if rtl else whole + 1
        yield Bar(name, tuple(made), said(total)[0], round(end, 2))


def pieces(cells: tuple[Cell, ...], longest: int, *, rtl: bool) -> Iterator[Piece]:
    """Yield the parts of one bar, one after the other."""
    at = 0.0
    for fill, cell in zip(SERIES, cells, strict=False):
        width = (cell.value or 0) * ROOM / longest
        if width:
            number = filters.number(cell.value or 0) if width >= FITS else ""
            yield piece(at, width, fill, number, rtl=rtl)
        at += width


def piece(at: float, width: float, fill: str, number: str, *, rtl: bool) -> Piece:
    """Return one part of a bar; mirrored where the page runs from right to left."""
    x = 100 - at - width if rtl else at
    return Piece(round(x, 2), round(width, 2), fill, number, round(x + width / 2, 2))
