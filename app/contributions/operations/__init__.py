"""What can happen to contributions. One function per verb, one transaction each.

The consultation is locked first: it numbers what is said in it.
"""

from app.contributions.mails import TO_CONFIRM, ask_owner, forget
from app.contributions.operations.answers import (
    Given,
    answer,
    answer_many,
    tell,
    turn_answers_naming,
)
from app.contributions.operations.changes import change, withdraw, write_down
from app.contributions.operations.moderation import look_at_author, moderate, report
from app.contributions.operations.notes import Point, add_notes, change_note
from app.contributions.operations.pages import turn_inside, turn_page
from app.contributions.operations.sending import (
    AlreadySent,
    ContributionsClosed,
    NotPublished,
    Sent,
    check_open,
    checked,
    submit,
)
from app.contributions.operations.supports import support

__all__ = [
    "TO_CONFIRM", "AlreadySent", "ContributionsClosed", "Given", "NotPublished", "Point", "Sent",
    "add_notes", "answer", "answer_many", "ask_owner", "change", "change_note", "check_open",
    "checked", "forget", "look_at_author", "moderate", "report", "submit",
    "support", "tell", "turn_answers_naming", "turn_inside", "turn_page", "withdraw", "write_down",
]  # fmt: skip
