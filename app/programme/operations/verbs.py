"""The verbs of sessions: lock, read, decide, write, tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app import clock, formats
from app.announcements import announce
from app.audit import operations as audit
from app.consultations.models import Consultation
from app.core import agenda as agendas
from app.core import links, slugs
from app.core.refusals import N_, ChangedMeanwhile, Invalid, Refusal
from app.core.vocabulary import SessionStatus
from app.database import Localized, db, lock, operation
from app.programme import queries
from app.programme.announcements import (
    CapacityChanged,
    SessionCancelled,
    SessionDeleted,
    SessionRestored,
)
from app.programme.models import Session
from app.programme.operations.content import (
    apply_capacity,
    apply_slug,
    checked_capacity,
    default_agenda,
    set_agenda,
    set_status,
)
from app.programme.operations.news import conclude, picture, touch
from app.programme.operations.times import (
    TIMES,
    WINDOW,
    apply_times,
    derive_instants,
    derive_window,
)

PLAIN = (
    "title", "description", "venue", "join_url", "stream_url", "recording_url", "waiting_list",
    "languages", "registration_opens", "registration_closes", "to_be_announced",
)  # fmt: skip


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
