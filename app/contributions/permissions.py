"""Who acts under `…/contributions`: a participant by manage or join link, or staff by a token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, make_response, request

from app.contributions import queries as contributions
from app.core.links import Purpose
from app.core.permissions import Permission
from app.core.refusals import N_, Invalid, NotFound
from app.programme.models import Session
from app.registration import operations as registrations
from app.registration import queries
from app.registration.models import Participant
from app.web import access, loading

ACTS = Permission.RUN_LIVE


def acts(view: Callable) -> Callable:
    """Whoever sends, as bearer, a manage link's secret, a join link's, or a token for live.

    A join link acts in its own session only. Nobody: 401 before anything is looked at.
    """

    def run(**kwargs: Any):
        g.acting = by_link()
        if g.acting is None:
            g.actor = access.identify()
            if g.actor is None:
                raise access.Unauthenticated
        elif "Idempotency-Key" in request.headers:
            message = "Only requests with a token can carry an Idempotency-Key"
            raise Invalid.field("Idempotency-Key", "invalid_key", message)
        loaded = loading.load(with_own(kwargs), sees_drafts=access.sees_drafts)
        if g.acting is None:
            access.require(ACTS, loaded)
        else:
            check_place(loaded)
        return access.private(make_response(view(**loaded)))

    return access.mark(view, run, ACTS.value)


def by_link() -> tuple[Participant, int | None] | None:
    """Return whose link was sent, and the id of the only session it acts in, if there is one."""
    kind, _sep, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not 0 < len(secret.strip()) <= 200:
        return None
    for purpose in (Purpose.MANAGE, Purpose.JOIN):
        try:
            found = queries.by_secret(secret.strip(), purpose)
        except NotFound:
            continue
        g.participant_key = found.participant.person
        session_id = None
        if purpose is Purpose.JOIN:
            session_id = queries.by_join(secret.strip()).session_id
        return found.participant, session_id
    return None


def with_own(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of the address; an author reaches what is theirs and not published."""
    reference = kwargs.get("reference")
    if g.acting is None or reference is None:
        return kwargs
    found = contributions.by_reference(reference.upper())
    mine = found is not None and found.participant_id == g.acting[0].id
    if not mine:
        return kwargs
    return {name: kwargs[name] for name in kwargs if name != "reference"} | {"contribution": found}


def check_place(loaded: dict[str, Any]) -> None:
    """Refuse a link outside its consultation (404), or outside its session (403)."""
    participant, session_id = g.acting
    if loaded["consultation"].id != participant.consultation_id:
        raise NotFound
    here = loaded.get("session") or loaded["contribution"].session
    if session_id is not None and here.id != session_id:
        raise access.Forbidden


def participant_of(session: Session, named: str | None) -> Participant:
    """Return for whom it is done: the link's own person, who is opened by it, or the one named.

    Raises `Invalid` (`unknown_participant`) where a token names nobody of this consultation.
    """
    if g.acting is not None:
        participant = g.acting[0]
        if named is not None and named != participant.public_id:
            raise access.Forbidden
        if not participant.is_opened:
            registrations.open(participant)
        return participant
    if named is None:
        raise Invalid.field("participant", "missing_field", N_("This field is required"))
    found = queries.participant_by_public_id(named)
    if (
        found is None
        or found.consultation_id != session.consultation_id
        or found.erased_at is not None
    ):
        raise Invalid.field("participant", "unknown_participant", N_("Nobody here has this number"))
    return found
