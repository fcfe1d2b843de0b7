"""What we tell the people who work here: a link to sign in, an invitation to work along."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app

from app import clock
from app.accounts import queries
from app.accounts.models import Person, role_name
from app.consultations.models import Consultation
from app.core import links
from app.core.vocabulary import Role
from app.database import words
from app.mail import kinds
from app.mail import operations as outbox
from app.web.urls import external

LINK_MINUTES = 15
INVITATION_DAYS = 7
# What the frame of all mails asks for, and mails to staff do not have.
FRAME = {"press_by": None, "opened": True, "contact": None}


def link_secret(nonce: str) -> str:
    """Return the secret of the sign-in link made from ``nonce``.

    It is derived, not stored: a mail that waits in the outbox keeps the nonce alone.
    """
    return links.derive(current_app.config["LINK_KEY"], links.Purpose.SIGN_IN, nonce, 1)


def sign_in_link(person: Person, *, nonce: str) -> None:
    """Send the link that was asked for."""
    put("sign_in_link", person, {"nonce": nonce}, good_for=timedelta(minutes=LINK_MINUTES))


def invited_to_work(
    person: Person, consultation: Consultation, *, role: Role, nonce: str, invited_by: str
) -> None:
    """Say who asks for what, where, and let them in."""
    facts = {
        "nonce": nonce,
        "role": role.value,
        "consultation": consultation.title,
        "first_language": consultation.language,
        "invited_by": invited_by,
    }
    put(
        "invited_to_work",
        person,
        facts,
        consultation=consultation,
        good_for=timedelta(days=INVITATION_DAYS),
    )


def put(
    kind: str,
    person: Person,
    facts: dict[str, Any],
    *,
    good_for: timedelta,
    consultation: Consultation | None = None,
) -> None:
    """Write the intent; a link that has run out is not worth sending."""
    outbox.put(
        kind,
        person=f"person:{person.id}",
        to_address=person.email,
        to_name=person.name,
        language=person.language,
        timezone=person.timezone,
        facts=facts,
        consultation_id=consultation.id if consultation else None,
        not_after=clock.now() + good_for,
    )


# --- The words --------------------------------------------------------------------------------


@kinds.link("sign_in")
def sign_in_address(mail: kinds.Envelope) -> str | None:
    """Return where the button leads; nowhere once it was used or is too old."""
    secret = link_secret(mail.facts["nonce"])
    link = queries.sign_in_link(links.fingerprint(secret))
    if link is None or not link.is_good(at=clock.now()):
        return None
    return external("accounts.use_link", secret=secret)


@kinds.kind("sign_in_link")
def sign_in_link_words(_mail: kinds.Envelope, _facts: kinds.Facts) -> kinds.Mail:
    """The link that was asked for, and for how long it is good."""
    return kinds.Mail(context=FRAME | {"consultation": site_name(), "minutes": LINK_MINUTES})


@kinds.kind("invited_to_work")
def invited_words(mail: kinds.Envelope, facts: kinds.Facts) -> kinds.Mail:
    """Who asks, for what, where, and the link that lets them in."""
    title = words(facts["consultation"], mail.language, facts["first_language"])
    return kinds.Mail(
        context=FRAME
        | {
            "consultation": title,
            "title": title,
            "role": role_name(facts["role"]),
            "invited_by": facts["invited_by"],
            "days": INVITATION_DAYS,
        }
    )


def site_name() -> str:
    """Return the installation's name."""
    return current_app.config["SITE_NAME"]
