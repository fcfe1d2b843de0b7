"""A host's sheet: up to five points, each with what the table says of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, RadioField

from app.contributions.models import Contribution
from app.core.contributions import MOST_POINTS, POINT
from app.core.refusals import FieldError, Refusal
from app.tables.operations import Line as SheetLine
from app.tables.panels import tags
from app.web.staff_forms import Lines, choices_of

LEAST_ROWS = 2  # of a host's sheet: one more than is written, for the next point


class PointForm(Form):
    """One line of a host's sheet."""

    text = Lines(_l("Point"), limit=POINT)
    tag = RadioField(_l("How your table sees it"), validate_choice=False)
    reference = HiddenField()

    def __init__(self, formdata: Any = None, **kwargs: Any):
        super().__init__(formdata, **kwargs)
        self.tag.choices = choices_of(tags().items())

    def line(self) -> SheetLine:
        """Return what was written."""
        known = self.tag.data if self.tag.data in tags() else None
        return SheetLine(self.text.data or "", known, self.reference.data or "")


class Sheet:
    """A host's form: up to five points, each with its tag."""

    def __init__(self, notes: Iterable[Contribution] = (), formdata: Any = None, rows: int = 0):
        self.status = 200
        self.refused = ""
        stored = [
            {"text": each.text, "tag": each.tag, "reference": each.reference} for each in notes
        ]
        count = max(rows, len(stored) + (formdata is None), LEAST_ROWS)
        self.rows = [
            PointForm(formdata, prefix=f"point-{n}", data=stored[n] if n < len(stored) else None)
            for n in range(min(count, MOST_POINTS))
        ]

    @classmethod
    def sent(cls, formdata: Any) -> Sheet:
        """Return the form as it was sent, with as many lines as it had."""
        sent = [n for n in range(MOST_POINTS) if f"point-{n}-text" in formdata]
        return cls(formdata=formdata, rows=len(sent))

    def grown(self, formdata: Any) -> Sheet:
        """Return it with one more line, and everything typed."""
        return Sheet(formdata=formdata, rows=len(self.rows) + 1)

    @property
    def may_grow(self) -> bool:
        """Whether there is room for another point."""
        return len(self.rows) < MOST_POINTS

    @property
    def errors(self) -> list[tuple[str, str]]:
        """The wrong lines, as (id, message)."""
        return [(row.text.id, row.text.errors[0]) for row in self.rows if row.text.errors]

    def lines(self) -> list[SheetLine]:
        """Return what was written."""
        return [row.line() for row in self.rows]

    def validate(self) -> bool:
        """Check the shape of every line."""
        wrong = [row for row in self.rows if not row.validate()]  # every line, not the first alone
        self.status = 422 if wrong else 200
        return not wrong

    def note(self, refusal: Refusal) -> None:
        """Put a refusal at its lines, else above the form."""
        self.status = refusal.status
        for error in refusal.errors:
            row = row_of(error, "points")
            if row is not None and row[0] < len(self.rows):
                self.rows[row[0]].text.errors = [error.text(_)]
            else:
                self.refused = error.text(_)
        if not refusal.errors:
            self.refused = refusal.text(_)


def row_of(error: FieldError, name: str) -> tuple[int, str] | None:
    """Return (index, field) of an error of "points.2.text"; ``None`` for another one."""
    parts = error.field.split(".")
    if len(parts) != 3 or parts[0] != name or not parts[1].isdecimal():
        return None
    return int(parts[1]), parts[2]
