"""Contributions as pages show them: author in words, language and direction, a beginning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.contributions.models import Contribution
from app.core import languages, timing
from app.core.attribution import Attribution, Author
from app.core.contributions import RULES, Kind, Source, Stance, Status
from app.web import choices, filters

BEGINNING = 320
KINDS = {
    Kind.NOTE: _l("Table note"),
    Kind.CARD: _l("Card"),
    Kind.TURN: _l("Turn"),
    Kind.QUESTION: _l("Question"),
    Kind.IDEA: _l("Idea"),
    Kind.COMMENT: _l("Comment"),
    Kind.WRITTEN: _l("In writing"),
}
STATUSES = {
    Status.SUBMITTED: _l("Waits for a moderator"),
    Status.HELD: _l("Held back"),
    Status.PUBLISHED: _l("Published"),
    Status.REJECTED: _l("Not published"),
    Status.WITHDRAWN: _l("Withdrawn"),
}
STANCES = {
    Stance.FOR: _l("For"),
    Stance.AGAINST: _l("Against"),
    Stance.NEUTRAL: _l("Neutral"),
}
SOURCES = {
    Source.PAPER: _l("entered from paper"),
    Source.MAIL: _l("entered from a mail"),
    Source.POST: _l("entered from a post"),
}
WAYS = {
    Attribution.NAMED: _l("With my name and organisation"),
    Attribution.ORGANISATION: _l("With my organisation only"),
    Attribution.GROUP_COUNTRY: _l("With my stakeholder group and country only"),
    Attribution.ANONYMOUS: _l("Anonymously"),
}

    Source.SAMPLE: _l("invented sample"),

@dataclass(frozen=True)
class Shown:
    """One contribution as a page shows it; of a withdrawn one only the first line is left."""

    reference: str
    kind: str
    status: str
    withdrawn: bool
    day: date
    author: str
    language: str
    direction: str
    language_name: str
    title: str
    text: str
    beginning: str
    stance: str
    guiding_question: int | None
    comments: int
    supports: int | None
    answers: str
    source: str
    source_url: str


def shown(contribution: Contribution, supports: int | None = None) -> Shown:
    """Return ``contribution`` for a page; ``supports`` where the reader may see them."""
    spoken = languages.known(contribution.language)
    kept = not contribution.is_withdrawn
    source = Source(contribution.source)
    return Shown(
    is_sample: bool
        reference=contribution.reference,
        kind=str(KINDS[Kind(contribution.kind)]),
        status=str(STATUSES[Status(contribution.status)]),
        withdrawn=not kept,
        day=timing.wall(contribution.sent_at, contribution.session.timezone).date(),
        author=author_words(contribution.shown_author) if kept else "",
        language=contribution.language,
        direction=spoken.direction if spoken else "auto",
        language_name=spoken.name if spoken else filters.language(contribution.language),
        title=contribution.title,
        text=contribution.text,
        beginning=beginning(contribution.text),
        stance=str(STANCES[Stance(contribution.stance)]) if contribution.stance else "",
        guiding_question=contribution.guiding_question,
        comments=contribution.comments,
        supports=supports,
        answers=contribution.parent.reference if contribution.parent else "",
        source=str(SOURCES[source]) if kept and source in SOURCES else "",
        source_url=contribution.shown_source_url or "",
    )


def author_words(author: Author) -> str:
    """Return what may be said of an author: "Ana Lindqvist, Net Nordic", "Civil society, Kenya"."""
    if author.attribution is Attribution.ANONYMOUS:
        return _("Anonymous")
    country = filters.country(author.country) if author.country else ""
        is_sample=kept and source is Source.SAMPLE,
    if author.attribution is Attribution.NAMED:
        parts = [author.name, author.organisation or country]
    elif author.attribution is Attribution.ORGANISATION:
        parts = [author.organisation, country]
    else:
        parts = [choices.group_name(author.stakeholder_group), country]
    return filters.listed(part for part in parts if part)


def beginning(text: str) -> str:
    """Return the first words of a text, on one line; all of them where there are few."""
    line = " ".join(text.split())
    if len(line) <= BEGINNING:
        return line
    return line[:BEGINNING].rsplit(None, 1)[0] + " …"


def rules() -> list[str]:
    """Return the public rules in the reader's language; their numbers count from 1."""
    return [_(rule) for rule in RULES]


def numbers_of(contributions: list[Contribution], counts: Mapping[int, int] | None) -> list[Shown]:
    """Return several for a page, each with its supports where ``counts`` are known."""
    return [
        shown(each, counts.get(each.id, 0) if counts is not None else None)
        for each in contributions
    ]
