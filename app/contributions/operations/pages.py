"""Counters: what readers of one contribution, and of a session's contributions, see."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, update

from app import clock
from app.contributions import queries
from app.contributions.models import Book, Contribution
from app.database import db
from app.live import operations as live

SECOND = timedelta(seconds=1)


def turn_page(*contributions: Contribution) -> None:
    """Count a change of what the public reads: of each contribution, of what it answers, and of
    its session's pages. Called last in the transaction."""
    db.session.flush()
    touched: dict[int, Contribution] = {}
    for each in contributions:
        touched[each.id] = each
        if each.parent is not None:
            each.parent.comments = queries.published_comments(each.parent.id)
            touched[each.parent.id] = each.parent
    for each in touched.values():
        each.revision += 1
        each.changed_at = max(clock.now(), each.changed_at + SECOND)
    for session_id in sorted({each.session_id for each in contributions}):
        count_up(session_id)
        live.turn(session_id)
    db.session.flush()


def turn_inside(contribution: Contribution) -> None:
    """Count a change that only its author and those who run the session see."""
    live.turn(contribution.session_id, inner_only=True)


def count_up(session_id: int) -> None:
    """Raise the revision of a session's pages; their date moves on by at least a second."""
    now = clock.now()
    later = case((Book.changed_at < now, now), else_=Book.changed_at)
    found = db.session.execute(
        update(Book)
        .where(Book.session_id == session_id)
        .values(revision=Book.revision + 1, changed_at=later)
        .execution_options(synchronize_session=False)
    )
    if not found.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        db.session.add(Book(session_id=session_id, revision=1, changed_at=now))
