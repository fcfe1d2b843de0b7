"""What we tell the people who work here: a link to sign in, an invitation to work along."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app

from app import clock
from app.accounts.models import Person
from app.consultations.models import Consultation
from app.core import links
from app.core.vocabulary import Role
from app.mail import operations as outbox


def link_secret(nonce: str) -> str:
    """Return the secret of the sign-in link made from ``nonce``.

    It is derived, not stored: a mail that waits in the outbox keeps the nonce alone.
    """
    return links.derive(current_app.config["LINK_KEY"], links.Purpose.SIGN_IN, nonce, 1)


def sign_in_link(person: Person, *, nonce: str) -> None:
    """Send the link that was asked for."""
    put("sign_in_link", person, {"nonce": nonce}, good_for=timedelta(minutes=15))


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
    put("invited_to_work", person, facts, consultation=consultation, good_for=timedelta(days=7))


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
