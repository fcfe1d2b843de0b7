"""Questions in writing: what became of them in the session."""

from __future__ import annotations

from app import clock
from app.contributions import operations as contributions
from app.contributions.models import Contribution
from app.contributions.operations import NotPublished
from app.core.contributions import Kind
from app.core.refusals import NotFound
from app.database import db, lock, operation
from app.floor import queries
from app.floor.models import QuestionMark


@operation
def mark_question(question: Contribution, *, read: bool = False, answered: bool = False) -> None:
    """Note that a question was read out, or answered (which it cannot be unread).

    Raises `NotFound` for anything but a question, `NotPublished`.
    """
    lock(question.session)
    lock(question)
    if question.kind != Kind.QUESTION:
        raise NotFound
    if not question.is_published:
        raise NotPublished
    now = clock.now()
    mark = queries.mark_of(question)
    if mark is None:
        mark = QuestionMark(contribution_id=question.id)
        db.session.add(mark)
    if (read or answered) and mark.read_at is None:
        mark.read_at = now
    if answered and mark.answered_at is None:
        mark.answered_at = now
    contributions.turn_page(question)
