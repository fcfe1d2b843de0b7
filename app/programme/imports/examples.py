"""What an empty database is filled with: the archive of 2013, and a coming edition."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app import clock
from app.announcements import announce
from app.consultations import queries as consultation_queries
from app.core import timing
from app.database import operation
from app.programme.announcements import ArchiveMade
from app.programme.imports.files import from_yaml
from app.programme.imports.plan import Plan
from app.programme.imports.storing import carry_out

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
ARCHIVE, COMING = EXAMPLES / "open-talks-2013.yaml", EXAMPLES / "open-talks.yaml"
AHEAD = timedelta(days=14)
WEEK = timedelta(weeks=1)


@operation
def seed() -> list[str]:
    """Fill an empty database and return a line on what was made; else do nothing.

    The archive gets an invented sample of what was said in it, each piece marked as such.
    """
    if consultation_queries.every():
        return []
    lines: list[str] = []
    for plan in (from_yaml(ARCHIVE.read_bytes()), coming(from_yaml(COMING.read_bytes()))):
        made: list[str] = []
        carry_out(plan, None, made, dry_run=False)
        lines += made
    archive = consultation_queries.by_slug("open-talks-2013")
    if archive is not None:
        announce(ArchiveMade(archive))
    return lines


def coming(plan: Plan) -> Plan:
    """Return ``plan`` moved by whole weeks, its first session at least 14 days from now.

    Weekdays, wall clocks and zones stay, so that the distances between the sessions do too.
    """
    first = min(
        timing.instant(entry.named["starts"], entry.named["timezone"]) for entry in plan.sessions
    )
    weeks = -((first - clock.now() - AHEAD) // WEEK)
    for entry in plan.sessions:
        entry.named.update(moved(entry.named, weeks * WEEK))
    if plan.consultation and plan.consultation.get("document_deadline"):
        plan.consultation["document_deadline"] += weeks * WEEK
    return plan


def moved(named: dict[str, Any], by: timedelta) -> dict[str, datetime]:
    """Return the wall clocks of a session, moved."""
    names = ("starts", "ends", "registration_opens", "registration_closes")
    return {name: named[name] + by for name in names if named.get(name)}
