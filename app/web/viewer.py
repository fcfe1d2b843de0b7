"""Who reads, as far as the address says: language and time zone, never cookies or headers."""

from __future__ import annotations

from flask import g, has_request_context, request

from app.core import languages, timing
from app.core.refusals import Invalid


def speak(default: str) -> str:
    """Choose the page's language: ``?lang=`` if it is one of ours, else ``default``."""
    asked = languages.known(request.args.get("lang"))
    g.language = asked.code if asked else languages.nearest(default).code
    return g.language


def language() -> str:
    """Return the language of what is being rendered, as a code."""
    if not has_request_context():
        return g.get("language", "en") if g else "en"
    return g.language if "language" in g else speak("en")


def locale() -> str:
    """Return Babel's name of that language."""
    return languages.nearest(language()).locale


def zone() -> str | None:
    """Return the reader's zone from ``?tz=``; ``None`` if there is none or it is unknown."""
    return known_zone(request.args.get("tz", ""))


def known_zone(asked: str) -> str | None:
    """Return the zone called ``asked``; ``None`` if it is empty or unknown."""
    if not asked:
        return None
    try:
        return timing.canonical_zone(asked)
    except Invalid:
        return None


def zone_is_unknown() -> bool:
    """Whether ``?tz=`` names something that is no zone: the page says so in a word."""
    return bool(request.args.get("tz")) and zone() is None
