"""Attendance as CSV, one row a person (no cell runs in a spreadsheet); the tickets of a door."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.attendance import queries
from app.attendance.models import Scan
from app.attendance.queries import Row
from app.attendance.schemas import shown
from app.core import scans, sheets
from app.core.vocabulary import Mode, RegistrationStatus, ScanKind, SessionStatus, Verdict
from app.database import db
from app.programme.models import Session
from app.registration.models import Participant, Registration

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


def on_the_list(session: Session) -> list[tuple[Participant, Verdict]]:
    """Return who has to do with a session, each with what the door would be told of them now."""
    rows = db.session.execute(
        select(Participant, Registration.status, Registration.mode)
        .join(Registration, Registration.participant_id == Participant.id)
        .where(Registration.session_id == session.id, Participant.erased_at.is_(None))
        .order_by(Participant.id)
    ).all()
    facts = db.session.execute(
        select(*queries.FACT).where(Scan.session_id == session.id, Scan.problem.is_(None))
    )
    expected = {who.id for who, status, _mode in rows if status == queries.CONFIRMED}
    present = scans.presences(map(queries.fact, facts), expected=expected)
    return [
        (
            who,
            scans.verdict(
                ScanKind.IN,
                RegistrationStatus(status),
                is_known=True,
                is_in=present.get(who.id, scans.ABSENT).is_in,
                on_site=mode == Mode.ON_SITE,
                takes_place=session.status != SessionStatus.CANCELLED,
            ),
        )
        for who, status, mode in rows
    ]
