"""What a session is made of: name in the address, places by mode, running order, status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale, gettext

from app import formats
from app.announcements import announce
from app.consultations import operations as consultations
from app.core import languages, slugs
from app.core.refusals import N_, Invalid, Refusal
from app.core.vocabulary import Mode, SessionStatus
from app.programme import queries
from app.programme.announcements import ModesRemoved
from app.programme.models import AgendaItem, Session


class IsCancelled(Refusal):
    """A cancelled session gets another status only by being restored."""

    code = "session_cancelled"
    message = N_("This session is cancelled. Restore it first.")


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
    """Return the format's running order, in every language of the session's consultation."""
    settings = session.kind.settings(session.settings)
    parts = session.kind.agenda(session.period.minutes, settings)
    spoken = [languages.known(code) for code in session.consultation.languages]
    titles: list[dict[str, str]] = [{} for _part in parts]
    for language in [each for each in spoken if each] or [languages.nearest("en")]:
        with force_locale(language.locale):
            for part, title in zip(parts, titles, strict=True):
                title[language.code] = gettext(part.title, **part.values)
    return [
        {"title": title, "minutes": part.minutes} for part, title in zip(parts, titles, strict=True)
    ]


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


def set_status(session: Session, status: str) -> None:
    """Change the status; going back to draft leaves a tombstone in the feed.

    Raises `IsCancelled`: only `restore` brings a cancelled session back, and tells its people.
    """
    if session.status == SessionStatus.CANCELLED and status != SessionStatus.CANCELLED:
        raise IsCancelled
    session.status = SessionStatus(status).value
