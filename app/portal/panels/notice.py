"""The privacy notice: who, why and how long, from the settings."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from app.consultations.models import Consultation

NEEDS_DAYS = 30


@dataclass(frozen=True)
class Notice:
    """What the notice says; ``rows`` are (what, why, who sees it, how long it is kept)."""

    controller: str
    contact: str
    purpose: str
    kept: str
    rows: list[tuple[str, str, str, str]]


def privacy_notice(consultation: Consultation, language: str) -> Notice:
    """Return the notice; while nobody said who the controller is, it names the site."""
    months = current_app.config["RETENTION_MONTHS"]
    kept = ngettext(
        "%(num)s month after the last session", "%(num)s months after the last session", months
    )
    return Notice(
        controller=consultation.controller or current_app.config["SITE_NAME"],
        contact=consultation.contact_email or "",
        purpose=consultation.words("purpose", language),
        kept=kept,
        rows=table(kept),
    )


def table(kept: str) -> list[tuple[str, str, str, str]]:
    """Return each kind of data with its reason, its readers and its end."""
    organisers = _("The organisers")
    needs = ngettext("%(num)s day after the session", "%(num)s days after the session", NEEDS_DAYS)
    return [
        (
            _("Name, email address, organisation, country, group"),
            _("To run the sessions, to write to you, and to count who took part"),
            _("The organisers; at the door the name only"),
            kept,
        ),
        (
            _("Your sessions, how you take part, the language and time zone you chose"),
            _("To keep your place, and to write in your language and time"),
            organisers,
            kept,
        ),
        (
            _("That you were there: scans at the door, times online"),
            _("To say how many people were there, and to confirm it to you"),
            organisers,
            kept,
        ),
        (
            _("What the door devices keep for a day without network"),
            _("To let you in when the network fails"),
            _("Door staff of that session"),
            needs,
        ),
        (
            _("What you say, with the attribution you choose"),
            _("It is the result of the consultation"),
            _("Everybody, under the attribution you chose"),
            _("Part of the public record; you can withdraw it at any time"),
        ),
        (
            _("Mails we sent you"),
            _("To show that they left, and to send them again"),
            organisers,
            kept,
        ),
    ]
