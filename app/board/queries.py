"""Reads of the board: what a page depends on, one page of ideas, what waits for its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, false, func, literal, select
from sqlalchemy.orm import aliased

from app import clock
from app.board.models import Draft, KeptIdea
from app.consultations.models import Consultation
from app.contributions.models import Book, Contribution, Support, cap_of
from app.core import languages
from app.core.attribution import Attribution
from app.core.contributions import Kind, Status
from app.core.vocabulary import ConsultationStatus, SessionStatus, StakeholderGroup
from app.database import db
from app.programme.models import Session
from app.registration.models import Participant
from app.web import pages, public_forms

C, S = Contribution, Session
PAGE = 50
CIRCLE = 1_000_003  # the prime in whose circle `Contribution.spin` lies
STEP = 7_919
SORTS = ("newest", "random")  # and, unsaid, the least seen
FILTERS = ("sort", "seed", "question", "group", "language", "page")
IS_IDEA = C.kind == Kind.IDEA.value
Parent = aliased(Contribution)
PUBLIC = (
    Consultation.status != ConsultationStatus.DRAFT.value,
    S.status != SessionStatus.DRAFT.value,
)
OF_BOARD = (
    select(
        S.id,
        S.revision,
        S.starts_at,
        S.ends_at,
        S.changed_at,
        Consultation.revision.label("consultation"),
        Consultation.changed_at.label("consultation_changed_at"),
        Book.revision.label("book"),
        Book.changed_at.label("book_changed_at"),
    )
    .join(Consultation, S.consultation_id == Consultation.id)
    .outerjoin(Book, Book.session_id == S.id)
    .where(Consultation.slug == bindparam("consultation"), S.slug == bindparam("session"), *PUBLIC)
)
OF_ONE = (
    select(
        C.id,
        C.revision,
        C.changed_at,
        Parent.revision.label("parent"),
        S.revision.label("session"),
        S.ends_at,
        Consultation.revision.label("consultation"),
        Consultation.changed_at.label("consultation_changed_at"),
    )
    .join(S, C.session_id == S.id)
    .join(Consultation, C.consultation_id == Consultation.id)
    .outerjoin(Parent, C.parent_id == Parent.id)
    .where(
        Consultation.slug == bindparam("consultation"),
        C.reference == bindparam("reference"),
        *PUBLIC,
    )
)


def of_board(consultation: str, session: str) -> pages.State | None:
    """Return the state of the board under the filters of the address: one statement, no rows."""
    found = board_row(consultation, session)
    if found is None:
        return None
    return state_of(found, board_query(request.args), version_of_board(found, at=clock.now()))


def of_data(consultation: str, session: str) -> pages.State | None:
    """Return the state of the board's files and feed, which know no filters."""
    found = board_row(consultation, session)
    return None if found is None else state_of(found, {}, version_of_data(found))


def board_row(consultation: str, session: str) -> Any:
    """Return what pages of a session's board depend on; ``None`` where it is not public."""
    values = {"consultation": consultation, "session": session}
    return db.session.execute(OF_BOARD, values).one_or_none()


def version_of_data(found: Any) -> tuple[Any, ...]:
    """Return what a board's files depend on. Supports are no part of it."""
    return found.id, found.revision, found.consultation, found.book or 0


def version_of_board(found: Any, *, at: datetime) -> tuple[Any, ...]:
    """Return what a board's page depends on: while ideas are taken also the hour its form signs."""
    is_open = found.starts_at <= at < found.ends_at
    return (*version_of_data(found), *([public_forms.current_hour()] if is_open else []))


def version_of_contribution(found: Any) -> tuple[Any, ...]:
    """Return what a contribution's page depends on."""
    return found.id, found.revision, found.parent or 0, found.session, found.consultation


def state_of(found: Any, query: dict[str, str], version: tuple[Any, ...]) -> pages.State:
    """Return a board's state: revisions of consultation, session and what is said in it."""
    dates = [found.changed_at, found.consultation_changed_at, found.book_changed_at]
    return pages.State(
        query,
        version,
        max(date for date in dates if date is not None),
        lambda: sorted([found.starts_at, found.ends_at]),
    )


def of_contribution(consultation: str, reference: str) -> pages.State | None:
    """Return the state of one contribution's page."""
    values = {"consultation": consultation, "reference": reference.upper()}
    found = db.session.execute(OF_ONE, values).one_or_none()
    if found is None:
        return None
    return pages.State(
        pages.reader_query(request.args),
        version_of_contribution(found),
        max(found.changed_at, found.consultation_changed_at),
        lambda: [found.ends_at],
    )


# --- One page of ideas ------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a board's address asks for; ``seed`` belongs to a random order."""

    sort: str = ""
    seed: int | None = None
    question: int | None = None
    group: str = ""
    language: str = ""
    page: int = 1

    def as_query(self) -> dict[str, str]:
        """Return it as the canonical part of an address."""
        return pages.canonical(
            sort=self.sort,
            seed=str(self.seed) if self.seed else "",
            question=str(self.question) if self.question else "",
            group=self.group,
            language=self.language,
            page=str(self.page) if self.page > 1 else "",
        )


@dataclass(frozen=True)
class Found:
    """A page of ideas: the rows, their places in the whole (from 1), the seed they came by."""

    rows: list[Contribution]
    first: int
    last: int
    total: int
    seed: int


@dataclass(frozen=True)
class Numbers:
    """How much a board holds; of what cannot be read the number remains."""

    ideas: int
    comments: int
    withdrawn: int
    rejected: int


def wanted_of(args: Mapping[str, str]) -> Wanted:
    """Return what an address asks for; what means nothing is not asked for."""
    sort = args.get("sort", "")
    sort = sort if sort in SORTS else ""
    spoken = languages.known(args.get("language"))
    return Wanted(
        sort=sort,
        seed=whole(args.get("seed"), CIRCLE - 1) if sort == "random" else None,
        question=whole(args.get("question"), 9_999),
        group=group if (group := args.get("group", "")) in set(StakeholderGroup) else "",
        language=spoken.code if spoken else "",
        page=whole(args.get("page"), 9_999) or 1,
    )


def whole(text: str | None, most: int) -> int | None:
    """Return a whole number from 1 to ``most``; ``None`` for anything else."""
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > 9:
        return None
    return int(text) if 1 <= int(text) <= most else None


def board_query(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the canonical query of a board's page."""
    return pages.reader_query(sent) | wanted_of(sent).as_query()


def ideas(session: Session, wanted: Wanted, revision: int) -> Found:
    """Return one page of the published ideas, in an order that is the same for everybody.

    The least seen first: those with the fewest comments, and among these the circle of ``spin``
    begins elsewhere with every ``revision``, so that each has its turn on top. A random order
    steps round the circle by its seed; one without a seed takes the revision's.
    """
    seed = wanted.seed or 1 + revision * STEP % (CIRCLE - 1)
    matching = [C.session_id == session.id, IS_IDEA, C.status == Status.PUBLISHED.value]
    if wanted.question is not None:
        matching.append(C.guiding_question == wanted.question)
    if wanted.group:
        matching += said_of(session, "stakeholder_group", wanted.group)
    if wanted.language:
        matching.append(C.language == wanted.language)
    circle = literal(CIRCLE, BigInteger)
    if wanted.sort == "newest":
        order: tuple[Any, ...] = (C.id.desc(),)
    elif wanted.sort == "random":
        order = ((C.spin * literal(seed, BigInteger)) % circle, C.id)
    else:
        turned = (C.spin + literal(revision * STEP % CIRCLE, BigInteger)) % circle
        order = (C.comments, turned, C.id)
    total = db.session.scalars(select(func.count(C.id)).where(*matching)).one()
    start = (wanted.page - 1) * PAGE
    chosen = select(C.id).where(*matching).order_by(*order).offset(start).limit(PAGE)
    ids = list(db.session.scalars(chosen))  # sorted without the texts
    by_id = {row.id: row for row in db.session.scalars(select(C).where(C.id.in_(ids)))}
    rows = [by_id[number] for number in ids]
    return Found(rows, start + 1, start + len(rows), total, seed)


def said_of(session: Session, fact: str, value: str | None = None) -> list[ColumnElement[bool]]:
    """Return the conditions under which an idea's author is shown with a ``fact`` (group, country).

    Nothing is found of those who are not named by it: neither by their choice nor by the session's.
    """
    if cap_of(session) == Attribution.ANONYMOUS:
        return [false()]
    known = C.author[fact].as_string()
    is_it = known == value if value is not None else and_(known.is_not(None), known != "")
    return [C.attribution != Attribution.ANONYMOUS.value, is_it]


def countries(session: Session) -> int:
    """Return from how many countries published ideas come, as far as their authors say it."""
    return db.session.scalars(
        select(func.count(func.distinct(C.author["country"].as_string()))).where(
            C.session_id == session.id,
            IS_IDEA,
            C.status == Status.PUBLISHED.value,
            *said_of(session, "country"),
        )
    ).one()


def numbers(session: Session) -> Numbers:
    """Return how many ideas and comments there are, and how many cannot be read any more."""
    rows = db.session.execute(
        select(C.status, func.count(C.id), func.sum(C.comments))
        .where(C.session_id == session.id, IS_IDEA)
        .group_by(C.status)
    )
    by_status = {status: (count, int(comments or 0)) for status, count, comments in rows}
    published = by_status.get(Status.PUBLISHED.value, (0, 0))
    return Numbers(
        *published,
        withdrawn=by_status.get(Status.WITHDRAWN.value, (0, 0))[0],
        rejected=by_status.get(Status.REJECTED.value, (0, 0))[0],
    )


def most_supported(session: Session, limit: int = 10) -> list[tuple[Contribution, int]]:
    """Return the published ideas most people support, with how many: for staff before the close."""
    count = func.count(Support.participant_id)
    rows = db.session.execute(
        select(C.id, count)
        .join(Support, Support.contribution_id == C.id)
        .where(C.session_id == session.id, IS_IDEA, C.status == Status.PUBLISHED.value)
        .group_by(C.id)
        .order_by(count.desc(), C.id)
        .limit(limit)
    )
    counts = {row[0]: row[1] for row in rows}
    found = db.session.scalars(select(C).where(C.id.in_(counts)))
    return sorted(((row, counts[row.id]) for row in found), key=lambda each: (-each[1], each[0].id))


def newest(session: Session, limit: int = PAGE) -> list[Contribution]:
    """Return the ideas published last, the newest first."""
    return list(
        db.session.scalars(
            select(C)
            .where(C.session_id == session.id, IS_IDEA, C.status == Status.PUBLISHED.value)
            .order_by(C.published_at.desc(), C.id.desc())
            .limit(limit)
        )
    )


# --- What nobody else sees --------------------------------------------------------------------


def drafts_of(participant: Participant, session: Session) -> list[Draft]:
    """Return what somebody has not sent yet, the last one saved first."""
    return list(
        db.session.scalars(
            select(Draft)
            .where(Draft.participant_id == participant.id, Draft.session_id == session.id)
            .order_by(Draft.saved_at.desc(), Draft.id.desc())
        )
    )


def draft(participant: Participant, session: Session, public_id: str) -> Draft | None:
    """Return one draft of ``participant``'s in ``session``; ``None`` where it is not theirs."""
    return db.session.scalar(
        select(Draft).where(
            Draft.participant_id == participant.id,
            Draft.session_id == session.id,
            Draft.public_id == public_id,
        )
    )


def kept_of(participant: Participant, session: Session, *, at: datetime) -> list[KeptIdea]:
    """Return the ideas sent with somebody's address that wait for their word."""
    return list(
        db.session.scalars(
            select(KeptIdea)
            .where(
                KeptIdea.participant_id == participant.id,
                KeptIdea.session_id == session.id,
                KeptIdea.contribution_id.is_(None),
                KeptIdea.lapses_at > at,
            )
            .order_by(KeptIdea.id)
        )
    )


def kept(participant: Participant, public_id: str) -> KeptIdea | None:
    """Return one idea kept for ``participant``."""
    return db.session.scalar(
        select(KeptIdea).where(
            KeptIdea.participant_id == participant.id, KeptIdea.public_id == public_id
        )
    )


def kept_for(contribution: Contribution) -> list[KeptIdea]:
    """Return what a contribution was made of, if it came by the board's form."""
    return list(
        db.session.scalars(select(KeptIdea).where(KeptIdea.contribution_id == contribution.id))
    )


def lapsed(*, at: datetime, limit: int = 200) -> list[KeptIdea]:
    """Return ideas nobody vouched for in time."""
    return list(
        db.session.scalars(
            select(KeptIdea)
            .where(KeptIdea.contribution_id.is_(None), KeptIdea.lapses_at <= at)
            .order_by(KeptIdea.id)
            .limit(limit)
        )
    )


def waiting(participant_id: int) -> int:
    """Return how many ideas wait for the owner of one address."""
    return db.session.scalars(
        select(func.count(KeptIdea.id)).where(
            KeptIdea.participant_id == participant_id, KeptIdea.contribution_id.is_(None)
        )
    ).one()
