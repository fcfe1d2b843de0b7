"""What can happen to sessions. One function per verb, one transaction each."""

from app.programme.operations.content import (
    IsCancelled,
    checked_capacity,
    default_agenda,
    set_agenda,
)
from app.programme.operations.news import later, picture, touch
from app.programme.operations.rezoning import rezone
from app.programme.operations.times import derive_instants, derive_window, fold_of
from app.programme.operations.verbs import (
    NotADraft,
    NotCancelled,
    cancel,
    change,
    create,
    delete,
    move_agenda_item,
    publish,
    restore,
)

__all__ = [
    "IsCancelled",
    "NotADraft",
    "NotCancelled",
    "cancel",
    "change",
    "checked_capacity",
    "create",
    "default_agenda",
    "delete",
    "derive_instants",
    "derive_window",
    "fold_of",
    "later",
    "move_agenda_item",
    "picture",
    "publish",
    "restore",
    "rezone",
    "set_agenda",
    "touch",
]
