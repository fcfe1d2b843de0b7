"""Freezing in the background: asked for once, taken up by one process, taken over if it dies."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from app import clock, jobs
from app.consultations.models import Consultation
from app.core.refusals import ChangedMeanwhile
from app.core.synthesis.freezing import ENDED, MOST_TRIES, Stage, is_abandoned
from app.core.synthesis.gate import NotReady
from app.database import after_commit, db, operation, writers_turn
from app.reports import queries
from app.reports.models import Edition, Freezing
from app.reports.operations.base import hold, ring, who
from app.reports.operations.editions import Prepared, prepare, publish
from app.web import access

log = logging.getLogger("app.reports")


@dataclass(frozen=True)
class Claim:
    """A freeze that this process has taken up. ``edition`` is its number if it is frozen."""

    consultation_id: int
    compilation: bool
    asked_by: str
    asked_name: str
    edition: int | None
    is_last_try: bool


@operation
def ask(consultation: Consultation, *, compilation: bool = False) -> Freezing:
    """Ask for the next edition to be frozen; one that is being frozen already is what was asked.

    The gate decides when it is read; ask it before, so that people hear at once what blocks.
    """
    hold(consultation)
    row = queries.freezing(consultation)
    if row is not None and Stage(row.stage) not in ENDED:
        return row
    row = row or Freezing(consultation_id=consultation.id)
    row.compilation, row.edition = compilation, None
    row.asked_by, row.asked_name = access.actor_key()[:60], who()
    row.asked_at = row.touched_at = clock.now()
    row.stage, row.process = Stage.WAITING.value, None
    row.done = row.total = row.tries = 0
    db.session.add(row)
    db.session.flush()
    after_commit(ring)
    return row


@operation
def take() -> Claim | None:
    """Take up a freeze that nobody works at, or ``None``.

    One that ended three processes, or their tries, is given up: nothing of it was frozen, or it is
    frozen and lacks files.
    """
    now = clock.now()
    going = select(Freezing).where(Freezing.stage.not_in([each.value for each in ENDED]))
    for row in db.session.scalars(going.order_by(Freezing.asked_at).with_for_update()):
        gone = jobs.is_gone(row.process or "")
        if row.process and not is_abandoned(is_gone=gone, touched_at=row.touched_at, now=now):
            continue
        if row.tries >= MOST_TRIES:
            row.stage = (Stage.FAILED if row.edition is None else Stage.DONE).value
            continue
        row.process, row.touched_at = jobs.this_process(), now
        row.tries += 1
        return Claim(
            row.consultation_id,
            row.compilation,
            row.asked_by,
            row.asked_name,
            row.edition,
            row.tries >= MOST_TRIES,
        )
    return None


def work(claim: Claim) -> Edition | None:
    """Freeze what was claimed; return the edition, or ``None`` where there is none (yet).

    Whatever goes wrong is noted where people see it, and nothing of it is frozen.
    """
    consultation = db.session.get(Consultation, claim.consultation_id)
    if consultation is None:
        return None
    if claim.edition is not None:  # frozen by a process that did not live to make its files
        return queries.edition(consultation, claim.edition)
    try:
        made = prepare(
            consultation,
            compilation=claim.compilation,
            by=claim.asked_name,
            actor=claim.asked_by,
            report=partial(reach, claim.consultation_id),
        )
        reach(claim.consultation_id, Stage.KEEPING)
        return publish_claimed(consultation, made)
    except NotReady:
        end(claim.consultation_id, Stage.REFUSED)
    except ChangedMeanwhile:
        put_back(claim.consultation_id)
    except Exception:
        log.exception("consultation %d could not be frozen", claim.consultation_id)
        if claim.is_last_try:
            end(claim.consultation_id, Stage.FAILED)
        else:
            put_back(claim.consultation_id)
    return None


@operation
def publish_claimed(consultation: Consultation, made: Prepared) -> Edition | None:
    """Freeze it and note so, unless another process has taken the freeze over meanwhile."""
    hold(consultation)
    row = mine(consultation.id)
    if row is None:
        return None
    edition = publish(consultation, made)
    row.edition, row.stage, row.touched_at = edition.number, Stage.FILES.value, clock.now()
    return edition


def reach(key: int, stage: Stage, done: int = 0, total: int = 0) -> None:
    """Say how far it is, beside whatever transaction is open; a fault of that costs nothing."""
    try:
        with (
            writers_turn(),
            db.engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            connection.execute(
                update(Freezing)
                .where(
                    Freezing.consultation_id == key,
                    Freezing.process == jobs.this_process(),
                    Freezing.stage.not_in([each.value for each in ENDED]),
                )
                .values(stage=stage.value, done=done, total=total, touched_at=clock.now())
            )
    except DBAPIError:
        log.warning("how far the freeze is could not be noted", exc_info=True)


@operation
def end(key: int, stage: Stage) -> None:
    """Note how a freeze of this process ended."""
    if row := mine(key):
        row.stage, row.touched_at, row.process = stage.value, clock.now(), None


@operation
def put_back(key: int) -> None:
    """Leave a freeze of this process to the next try."""
    if row := mine(key):
        row.stage, row.process = Stage.WAITING.value, None
        after_commit(ring)


def mine(key: int) -> Freezing | None:
    """Return the freeze if this process still works at it."""
    query = select(Freezing).where(
        Freezing.consultation_id == key,
        Freezing.process == jobs.this_process(),
        Freezing.stage.not_in([each.value for each in ENDED]),
    )
    return db.session.scalars(query.with_for_update()).first()
