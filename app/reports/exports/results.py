"""The figures as data: one row a cell as CSV, and plain values as the API answers them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.core import plain, sheets
from app.core.document import Cell, Figures
from app.core.timing import isoformat_z
from app.reports.queries.results import Results

HEAD = ("table", "unit", "rows", "row", "columns", "column", "value", "hidden")
TOTAL = "total"


def as_csv(results: Results, *, bom: bool = True) -> str:
    """Return all tables as one sheet; totals are rows and columns called so."""
    return sheets.csv_text(HEAD, (row for each in results.figures for row in rows(each)), bom=bom)


def rows(one: Figures) -> Iterator[list[object]]:
    """Yield a table cell by cell, its totals after them."""
    columns = one.columns.keys if one.columns else ("",)

    def line(row: str, column: str, value: Cell) -> list[object]:
        side = one.columns.name if one.columns else ""
        shown = "" if value.value is None else value.value
        return [one.code, one.unit, one.rows.name, row, side, column, shown, value.hidden or ""]

    for index, row in enumerate(one.rows.keys):
        for column, value in zip(columns, one.cells[index], strict=True):
            yield line(row, column, value)
        if one.row_totals:
            yield line(row, TOTAL, one.row_totals[index])
    if one.column_totals:
        for column, value in zip(columns, one.column_totals, strict=True):
            yield line(TOTAL, column, value)
    yield line(TOTAL, TOTAL if one.columns else "", one.total)


def as_json(results: Results) -> dict[str, Any]:
    """Return them as plain values."""
    return {
        "edition": results.edition,
        "at": isoformat_z(results.at),
        "tables": [plain.values(each) for each in results.figures],
        "convergence": [plain.values(each) for each in results.convergence],
    }
