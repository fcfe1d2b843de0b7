"""What a participant tells of themself: cleaned, limited, and refused field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.core import languages, texts, timing
from app.core.refusals import N_, FieldError, Invalid
from app.core.vocabulary import StakeholderGroup

LONGEST = {"name": 120, "organisation": 200}


@dataclass(frozen=True)
class Details:
    """One person's details in the form in which they are stored.

    ``email`` is normalised, ``None`` only for walk-ins; ``organisation`` is empty for whoever
    speaks in a personal capacity; ``timezone`` is ``None`` for the session's own.
    """

    name: str
    email: str | None
    organisation: str = ""
    country: str | None = None
    stakeholder_group: str | None = None
    language: str = "en"
    timezone: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return them as a plain object."""
        return asdict(self)


def details(given: Mapping[str, Any], *, language: str = "en", needs_email: bool = True) -> Details:
    """Read what was typed or sent; ``language`` stands where none was given.

    Raises `Invalid` naming every wrong field at once.
    """
    errors: list[FieldError] = []

    def read(name: str, reader: Callable[[Any], Any]) -> Any:
        try:
            return reader(given.get(name))
        except Invalid as refusal:
            errors.extend(refusal.errors)
            return None

    email_given = bool(str(given.get("email") or "").strip())
    read_details = {
        "name": read("name", name),
        "email": read("email", address) if needs_email or email_given else None,
        "organisation": read("organisation", organisation),
        "country": read("country", country),
        "stakeholder_group": read("stakeholder_group", stakeholder_group),
        "language": read("language", lambda value: known_language(value, language)),
        "timezone": read("timezone", zone),
    }
    if errors:
        raise Invalid(errors=errors)
    return Details(**read_details)


def name(value: object) -> str:
    """Return a name on one line: any name of 1 to 120 characters is one."""
    kept = texts.clean_name(limited("name", value))
    if not kept:
        raise Invalid.field("name", "name_missing", N_("Enter your full name"))
    return kept


def address(value: object) -> str:
    """Return an address, normalised."""
    return texts.address(as_text("email", value))


def organisation(value: object) -> str:
    """Return an organisation of up to 200 characters; empty means in a personal capacity."""
    return texts.clean_name(limited("organisation", value))


def country(value: object) -> str | None:
    """Return an ISO 3166 code of two capital letters."""
    text = as_text("country", value).strip().upper()
    if text and not re.fullmatch("[A-Z]{2}", text):
        raise Invalid.field("country", "unknown_country", N_("Choose a country from the list"))
    return text or None


def stakeholder_group(value: object) -> str | None:
    """Return one of the eight groups."""
    text = as_text("stakeholder_group", value).strip()
    if text and text not in {group.value for group in StakeholderGroup}:
        raise Invalid.field(
            "stakeholder_group",
            "unknown_stakeholder_group",
            N_("Choose a stakeholder group from the list"),
        )
    return text or None


def known_language(value: object, otherwise: str) -> str:
    """Return the code of a language of the house."""
    code = as_text("language", value).strip() or otherwise
    if languages.known(code) is None:
        raise Invalid.field("language", "unknown_language", N_("Choose a language from the list"))
    return code


def zone(value: object) -> str | None:
    """Return the name under which a time zone is kept."""
    text = as_text("timezone", value).strip()
    return timing.canonical_zone(text) if text else None


def limited(field: str, value: object) -> str:
    """Return ``value`` trimmed; refuse what is too long before anything is done with it."""
    text = as_text(field, value).strip()
    longest = LONGEST[field]
    if len(text) > longest:
        raise Invalid.field(
            field,
            "too_long",
            N_("Use %(longest)s characters or fewer") if field != "name" else TOO_LONG_NAME,
            longest=longest,
        )
    return text


TOO_LONG_NAME = N_("Full name must be %(longest)s characters or fewer")


def as_text(field: str, value: object) -> str:
    """Return ``value`` as text; nothing is empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid.field(field, "not_a_text", N_("This must be text"))
    return value
