"""A café as pages show it: its moment, its tables, its people, its wall."""

from app.tables.panels.cafe import (
    AFTER,
    BEFORE,
    BETWEEN,
    RUNNING,
    Cafe,
    Question,
    cafe,
    desk_head,
    head,
    numbered,
    round_words,
    table_name,
    time_at,
    until_words,
)
from app.tables.panels.people import People, about, people_of
from app.tables.panels.rows import (
    Row,
    chairs_of,
    dots,
    name_key,
    named_rows,
    plain_rows,
    seated,
    short_names,
    twin_words,
)
from app.tables.panels.wall import Note, card, notes, screens, tags, wall

__all__ = [
    "AFTER", "BEFORE", "BETWEEN", "RUNNING", "Cafe", "Note", "People", "Question", "Row", "about",
    "cafe", "card", "chairs_of", "desk_head", "dots", "head", "name_key", "named_rows", "notes",
    "numbered", "people_of", "plain_rows", "round_words", "screens", "seated", "short_names",
    "table_name", "tags", "time_at", "twin_words", "until_words", "wall",
]  # fmt: skip
