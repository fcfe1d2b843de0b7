"""Reads about contributions; what is public is decided here, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.consultations.models import Consultation, GuidingQuestion
from app.contributions.models import Answer, Book, Contribution, Report, Ruling, Support
from app.core.contributions import Kind, Status
from app.core.vocabulary import SessionStatus
from app.database import db
from app.programme.models import Session
from app.registration.models import Participant

C = Contribution
PUBLISHED, WITHDRAWN = Status.PUBLISHED.value, Status.WITHDRAWN.value
Parent = aliased(Contribution)
# What it answers is of the same session: that is known, and joining it anew would scan the table.
WITH_PARENT = joinedload(C.parent).lazyload(C.session)


def by_reference(reference: str) -> Contribution | None:
    """Return the contribution called ``reference``, with what it answers."""
    return db.session.scalar(select(C).where(C.reference == reference).options(WITH_PARENT))


def is_public() -> ColumnElement[bool]:
    """Return the condition on `Contribution`, joined with `Parent`, of what anybody may read.

    The same as `Contribution.is_public`: published, and so is what it answers; or withdrawn.
    """
    return or_(
        C.status == WITHDRAWN,
        and_(
            C.status == PUBLISHED,
            or_(Parent.id.is_(None), Parent.status.in_([PUBLISHED, WITHDRAWN])),
        ),
    )


def listed(
    consultation: Consultation,
    *,
    inside: bool,
    kind: str | None = None,
    session: Session | None = None,
    status: str | None = None,
    guiding_question: int | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[Contribution]:
    """Return contributions by id above ``after``; all of them ``inside``, else the public ones."""
    query = select(C).outerjoin(Parent, C.parent_id == Parent.id)
    query = query.where(C.consultation_id == consultation.id, C.id > after)
    if not inside:
        query = query.join(C.session).where(
            is_public(), Session.status != SessionStatus.DRAFT.value
        )
    for column, value in (
        (C.kind, kind),
        (C.session_id, session.id if session else None),
        (C.status, status),
        (C.guiding_question, guiding_question),
    ):
        if value is not None:
            query = query.where(column == value)
    query = query.options(WITH_PARENT).order_by(C.id).limit(limit)
    return list(db.session.scalars(query))


def comments_of(contribution: Contribution) -> list[Contribution]:
    """Return the comments anybody may read, the oldest first."""
    return list(
        db.session.scalars(
            select(C)
            .where(C.parent_id == contribution.id, C.status.in_([PUBLISHED, WITHDRAWN]))
            .order_by(C.id)
        )
    )


def of_participant(participant: Participant, session: Session | None = None) -> list[Contribution]:
    """Return what somebody sent, withdrawn ones apart, the newest first."""
    query = select(C).where(C.participant_id == participant.id).options(WITH_PARENT)
    if session is not None:
        query = query.where(C.session_id == session.id)
    return list(db.session.scalars(query.order_by(C.id.desc())))


def card_of(session: Session, participant: Participant) -> Contribution | None:
    """Return somebody's one card of a session; withdrawn and rejected ones make place for another.

    Its author may change it by `operations.change` as long as cards are taken.
    """
    return db.session.scalar(
        select(C).where(
            C.participant_id == participant.id,
            C.session_id == session.id,
            C.kind == Kind.CARD.value,
            C.status.not_in([WITHDRAWN, Status.REJECTED.value]),
        )
    )


def supports_of(ids: Iterable[int]) -> dict[int, int]:
    """Return how many support each of these contributions; only those that anybody does."""
    rows = db.session.execute(
        select(Support.contribution_id, func.count())
        .where(Support.contribution_id.in_(list(ids)))
        .group_by(Support.contribution_id)
    )
    return {row[0]: row[1] for row in rows}


def supported_by(participant: Participant, ids: Iterable[int]) -> set[int]:
    """Return which of these contributions somebody supports."""
    return set(
        db.session.scalars(
            select(Support.contribution_id).where(
                Support.participant_id == participant.id, Support.contribution_id.in_(list(ids))
            )
        )
    )


def supports_are_shown(session: Session, *, at: datetime) -> bool:
    """Say whether everybody sees how many support what: from the closing instant on."""
    return at >= session.ends_at


def has_question(consultation: Consultation, number: int) -> bool:
    """Say whether the consultation has a guiding question with this number."""
    return (
        db.session.scalar(
            select(GuidingQuestion.id).where(
                GuidingQuestion.consultation_id == consultation.id,
                GuidingQuestion.number == number,
            )
        )
        is not None
    )


def last_number(consultation: Consultation, series: str) -> int:
    """Return the highest number given in ``series``; rows are never removed, so none repeats."""
    query = select(func.max(C.number)).where(
        C.consultation_id == consultation.id, C.series == series
    )
    return db.session.scalar(query) or 0


def published_comments(contribution_id: int) -> int:
    """Return how many published comments answer a contribution."""
    return db.session.scalars(
        select(func.count(C.id)).where(C.parent_id == contribution_id, C.status == PUBLISHED)
    ).one()


def revision_of(session_id: int) -> int:
    """Return how often what the public reads of a session changed."""
    return db.session.scalar(select(Book.revision).where(Book.session_id == session_id)) or 0


# --- For staff --------------------------------------------------------------------------------


def tally(session_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """Return how many contributions there are by (session id, status)."""
    rows = db.session.execute(
        select(C.session_id, C.status, func.count())
        .where(C.session_id.in_(session_ids))
        .group_by(C.session_id, C.status)
    )
    return {(session_id, status): count for session_id, status, count in rows}


def reported(session_ids: Sequence[int]) -> dict[int, int]:
    """Return how many contributions of each session have a report nobody has settled."""
    rows = db.session.execute(
        select(C.session_id, func.count(func.distinct(C.id)))
        .join(Report, Report.contribution_id == C.id)
        .where(C.session_id.in_(session_ids), Report.settled_at.is_(None))
        .group_by(C.session_id)
    )
    return {row[0]: row[1] for row in rows}


def queue(
    session: Session, status: str, *, reported: bool = False, after: int = 0, limit: int = 50
) -> list[Contribution]:
    """Return what stands at ``status`` in a session, or what readers reported, the oldest first."""
    query = select(C).where(C.session_id == session.id, C.id > after)
    if reported:
        open_reports = select(Report.contribution_id).where(Report.settled_at.is_(None))
        query = query.where(C.id.in_(open_reports))
    else:
        query = query.where(C.status == status)
    query = query.options(WITH_PARENT).order_by(C.id).limit(limit)
    return list(db.session.scalars(query))


def reports_of(contribution: Contribution) -> list[Report]:
    """Return what readers reported and nobody has settled, the oldest first."""
    return list(
        db.session.scalars(
            select(Report)
            .where(Report.contribution_id == contribution.id, Report.settled_at.is_(None))
            .order_by(Report.id)
        )
    )


def rulings_of(contribution: Contribution) -> list[Ruling]:
    """Return what was decided of a contribution, the newest first."""
    return list(
        db.session.scalars(
            select(Ruling)
            .where(Ruling.contribution_id == contribution.id)
            .order_by(Ruling.id.desc())
        )
    )


def log(session: Session, *, limit: int = 200) -> list[Ruling]:
    """Return what was decided in a session, the newest first."""
    return list(
        db.session.scalars(
            select(Ruling)
            .join(Ruling.contribution)
            .where(C.session_id == session.id)
            .options(joinedload(Ruling.contribution))
            .order_by(Ruling.id.desc())
            .limit(limit)
        )
    )


def is_moderated_before(session: Session, kind: Kind) -> bool:
    """Say whether a moderator reads it first: as the session says, and where it does not, yes.

    Notes and turns were said before everybody.
    """
    if kind in (Kind.NOTE, Kind.TURN):
        return False
    return session.kind.settings(session.settings).get("moderation", "before") != "after"


# --- Answers ----------------------------------------------------------------------------------

CHUNK = 500  # of names in one statement: SQLite takes only so many


def by_references(consultation: Consultation, references: Sequence[str]) -> dict[str, Contribution]:
    """Return the contributions of a consultation called so, by reference."""
    found: dict[str, Contribution] = {}
    for start in range(0, len(references), CHUNK):
        query = select(C).where(
            C.consultation_id == consultation.id,
            C.reference.in_(references[start : start + CHUNK]),
        )
        found |= {each.reference: each for each in db.session.scalars(query.options(WITH_PARENT))}
    return found


def answers_of(ids: Sequence[int], *, published: bool = False) -> dict[int, Answer]:
    """Return the answers to these contributions by contribution id; only the published ones?"""
    found: dict[int, Answer] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(Answer).where(Answer.contribution_id.in_(ids[start : start + CHUNK]))
        if published:
            query = query.where(Answer.published_at.is_not(None))
        found |= {each.contribution_id: each for each in db.session.scalars(query)}
    return found


def answer_to(contribution: Contribution, *, published: bool = False) -> Answer | None:
    """Return the answer to a contribution."""
    return answers_of([contribution.id], published=published).get(contribution.id)


def count_answers(consultation: Consultation) -> int:
    """Return how many contributions have an answer, published or not."""
    query = select(func.count(Answer.id)).where(Answer.consultation_id == consultation.id)
    return db.session.scalars(query).one()


def untold(consultation: Consultation, numbers: Iterable[str]) -> list[Answer]:
    """Return the published answers that name one of these statements and were not told yet."""
    wanted = set(numbers)
    query = (
        select(Answer)
        .where(
            Answer.consultation_id == consultation.id,
            Answer.statement.is_not(None),
            Answer.published_at.is_not(None),
            Answer.told_at.is_(None),
        )
        .options(joinedload(Answer.contribution))
        .order_by(Answer.id)
    )
    return [each for each in db.session.scalars(query) if each.statement in wanted]


def names_of_statements(consultation: Consultation) -> set[str]:
    """Return the numbers of the statements that answers name."""
    query = select(Answer.statement).where(
        Answer.consultation_id == consultation.id, Answer.statement.is_not(None)
    )
    return {number for number in db.session.scalars(query.distinct()) if number}


def authors(ids: Sequence[int]) -> dict[int, Participant]:
    """Return the participants with these ids, by id."""
    found: dict[int, Participant] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(Participant).where(Participant.id.in_(ids[start : start + CHUNK]))
        found |= {each.id: each for each in db.session.scalars(query)}
    return found
