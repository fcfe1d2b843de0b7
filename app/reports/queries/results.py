"""The figures everybody may read: those of the newest edition; before it, as they are so far."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from app import clock
from app.consultations.models import Consultation
from app.core.document import Cell, Convergence, Document, Figures, Theme
from app.core.synthesis import statements
from app.reports.models import Edition
from app.reports.queries import document, figures, keeping
from app.reports.queries.rows import latest

OF_FIGURES = ("consultation", "edition", "title", "snapshot_at", "figures", "convergence")


@dataclass(frozen=True)
class Results:
    """Tables and convergence; ``edition`` is ``None`` while they are counted so far.

    ``at`` is the snapshot's instant, or the one of counting.
    """

    edition: int | None
    at: datetime
    figures: tuple[Figures, ...]
    convergence: tuple[Convergence, ...]

    def table(self, code: str) -> Figures | None:
        """Return the table called ``code``."""
        return next((each for each in self.figures if each.code == code), None)

    def total(self, code: str) -> Cell:
        """Return the total of a table."""
        found = self.table(code)
        return found.total if found else Cell()

    def in_the_room(self) -> Cell:
        """Return how many were in a room."""
        found = self.table("attended_by_group_and_mode")
        return found.column_totals[0] if found else Cell()


def results(consultation: Consultation) -> Results:
    """Return what anybody may read of the figures."""
    edition = latest(consultation)
    return of_edition(edition) if edition else so_far(consultation)


def of_edition(edition: Edition) -> Results:
    """Return the figures of an edition, without reading what people said in it."""
    values = json.loads(edition.document)
    found = Document.from_json({name: values[name] for name in OF_FIGURES})
    return Results(edition.number, edition.snapshot_at, found.figures, found.convergence)


def so_far(consultation: Consultation) -> Results:
    """Return the figures as they are now."""
    found = keeping.with_sessions(consultation)
    themes = [
        (row, Theme(row.number, row.title, len(statements.people(found.in_theme[row.id]))))
        for row in found.standing
        if found.in_theme.get(row.id)
    ]
    tables = tuple(document.tables_of_convergence(found, themes))
    return Results(None, clock.now(), figures.figures(found), tables)
