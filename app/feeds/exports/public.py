"""Feeds that everybody may read: the programme, what filters leave of it, one session."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from app import clock, formats
from app.consultations import queries as consultations
from app.core.refusals import NotFound
from app.core.vocabulary import Mode
from app.feeds import queries
from app.feeds.exports.draft import Draft, finish, named, site
from app.programme import entries
from app.programme import queries as programme
from app.programme.models import Session
from app.web import filters
from app.web.documents import Document

PUBLIC = {
    "Cache-Control": "public, max-age=300, stale-while-revalidate=3600",
    "Access-Control-Allow-Origin": "*",
}


@dataclass(frozen=True)
class Wanted:
    """What the address of a public feed asks for; what nobody offers matches nothing."""

    format: str = ""
    mode: str = ""
    language: str = ""
    lang: str = ""

    def matches(self, session: Session) -> bool:
        """Whether ``session`` belongs into this feed."""
        return (
            self.format in ("", session.format)
            and (not self.mode or self.mode in [mode.value for mode in session.modes])
            and (not self.language or self.language in session.languages)
        )

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set."""
        named = {"format": self.format, "mode": self.mode, "language": self.language}
        return {name: value for name, value in named.items() if value}


def of_programme(slug: str, wanted: Wanted, state: Hashable) -> Document:
    """Return the programme's feed, or the part of it that ``wanted`` filters."""
    consultation = consultations.by_slug(slug)
    if consultation is None:
        raise NotFound
    language = wanted.lang or consultation.language
    draft = Draft(clock.now(), language, changed=[consultation.changed_at])
    moves = queries.moves(consultation.id)
    for session in programme.feed_of(consultation, at=draft.now):
        if wanted.matches(session) and is_shown(session, draft):
            add_public(draft, session, moves)
    with entries.speaking(language):
        title = consultation.words("title", language)
        name = " · ".join([title, *filter_words(wanted)])
        about = _(
            "The programme of %(title)s: every session, at the time of its place.", title=title
        )
    query = urlencode({**wanted.filters, **({"lang": wanted.lang} if wanted.lang else {})})
    source = f"{site()}/{slug}/calendar.ics" + (f"?{query}" if query else "")
    return finish(
        draft,
        state,
        ("programme", consultation.id, name, source, consultation.revision),
        name=name,
        about=about,
        page=f"{site()}/{slug}/",
        source=source,
        zone=consultation.timezone,
        headers=PUBLIC | named(slug),
    )


def is_shown(session: Session, draft: Draft) -> bool:
    """Whether the public feed holds ``session``; a withdrawn one for sixty days after its end."""
    if session.is_public:
        return True
    if not entries.is_withdrawn(session):
        return False
    poster = entries.poster_of(session, draft.language)
    forgotten_at = poster.ends_at + queries.WITHDRAWN_FOR
    draft.turns.append(forgotten_at)
    return draft.now < forgotten_at


def add_public(draft: Draft, session: Session, moves: dict[int, Any], *, busy=False) -> None:
    """Add what everybody may read of ``session``."""
    draft.changed.append(entries.poster_of(session, draft.language).changed_at)
    if not entries.is_gone(session):
        draft.note_end(session)
    draft.add(
        session,
        ("public", session.uid, draft.language, busy),
        (session.revision, session.consultation.language, session.consultation.slug, site()),
        lambda: entries.entry_for(
            session, draft.language, site=site(), busy=busy, moved_from=moves.get(session.id)
        ),
    )


def filter_words(wanted: Wanted) -> list[str]:
    """Return what a filtered feed is called after the consultation's title."""
    words = []
    if wanted.format in formats.every():
        words.append(_(formats.of(wanted.format).name))
    if wanted.mode in list(Mode):
        words.append(_("online") if wanted.mode == Mode.ONLINE else _("on site"))
    if wanted.language:
        words.append(filters.language(wanted.language))
    return words


def of_session(consultation_slug: str, slug: str, lang: str, state: Hashable) -> Document:
    """Return the feed of one session, which is also its "add to calendar"."""
    consultation = consultations.by_slug(consultation_slug)
    session = programme.by_slug(consultation, slug) if consultation else None
    if consultation is None or session is None:
        raise NotFound
    language = lang or consultation.language
    draft = Draft(clock.now(), language)
    add_public(draft, session, queries.moves(consultation.id), busy=True)
    title = entries.poster_of(session, language).title
    page = entries.page_url(session, site())
    source = f"{page}calendar.ics" + (f"?{urlencode({'lang': lang})}" if lang else "")
    return finish(
        draft,
        state,
        ("session", session.id, session.revision, language, consultation.language, source),
        name=title,
        about=consultation.words("title", language),
        page=page,
        source=source,
        zone=session.timezone,
        headers=PUBLIC | named(slug),
    )
