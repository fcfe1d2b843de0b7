"""Registrations as CSV for those who may see addresses; no cell runs in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from app.core import sheets
from app.core.timing import isoformat_z
from app.registration.models import Registration

COLUMNS = (
    "id", "session", "starts", "timezone", "name", "email", "organisation", "stakeholder_group",
    "country", "language", "mode", "waits_for", "status", "registered_at",
)  # fmt: skip


def registrations(rows: Iterable[Registration]) -> str:
    """Return one row a registration."""
    return sheets.csv_text(COLUMNS, (cells(row) for row in rows))


def cells(row: Registration) -> list[object]:
    """Return one registration's cells."""
    session, who = row.session, row.participant
    return [
        row.public_id,
        session.slug,
        session.starts.isoformat(timespec="minutes"),
        session.timezone,
        who.name,
        who.email,
        who.organisation,
        who.stakeholder_group,
        who.country,
        who.language,
        row.mode,
        row.waits_for,
        row.status,
        isoformat_z(row.created_at),
    ]
