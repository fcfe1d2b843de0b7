"""Themes: made under a guiding question, and merged without losing a trace."""

from __future__ import annotations

from sqlalchemy import func, select, update

from app import clock
from app.consultations.models import Consultation
from app.contributions import queries as contributions
from app.core.refusals import N_, Invalid
from app.core.synthesis import themes
from app.core.synthesis.themes import CannotMerge
from app.database import Localized, db, operation
from app.reports import queries
from app.reports.models import Excerpt, MergeTrace, Statement, Theme
from app.reports.operations.base import hold, note
from app.web import access


@operation
def add_theme(
    consultation: Consultation, *, title: Localized, guiding_question: int | None
) -> Theme:
    """Make a theme under a guiding question; its number is given to no other, ever.

    Raises `Invalid` (`unknown_guiding_question`).
    """
    hold(consultation)
    check_question(consultation, guiding_question)
    theme = Theme(
        consultation_id=consultation.id,
        number=themes.next_number([queries.last_theme(consultation)]),
        guiding_question=guiding_question,
        title=dict(title),
        last_sentence=0,
        created_at=clock.now(),
    )
    db.session.add(theme)
    db.session.flush()
    note(consultation, "theme_added", theme, number=theme.number)
    return theme


@operation
def change_theme(
    consultation: Consultation, theme: Theme, *, title: Localized, guiding_question: int | None
) -> Theme:
    """Give a theme another title, or put it under another question. Raises `Invalid`."""
    hold(consultation)
    check_question(consultation, guiding_question)
    db.session.refresh(theme)
    theme.title, theme.guiding_question = dict(title), guiding_question
    note(consultation, "theme_changed", theme, number=theme.number)
    return theme


def check_question(consultation: Consultation, number: int | None) -> None:
    """Refuse a question nobody asked; none is for consultations that ask none."""
    if number is None:
        if consultation.guiding_questions:
            message = N_("Say under which guiding question")
            raise Invalid.field("guiding_question", "missing_field", message)
        return
    if not contributions.has_question(consultation, number):
        raise Invalid.field(
            "guiding_question",
            "unknown_guiding_question",
            N_("There is no guiding question with this number"),
        )


@operation
def merge(consultation: Consultation, theme: Theme, into: Theme) -> MergeTrace:
    """Let ``theme`` go into ``into``: its excerpts and statements go along, numbers stay.

    What moved is kept as a trace, and what is said of the theme from now on goes where it went.
    Raises `CannotMerge`.
    """
    hold(consultation)
    db.session.refresh(theme)
    db.session.refresh(into)
    if theme.id == into.id or theme.merged_into_id is not None or into.merged_into_id is not None:
        raise CannotMerge
    moved = queries.statements_of(theme)
    trace = MergeTrace(
        consultation_id=consultation.id,
        theme=theme.number,
        into=into.number,
        excerpts=queries.excerpt_ids(theme),
        statements=[each.number for each in moved],
        actor=access.actor_key(),
        at=clock.now(),
    )
    db.session.add(trace)
    last = select(func.max(Statement.place)).where(Statement.theme_id == into.id)
    place = db.session.scalar(last) or 0
    for offset, each in enumerate(moved, start=1):
        each.theme_id, each.place = into.id, place + offset
    db.session.flush()
    db.session.execute(
        update(Excerpt)
        .where(Excerpt.theme_id == theme.id)
        .values(theme_id=into.id)
        .execution_options(synchronize_session="fetch")
    )
    theme.merged_into_id = into.id
    db.session.flush()
    db.session.expire(theme, ["merged_into"])
    note(consultation, "theme_merged", theme, number=theme.number, into=into.number)
    return trace
