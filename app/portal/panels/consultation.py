"""A consultation in a few words: cards of the first page, over-line, path of what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.consultations.models import Consultation
from app.core import timing
from app.core.vocabulary import SessionStatus
from app.portal import queries
from app.programme import panels as programme
from app.programme.models import Session
from app.reports import panels as report_panels
from app.reports import queries as reports
from app.web import filters, viewer


@dataclass(frozen=True)
class Card:
    """One consultation of the first page."""

    slug: str
    title: str
    summary: str
    facts: list[str]
    state: str
    state_words: str


def cards(consultations: Sequence[Consultation], at: datetime) -> list[Card]:
    """Return the consultations as cards: those that go on first, then the ended ones."""
    periods = queries.periods([each.id for each in consultations])
    made = [card(each, periods.get(each.id), at) for each in consultations]
    return sorted(made, key=lambda each: each.state == "done")


def card(consultation: Consultation, period, at: datetime) -> Card:
    """Return one consultation in a few words; ``period`` is first start, last end, how many."""
    language = viewer.language()
    facts, state, words = [], "", _("The programme is being prepared.")
    if period:
        starts_at, ends_at, count = period
        first, last = (wall_date(each, consultation) for each in (starts_at, ends_at))
        facts = [
            between(first, last),
            ngettext("%(num)s session", "%(num)s sessions", count),
        ]
        if at >= ends_at or consultation.status == "closed":
            state, words = "done", _("Ended")
        elif at >= starts_at:
            state, words = "open", _("Open until %(day)s", day=filters.day_long(last))
        else:
            state, words = "open", _("Begins on %(day)s", day=filters.day_long(first))
    return Card(
        slug=consultation.slug,
        title=consultation.words("title", language),
        summary=consultation.words("summary", language),
        facts=facts,
        state=state,
        state_words=words,
    )


def wall_date(at: datetime, consultation: Consultation) -> date:
    """Return the date of an instant where the consultation is at home."""
    return timing.wall(at, consultation.timezone).date()


def between(first: date, last: date) -> str:
    """Return a range of dates in words, its year once."""
    if first == last:
        return filters.day_long(first)
    return _("%(first)s to %(last)s", first=filters.day(first), last=filters.day_long(last))


def held(sessions: Sequence[Session]) -> list[Session]:
    """Return the sessions that take place on a known date, or did."""
    gone = (SessionStatus.CANCELLED, SessionStatus.POSTPONED)
    return [each for each in sessions if each.status not in gone and programme.has_date(each)]


def overline(
    consultation: Consultation, sessions: Sequence[Session], reader: programme.Reader
) -> tuple[str, list[str]]:
    """Return what stands above the title: what this is, who convened it, how long it is open."""
    facts = []
    if convenor := consultation.words("convenor", reader.language):
        facts.append(_("convened by %(convenor)s", convenor=convenor))
    if known := held(sessions):
        first = wall_date(min(each.starts_at for each in known), consultation)
        ends_at = max(each.ends_at for each in known)
        last = wall_date(ends_at, consultation)
        if reader.at >= ends_at:
            facts.append(between(first, last))
        else:
            facts.append(_("open until %(day)s", day=filters.day_long(last)))
    return _("Consultation"), facts


def path(
    consultation: Consultation, sessions: Sequence[Session], reader: programme.Reader
) -> list[tuple[str, str, str]]:
    """Return what happens with what people say, as (state, title, when); empty without dates."""
    known = held(sessions)
    if not known:
        return []
    starts_at = min(each.starts_at for each in known)
    ends_at = max(each.ends_at for each in known)
    steps: list[tuple[datetime | None, str, str]] = []
    announced_at = consultation.published_at
    if announced_at is not None and announced_at < starts_at:
        announced = wall_date(announced_at, consultation)
        steps.append((announced_at, _("Announced"), filters.day_long(announced)))
    first, last = (wall_date(each, consultation) for each in (starts_at, ends_at))
    steps.append((ends_at, _("Talks: in the room, online, in writing"), between(first, last)))
    editions, outcomes = reports.all_editions(consultation), reports.outcomes(consultation)
    if editions:
        newest = editions[-1]
        day = filters.day_long(wall_date(newest.snapshot_at, consultation))
        edition = _("edition %(number)s, %(day)s", number=newest.number, day=day)
        steps.append((newest.snapshot_at, _("Summary with sources"), edition))
    elif deadline := consultation.document_deadline:
        decided_at = max(ends_at, queries.end_of(deadline, consultation.timezone))
        by = _("by %(day)s", day=filters.day_long(deadline))
        steps.append((decided_at, _("Summary with sources"), by))
    body = consultation.words("receiving_body", reader.language)
    handed_over = body or _("The result is handed over")
    if outcomes:
        done = outcomes[-1]
        steps.append((done.changed_at, handed_over, filters.day_long(done.on)))
        became = report_panels.what_it_did(done.what)
        steps.append((done.changed_at, _("You hear what became of it"), became))
    else:
        steps.append((None, handed_over, _("reads it")))
        steps.append((None, _("You hear what became of it"), _("by email and on this page")))
    return with_states(steps, reader.at)


def has_document(consultation: Consultation) -> bool:
    """Say whether an edition of the Information Document can be read."""
    return reports.latest(consultation) is not None


def with_states(
    steps: Sequence[tuple[datetime | None, str, str]], at: datetime
) -> list[tuple[str, str, str]]:
    """Return the steps as past, now or to come; each is over at its instant, if it has one."""
    found, is_now_taken = [], False
    for over_at, title, when in steps:
        if over_at is not None and at >= over_at:
            state = "past"
        else:
            state = "to_come" if is_now_taken else "now"
            is_now_taken = True
        found.append((state, title, when))
    return found
