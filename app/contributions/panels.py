"""Contributions as pages show them: author in words, language and direction, a beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.consultations.models import Consultation
from app.contributions import queries
from app.contributions.models import Answer, Contribution
from app.core import languages, timing
from app.core.answers import Disposition
from app.core.attribution import Attribution, Author
from app.core.contributions import RULES, Kind, Source, Stance, Status
from app.registration.models import Participant
from app.web import choices, filters, viewer

BEGINNING = 170
BECAME = {
    Disposition.REFLECTED: _l("Reflected"),
    Disposition.BROUGHT_TOGETHER: _l("Brought together with similar contributions"),
    Disposition.FEW: _l("Listed among the views held by few"),
    Disposition.OUTSIDE_SCOPE: _l("Noted; outside the scope"),
    Disposition.NOT_REFLECTED: _l("Not reflected"),
}
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
    Source.SAMPLE: _l("invented sample"),
}
WAYS = {
    Attribution.NAMED: _l("With my name and organisation"),
    Attribution.ORGANISATION: _l("With my organisation only"),
    Attribution.GROUP_COUNTRY: _l("With my stakeholder group and country only"),
    Attribution.ANONYMOUS: _l("Anonymously"),
}


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
    is_sample: bool


def shown(contribution: Contribution, supports: int | None = None) -> Shown:
    """Return ``contribution`` for a page; ``supports`` where the reader may see them."""
    spoken = languages.known(contribution.language)
    kept = not contribution.is_withdrawn
    source = Source(contribution.source)
    return Shown(
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
        is_sample=kept and source is Source.SAMPLE,
    )


def author_words(author: Author) -> str:
    """Return what may be said of an author: "Ana Lindqvist, Net Nordic", "Civil society, Kenya"."""
    if author.attribution is Attribution.ANONYMOUS:
        return _("Anonymous")
    country = filters.country(author.country) if author.country else ""
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


# --- What became of it ------------------------------------------------------------------------


@dataclass(frozen=True)
class InDocument:
    """Where the document speaks of a contribution: the sentence as the edition prints it."""

    number: str
    edition: int
    day: date
    sentence: Sequence[Any]  # runs of words, which `reports/_document.html` writes
    url: str


@dataclass(frozen=True)
class Step:
    """One step of a contribution's way; ``state`` is past, now or ahead."""

    state: str
    name: str
    said: str


@dataclass(frozen=True)
class Became:
    """The published answer to a contribution, its sentence in the document, and its way so far."""

    words: str
    text: str
    number: str
    found: InDocument | None
    steps: tuple[Step, ...]


Finder = Callable[[Consultation, Iterable[str]], Mapping[str, InDocument]]


def found_in_document(
    consultation: Consultation, numbers: Iterable[str]
) -> Mapping[str, InDocument]:
    """Return where the document has these statements; it is a feature above, hence a hook."""
    finder: Finder | None = current_app.extensions.get("found_in_document")
    return finder(consultation, numbers) if finder else {}


def became(contribution: Contribution) -> Became:
    """Return what became of a contribution, as everybody may read it."""
    answer = queries.answer_to(contribution, published=True)
    number = (answer.statement or "") if answer else ""
    found = found_in_document(contribution.consultation, [number] if number else [])
    return Became(
        words=disposition_words(answer) if answer else "",
        text=answer.words(viewer.language(), contribution.consultation.language) if answer else "",
        number=number,
        found=found.get(number),
        steps=tuple(steps(contribution, answer, found.get(number))),
    )


def steps(
    contribution: Contribution, answer: Answer | None, found: InDocument | None
) -> Iterator[Step]:
    """Yield the way of a contribution: said, published, answered, in the document."""
    yield Step("past", _("Said"), day_of(contribution, contribution.sent_at))
    if contribution.published_at is not None:
        state = "past" if answer else "now"
        yield Step(state, _("Published"), day_of(contribution, contribution.published_at))
    if answer is None or answer.published_at is None:
        yield Step("ahead", _("Answered"), _("Every published contribution is answered."))
    else:
        state = "past" if found else "now"
        yield Step(state, _("Answered"), day_of(contribution, answer.published_at))
    if found is not None:
        name = _("In the document, edition %(number)s", number=found.edition)
        yield Step("now", name, filters.day(found.day))
    elif answer is None or answer.statement:
        yield Step("ahead", _("In the document"), "")


def day_of(contribution: Contribution, at: datetime) -> str:
    """Return a day in words, where the session is."""
    return filters.day(timing.wall(at, contribution.session.timezone))


def answered_rows(participant: Participant) -> list[tuple[Contribution, str]]:
    """Return what a participant said that is published, each with what became of it, or ""."""
    mine = [each for each in queries.of_participant(participant) if each.is_public]
    known = queries.answers_of([each.id for each in mine], published=True)
    return [
        (each, disposition_words(known[each.id]) if each.id in known else "")
        for each in mine
        if each.is_published
    ]


def disposition_words(answer: Answer) -> str:
    """Return what became of it: "Reflected in § 3.1", "Noted; outside the scope"."""
    disposition, number = Disposition(answer.disposition), answer.statement
    if number is None:
        return str(BECAME[disposition])
    if disposition is Disposition.REFLECTED:
        return _("Reflected in § %(number)s", number=number)
    if disposition is Disposition.BROUGHT_TOGETHER:
        return _("Brought together with similar contributions in § %(number)s", number=number)
    return _("Listed among the views held by few, § %(number)s", number=number)
