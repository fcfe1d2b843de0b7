"""Everything personal of one participant, from every feature: to hand out, or to remove."""

from __future__ import annotations

from typing import Any

from app.attendance import privacy as attendance
from app.board import privacy as board
from app.contributions import privacy as contributions
from app.database import db
from app.floor import privacy as floor
from app.registration import operations as registration
from app.registration import privacy as registrations
from app.registration.models import Participant
from app.reports import privacy as reports
from app.tables import privacy as tables

FEATURES = (registrations, attendance, contributions, board, floor, tables, reports)


def export(participant: Participant) -> dict[str, Any]:
    """Return all that is kept of ``participant``, as plain values."""
    found: dict[str, Any] = {}
    for feature in FEATURES:
        found |= feature.export(participant)
    return found


def erase(participant: Participant) -> None:
    """Remove it. Features above registration hear of it by `ParticipantErased`."""
    registration.erase(participant)


def erase_again(rows: list[str]) -> int:
    """Erase the participants named like ``participant:12``; return how many were still there.

    After a restore: what was erased since the backup was made must not come back.
    """
    count = 0
    for row in rows:
        participant = db.session.get(Participant, int(row.partition(":")[2]))
        if participant is not None and participant.erased_at is None:
            erase(participant)
            count += 1
    return count
