"""What attendance keeps of a participant: scans and joins, to hand out or to make nobody's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.attendance.models import Join, Scan
from app.core.timing import isoformat_z
from app.database import db
from app.registration.models import Participant


def export(participant: Participant) -> dict[str, Any]:
    """Return when this person was seen, and where."""
    scans = db.session.scalars(select(Scan).where(Scan.participant_id == participant.id))
    joins = db.session.scalars(select(Join).where(Join.participant_id == participant.id))
    return {
        "scans": [
            {"session": each.session_id, "kind": each.kind, "at": isoformat_z(each.scanned_at)}
            for each in scans
        ],
        "joins": [{"session": each.session_id, "at": isoformat_z(each.at)} for each in joins],
    }


def erase(participant: Participant) -> None:
    """Forget what was typed at the door; that somebody was there stays, as a number."""
    db.session.execute(
        update(Scan).where(Scan.participant_id == participant.id).values(raw=None, ticket=None)
    )
