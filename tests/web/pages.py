"""What a page shows, and what of it is still English."""

from __future__ import annotations

import re
from html.parser import HTMLParser

SHOWN_ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "data-l", "data-label")
LATIN = re.compile(r"[A-Za-z]{3,}")
ENGLISH = re.compile(r"\b(the|your|you|and|of|with|this|not|is|are|to|for|by)\b", re.IGNORECASE)
# Latin on an Arabic page: names, addresses and codes that are the same in every language.
SAME_EVERYWHERE = re.compile(
    r"https?://\S+|webcal://\S+|\S+@\S+|[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+|UTC\S*|GMT|CES?T|JST|EDT"
    r"|ICT Discovery|Geneva|Google|Outlook|WhatsApp|Telegram|Coyhaique|[0-9A-Z]{5}-[0-9A-Z]{5}"
    r"|QR|CSV|\.ics|Open Talks|English|Français|Español|iCal\w*"
)
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Shown(HTMLParser):
    """Collects what a reader sees or hears; what is marked as another language is left out."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.texts: list[str] = []
        self.hidden: list[bool] = []

    def handle_starttag(self, tag, attributes):
        """Note the shown attributes; know whether the content is for readers of this page."""
        held = dict(attributes)
        foreign = held.get("lang", self.language) != self.language
        hidden = tag in ("script", "style", "template") or foreign or any(self.hidden[-1:])
        if not hidden:
            self.texts += [held[name] for name in SHOWN_ATTRIBUTES if held.get(name)]
            if tag == "input" and held.get("type") in ("submit", "button"):
                self.texts.append(held.get("value") or "")
        if tag not in VOID:
            self.hidden.append(hidden)

    def handle_endtag(self, tag):
        """Leave an element."""
        if tag not in VOID and self.hidden:
            self.hidden.pop()

    def handle_data(self, data):
        """Keep a text that is shown."""
        if not any(self.hidden[-1:]) and data.strip():
            self.texts.append(" ".join(data.split()))


def english_left(page: str, language: str, catalog) -> list[str]:
    """Return the texts of ``page`` that are English: known ones, and any that looks so."""
    shown = Shown(language)
    shown.feed(page)
    known = untranslated(catalog)
    return [text for text in shown.texts if text in known or looks_english(text, language)]


def untranslated(catalog) -> set[str]:
    """Return the English texts that the language says in another way."""
    found = set()
    for message in catalog:
        if isinstance(message.id, str) and message.id and message.id != message.string:
            found.add(" ".join(message.id.split()))
    others = {message.string for message in catalog if isinstance(message.string, str)}
    return found - others  # "Format" is French, too


def looks_english(text: str, language: str) -> bool:
    """Whether ``text`` has words that only English has; in Arabic any Latin word is one."""
    if language == "ar":
        return bool(LATIN.search(SAME_EVERYWHERE.sub("", text)))
    return bool(ENGLISH.search(text))
