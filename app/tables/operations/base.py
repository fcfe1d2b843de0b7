"""What every operation of a café begins with, and the refusals they share."""

from __future__ import annotations

from typing import Any

from app.audit import operations as audit
from app.core.refusals import N_, NotFound, Refusal
from app.database import lock
from app.programme.models import Session

TOOL = "tables"


class RoundState(Refusal):
    """The rounds have not come so far, or are past it; subclasses say which."""

    code = "round_state"
    message = N_("The rounds do not allow this now.")


class RoundsBegan(RoundState):
    """What rounds that began rest on is never rewritten."""

    message = N_(
        "A round has begun, so tables and seats are no longer made anew. Use a change after"
        " a round instead: late arrivals, people who left, hosts, closed tables."
    )


class RoundIsHistory(RoundState):
    """A change would rewrite a round that began."""

    message = N_("Round %(number)s has begun; only later rounds can be changed.")


class NoSeating(Refusal):
    """Nobody made a plan yet."""

    code = "no_seating"
    message = N_("There are no seats yet. Make them first.")


def check(session: Session) -> None:
    """Refuse a session whose format knows no tables (404)."""
    if TOOL not in session.kind.tools:
        raise NotFound


def begin(session: Session) -> None:
    """Hold ``session`` until the transaction ends. Raises `NotFound` where it has no tables."""
    lock(session)
    check(session)


def note(session: Session, action: str, details: dict[str, Any] | None = None) -> None:
    """Write an act of staff into the audit: numbers and digests, nobody's name."""
    audit.record(action, session, consultation_id=session.consultation_id, details=details or None)
