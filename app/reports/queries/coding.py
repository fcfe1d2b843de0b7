"""Coding: which published contributions are marked and answered, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import contains_eager

from app.consultations.models import Consultation
from app.contributions.models import Answer, Contribution
from app.contributions.queries import Parent, is_public
from app.core.contributions import Status
from app.core.vocabulary import SessionStatus
from app.database import db
from app.programme.models import Session
from app.reports.models import Excerpt, Statement, Theme

C = Contribution
PAGE = 25
SHOWS = ("uncoded", "unanswered", "all")
CODED = exists().where(Excerpt.contribution_id == C.id)
ANSWERED = exists().where(Answer.contribution_id == C.id, Answer.published_at.is_not(None))


@dataclass(frozen=True)
class Progress:
    """How far the rapporteur is: published contributions, marked ones, answered ones."""

    total: int
    coded: int
    answered: int


def readable(query: Any, consultation: Consultation) -> Any:
    """Narrow a query on contributions to those that are published, and may be read, now."""
    return (
        query.outerjoin(Parent, C.parent_id == Parent.id)
        .join(Session, C.session_id == Session.id)
        .where(
            C.consultation_id == consultation.id,
            C.status == Status.PUBLISHED.value,
            Session.status != SessionStatus.DRAFT.value,
            is_public(),
        )
    )


def progress(consultation: Consultation) -> Progress:
    """Return how far it is: one statement."""
    query = select(
        func.count(),
        func.count().filter(CODED),
        func.count().filter(ANSWERED),
    ).select_from(C)
    found = db.session.execute(readable(query, consultation)).one()
    return Progress(found[0], found[1], found[2])


def listed(
    consultation: Consultation, show: str, *, session: str = "", after: int = 0
) -> list[Contribution]:
    """Return a page of contributions and one more, by id above ``after``."""
    query = readable(select(C), consultation).where(C.id > after)
    if show == "uncoded":
        query = query.where(~CODED)
    elif show == "unanswered":
        query = query.where(~ANSWERED)
    if session:
        query = query.where(Session.slug == session)
    parent = contains_eager(C.parent.of_type(Parent)).lazyload(Parent.session)  # else: only answers
    query = query.options(contains_eager(C.session), parent)
    return list(db.session.scalars(query.order_by(C.id).limit(PAGE + 1)).unique())


def next_uncoded(consultation: Consultation, after: Contribution) -> str | None:
    """Return the reference of the next one nobody marked; after the last the first."""
    query = readable(select(C.reference, (C.id > after.id).label("is_after")), consultation)
    query = query.where(~CODED, C.id != after.id).order_by((C.id > after.id).desc(), C.id)
    found = db.session.execute(query.limit(1)).first()
    return found.reference if found else None


def sentences(consultation: Consultation) -> list[tuple[str, dict[str, str]]]:
    """Return number and words of every sentence as printed, without what they cite."""
    query = select(Statement.number, Statement.text).join(Theme, Statement.theme_id == Theme.id)
    query = query.where(Statement.consultation_id == consultation.id)
    rows = db.session.execute(query.order_by(Theme.number, Statement.place, Statement.id))
    return [(row.number, row.text) for row in rows]


def excerpts_of(ids: list[int]) -> dict[int, int]:
    """Return how many excerpts each of these contributions has."""
    query = select(Excerpt.contribution_id, func.count()).where(Excerpt.contribution_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Excerpt.contribution_id))}
