"""What the job clock runs for the board."""

from __future__ import annotations

from app import jobs
from app.board import operations


@jobs.task("board.hourly", every=60 * jobs.MINUTE)
def hourly() -> None:
    """Forget ideas nobody vouched for."""
    operations.forget_lapsed()
