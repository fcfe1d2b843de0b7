"""Invented people come to a rehearsal: most in time, a few late, some never."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from app.attendance import operations as attendance
from app.attendance import queries as attendance_queries
from app.core.vocabulary import Mode, RegistrationStatus, ScanKind
from app.database import lock, operation
from app.live.operations.counters import turn
from app.programme.models import Session
from app.registration import queries as registrations
from app.registration.models import Participant, Registration
from app.web import access

DEVICE = "rehearsal"


@operation
def arrive(session: Session) -> None:
    """Let most people in: at the door of the room, or into the room online."""
    held = holders(session)
    missing = {each.id for each in (*latecomers(session), *absent(session))}
    let_in(session, [each for each in held if each.id not in missing])


@operation
def be_late(session: Session) -> None:
    """Let those in who come late; the others never come."""
    let_in(session, latecomers(session))


def let_in(session: Session, people: Iterable[Registration]) -> None:
    """Note that ``people`` came, each in their own way."""
    lock(session)
    scans = []
    for each in people:
        if each.mode == Mode.ONLINE:
            attendance.note_join(each)
        else:
            who = each.participant.public_id
            name = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{DEVICE}:{each.public_id}"))
            scans.append({"id": name, "kind": ScanKind.IN.value, "participant": who})
    attendance.record_scans(session, {"device": DEVICE, "scans": scans}, actor=access.actor_key())
    turn(session.id, inner_only=True)


@operation
def let_out(session: Session, who: Participant) -> None:
    """Note that somebody left the room."""
    scan = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{DEVICE}:out:{session.uid}:{who.public_id}")),
        "kind": ScanKind.OUT.value,
        "participant": who.public_id,
    }
    batch = {"device": DEVICE, "scans": [scan]}
    attendance.record_scans(session, batch, actor=access.actor_key())
    turn(session.id, inner_only=True)


def here(session: Session) -> list[Registration]:
    """Return who came and has not left, in the order in which they registered."""
    rows = attendance_queries.attendance(session)
    return [
        row.registration
        for row in rows
        if row.attendance.evidence and row.attendance.left_at is None
    ]


def holders(session: Session) -> list[Registration]:
    """Return who holds a place, in the order in which they registered."""
    found = registrations.live_in(session, RegistrationStatus.CONFIRMED)
    return sorted(found, key=lambda each: each.id)


def latecomers(session: Session) -> list[Registration]:
    """Return who comes late: two of 48."""
    return holders(session)[11::24]


def absent(session: Session) -> list[Registration]:
    """Return who never comes: four of 48."""
    return holders(session)[5::12]
