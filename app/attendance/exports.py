"""Attendance as CSV, one row a person; no cell runs in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from app.attendance.queries import Row
from app.attendance.schemas import shown
from app.core import sheets

COLUMNS = (
    "id", "name", "mode", "status", "checked_in_at", "left_at", "minutes_online", "attended",
    "evidence",
)  # fmt: skip


def attendance(rows: Iterable[Row], *, bom: bool) -> str:
    """Return the columns of the API's list as CSV; ``bom`` for people who open it by hand."""
    return sheets.csv_text(COLUMNS, (cells(row) for row in rows), bom=bom)


def cells(row: Row) -> list[object]:
    """Return one person's cells."""
    item = shown(row)
    flat = item["participant"] | item
    flat["attended"] = "true" if item["attended"] else "false"
    flat["evidence"] = " ".join(item["evidence"])
    return [flat[name] for name in COLUMNS]
