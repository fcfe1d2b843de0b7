"""Reads about tables, seats, rounds, and what tables wrote down."""

from app.tables.queries.console import (
    Counts,
    Latecomer,
    Thin,
    absentees,
    counts,
    hostless,
    latecomers,
    missing_notes,
    thin_tables,
)
from app.tables.queries.notes import (
    Harvest,
    TableNotes,
    cards,
    harvest,
    is_open_for_hosts,
    note_counts,
    notes_at,
    notes_before,
    notes_of_twin,
    twin_of,
)
from app.tables.queries.order import (
    Turn,
    begun,
    how_many,
    question_of,
    rounds,
    running,
    turns,
    upcoming,
)
from app.tables.queries.people import present, problem_for, seatable, tables_for
from app.tables.queries.rows import by_link, by_number, by_numbers, host_token, tables
from app.tables.queries.seats import (
    Seat,
    Sitting,
    draft,
    hosted_by,
    hosts_in,
    hosts_table,
    in_force,
    people_called,
    published,
    seats_of,
    sitting,
    where,
)

__all__ = [
    "Counts", "Harvest", "Latecomer", "Seat", "Sitting", "TableNotes", "Thin", "Turn",
    "absentees", "begun", "by_link", "by_number", "by_numbers", "cards", "counts", "draft",
    "harvest", "host_token", "hosted_by", "hostless", "hosts_in", "hosts_table", "how_many",
    "in_force", "is_open_for_hosts", "latecomers", "missing_notes", "note_counts", "notes_at",
    "notes_before", "notes_of_twin", "people_called", "present", "problem_for", "published",
    "question_of", "rounds", "running", "seatable", "seats_of", "sitting", "tables",
    "tables_for", "thin_tables", "turns", "twin_of", "upcoming", "where",
]  # fmt: skip
