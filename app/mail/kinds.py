"""Kinds of mail: a feature registers what a kind says, this file turns it into words.

A renderer gets the frozen facts and returns a `Mail`; the words are in
``templates/mail/<kind>/{subject.txt,body.txt,body.html}``. It runs without a request, in the
language of the person. Personal links are marks in the stored body (`Words.link`): what they lead
to is filled in at sending, by resolvers, and never stored.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import css_inline
from flask import current_app, g
from flask_babel import force_locale
from markupsafe import escape

from app.core import languages

INLINE = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
PERSONAL_LINK = "[personal link]"
SUBJECT_LENGTH = 60
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What renderers and resolvers may read of a mail: plain values, no row."""

    id: int
    kind: str
    person: str
    subject_id: int | None
    to_address: str
    to_name: str
    language: str
    timezone: str | None
    facts: dict[str, Any]
    message_id: str
    dtstamp: datetime
    sequence: int | None
    consultation_id: int | None


Facts = dict[str, Any]


@dataclass(frozen=True)
class Mail:
    """What a kind says: the names its templates use, and a calendar part with its METHOD.

    ``subject_forms`` replace names for the subject, the longest form first: the first that fits
    into 60 characters is taken. ``sender`` is the name in From. ``optional`` mail carries a way
    out of it, which needs a link called ``unsubscribe``; service mail never does.
    """

    context: dict[str, Any]
    calendar: bytes | None = None
    method: str | None = None
    sender: str = ""
    subject_forms: tuple[dict[str, Any], ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Words:
    """A mail as stored: with marks where personal links go. ``calendar`` is unfolded text."""

    subject: str
    text: str
    html: str
    sender_name: str
    calendar: str | None = None
    method: str | None = None
    unsubscribe: str | None = None

    def stored(self) -> bytes:
        """Return it as the bytes of the outbox."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def read(cls, body: bytes) -> Words:
        """Return what `stored` wrote."""
        return cls(**json.loads(body))


class LinkGone(Exception):
    """A personal link of this mail leads nowhere any more: it must not be sent."""


Renderer = Callable[[Envelope, Facts], Mail]
Resolver = Callable[[Envelope], "str | None"]
_renderers: dict[str, Renderer] = {}
_resolvers: dict[str, Resolver] = {}


def kind(name: str) -> Callable[[Renderer], Renderer]:
    """Register the renderer of mails of this kind."""

    def decorate(renderer: Renderer) -> Renderer:
        _renderers[name] = renderer
        return renderer

    return decorate


def link(name: str) -> Callable[[Resolver], Resolver]:
    """Register what the mark ``name`` becomes at sending: an address, or ``None`` if it is gone."""

    def decorate(resolver: Resolver) -> Resolver:
        _resolvers[name] = resolver
        return resolver

    return decorate


def names() -> list[str]:
    """Return every registered kind."""
    return sorted(_renderers)


def mark(mail: Envelope, name: str) -> str:
    """Return what stands in a stored body for a personal link.

    It carries a number nobody can know beforehand, so that no name or title can hold a mark.
    """
    if name not in _resolvers:
        raise KeyError(name)
    return f"[[{name}.{_nonce(mail)}]]"


def _nonce(mail: Envelope) -> str:
    return hashlib.sha256(mail.message_id.encode()).hexdigest()[:12]


# --- Facts to words ---------------------------------------------------------------------------


def render(mail: Envelope) -> Words:
    """Write the mail, in its person's language. Needs no request and opens no transaction."""
    spoken = languages.nearest(mail.language)
    with current_app.app_context():
        g.language = spoken.code
        with force_locale(spoken.locale):
            said = _renderers[mail.kind](mail, mail.facts)
            context = {
                "link": lambda name: mark(mail, name),
                "lang": spoken.code,
                "dir": spoken.direction,
                "ltr": isolated if spoken.direction == "rtl" else str,
                "site_name": current_app.config["SITE_NAME"],
                **said.context,
            }
            words = Words(
                subject=_subject(mail.kind, context, said.subject_forms),
                text=_paragraphs(_part(mail.kind, "body.txt", context)),
                html=INLINE.inline(_part(mail.kind, "body.html", context)),
                sender_name=said.sender or current_app.config["SITE_NAME"],
                calendar=_unfolded(said.calendar),
                method=said.method,
                unsubscribe=mark(mail, "unsubscribe") if said.optional else None,
            )
    return words


def isolated(text: str) -> str:
    """Return ``text`` set from left to right inside a line that runs the other way."""
    return f"\u2066{text}\u2069" if text else ""


def _part(kind_name: str, file: str, context: dict[str, Any]) -> str:
    template = current_app.jinja_env.get_template(f"mail/{kind_name}/{file}")
    return template.render(context)


def _paragraphs(text: str) -> str:
    """Return a text with one blank line between its paragraphs, whatever its blocks left out."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _subject(kind_name: str, context: dict[str, Any], forms: tuple[dict[str, Any], ...]) -> str:
    """Return the first form that fits into 60 characters; where none does the title is cut."""
    forms = forms or ({},)
    for form in forms:
        text = one_line(_part(kind_name, "subject.txt", context | form))
        if len(text) <= SUBJECT_LENGTH:
            return text
    last = context | forms[-1]
    title = str(last.get("title", ""))
    room = max(len(title) - (len(text) - SUBJECT_LENGTH) - 1, 1)
    short = title[:room].rstrip() + "…"
    return one_line(_part(kind_name, "subject.txt", last | {"title": short}))


def one_line(text: str) -> str:
    """Return ``text`` for a header: one line, no control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _unfolded(calendar: bytes | None) -> str | None:
    return None if calendar is None else calendar.decode().replace("\r\n ", "")


# --- Marks to links ---------------------------------------------------------------------------


def fill(words: Words, mail: Envelope) -> Words:
    """Return ``words`` with every mark replaced by the person's own link, for sending only.

    Raises `LinkGone` where one of them was revoked meanwhile.
    """
    found: dict[str, str] = {}

    def target_of(match: re.Match[str]) -> str:
        name = match[1]
        if name not in found:
            target = _resolvers[name](mail)
            if target is None:
                raise LinkGone(name)
            found[name] = target
        return found[name]

    return _replaced(words, mail, target_of)


def for_staff(words: Words, mail: Envelope) -> Words:
    """Return ``words`` as staff may read them."""
    return _replaced(words, mail, lambda _: PERSONAL_LINK)


def _replaced(words: Words, mail: Envelope, put: Callable[[re.Match[str]], str]) -> Words:
    marks = re.compile(rf"\[\[([a-z_]+)\.{_nonce(mail)}\]\]")
    return replace(
        words,
        text=marks.sub(put, words.text),
        html=marks.sub(lambda found: escape(put(found)), words.html),
        calendar=marks.sub(put, words.calendar) if words.calendar is not None else None,
        unsubscribe=marks.sub(put, words.unsubscribe) if words.unsubscribe is not None else None,
    )
