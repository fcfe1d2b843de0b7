"""What the job clock runs for registrations: fetch what is due, call an operation."""

from __future__ import annotations

from app import jobs
from app.registration import operations


@jobs.minutely("registration.minutely")
def minutely() -> None:
    """Send due change notices and reminders, and let lapse what nobody opened."""
    operations.send_due_notices()
    operations.lapse_submissions()
    operations.lapse_unopened()
    operations.remind_unopened()
    operations.remind()
    operations.write_uses()


@jobs.task("registration.hourly", every=60 * jobs.MINUTE)
def hourly() -> None:
    """Forget what has served its time: receipts, idempotency keys, people after retention."""
    operations.forget_old()
    operations.erase_after_retention()
