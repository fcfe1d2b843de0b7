"""The times of a session: wall clocks are set, instants derived from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.core import timing
from app.core.refusals import Invalid
from app.programme.models import Session

TIMES = {"starts", "ends", "timezone", "fold", "ends_fold"}
WINDOW = {"registration_opens", "registration_closes"}


def apply_times(session: Session, changes: dict[str, Any], keep: str | None) -> None:
    """Set wall clocks and zone, and derive the instants again."""
    if not changes.keys() & TIMES:
        return
    zone = changes.get("timezone", session.timezone)
    fold, ends_fold = changes.get("fold"), changes.get("ends_fold")
    if zone != session.timezone and keep == "instant":
        session.starts = timing.wall(session.starts_at, zone)
        session.ends = timing.wall(session.ends_at, zone)
        fold, ends_fold = fold_of(session.starts_at, zone), fold_of(session.ends_at, zone)
    elif zone != session.timezone and keep != "wall_clock":
        raise Invalid.field(
            "keep",
            "keep_missing",
            "With another time zone, say what stays: “wall_clock” or “instant”",
        )
    if fold is None and "starts" not in changes and zone == session.timezone:
        fold = session.fold
    if ends_fold is None and "ends" not in changes and zone == session.timezone:
        ends_fold = session.ends_fold
    session.timezone = zone
    session.starts = changes.get("starts", session.starts)
    session.ends = changes.get("ends", session.ends)
    derive_instants(session, fold=fold, ends_fold=ends_fold)


def derive_instants(session: Session, *, fold: int | None, ends_fold: int | None) -> None:
    """Derive the instants from the wall clocks; refuses gaps, asks about overlaps."""
    zone = session.timezone
    session.starts_at = timing.instant(session.starts, zone, fold=fold, field="starts")
    session.ends_at = timing.instant(session.ends, zone, fold=ends_fold, field="ends")
    session.fold, session.ends_fold = fold or 0, ends_fold or 0
    if session.ends_at <= session.starts_at:
        raise Invalid.field("ends", "ends_before_start", "The end must be after the start")
    derive_window(session)


def derive_window(session: Session) -> None:
    """Derive when registration opens and closes, wall clocks in the session's zone."""
    zone = session.timezone
    opens, closes = session.registration_opens, session.registration_closes
    session.registration_opens_at = (
        timing.instant(opens, zone, field="registration_opens") if opens else None
    )
    session.registration_closed_at = (
        timing.instant(closes, zone, field="registration_closes") if closes else None
    )
    opens_at, closed_at = session.registration_opens_at, session.registration_closed_at
    if opens_at is not None and closed_at is not None and closed_at <= opens_at:
        raise Invalid.field(
            "registration_closes",
            "closes_before_opens",
            "Registration must close after it opens",
        )


def fold_of(instant: datetime, zone: str) -> int:
    """Return 1 where ``instant`` is the second of two that read alike on the wall."""
    both = timing.instants(timing.wall(instant, zone), zone)
    return int(len(both) > 1 and both[-1] == instant)
