"""What tables wrote down, as pages show it: of one table, and the wall of the whole harvest."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from flask_babel import gettext as _

from app.contributions import panels as contributions
from app.contributions.models import Contribution
from app.core.contributions import Tag, series_of_note
from app.programme.models import Session
from app.tables import queries
from app.tables.models import CafeTable
from app.tables.panels.cafe import table_name

LINE, WIDE = 34, 190  # signs in a line; from so many signs on, a note needs both columns
LINES, BESIDE_CLOCK = 9.7, 8.0  # lines on a screen; while a round runs, the clock stands above
HEADING = 1.2  # lines above each note, its gap with it
SIGNS = {Tag.AGREEMENT: "tick", Tag.DIFFERENCE: "half", Tag.QUESTION: "info"}


@dataclass(frozen=True)
class Note:
    """One point of a table, or a card: where it was said, how its table sees it, its words."""

    row: contributions.Shown
    where: str
    round: int | None
    tag: str
    sign: str
    is_wide: bool = False


def tags() -> dict[str, str]:
    """Return what a table may say of a point, by its value."""
    return {
        Tag.AGREEMENT.value: _("agreed"),
        Tag.DIFFERENCE.value: _("different views"),
        Tag.QUESTION.value: _("a question"),
    }


def note(contribution: Contribution, table: CafeTable | None) -> Note:
    """Return a point as a page shows it."""
    _table, number = series_of_note(contribution.series)
    tag = contribution.tag
    return Note(
        row=contributions.shown(contribution),
        where=table_name(table) if table else "",
        round=number,
        tag=tags()[tag] if tag else "",
        sign=SIGNS[Tag(tag)] if tag else "",
        is_wide=width(contribution.text) > WIDE,
    )


def notes(found: Iterable[Contribution], table: CafeTable) -> list[Note]:
    """Return several points of one table."""
    return [note(each, table) for each in found]


def wall(session: Session) -> list[Note]:
    """Return what is published: the first point of each table, room and online in turn, then the
    second ones, and so on; the cards at the end."""
    harvest = queries.harvest(session)
    rows = [[note(each, told.table) for each in told.notes] for told in harvest.tables]
    in_turn = [each for some in zip_longest(*rows) for each in some if each is not None]
    return in_turn + [card(each) for each in harvest.cards]


def card(contribution: Contribution) -> Note:
    """Return a card as the wall shows it."""
    is_wide = width(contribution.text) > WIDE
    return Note(contributions.shown(contribution), _("Card"), None, "", "", is_wide)


# --- On the projector -------------------------------------------------------------------------


def screens(found: list[Note], *, with_clock: bool) -> list[list[Note]]:
    """Return the notes screen by screen: as many as can be read without scrolling, one at least."""
    pages: list[list[Note]] = []
    room = 0.0
    for some in pairs(found):
        needed = max(lines(each) for each in some)
        if not pages or needed > room:
            pages.append([])
            room = BESIDE_CLOCK if with_clock else LINES
        pages[-1] += some
        room -= needed
    return pages


def pairs(found: list[Note]) -> list[list[Note]]:
    """Return what stands side by side: two, or one that needs the whole width."""
    result: list[list[Note]] = []
    for each in found:
        last = result[-1] if result else []
        if each.is_wide or len(last) != 1 or last[0].is_wide:
            result.append([each])
        else:
            last.append(each)
    return result


def lines(each: Note) -> float:
    """Return how many lines a note takes on the wall."""
    per_line = LINE * 2 if each.is_wide else LINE
    rows = sum(-(-max(width(line), 1) // per_line) for line in each.row.text.split("\n"))
    return rows + HEADING


def width(text: str) -> int:
    """Return how wide a text is in signs; those of Chinese count twice."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
