"""Counters of live pages, raised last in the transaction of any change they show."""

from __future__ import annotations

from sqlalchemy import update

from app import clock
from app.database import db, lock, operation
from app.live.models import LiveBook
from app.programme.models import Session


def turn(session_id: int, *, inner_only: bool = False) -> None:
    """Count a change of a session's live pages; ``inner_only`` where the public sees nothing of it.

    Call it last in the operation, after every lock: the counter is a leaf.
    """
    now = clock.now()
    step, dated = (0, {}) if inner_only else (1, {"changed_at": now})  # the date is public
    db.session.flush()
    found = db.session.execute(
        update(LiveBook)
        .where(LiveBook.session_id == session_id)
        .values(revision=LiveBook.revision + step, inner=LiveBook.inner + 1, **dated)
        .execution_options(synchronize_session=False)
    )
    if not found.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        db.session.add(LiveBook(session_id=session_id, revision=step, inner=1, changed_at=now))
        db.session.flush()


@operation
def renew_stage(session: Session) -> None:
    """Make the projector's key anew: whoever holds the old one sees numbers, not names."""
    lock(session)
    turn(session.id, inner_only=True)
    db.session.execute(
        update(LiveBook)
        .where(LiveBook.session_id == session.id)
        .values(stage_version=LiveBook.stage_version + 1)
        .execution_options(synchronize_session=False)
    )
