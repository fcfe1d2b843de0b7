"""What can happen to sessions. One function per verb: lock, read, decide, write, tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app import clock, formats
from app.announcements import announce
from app.audit import operations as audit
from app.consultations import operations as consultations
from app.consultations.models import Consultation
from app.core import agenda as agendas
from app.core import links, slugs, timing
from app.core.refusals import N_, ChangedMeanwhile, Invalid, Refusal
from app.core.vocabulary import Mode, SessionStatus
from app.database import Localized, db, lock, operation
from app.programme import queries
from app.programme.announcements import (
    CapacityChanged,
    ModesRemoved,
    SessionCancelled,
    SessionDeleted,
    SessionMoved,
    SessionRestored,
)
from app.programme.models import AgendaItem, Change, Session

TIMES = {"starts", "ends", "timezone", "fold", "ends_fold"}
WINDOW = {"registration_opens", "registration_closes"}
MEANING = ("starts_at", "ends_at", "timezone", "venue", "join_url", "status", "to_be_announced")
PLAIN = (
    "title", "description", "venue", "join_url", "recording_url", "waiting_list", "languages",
    "registration_opens", "registration_closes", "to_be_announced",
)  # fmt: skip
SHOWN_AS_CHANGE = ("title", "starts", "ends", "timezone", "venue", "capacity")


class NotADraft(Refusal):
    """Something the public has seen, or that people are registered in, is not deleted."""

    code = "not_a_draft"
    message = N_("Only a draft that was never published and holds no registration can be deleted.")


class NotCancelled(Refusal):
    """Only a cancelled session can be restored."""

    code = "not_cancelled"
    message = N_("This session is not cancelled.")


@operation
def create(
    consultation: Consultation,
    *,
    slug: str,
    title: Localized,
    format: str,
    starts: datetime,
    ends: datetime,
    timezone: str,
    fold: int | None = None,
    ends_fold: int | None = None,
    capacity: dict[str, int | None] | None = None,
    agenda: Sequence[dict[str, Any]] | None = None,
    settings: dict[str, Any] | None = None,
    languages: Sequence[str] | None = None,
    status: str = SessionStatus.DRAFT,
    uid_host: str = "open-talks.invalid",
    **content: Any,
) -> Session:
    """Add a session. What is left out comes from the format and the consultation.

    ``starts`` and ``ends`` are wall clocks in ``timezone``. Raises `Invalid` naming the field.
    """
    lock(consultation)
    slugs.checked(slug)
    if queries.by_slug(consultation, slug) is not None:
        raise Invalid.field(
            "slug", "duplicate_slug", "“%(slug)s” is the name of another session here", slug=slug
        )
    kind = formats.of(format)
    now = clock.now()
    session = Session(
        consultation=consultation,
        slug=slug,
        uid=f"{links.new_id()}{links.new_id()[:6]}@{uid_host}",
        format=kind.key,
        title=title,
        starts=starts,
        ends=ends,
        timezone=timezone,
        capacity=checked_capacity(kind, capacity),
        settings=kind.checked_settings(settings or {}),
        languages=list(languages or consultation.languages),
        to_be_announced=content.pop("to_be_announced", None) or [],
        waiting_list=content.pop("waiting_list", True),
        created_at=now,
        changed_at=now,
        **content,
    )
    derive_instants(session, fold=fold, ends_fold=ends_fold)
    set_agenda(session, agenda if agenda is not None else default_agenda(session))
    db.session.add(session)
    db.session.flush()
    audit.record("session_created", session, consultation_id=consultation.id)
    if status == SessionStatus.PUBLISHED:
        publish(session)
    return session


@operation
def change(
    session: Session,
    changes: dict[str, Any],
    *,
    revision: int | None = None,
    keep: str | None = None,
) -> Session:
    """Replace the named fields whole; people hear what differs for them.

    ``keep`` says what stays when only ``timezone`` changes: ``wall_clock`` or ``instant``.
    Raises `ChangedMeanwhile`, `Invalid`.
    """
    lock(session.consultation)
    lock(session)
    if revision is not None and revision != session.revision:
        raise ChangedMeanwhile
    before = picture(session)
    changes = dict(changes)
    status = changes.pop("status", None)
    apply_slug(session, changes)
    apply_times(session, changes, keep)
    capacity_changed = apply_capacity(session, changes)
    if "settings" in changes:
        session.settings = session.kind.checked_settings(changes["settings"])
    if "agenda" in changes:
        set_agenda(session, changes["agenda"])
    for name in PLAIN:
        if name in changes:
            setattr(session, name, changes[name])
    if changes.keys() & (WINDOW | TIMES):
        derive_window(session)
    if status is not None and status != session.status:
        set_status(session, status)
    conclude(session, before)
    audit.record(
        "session_changed",
        session,
        consultation_id=session.consultation_id,
        details={"fields": sorted([*changes, *(["status"] if status else [])])},
    )
    if capacity_changed:
        announce(CapacityChanged(session))
    return session


@operation
def publish(session: Session) -> None:
    """Let everybody see it, as soon as its consultation is public."""
    lock(session)
    before = picture(session)
    set_status(session, SessionStatus.PUBLISHED)
    conclude(session, before)


@operation
def cancel(session: Session, *, reason: Localized | None = None) -> Session:
    """Call it off: everybody registered is told at once, the entry stays as a tombstone."""
    lock(session.consultation)
    lock(session)
    if session.status == SessionStatus.CANCELLED:
        return session
    before = picture(session)
    session.status = SessionStatus.CANCELLED.value
    session.cancel_reason = reason
    session.notice_due_at = None
    conclude(session, before, tell=False)
    announce(SessionCancelled(session))
    audit.record("session_cancelled", session, consultation_id=session.consultation_id)
    return session


@operation
def restore(session: Session) -> Session:
    """Let a cancelled session take place after all."""
    lock(session.consultation)
    lock(session)
    if session.status != SessionStatus.CANCELLED:
        raise NotCancelled
    before = picture(session)
    session.status = SessionStatus.PUBLISHED.value if session.ever_public else "draft"
    session.cancel_reason = None
    conclude(session, before, tell=False)
    announce(SessionRestored(session))
    audit.record("session_restored", session, consultation_id=session.consultation_id)
    return session


@operation
def delete(session: Session) -> None:
    """Remove a draft that nobody has seen and nobody is in."""
    lock(session.consultation)
    lock(session)
    if session.ever_public or session.status != SessionStatus.DRAFT:
        raise NotADraft
    announce(SessionDeleted(session))
    audit.record("session_deleted", session, consultation_id=session.consultation_id)
    db.session.delete(session)


@operation
def move_agenda_item(session: Session, *, position: int, by: int) -> None:
    """Move the line at ``position`` (from 0) one up (``by=-1``) or down (``by=1``)."""
    lock(session)
    order = agendas.moved([item.id for item in session.agenda], position, by)
    places = {item_id: index for index, item_id in enumerate(order)}
    for item in session.agenda:
        item.position = places[item.id]
    db.session.flush()
    db.session.refresh(session, ["agenda"])
    touch(session)


# What the verbs share.


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
    if (meaning or modes_changed) and (session.ever_public or before["status"] != "draft"):
        session.sequence += 1
    if session.is_public and not session.ever_public:
        session.ever_public = True
        session.published_at = clock.now()
    note_change(session, before, after, different)
    touch(session)
    keep_last_public(session, before)
    if tell and meaning and before["status"] != "draft":
        now = clock.now()
        soon = session.starts_at <= now + timedelta(hours=2) and session.ends_at > now
        announce(SessionMoved(session, at_once=soon))


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


def touch(session: Session) -> None:
    """Raise the revisions of what changed visibly; called last in the transaction."""
    session.revision += 1
    session.changed_at = later(session.changed_at)
    consultations.touch(session.consultation)


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


def set_status(session: Session, status: str) -> None:
    """Change the status; going back to draft leaves a tombstone in the feed."""
    session.status = SessionStatus(status).value


def apply_slug(session: Session, changes: dict[str, Any]) -> None:
    """Rename it while nobody knows the old address."""
    slug = changes.pop("slug", session.slug)
    if slug == session.slug:
        return
    if session.ever_public and session.consultation.published_at is not None:
        raise consultations.SlugFrozen
    slugs.checked(slug)
    if queries.by_slug(session.consultation, slug) is not None:
        raise Invalid.field(
            "slug", "duplicate_slug", "“%(slug)s” is the name of another session here", slug=slug
        )
    session.slug = slug


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
    if opens and closes and session.registration_closed_at <= session.registration_opens_at:
        raise Invalid.field(
            "registration_closes",
            "closes_before_opens",
            "Registration must close after it opens",
        )


def fold_of(instant: datetime, zone: str) -> int:
    """Return 1 where ``instant`` is the second of two that read alike on the wall."""
    both = timing.instants(timing.wall(instant, zone), zone)
    return int(len(both) > 1 and both[-1] == instant)


def checked_capacity(
    kind: formats.SessionFormat, capacity: dict[str, int | None] | None
) -> dict[str, int | None]:
    """Return the places by mode; the format's default where nothing was said."""
    if capacity is None:
        return {mode.value: places for mode, places in kind.default_capacity.items()}
    for mode, places in capacity.items():
        if mode not in [m.value for m in kind.modes]:
            raise Invalid.field(
                f"capacity.{mode}",
                "mode_not_offered",
                "This format is not held in this mode: %(mode)s",
                mode=mode,
            )
        if places is not None and not 0 <= places <= 1_000_000:
            raise Invalid.field(
                f"capacity.{mode}", "invalid_capacity", "Places must be 0 or more, or empty"
            )
    return {mode.value: capacity[mode.value] for mode in kind.modes if mode.value in capacity}


def apply_capacity(session: Session, changes: dict[str, Any]) -> bool:
    """Set the places by mode; say whether they differ. A mode that people hold stays."""
    if "capacity" not in changes and "waiting_list" not in changes:
        return False
    new = checked_capacity(session.kind, changes.get("capacity", session.capacity))
    gone = [Mode(mode) for mode in session.capacity if mode not in new]
    if gone:
        announce(ModesRemoved(session, tuple(gone)))
    different = new != session.capacity
    session.capacity = new
    return different


def default_agenda(session: Session) -> list[dict[str, Any]]:
    """Return the format's running order, in English source words for the page to translate."""
    settings = session.kind.settings(session.settings)
    parts = session.kind.agenda(session.period.minutes, settings)
    return [{"title": {"en": part.title}, "minutes": part.minutes} for part in parts]


def set_agenda(session: Session, items: Sequence[dict[str, Any]]) -> None:
    """Replace the running order: ``title`` (localized), ``minutes``, and ``who`` if given."""
    session.agenda = [
        AgendaItem(
            position=position,
            title=item["title"],
            minutes=item["minutes"],
            who=item.get("who") or "",
        )
        for position, item in enumerate(items)
    ]
