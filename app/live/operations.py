"""Counters of live pages, raised last in the transaction of any change they show."""

from __future__ import annotations

from sqlalchemy import update

from app import clock
from app.database import db
from app.live.models import LiveBook


def turn(session_id: int, *, inner_only: bool = False) -> None:
    """Count a change of a session's live pages; ``inner_only`` where the public sees nothing of it.

    Call it last in the operation, after every lock: the counter is a leaf.
    """
    now = clock.now()
    step = 0 if inner_only else 1
    db.session.flush()
    found = db.session.execute(
        update(LiveBook)
        .where(LiveBook.session_id == session_id)
        .values(revision=LiveBook.revision + step, inner=LiveBook.inner + 1, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    if not found.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        db.session.add(LiveBook(session_id=session_id, revision=step, inner=1, changed_at=now))
        db.session.flush()
