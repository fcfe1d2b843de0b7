"""The board's parts: its question, when it is open, its order and filters, its ideas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app import clock
from app.board import queries
from app.board.queries import Found, Numbers, Wanted
from app.contributions import panels
from app.contributions import queries as contributions
from app.contributions.models import Contribution, cap_of
from app.contributions.operations import Sent
from app.contributions.panels import Shown
from app.core import attribution, timing
from app.core import contributions as rules
from app.core.attribution import Attribution
from app.core.contributions import Kind, Source, Status
from app.core.vocabulary import ConsultationStatus, SessionStatus
from app.live import kinds
from app.orm import words
from app.programme.models import Session
from app.registration.models import Participant
from app.web import choices, filters, share, urls, viewer
from app.web.share import Share

Groups = list[tuple[str, list[tuple[str, str, bool]]]]
Address = Callable[[dict[str, str]], str]


@dataclass(frozen=True)
class Board:
    """What a page of the board shows."""

    session: Session
    phase: str
    numbers: Numbers
    found: Found
    rows: list[Shown]
    sort: Groups
    filters: list[tuple[str, str, Groups]]
    asked: tuple[int, int, str] | None
    countries: int
    kept_query: list[tuple[str, str]]
    is_filtered: bool
    previous_url: str
    next_url: str
    shuffle_url: str
    naming: str
    moderated: bool
    rules: list[str]
    supports_shown: bool


def board(session: Session, wanted: Wanted, address: Address, *, at: datetime) -> Board:
    """Return one page of the board; ``address(query)`` is where it stands under another query."""
    revision = contributions.revision_of(session.id)
    found = queries.ideas(session, wanted, revision)
    shows = contributions.supports_are_shown(session, at=at)
    counts = contributions.supports_of([row.id for row in found.rows]) if shows else None
    query = wanted.as_query()

    def at_page(number: int) -> str:
        seed = {"seed": str(found.seed)} if wanted.sort == "random" else {}
        return address(query | seed | {"page": str(number)})

    return Board(
        session=session,
        phase=phase(session, at=at),
        numbers=queries.numbers(session),
        found=found,
        rows=panels.numbers_of(found.rows, counts),
        sort=sorts(wanted),
        filters=filters_of(session, wanted),
        asked=asked(session, wanted.question),
        countries=queries.countries(session),
        kept_query=[(name, value) for name, value in query.items() if name != "page"],
        is_filtered=bool(wanted.question or wanted.group or wanted.language),
        previous_url=at_page(wanted.page - 1) if wanted.page > 1 else "",
        next_url=at_page(wanted.page + 1) if found.last < found.total and found.rows else "",
        shuffle_url=address({**query, "seed": str(next_seed(found.seed)), "page": ""})
        if wanted.sort == "random"
        else "",
        naming=naming(session),
        moderated=contributions.is_moderated_before(session, Kind.IDEA),
        rules=panels.rules(),
        supports_shown=shows,
    )


def preview(session: Session, participant: Participant, sent: Sent) -> Shown:
    """Return an idea as it would be shown if ``participant`` sent it now; nothing is kept."""
    row = Contribution(
        session=session,
        consultation=session.consultation,
        kind=Kind.IDEA.value,
        reference="",
        author={name: getattr(participant, name) or "" for name in attribution.FACTS},
        attribution=attribution.lower(sent.attribution, cap_of(session)).value,
        source=Source.PARTICIPANT.value,
        language=sent.language or participant.language,
        guiding_question=sent.guiding_question,
        title=sent.title,
        text=sent.text,
        status=Status.SUBMITTED.value,
        comments=0,
        sent_at=clock.now(),
    )
    return panels.shown(row)


def head(session: Session, *, at: datetime) -> str:
    """Return in a line whether ideas are taken and until when."""
    if at < session.starts_at:
        return _("Opens %(when)s", when=when(session, session.starts_at))
    if phase(session, at=at) == "open":
        return _("Open until %(when)s", when=when(session, session.ends_at))
    return _("Closed")


def when(session: Session, at: datetime) -> str:
    """Return an instant on the session's own clock: "Fri 1 Nov, 23:59 Zurich (CET)"."""
    day = filters.day(timing.wall(at, session.timezone))
    return filters.listed([day, kinds.words_at(session, at)])


def phase(session: Session, *, at: datetime) -> str:
    """Return where the board stands: ``to_come``, ``open`` or ``closed``."""
    if at < session.starts_at:
        return "to_come"
    running = (
        session.status == SessionStatus.PUBLISHED
        and session.consultation.status == ConsultationStatus.PUBLISHED
    )
    is_open = rules.is_open(Kind.IDEA, session.starts_at, session.ends_at, at=at)
    return "open" if running and is_open else "closed"


def filters_of(session: Session, wanted: Wanted) -> list[tuple[str, str, Groups]]:
    """Return the filters as (name, label, choices); by group only where groups are said at all."""
    found = [
        ("question", _("Question"), question_choices(session, wanted.question)),
        ("group", _("Group"), grouped(wanted.group)),
        ("language", _("Language"), [("", all_and(wanted.language, spoken(wanted.language)))]),
    ]
    if cap_of(session) == Attribution.ANONYMOUS:
        del found[1]
    return found


def grouped(chosen: str) -> Groups:
    """Return the stakeholder groups as a filter."""
    known = [(each.value, str(each.label), each.value == chosen) for each in choices.groups()[1:]]
    return [("", all_and(chosen, known))]


def all_and(chosen: str, known: list[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """Return what can be chosen, and before it everything at once."""
    return [("", _("All"), not chosen), *known]


def asked(session: Session, number: int | None) -> tuple[int, int, str] | None:
    """Return the question whose ideas are asked for: its number, of how many, its words."""
    known = dict(questions(session))
    return (number, len(known), known[number]) if number in known else None


def sorts(wanted: Wanted) -> Groups:
    """Return the orders to choose from."""
    known = (("", _("Least seen first")), ("newest", _("Newest first")), ("random", _("Random")))
    return [("", [(value, label, value == wanted.sort) for value, label in known])]


def next_seed(seed: int) -> int:
    """Return the seed of the next shuffling, the same for everybody who asks from this page."""
    return seed * 48_271 % queries.CIRCLE or 1


def question_choices(session: Session, chosen: int | None) -> Groups:
    """Return the guiding questions as a filter."""
    found = [("", _("All"), chosen is None)]
    found += [(str(number), str(number), number == chosen) for number, _text in questions(session)]
    return [("", found)]


def questions(session: Session) -> list[tuple[int, str]]:
    """Return the guiding questions in the reader's language, with their numbers."""
    consultation = session.consultation
    return [
        (each.number, words(each.text, viewer.language(), consultation.language))
        for each in consultation.guiding_questions
    ]


def spoken(chosen: str) -> list[tuple[str, str, bool]]:
    """Return the languages as a filter."""
    return [(each.value, str(each.label), each.value == chosen) for each in choices.spoken()]


def shared_board(session: Session) -> Share:
    """Return how the board is passed on."""
    consultation, spoken_here = session.consultation, viewer.language()
    return share.of_page(
        urls.external("board.ideas", consultation=consultation.slug, session=session.slug),
        f"{_('Ideas')}: {session.words('title', spoken_here)}",
        consultation.hashtag,
        session.words("description", spoken_here),
    )


def shared_contribution(contribution: Contribution) -> Share:
    """Return how a contribution's page is passed on; of a withdrawn one nothing but its name."""
    consultation, reference = contribution.consultation, contribution.reference
    named = f"{reference}: {contribution.title}" if contribution.title else reference
    return share.of_page(
        urls.external("board.contribution", consultation=consultation.slug, reference=reference),
        named,
        consultation.hashtag,
        panels.beginning(contribution.text),
    )


def naming(session: Session) -> str:
    """Return the most that is said of anybody here, where it is not everything."""
    said: dict[str, Any] = {
        Attribution.ORGANISATION: _("People are named by their organisation at most."),
        Attribution.GROUP_COUNTRY: _("People are named by group and country at most."),
        Attribution.ANONYMOUS: _("Nobody is named here (Chatham House Rule)."),
    }
    return said.get(Attribution(cap_of(session)), "")
