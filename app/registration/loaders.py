"""People and registrations named in an address, of this consultation, or 404 (410 if replaced)."""

from __future__ import annotations

from typing import Any

from flask import g

from app.core.links import Purpose
from app.core.permissions import Permission
from app.core.refusals import NotFound
from app.registration import queries
from app.registration.models import Participant, Registration
from app.web import access, viewer
from app.web.loading import SeesDrafts, loads


@loads("manage", name="participant")
def manage(token: str, _loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> Participant:
    """Find whose page it is."""
    participant = queries.by_secret(token, Purpose.MANAGE).participant
    return welcome(participant)


@loads("unsubscribe", name="participant")
def unsubscribe(token: str, _loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> Participant:
    """Find whose reminders are meant."""
    return welcome(queries.by_secret(token, Purpose.UNSUBSCRIBE).participant)


@loads("join", name="registration")
def join(token: str, _loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> Registration:
    """Find the registration a join link belongs to."""
    registration = queries.by_join(token)
    welcome(registration.participant)
    return registration


@loads("registration")
def registration(public_id: str, loaded: dict[str, Any], sees_drafts: SeesDrafts) -> Registration:
    """Find it by its opaque id; the person of the page must own it.

    Where the address names no consultation (API), whoever has no role in it finds nothing.
    """
    found = queries.by_public_id(public_id)
    if found is None:
        raise NotFound
    inside = sees_drafts(found.session.consultation_id) or access.may(
        Permission.DOOR, found.session.consultation, found.session
    )
    if "consultation" not in loaded and not inside:
        raise NotFound
    here(loaded, consultation_id=found.session.consultation_id, session_id=found.session_id)
    owner = loaded.get("participant")
    if owner is not None and owner.id != found.participant_id:
        raise NotFound
    return found


@loads("participant")
def participant(public_id: str, loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> Participant:
    """Find a person by opaque id."""
    found = queries.participant_by_public_id(public_id)
    if found is None:
        raise NotFound
    here(loaded, consultation_id=found.consultation_id)
    return found


def here(loaded: dict[str, Any], *, consultation_id: int, session_id: int | None = None) -> None:
    """Refuse what belongs to another consultation or session than the address says."""
    consultation, session = loaded.get("consultation"), loaded.get("session")
    if consultation is not None and consultation.id != consultation_id:
        raise NotFound
    if session is not None and session_id is not None and session.id != session_id:
        raise NotFound


def welcome(participant: Participant) -> Participant:
    """Let the page speak the person's language, and the audit know who acts."""
    if participant.erased_at is not None:
        raise queries.Gone
    g.participant_key = participant.person
    g.consultation = participant.consultation
    viewer.speak(participant.language)
    return participant
