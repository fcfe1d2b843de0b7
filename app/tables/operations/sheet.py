"""A host's sheet: everything a table says of one round, saved at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.contributions.models import Contribution
from app.contributions.operations import Point
from app.core import contributions
from app.core.refusals import FieldError, Invalid
from app.database import operation
from app.programme.models import Session
from app.tables import queries
from app.tables.operations.base import begin
from app.tables.operations.notes import change_note, send_notes, withdraw_note


@dataclass(frozen=True)
class Line:
    """One line of the sheet; ``reference`` is that of the note it was, empty for a new one."""

    text: str
    tag: str | None = None
    reference: str = ""


@operation
def save_sheet(
    session: Session, lines: Sequence[Line], *, table: int, round: int, by_staff: bool = False
) -> list[Contribution]:
    """Save what table ``table`` wrote of round ``round``: all lines or none of them.

    A line with a reference changes that note, or takes it back where nothing is left of it; what
    somebody else took back meanwhile is written anew. Raises `Invalid` (`points.2.text`) and what
    `send_notes` and `change_note` raise.
    """
    begin(session)
    if errors := list(wrong(lines)):
        raise Invalid(errors=errors)
    known = {note.reference: note for note in queries.notes_at(session, table, round)}
    new = []
    for line in lines:
        note = known.get(line.reference)
        if note is None and line.text.strip():
            new.append(Point(line.text, line.tag))
        elif note is not None and not line.text.strip():
            withdraw_note(note, by_staff=by_staff)
        elif note is not None and (contributions.point(line.text), line.tag) != (
            note.text,
            note.tag,
        ):
            change_note(note, Point(line.text, line.tag), by_staff=by_staff)
    if new or not known:
        send_notes(session, new, table=table, round=round, by_staff=by_staff)
    return queries.notes_at(session, table, round)


def wrong(lines: Sequence[Line]) -> Iterator[FieldError]:
    """Yield what is wrong with each line that says something."""
    for index, line in enumerate(lines):
        if line.text.strip():
            try:
                contributions.point(line.text, index)
            except Invalid as refusal:
                yield from refusal.errors
