"""Attendance as JSON: what a batch looks like and what is answered."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from app.attendance.queries import Row
from app.core.timing import isoformat_z
from app.core.vocabulary import Verdict


class Person(BaseModel):
    """Who walked in; only the name is needed."""

    name: str
    email: str | None = None
    stakeholder_group: str | None = None


class ScanIn(BaseModel):
    """One scan as a device recorded it. Items are read one by one: a bad one spoils no batch."""

    id: str = Field(description="A UUID the device chose: sending it twice is harmless")
    kind: Literal["in", "out", "undo", "walk_in"]
    ticket: str | None = Field(None, description="The code, or the whole address of the QR")
    scanned_at: str | None = Field(None, description="What the device's clock said, with its zone")
    undoes: str | None = Field(None, description="The id an undo takes back")
    person: Person | None = None
    participant: str | None = Field(None, description="Somebody the desk looked up, instead")


class BatchIn(BaseModel):
    """Up to 500 scans of one device."""

    device: str = ""
    device_time: str | None = None
    scans: list[ScanIn]


class Known(BaseModel):
    """A person, without any address."""

    id: str
    name: str


class VerdictOut(BaseModel):
    """What the door is told of one scan; ``code`` is of an unusable one."""

    verdict: Verdict
    code: str | None = None
    participant: Known | None = None
    status: str | None = None
    mode: str | None = None
    since: str | None = None
    device: str | None = None
    sessions: list[dict[str, str]] | None = None


class VerdictsOut(BaseModel):
    """What the door is told, by scan id."""

    verdicts: dict[str, VerdictOut]


class AttendanceOut(BaseModel):
    """Whether one registered person came, and what that rests on."""

    participant: Known
    mode: str
    status: str
    checked_in_at: str | None
    left_at: str | None
    minutes_online: int
    attended: bool
    evidence: list[str]


def shown(row: Row) -> dict[str, Any]:
    """Return one row of the list as it is answered."""
    registration, found = row.registration, row.attendance
    return {
        "participant": {
            "id": registration.participant.public_id,
            "name": registration.participant.name,
        },
        "mode": registration.mode,
        "status": registration.status,
        "checked_in_at": isoformat_z(found.checked_in_at) if found.checked_in_at else None,
        "left_at": isoformat_z(found.left_at) if found.left_at else None,
        "minutes_online": found.minutes_online,
        "attended": found.attended,
        "evidence": list(found.evidence),
    }
