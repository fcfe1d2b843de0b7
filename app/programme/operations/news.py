"""After a change: counters are raised, the public list is written, those concerned are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.announcements import announce
from app.consultations import operations as consultations
from app.core.vocabulary import SessionStatus
from app.database import db
from app.programme.announcements import SessionMoved
from app.programme.models import Change, Session

MEANING = ("starts_at", "ends_at", "timezone", "venue", "join_url", "status", "to_be_announced")
SHOWN_AS_CHANGE = ("title", "starts", "ends", "timezone", "venue", "capacity")


def picture(session: Session) -> dict[str, Any]:
    """Return what a reader sees of ``session``, to tell afterwards what changed."""
    return {
        "title": session.title,
        "description": session.description,
        "starts": session.starts.isoformat(timespec="minutes"),
        "ends": session.ends.isoformat(timespec="minutes"),
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "timezone": session.timezone,
        "venue": session.venue,
        "join_url": session.join_url,
        "capacity": session.capacity,
        "status": session.status,
        "to_be_announced": session.to_be_announced,
    }


def conclude(session: Session, before: dict[str, Any], *, tell: bool = True) -> None:
    """Raise the counters, note what the public sees as a change, and tell those concerned."""
    after = picture(session)
    different = [name for name in after if after[name] != before[name]]
    meaning = [name for name in MEANING if name in different]
    modes_changed = set(before["capacity"]) != set(after["capacity"])
    was_known = session.ever_public or before["status"] != "draft"
    if (meaning or modes_changed) and was_known:
        session.sequence += 1
    if session.is_public and not session.ever_public:
        session.ever_public = True
        session.published_at = clock.now()
    note_change(session, before, after, different)
    touch(session)
    keep_last_public(session, before)
    if tell and meaning and was_known:
        announce(SessionMoved(session, at_once=is_soon(before) or is_soon(after)))


def is_soon(seen: dict[str, Any]) -> bool:
    """Say whether what was `picture`d runs or starts within two hours: nobody can wait to hear."""
    now = clock.now()
    return seen["starts_at"] <= now + timedelta(hours=2) and seen["ends_at"] > now


def touch(session: Session) -> None:
    """Raise the revisions of what changed visibly; called last in the transaction."""
    session.revision += 1
    session.changed_at = later(session.changed_at)
    consultations.touch(session.consultation, at=session.changed_at)


def later(instant: datetime) -> datetime:
    """Return now, but at least a second after ``instant``: calendar apps count in seconds."""
    return max(clock.now(), instant + timedelta(seconds=1))


def note_change(session: Session, before: dict, after: dict, different: list[str]) -> None:
    """Add a line to "What changed" where the public sees a difference."""
    was_public = before["status"] != "draft"
    if not (was_public or session.is_public):
        return
    if before["status"] != after["status"]:
        kind = {
            "draft": "withdrawn", "published": "published" if not was_public else "restored",
        }.get(after["status"], after["status"])  # fmt: skip
        shown = ["status"]
    else:
        shown = [name for name in SHOWN_AS_CHANGE if name in different]
        kind = "changed"
    if not shown:
        return
    db.session.add(
        Change(
            consultation_id=session.consultation_id,
            session=session,
            at=clock.now(),
            kind=kind,
            before={name: before[name] for name in shown},
            after={name: after[name] for name in shown},
        )
    )


def keep_last_public(session: Session, before: dict[str, Any]) -> None:
    """Keep what the public last saw while it is withdrawn: its draft is nobody's business."""
    if session.is_public:
        session.last_public = None
    elif before["status"] != SessionStatus.DRAFT and session.consultation.is_public:
        session.last_public = {
            "title": before["title"],
            "starts_at": before["starts_at"].isoformat(),
            "ends_at": before["ends_at"].isoformat(),
            "timezone": before["timezone"],
            "sequence": session.sequence,
            "changed_at": session.changed_at.isoformat(),
        }
