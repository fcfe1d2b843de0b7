"""Secrets: derived, looked up, and until when they open anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from app import clock
from app.consultations.models import Consultation
from app.core import links
from app.core.links import Purpose
from app.core.refusals import N_, NotFound, Refusal
from app.database import db
from app.programme.models import Session
from app.registration.models import Participant, Registration, Secret
from app.web import urls

MANAGE_LASTS = timedelta(days=90)


class Gone(Refusal):
    """This secret was valid once and was replaced."""

    code = "gone"
    status = 410
    message = N_("This link was replaced by a newer one and no longer works.")


class LinkExpired(Gone):
    """The consultation is long over: only "send me my link" is left.

    ``consultation`` is the one it belonged to.
    """

    code = "link_expired"
    message = N_("This link has expired. You can have a new one sent to you.")

    def __init__(self, consultation: Consultation) -> None:
        super().__init__()
        self.consultation = consultation


def token(participant: Participant, purpose: Purpose) -> str:
    """Return the secret of ``participant`` for ``purpose``, derived anew."""
    version = participant.feed_version if purpose is Purpose.FEED else participant.link_version
    return links.derive(current_app.config["LINK_KEY"], purpose, participant.public_id, version)


def join_token(registration: Registration) -> str:
    """Return the secret of one registration's way into its session's room."""
    return links.derive(
        current_app.config["LINK_KEY"],
        Purpose.JOIN,
        registration.public_id,
        registration.participant.link_version,
    )


PAGES = {
    Purpose.MANAGE: ("portal.my", "manage"),
    Purpose.FEED: ("feeds.personal", "token"),
    Purpose.UNSUBSCRIBE: ("registration.unsubscribe", "unsubscribe"),
}


def link(participant: Participant, purpose: Purpose = Purpose.MANAGE) -> str:
    """Return the whole address of a secret page of ``participant``; SITE_URL decides."""
    endpoint, argument = PAGES[purpose]
    return urls.external(endpoint, **{argument: token(participant, purpose)})


def join_link(registration: Registration) -> str:
    """Return the whole address of one registration's way into its session's room."""
    return urls.external("registration.join", join=join_token(registration))


def by_secret(token: str, purpose: Purpose) -> Secret:
    """Return what ``token`` opens. Raises `NotFound` (404), `Gone` (410), `LinkExpired` (410)."""
    found = db.session.get(Secret, links.fingerprint(token))
    if found is None or found.purpose != purpose.value:
        raise NotFound
    if found.revoked_at is not None:
        raise Gone
    if purpose is Purpose.MANAGE and has_expired(found, at=clock.now()):
        raise LinkExpired(found.participant.consultation)
    return found


def has_expired(secret: Secret, *, at: datetime) -> bool:
    """Say whether a manage link has ended: 90 days after the last session, or its own 7 days."""
    last = last_end(secret.participant.consultation_id)
    if last is None or at < last + MANAGE_LASTS:
        return False
    return secret.expires_at is None or at >= secret.expires_at


def last_end(consultation_id: int) -> datetime | None:
    """Return when the last session of a consultation ends."""
    return db.session.scalar(
        select(func.max(Session.ends_at)).where(Session.consultation_id == consultation_id)
    )


def by_join(token: str) -> Registration:
    """Return the registration behind a join link. Raises `NotFound`, `Gone`."""
    secret = by_secret(token, Purpose.JOIN)
    registration = db.session.get(Registration, secret.registration_id)
    if registration is None:
        raise NotFound
    return registration


def secret_of(participant: Participant, purpose: Purpose) -> Secret | None:
    """Return the present secret of ``participant``: when it was made and used, by what."""
    return db.session.get(Secret, links.fingerprint(token(participant, purpose)))
