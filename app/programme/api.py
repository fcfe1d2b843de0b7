"""Sessions under `/api/v1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app

from app.consultations.models import Consultation
from app.core.capacity import Places
from app.core.permissions import Permission
from app.core.vocabulary import Mode
from app.programme import operations, queries
from app.programme.models import Session
from app.programme.schemas import (
    Cancellation,
    SessionChange,
    SessionNew,
    SessionOut,
    columns,
    refuse_impossible_times,
    shown,
)
from app.web import access, api
from app.web.access import public_or_token, requires
from app.web.openapi import documented

bp = Blueprint(
    "programme_api", __name__, url_prefix="/api/v1/consultations/<consultation>/sessions"
)


@bp.get("")
@documented("List the sessions of a consultation, in order of time", lists=SessionOut)
@public_or_token
def sessions(consultation: Consultation):
    """Answer with a page of sessions."""
    inside = access.sees_drafts(consultation.id)
    seen = queries.all_of(consultation) if inside else queries.public_of(consultation)
    return api.listing(seen, place, described, str, int)


@bp.post("")
@documented("Add a session", takes=SessionNew, gives=SessionOut, made=True)
@requires(Permission.CHANGE_PROGRAMME)
def create(consultation: Consultation):
    """Add a session."""
    body = api.read(SessionNew)
    named = columns(body, consultation.language)
    refuse_impossible_times(named)

    def act() -> tuple[int, api.Ids]:
        host = current_app.config["UID_HOST"]
        session = operations.create(consultation, uid_host=host, **named)
        return 201, {"session": session.id}

    return api.perform(act, by_number)


@bp.get("/<session>")
@documented("Read a session", gives=SessionOut)
@public_or_token
def read(consultation: Consultation, session: Session):
    """Answer with one session."""
    return now(session)


@bp.patch("/<session>")
@documented("Change a session", takes=SessionChange, gives=SessionOut)
@requires(Permission.CHANGE_PROGRAMME)
def change(consultation: Consultation, session: Session):
    """Replace the named fields whole."""
    changes = columns(api.read(SessionChange), consultation.language)
    revision, keep = changes.pop("revision", None), changes.pop("keep", None)
    return now(operations.change(session, changes, revision=revision, keep=keep))


@bp.delete("/<session>")
@documented("Delete a draft that was never published and holds nobody", gives=SessionOut)
@requires(Permission.CHANGE_PROGRAMME)
def delete(consultation: Consultation, session: Session):
    """Delete a draft, and answer with what it was."""
    last = described([session])[0]
    operations.delete(session)
    return api.answer(last)


@bp.post("/<session>/cancel")
@documented(
    "Call a session off; everybody registered is told", takes=Cancellation, gives=SessionOut
)
@requires(Permission.CHANGE_PROGRAMME)
def cancel(consultation: Consultation, session: Session):
    """Call it off."""
    reason = columns(api.read(Cancellation), consultation.language).get("reason")

    def act() -> tuple[int, api.Ids]:
        return 200, {"session": operations.cancel(session, reason=reason).id}

    return api.perform(act, by_number)


@bp.post("/<session>/restore")
@documented("Let a cancelled session take place after all", gives=SessionOut)
@requires(Permission.CHANGE_PROGRAMME)
def restore(consultation: Consultation, session: Session):
    """Take the cancellation back."""

    def act() -> tuple[int, api.Ids]:
        return 200, {"session": operations.restore(session).id}

    return api.perform(act, by_number)


def place(session: Session) -> tuple[str, int]:
    """Return where it stands in the list."""
    return session.starts_at.isoformat(), session.id


def now(session: Session) -> Response:
    """Answer with ``session`` as it is now."""
    return api.answer(described([session])[0])


def by_number(session: int) -> dict[str, Any]:
    """Return the answer about the session numbered so."""
    found = queries.by_id(session)
    assert found is not None
    return described([found])[0]


def described(sessions: Sequence[Session]) -> list[dict[str, Any]]:
    """Return the answers about ``sessions`` of one consultation."""
    if not sessions:
        return []
    inside = access.sees_drafts(sessions[0].consultation_id)
    places = places_of(sessions)
    return [shown(session, places[session.id], inside=inside) for session in sessions]


def places_of(sessions: Sequence[Session]) -> dict[int, dict[Mode, Places]]:
    """Return the places of each session by its id.

    Who counts people is a higher feature: it sets the hook ``places_of``.
    """
    count = current_app.extensions.get("places_of")
    if count is not None:
        return count(sessions)
    return {
        session.id: {mode: Places(session.capacity[mode.value]) for mode in session.modes}
        for session in sessions
    }
