"""What the job clock runs for attendance."""

from __future__ import annotations

from app import jobs
from app.attendance import operations


@jobs.task("attendance.hourly", every=60 * jobs.MINUTE)
def hourly() -> None:
    """Forget what unusable scans held, once their session is long over."""
    operations.forget_raw()
