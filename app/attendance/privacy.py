"""What we hold of a participant at doors and online rooms, to hand out or to remove."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.attendance.models import Join, Scan
from app.core.timing import isoformat_z
from app.database import db
from app.programme.models import Session
from app.registration.models import Participant


def export(participant: Participant) -> dict[str, Any]:
    """Return every scan and join of a participant, as plain values."""
    language = participant.language
    scans = db.session.execute(
        select(Scan, Session)
        .join(Session, Scan.session_id == Session.id)
        .where(Scan.participant_id == participant.id)
        .order_by(Scan.scanned_at, Scan.id)
    )
    joins = db.session.execute(
        select(Join, Session)
        .join(Session, Join.session_id == Session.id)
        .where(Join.participant_id == participant.id)
        .order_by(Join.at, Join.id)
    )
    return {
        "scans": [
            {
                "session": session.words("title", language),
                "kind": scan.kind,
                "scanned_at": isoformat_z(scan.scanned_at),
                "device": scan.device,
            }
            for scan, session in scans
        ],
        "joins": [
            {"session": session.words("title", language), "at": isoformat_z(join.at)}
            for join, session in joins
        ],
    }


def erase(participant: Participant) -> None:
    """Forget the ticket and whatever was typed; that somebody was there stays, about nobody now."""
    db.session.execute(
        update(Scan)
        .where(Scan.participant_id == participant.id)
        .values(ticket=None, raw=None)
        .execution_options(synchronize_session="fetch")
    )
