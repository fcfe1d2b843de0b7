"""Reads of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased, defer

from app.database import db
from app.mail.models import STATUSES, OutboxMail

FAILURES_FIRST = case((OutboxMail.status == "failed", 0), (OutboxMail.status == "held", 1), else_=2)


def next_due(now: datetime, *, lapsed: datetime) -> OutboxMail | None:
    """Return the next mail to send, locked; rows that other senders hold are passed over."""
    earlier = aliased(OutboxMail)
    holds = (
        select(earlier.id)
        .where(
            earlier.person == OutboxMail.person,
            earlier.id < OutboxMail.id,
            or_(
                earlier.status == "sending",
                and_(
                    earlier.status == "queued",
                    or_(earlier.attempts > 0, earlier.next_attempt_at <= now),
                ),
            ),
        )
        .exists()
    )
    due = or_(
        and_(OutboxMail.status == "queued", OutboxMail.next_attempt_at <= now),
        and_(OutboxMail.status == "sending", OutboxMail.claimed_at <= lapsed),
    )
    return db.session.scalars(
        select(OutboxMail)
        .where(due, ~holds)
        .order_by(OutboxMail.next_attempt_at, OutboxMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def being_sent() -> Sequence[OutboxMail]:
    """Return the mails in some sender's hands, locked."""
    return db.session.scalars(
        select(OutboxMail)
        .where(OutboxMail.status == "sending")
        .order_by(OutboxMail.id)
        .with_for_update(skip_locked=True)
    ).all()


def unsent_of(person: str) -> Sequence[OutboxMail]:
    """Return what ``person`` is still to be sent, locked."""
    return db.session.scalars(
        select(OutboxMail)
        .where(OutboxMail.person == person, OutboxMail.status.in_(("queued", "held", "sending")))
        .order_by(OutboxMail.id)
        .with_for_update()
    ).all()


def of_person(person: str) -> Sequence[OutboxMail]:
    """Return everything in the outbox for ``person``, oldest first."""
    return db.session.scalars(
        select(OutboxMail).where(OutboxMail.person == person).order_by(OutboxMail.id)
    ).all()


def by_id(consultation_id: int | None, mail_id: int) -> OutboxMail | None:
    """Return one mail of a consultation."""
    return db.session.scalars(
        select(OutboxMail).where(
            OutboxMail.id == mail_id, OutboxMail.consultation_id == consultation_id
        )
    ).one_or_none()


def listed(
    consultation_id: int | None, *, status: str | None, kind: str | None, page: int, size: int
) -> tuple[Sequence[OutboxMail], bool]:
    """Return a page (from 1) of the outbox, failures first, newest first; and whether more follow.

    ``consultation_id=None`` lists the mails of no consultation. Facts and bodies stay in the
    database: a list needs neither.
    """
    wanted = [OutboxMail.consultation_id == consultation_id]
    if status:
        wanted.append(OutboxMail.status == status)
    if kind:
        wanted.append(OutboxMail.kind == kind)
    rows = db.session.scalars(
        select(OutboxMail)
        .where(*wanted)
        .options(defer(OutboxMail.facts), defer(OutboxMail.body))
        .order_by(FAILURES_FIRST, OutboxMail.id.desc())
        .offset((page - 1) * size)
        .limit(size + 1)
    ).all()
    return rows[:size], len(rows) > size


def counts(consultation_id: int | None) -> dict[str, int]:
    """Return how many mails stand where, every status named."""
    rows = db.session.execute(
        select(OutboxMail.status, func.count())
        .where(OutboxMail.consultation_id == consultation_id)
        .group_by(OutboxMail.status)
    )
    return dict.fromkeys(STATUSES, 0) | dict(rows.all())


def kinds(consultation_id: int | None) -> list[str]:
    """Return the kinds of mail a consultation has sent."""
    return list(
        db.session.scalars(
            select(OutboxMail.kind)
            .where(OutboxMail.consultation_id == consultation_id)
            .distinct()
            .order_by(OutboxMail.kind)
        )
    )


def backlog() -> dict[str, int]:
    """Return how many mails of the whole installation stand where (`/metrics`)."""
    rows = db.session.execute(select(OutboxMail.status, func.count()).group_by(OutboxMail.status))
    return dict(rows.all())
