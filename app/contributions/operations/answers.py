"""Answering: what became of a contribution, and why; its author is told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, select, update

from app import clock
from app.announcements import announce
from app.audit import operations as audit
from app.consultations.models import Consultation
from app.contributions import mails, queries
from app.contributions.announcements import AnswersGiven
from app.contributions.models import Answer, Contribution
from app.contributions.operations.pages import SECOND, count_up
from app.contributions.operations.sending import NotPublished
from app.core import answers
from app.core.refusals import N_, FieldError, Invalid
from app.database import db, lock, operation


@dataclass(frozen=True)
class Given:
    """An answer as it was sent; ``publish`` left out changes nothing about who may read it."""

    disposition: str
    statement: str | None = None
    text: Mapping[str, str] = field(default_factory=dict)
    publish: bool | None = None


@operation
def answer(contribution: Contribution, given: Given) -> Answer:
    """Say what became of ``contribution``; what was said before is replaced whole.

    Raises `Invalid` (also `unknown_statement`), `NotPublished`.
    """
    lock(contribution.consultation)
    db.session.refresh(contribution)
    if errors := answers.problems(given.disposition, given.statement, dict(given.text)):
        raise Invalid(errors=errors)
    if not contribution.is_published:
        raise NotPublished
    return kept(contribution.consultation, [("", contribution, given)])[0]


@operation
def answer_many(consultation: Consultation, items: Sequence[tuple[str, Given]]) -> list[Answer]:
    """Answer the contributions with these references: all of them, or none.

    Raises `Invalid` with every error at the index of its item.
    """
    lock(consultation)
    named = [reference.upper() for reference, _given in items]
    found = queries.by_references(consultation, named)
    errors: list[FieldError] = []
    for index, (reference, (_sent, given)) in enumerate(zip(named, items, strict=True)):
        wrong = answers.problems(given.disposition, given.statement, dict(given.text))
        if fault := problem_of(found.get(reference), twice=reference in named[:index]):
            wrong.insert(0, fault)
        errors += [
            FieldError(f"items.{index}.{each.field}", each.code, each.message, each.values)
            for each in wrong
        ]
    if errors:
        raise Invalid(errors=errors)
    return kept(
        consultation,
        [
            (f"items.{index}.", found[reference], given)
            for index, (reference, (_sent, given)) in enumerate(zip(named, items, strict=True))
        ],
    )


def problem_of(contribution: Contribution | None, *, twice: bool) -> FieldError | None:
    """Return why the contribution an item names cannot be answered by it."""
    if contribution is None:
        message = N_("There is no contribution with this reference")
        return FieldError("reference", "unknown_contribution", message)
    if twice:
        return FieldError("reference", "named_twice", N_("Name each contribution once"))
    if not contribution.is_published:
        return FieldError("reference", NotPublished.code, NotPublished.message)
    return None


def kept(
    consultation: Consultation, items: Sequence[tuple[str, Contribution, Given]]
) -> list[Answer]:
    """Keep checked answers, tell who is to be told now, and count what the public reads."""
    now = clock.now()
    before = queries.answers_of([contribution.id for _at, contribution, _given in items])
    made, news = [], []
    for _at, contribution, given in items:
        row = before.get(contribution.id)
        was_public = row is not None and row.is_published
        if row is None:
            row = Answer(consultation_id=consultation.id, contribution=contribution)
            db.session.add(row)
        row.disposition, row.statement = given.disposition, given.statement
        row.text, row.changed_at = dict(given.text), now
        if given.publish is not None:
            row.published_at = (row.published_at or now) if given.publish else None
        made.append(row)
        if was_public or row.is_published:
            news.append(contribution)
    db.session.flush()
    tell([each for each in made if answers.is_told_alone(each.statement)])
    fields = [f"{at}statement" for at, _contribution, _given in items]
    announce(AnswersGiven(consultation, dict(zip(fields, made, strict=True))))
    audit_of(consultation, made)
    turn_answered(news)
    return made


def tell(given: Iterable[Answer]) -> int:
    """Tell the authors of published answers, each once; return how many answers that were.

    Called inside an operation. Those without an address are told by their page alone.
    """
    fresh = [each for each in given if each.is_published and each.told_at is None]
    mails.answered(fresh)
    for each in fresh:
        each.told_at = clock.now()
    return len(fresh)


def audit_of(consultation: Consultation, made: Sequence[Answer]) -> None:
    """Write into the audit which contributions were answered, and how."""
    for each in made:
        details: dict[str, Any] = {
            "reference": each.contribution.reference,
            "disposition": each.disposition,
            "published": each.is_published,
        }
        audit.record("contribution_answered", each, consultation_id=consultation.id,
                     details=details)  # fmt: skip


def turn_answered(contributions: Sequence[Contribution]) -> None:
    """Count a change of these contributions' pages and of their sessions', in few statements."""
    now = clock.now()
    for each in contributions:
        each.revision += 1
        each.changed_at = max(now, each.changed_at + SECOND)
    for session_id in sorted({each.session_id for each in contributions}):
        count_up(session_id)
    db.session.flush()


def turn_answers_naming(consultation: Consultation, numbers: Iterable[str] | None) -> None:
    """Count a change of the pages whose answers name one of these statements, or (``None``) any.

    Called inside an operation: an edition says where they stand, an outcome what came of it.
    """
    named = select(Answer.contribution_id).where(
        Answer.consultation_id == consultation.id,
        Answer.statement.is_not(None),
        Answer.published_at.is_not(None),
    )
    if numbers is not None:
        named = named.where(Answer.statement.in_(set(numbers)))
    now = clock.now()
    later = case((Contribution.changed_at < now, now), else_=Contribution.changed_at)
    db.session.execute(
        update(Contribution)
        .where(Contribution.id.in_(named))
        .values(revision=Contribution.revision + 1, changed_at=later)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
