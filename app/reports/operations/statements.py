"""Statements: written by people, standing on excerpts, reviewed as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.consultations.models import Consultation
from app.contributions import queries as contributions
from app.core.refusals import N_, ChangedMeanwhile, FieldError, Invalid, Refusal
from app.core.synthesis import excerpts, statements
from app.core.synthesis.excerpts import Role
from app.database import Localized, db, lock, operation
from app.reports import queries
from app.reports.models import Citation, Excerpt, Statement
from app.reports.operations.base import hold, note, standing, who

Cites = Mapping[int, str | None]  # excerpt ids with their roles; ``None``: as the stance says


class StatementChanged(ChangedMeanwhile):
    """Somebody else saved the statement first: the answer carries both versions."""

    def __init__(self, *, theirs: dict[str, Any], yours: dict[str, Any]) -> None:
        super().__init__()
        self.extra = {"theirs": theirs, "yours": yours}


class NamedInAnswers(Refusal):
    """Answers tell authors that they are in this statement."""

    code = "named_in_answers"
    message = N_("Answers name this statement. Change them first.")


@operation
def write(consultation: Consultation, *, theme: int, text: Localized, cites: Cites) -> Statement:
    """Write a statement of a theme; its number is given to no other, ever.

    Raises `Invalid` (`unknown_theme`, `unknown_excerpt`).
    """
    hold(consultation)
    under = standing(consultation, theme)
    lock(under)
    cited = citations(consultation, cites)
    under.last_sentence += 1
    last = select(func.max(Statement.place)).where(Statement.theme_id == under.id)
    statement = Statement(
        consultation=consultation,
        theme=under,
        number=statements.number(under.number, under.last_sentence),
        place=(db.session.scalar(last) or 0) + 1,
        text=dict(text),
        revision=1,
        changed_at=clock.now(),
        changed_by=who(),
        citations=cited,
    )
    db.session.add(statement)
    db.session.flush()
    note(consultation, "statement_written", statement, number=statement.number)
    return statement


@operation
def change(
    statement: Statement,
    *,
    text: Localized | None = None,
    cites: Cites | None = None,
    revision: int | None = None,
) -> Statement:
    """Replace the words or the citations; its review is over, if anything changed.

    Raises `StatementChanged` where ``revision`` is an older one, and keeps nothing then; `Invalid`.
    """
    consultation = statement.consultation
    hold(consultation)
    lock(statement)
    cited = None if cites is None else citations(consultation, cites)
    if revision is not None and revision != statement.revision:
        yours: dict[str, Any] = {"text": dict(text) if text is not None else statement.text}
        yours["cites"] = as_sent(cited if cited is not None else statement.citations)
        theirs: dict[str, Any] = {"text": statement.text, "cites": as_sent(statement.citations)}
        theirs |= {"revision": statement.revision, "changed_by": statement.changed_by}
        raise StatementChanged(theirs=theirs, yours=yours)
    fields = []
    if text is not None and dict(text) != statement.text:
        statement.text = dict(text)
        fields.append("text")
    if cited is not None and as_sent(cited) != as_sent(statement.citations):
        statement.citations.clear()
        db.session.flush()
        statement.citations.extend(cited)
        fields.append("cites")
    if fields:
        statement.revision += 1
        statement.changed_at, statement.changed_by = clock.now(), who()
        statement.reviewed_at = statement.reviewed_by = None
        note(consultation, "statement_changed", statement, number=statement.number, fields=fields)
    db.session.flush()
    return statement


@operation
def move(statement: Statement, *, place: int) -> Statement:
    """Put a statement at ``place`` (from 1) among those of its theme; links and review stay."""
    consultation = statement.consultation
    hold(consultation)
    db.session.refresh(statement)
    others = [each for each in queries.statements_of(statement.theme) if each.id != statement.id]
    others.insert(max(place, 1) - 1, statement)
    for number, each in enumerate(others, start=1):
        each.place = number
    note(consultation, "statement_moved", statement, number=statement.number)
    return statement


@operation
def remove(statement: Statement) -> None:
    """Remove a statement; its number is not given again. Raises `NamedInAnswers`."""
    consultation = statement.consultation
    hold(consultation)
    if statement.number in contributions.names_of_statements(consultation):
        raise NamedInAnswers
    note(consultation, "statement_removed", statement, number=statement.number)
    db.session.delete(statement)
    db.session.flush()


@operation
def review(statement: Statement, *, revision: int | None = None) -> Statement:
    """Say that the statement is right as it is now. Raises `NoSource`, `StatementChanged`."""
    consultation = statement.consultation
    hold(consultation)
    lock(statement)
    if revision is not None and revision != statement.revision:
        theirs: dict[str, Any] = {"text": statement.text, "cites": as_sent(statement.citations)}
        raise StatementChanged(theirs=theirs | {"revision": statement.revision}, yours={})
    statements.review(living(consultation, statement))
    if not statement.is_reviewed:
        statement.reviewed_at, statement.reviewed_by = clock.now(), who()
        note(consultation, "statement_reviewed", statement, number=statement.number)
    return statement


def living(consultation: Consultation, statement: Statement) -> list[statements.Citation]:
    """Return what a statement cites, as far as it matters whether it can still be read."""
    found = queries.excerpts_by_ids(consultation, [each.excerpt_id for each in statement.citations])
    return [
        statements.Citation(
            statements.Excerpt(each.excerpt_id, None, excerpt.stance, readable(excerpt)), each.role
        )
        for each in statement.citations
        for excerpt in (found[each.excerpt_id],)
    ]


def readable(excerpt: Excerpt) -> bool:
    """Say whether anybody may read what an excerpt is of."""
    said = excerpt.contribution
    return said.is_published and said.is_public and said.session.is_public


def citations(consultation: Consultation, cites: Cites) -> list[Citation]:
    """Return the citations of these excerpts; a role left out follows from the stance.

    Raises `Invalid` (`unknown_excerpt`) at the index of each that is none of this consultation.
    """
    found = queries.excerpts_by_ids(consultation, list(cites))
    errors = [
        FieldError(f"cites.{index}", "unknown_excerpt", N_("There is no excerpt with this id"))
        for index, number in enumerate(cites)
        if number not in found
    ]
    if errors:
        raise Invalid(errors=errors)
    return [
        Citation(
            excerpt_id=number,
            role=Role(role).value if role else excerpts.role(found[number].stance).value,
        )
        for number, role in sorted(cites.items())
    ]


def as_sent(cited: Sequence[Citation]) -> list[dict[str, Any]]:
    """Return citations as they are sent and answered."""
    return [
        {"excerpt": each.excerpt_id, "as": each.role}
        for each in sorted(cited, key=lambda each: each.excerpt_id)
    ]
