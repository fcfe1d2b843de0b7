"""What can happen at a World Café. One function per verb, one transaction each.

The session is locked first, in every one of them: tables, plans, rounds and notes follow one
another.
"""

from app.tables.operations.base import NoSeating, RoundState, check
from app.tables.operations.notes import (
    NotesFull,
    UnknownTable,
    change_note,
    send_notes,
    withdraw_note,
)
from app.tables.operations.places import Place, as_place, place_tables, renew_link
from app.tables.operations.rehearsing import steps
from app.tables.operations.rounds import end_round, extend_round, start_round
from app.tables.operations.seating import Solved, Wish, keep_draft, patch, publish, solve, swap
from app.tables.operations.sheet import Line, save_sheet
from app.tables.operations.stage import HARVEST, SEATS, show

__all__ = [
    "HARVEST", "SEATS", "Line", "NoSeating", "NotesFull", "Place", "RoundState", "Solved",
    "UnknownTable", "Wish", "as_place", "change_note", "check", "end_round", "extend_round",
    "keep_draft", "patch", "place_tables", "publish", "renew_link", "save_sheet", "send_notes",
    "show", "solve", "start_round", "steps", "swap", "withdraw_note",
]  # fmt: skip
