"""What can happen to participants and registrations. One function per verb, one transaction each.

Every operation has the same shape: lock, read, decide (app.core.capacity), write, tell.
"""

from app.core.capacity import SessionFull
from app.registration.operations.erasure import erase, erase_after_retention
from app.registration.operations.form import submit
from app.registration.operations.joining import RoomClosed, join, state_of
from app.registration.operations.lapse import (
    forget_old,
    lapse_submissions,
    lapse_unopened,
    remind,
    remind_unopened,
)
from app.registration.operations.news import (
    ModeInUse,
    capacity_changed,
    refuse_deletion,
    refuse_removal,
    send_due_notices,
    session_called_off_or_restored,
    session_moved,
)
from app.registration.operations.people import (
    choose_reminders,
    open,
    send_link,
    update_details,
)
from app.registration.operations.places import (
    KEEP,
    NotRegistered,
    RegistrationClosed,
    cancel,
    change,
    register,
    undo_cancel,
    walk_in,
)
from app.registration.operations.pressed import (
    AlreadyCorrected,
    Applied,
    apply,
    correct_address,
    wishes_of,
)
from app.registration.operations.secrets import note_use, renew_feed, write_uses
from app.registration.operations.staff import confirm, decline
from app.registration.operations.wishes import Wish

__all__ = [
    "KEEP",
    "AlreadyCorrected",
    "Applied",
    "ModeInUse",
    "NotRegistered",
    "RegistrationClosed",
    "RoomClosed",
    "SessionFull",
    "Wish",
    "apply",
    "cancel",
    "capacity_changed",
    "change",
    "choose_reminders",
    "confirm",
    "correct_address",
    "decline",
    "erase",
    "erase_after_retention",
    "forget_old",
    "join",
    "lapse_submissions",
    "lapse_unopened",
    "note_use",
    "open",
    "refuse_deletion",
    "refuse_removal",
    "register",
    "remind",
    "remind_unopened",
    "renew_feed",
    "send_due_notices",
    "send_link",
    "session_called_off_or_restored",
    "session_moved",
    "state_of",
    "submit",
    "undo_cancel",
    "update_details",
    "walk_in",
    "wishes_of",
    "write_uses",
]
