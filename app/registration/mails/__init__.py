"""What we tell people about their registrations: intents for operations, words for the job."""

from app.registration.mails import words
from app.registration.mails.intents import (
    acknowledge,
    address_corrected,
    cancelled,
    changed,
    find_link,
    promoted,
    remind,
    remind_to_open,
    session_restored,
    submission_received,
    told,
)

__all__ = [
    "acknowledge", "address_corrected", "cancelled", "changed", "find_link", "promoted", "remind",
    "remind_to_open", "session_restored", "submission_received", "told", "words",
]  # fmt: skip
