"""What happens at doors and join links: facts are recorded, attendance is concluded elsewhere."""

from app.attendance.operations import guessing
from app.attendance.operations.guessing import TooManyWrongTickets
from app.attendance.operations.joins import note_join
from app.attendance.operations.scans import (
    TooManyScans,
    forget_raw,
    record_scans,
    verdict,
    verdicts,
)

__all__ = [
    "TooManyScans", "TooManyWrongTickets", "forget_raw", "guessing", "note_join", "record_scans",
    "verdict", "verdicts",
]  # fmt: skip
