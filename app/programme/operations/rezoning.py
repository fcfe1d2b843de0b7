"""After new time zone data: the wall clock is the promise, the instant follows it."""

from __future__ import annotations

from app.audit import operations as audit
from app.database import lock, operation
from app.programme.models import Session
from app.programme.operations.news import conclude, picture
from app.programme.operations.times import derive_instants


@operation
def rezone(session: Session) -> bool:
    """Derive the instants again by the present rules of its zone; say whether any moved.

    People hear where the moment differs. Raises `Invalid` where the new rules skip the wall
    clock, so that somebody must choose another.
    """
    lock(session)
    before, window = picture(session), window_of(session)
    derive_instants(session, fold=session.fold, ends_fold=session.ends_fold)
    if picture(session) == before and window_of(session) == window:
        return False
    conclude(session, before)
    audit.record("session_rezoned", session, consultation_id=session.consultation_id)
    return True


def window_of(session: Session) -> tuple:
    """Return when registration opens and closes, as far as somebody said so."""
    return session.registration_opens_at, session.registration_closed_at
