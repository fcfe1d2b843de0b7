"""Slugs: short names in addresses, and the words that stay free for pages of the house."""

from __future__ import annotations

import re
import secrets
import string

from app.core.refusals import N_, Invalid

PATTERN = re.compile(r"[a-z0-9-]{2,60}")
REHEARSAL = re.compile(r"rehearsal-[a-z]{10}")  # made by `for_rehearsal` alone
RESERVED = frozenset(
    {
        "about", "accessibility", "account", "accounts", "admin", "api", "archive", "assets",
        "attendance", "board", "calendar", "changes", "check-in", "checkin", "consultation",
        "consultations", "contact", "contributions", "css", "docs", "document", "documents",
        "door", "editions", "embed", "events", "export", "favicon", "feed", "feeds", "files",
        "find", "fonts", "healthz", "help", "hub", "hubs", "ideas", "import", "join", "js",
        "legal", "live", "login", "logout", "manage", "map", "media", "metrics", "my", "new",
        "people", "ping", "preview", "privacy", "programme", "projector", "questions",
        "readyz", "register", "registrations", "report", "reports", "results", "robots",
        "search", "security", "session", "sessions", "sign-in", "sign-out", "signin",
        "signout", "sitemap", "static", "statistics", "status", "subscribe", "table", "tables",
        "ticket", "tickets", "token", "tokens", "unsubscribe", "well-known",
    }
)  # fmt: skip


def checked(slug: object, *, field: str = "slug") -> str:
    """Return ``slug`` if it may name something; raises `Invalid`."""
    if not isinstance(slug, str) or not PATTERN.fullmatch(slug):
        raise Invalid.field(
            field,
            "invalid_slug",
            N_("Short name must be 2 to 60 characters: small letters, digits and hyphens"),
        )
    if slug in RESERVED or REHEARSAL.fullmatch(slug):
        raise Invalid.field(
            field, "reserved_slug", N_("“%(slug)s” is kept for a page of the site"), slug=slug
        )
    return slug


def for_rehearsal() -> str:
    """Return a name that cannot be guessed, for a copy that is listed nowhere."""
    return "rehearsal-" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(10))
