"""How far a consultation is, in one statement: whatever changes in it moves a figure.

Every act of coding, writing, answering, merging and erasing is in the audit; what people do
without one is counted by what they send, and by the inner counter of their session. Numbers alone
would not do: two transactions may commit in another order than that of their numbers, hence
counts and sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.audit.models import AuditEntry
from app.consultations.models import Consultation
from app.contributions.models import Answer, Contribution
from app.database import db
from app.live.models import LiveBook
from app.programme.models import Session
from app.registration.models import Registration
from app.reports.models import Citation, Excerpt, Statement
from app.reports.queries.material import Material

C = Consultation
Figures = tuple[Any, ...]


@dataclass(frozen=True)
class State:
    """How far it is: ``acts`` in the audit, what was ``said``, ``counts`` of what was made of it,
    and what is ``around`` them: the consultation itself, its sessions, who registered."""

    acts: Figures
    said: Figures
    counts: Figures
    around: Figures


def of(row: Any, *figures: ColumnElement[Any]) -> list[Any]:
    """Return figures about the rows of the consultation that is looked up.

    Rows without a consultation of their own are those of its sessions, or of its statements.
    """
    query = select().select_from(row)
    if row is Citation:
        query = query.join(Statement, Citation.statement_id == Statement.id)
        query = query.where(Statement.consultation_id == C.id)
    elif row in (Registration, LiveBook):
        query = query.join(Session, row.session_id == Session.id)
        query = query.where(Session.consultation_id == C.id)
    else:
        query = query.where(row.consultation_id == C.id)
    return [query.add_columns(each).scalar_subquery() for each in figures]


LOOKED_AT = {
    "acts": of(AuditEntry, func.count(), func.sum(AuditEntry.id), func.max(AuditEntry.id)),
    "said": [
        *of(Contribution, func.count(), func.sum(Contribution.revision)),
        *of(LiveBook, func.sum(LiveBook.inner)),
    ],
    "counts": [
        *of(Excerpt, func.count(), func.max(Excerpt.id)),
        *of(Statement, func.count(), func.sum(Statement.revision)),
        *of(Statement, func.count(Statement.reviewed_at)),
        *of(Citation, func.count()),
        *of(Answer, func.count(Answer.published_at)),
    ],
    "around": [
        C.revision,
        *of(Session, func.count(), func.sum(Session.revision)),
        *of(Registration, func.count(), func.sum(Registration.sequence)),
        *of(Registration, func.max(Registration.changed_at)),
    ],
}
QUERY = select(*(each for group in LOOKED_AT.values() for each in group))


def state_of(consultation_id: int) -> State:
    """Return how far a consultation is."""
    row = iter(db.session.execute(QUERY.where(C.id == consultation_id)).one())
    return State(**{name: tuple(next(row) for _ in group) for name, group in LOOKED_AT.items()})


def counts_of(found: Material) -> Figures:
    """Return of a material what the look-up counts of the rows it was made of."""
    return (
        len(found.excerpts),
        max(found.excerpts, default=None),
        len(found.statements),
        sum(row.revision for row in found.statements) if found.statements else None,
        sum(row.reviewed_at is not None for row in found.statements),
        sum(map(len, found.citations.values())),
        len(found.answers),
    )
