"""Who came to the sessions of an invented sample: all who registered, as they began."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from app.attendance.models import Join
from app.attendance.operations import record_scans
from app.core.timing import isoformat_z
from app.core.vocabulary import Mode, ScanKind
from app.database import db, operation
from app.programme.models import Session
from app.registration.models import Registration

FIRST = timedelta(minutes=25)
APART = timedelta(seconds=47)


@operation
def fill(session: Session, registrations: Sequence[Registration]) -> None:
    """Let everybody come, at the door or by their join link, one after the other."""
    scans = []
    for number, each in enumerate(registrations):
        at = session.starts_at - FIRST + number * APART
        if session.is_long:
            at = session.starts_at + number * APART
        if each.mode == Mode.ONLINE:
            db.session.add(Join(session_id=session.id, participant_id=each.participant_id, at=at))
        else:
            scans.append(
                {
                    "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"sample:{each.public_id}")),
                    "kind": ScanKind.IN.value,
                    "participant": each.participant.public_id,
                    "scanned_at": isoformat_z(at),
                }
            )
    record_scans(session, {"device": "sample", "scans": scans})
