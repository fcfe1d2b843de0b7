"""What staff look for among registrations: by words, session, way, state and group, in pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from app.consultations.models import Consultation
from app.core.links import read_ticket
from app.core.texts import folded
from app.core.vocabulary import RegistrationStatus
from app.database import db
from app.programme.models import Session
from app.registration import queries
from app.registration.models import Participant, Registration

PAGE = 50
MOST_ORGANISATIONS = 1_000
LONGEST_TEXT = 200
ENDED = [status.value for status in RegistrationStatus if not status.is_live]


@dataclass(frozen=True)
class Filters:
    """What is looked for. ``state`` is a status, ``all``, or empty for all that is live.

    ``text`` finds parts of names and organisations without regard to case and diacritics, a whole
    ticket code, and parts of addresses for whoever may see them (``addresses``).
    """

    text: str = ""
    session: Session | None = None
    mode: str = ""
    state: str = ""
    group: str = ""
    addresses: bool = False


@dataclass(frozen=True)
class Found:
    """One page of registrations, how many there are in all, and the places in line by id."""

    rows: list[Registration]
    total: int
    first: int
    positions: dict[int, int]

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1


def page(consultation: Consultation, filters: Filters, *, number: int = 1) -> Found:
    """Return page ``number`` (from 1) of what ``filters`` find, the newest first."""
    wanted = matching(consultation, filters)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    offset = (min(max(number, 1), max(-(-total // PAGE), 1)) - 1) * PAGE
    rows = list(db.session.scalars(in_order(filters, consultation).limit(PAGE).offset(offset)))
    return Found(rows, total, offset + 1, queries.positions(rows))


def everything(consultation: Consultation, filters: Filters) -> list[Registration]:
    """Return all that ``filters`` find, for a file."""
    return list(db.session.scalars(in_order(filters, consultation)))


def in_order(filters: Filters, consultation: Consultation) -> Select[Any]:
    """Return the query of what is found, the newest first."""
    return (
        select(Registration)
        .where(Registration.id.in_(matching(consultation, filters)))
        .order_by(Registration.created_at.desc(), Registration.id.desc())
    )


def matching(consultation: Consultation, filters: Filters) -> Select[Any]:
    """Return the query of the ids of what is found."""
    query = (
        select(Registration.id)
        .join(Participant, Registration.participant_id == Participant.id)
        .where(Participant.consultation_id == consultation.id)
    )
    if filters.session is not None:
        query = query.where(Registration.session_id == filters.session.id)
    if filters.mode:
        query = query.where(Registration.mode == filters.mode)
    if not filters.state:
        query = query.where(Registration.status.not_in(ENDED))
    elif filters.state != "all":
        query = query.where(Registration.status == filters.state)
    if filters.group:
        query = query.where(Participant.stakeholder_group == filters.group)
    if text := filters.text.strip()[:LONGEST_TEXT]:
        query = query.where(or_(*worded(consultation, text, addresses=filters.addresses)))
    return query


def worded(consultation: Consultation, text: str, *, addresses: bool) -> list[Any]:
    """Return in SQL what a text may mean. Folding comes first, then wildcards are made plain."""
    words = folded(text)
    ways: list[Any] = [Participant.id.in_(())]
    if words:
        ways.append(Participant.search_name.contains(words, autoescape=True))
        ways.append(Participant.organisation.in_(organisations(consultation, words)))
    code, _secret = read_ticket(text)
    if code:
        ways.append(Participant.ticket_code == code)
    if addresses and words:
        ways.append(Participant.email.contains(text.lower(), autoescape=True))
    return ways


def organisations(consultation: Consultation, words: str) -> list[str]:
    """Return the organisations of a consultation whose folded name holds ``words``."""
    names = db.session.scalars(
        select(Participant.organisation)
        .where(Participant.consultation_id == consultation.id, Participant.organisation != "")
        .distinct()
        .order_by(Participant.organisation)
    )
    return [name for name in names if words in folded(name)][:MOST_ORGANISATIONS]


def by_public_ids(consultation: Consultation, ids: Collection[str]) -> list[Registration]:
    """Return the registrations of ``consultation`` with these opaque ids, in order of id."""
    return list(
        db.session.scalars(
            select(Registration)
            .join(Registration.participant)
            .where(
                Registration.public_id.in_(list(ids)[:PAGE]),
                Participant.consultation_id == consultation.id,
            )
            .order_by(Registration.id)
        )
    )


def tally(consultation: Consultation, session: Session | None) -> dict[tuple[str, str], int]:
    """Return how many registrations there are by (mode, status), in one session or in all."""
    query = (
        select(Registration.mode, Registration.status, func.count())
        .join(Session, Registration.session_id == Session.id)
        .where(Session.consultation_id == consultation.id)
        .group_by(Registration.mode, Registration.status)
    )
    if session is not None:
        query = query.where(Registration.session_id == session.id)
    return {(mode, status): number for mode, status, number in db.session.execute(query)}


def balance(consultation: Consultation, session: Session | None) -> list[tuple[str, int]]:
    """Return the stakeholder groups of confirmed people, the largest first; "" is not said."""
    number = func.count(Participant.id.distinct())
    query = (
        select(Participant.stakeholder_group, number)
        .join(Registration, Registration.participant_id == Participant.id)
        .where(
            Participant.consultation_id == consultation.id,
            Registration.status == RegistrationStatus.CONFIRMED.value,
        )
        .group_by(Participant.stakeholder_group)
        .order_by(number.desc(), Participant.stakeholder_group)
    )
    if session is not None:
        query = query.where(Registration.session_id == session.id)
    return [(group or "", count) for group, count in db.session.execute(query)]
