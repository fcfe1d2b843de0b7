"""Rehearsals: a session run at once on a copy with invented people, step by step, then wiped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete

from app import clock
from app.accounts.models import RoleGrant
from app.audit import operations as audit
from app.consultations import operations as consultations
from app.consultations import queries as consultation_queries
from app.consultations.models import Consultation
from app.core import invented, slugs, timing
from app.core.refusals import N_, Refusal
from app.core.vocabulary import ConsultationStatus, SessionStatus
from app.database import db, lock, operation
from app.live.kinds import Step
from app.live.models import Rehearsal
from app.live.operations.counters import turn
from app.programme import operations as programme
from app.programme.models import Session
from app.registration import operations as registrations
from app.registration.operations.people import make_invented

PEOPLE = 48
MINUTE = timedelta(minutes=1)
CONTENT = (
    "title", "summary", "timezone", "receiving_body", "scope_note", "convenor", "contact_email",
    "hashtag", "controller", "purpose",
)  # fmt: skip
COPIED = (
    "title", "description", "timezone", "venue", "capacity", "waiting_list", "languages",
    "settings",
)  # fmt: skip


class RehearsalRuns(Refusal):
    """One rehearsal of a session at a time."""

    code = "rehearsal_runs"
    message = N_("This session is being rehearsed already. Wipe that rehearsal first.")


class NothingToRehearse(Refusal):
    """A copy is no session of its own."""

    code = "is_a_rehearsal"
    message = N_("This is a rehearsal itself.")


@operation
def rehearse(session: Session, *, size: int = PEOPLE, seed: int = 1) -> Rehearsal:
    """Copy ``session`` so that it began a minute ago, with ``size`` invented people registered.

    The copy is a consultation of its own: listed nowhere, with its own prefix, told to nobody.
    Whoever works for the session does so for the copy. Raises `RehearsalRuns`.
    """
    lock(session)
    if session.consultation.is_rehearsal:
        raise NothingToRehearse
    if consultation_queries.rehearsal_of(session.id) is not None:
        raise RehearsalRuns
    consultation = copy_consultation(session)
    copy = copy_session(session, consultation)
    copy_grants(session, copy)
    register_invented(copy, size, seed)
    # Nobody else comes in by the form: noon is never a time that a change of clocks repeats.
    closed = copy.starts.replace(hour=12, minute=0) - timedelta(days=1)
    programme.change(copy, {"registration_closes": closed})
    rehearsal = Rehearsal(
        consultation_id=consultation.id, session=copy, done=0, started_at=clock.now()
    )
    db.session.add(rehearsal)
    db.session.flush()
    audit.record(
        "rehearsal_started",
        session,
        consultation_id=session.consultation_id,
        details={"people": size},
    )
    return rehearsal


def copy_consultation(session: Session) -> Consultation:
    """Return a published consultation like the one of ``session``, under a name nobody guesses."""
    source = session.consultation
    slug = slugs.for_rehearsal()
    return consultations.create(
        slug=slug,
        prefix=f"R{slug[-6:].upper()}",
        languages=list(source.languages),
        guiding_questions=[dict(each.text) for each in source.guiding_questions],
        status=ConsultationStatus.PUBLISHED.value,
        rehearsal_of=session.id,
        **{name: getattr(source, name) for name in CONTENT},
    )


def copy_session(session: Session, consultation: Consultation) -> Session:
    """Return ``session`` anew, published: it began a minute ago and lasts as long."""
    starts_at = clock.now().replace(second=0, microsecond=0) - MINUTE
    starts, fold = shown(starts_at, session.timezone)
    ends, ends_fold = shown(starts_at + (session.ends_at - session.starts_at), session.timezone)
    return programme.create(
        consultation,
        slug=session.slug,
        format=session.format,
        starts=starts,
        fold=fold,
        ends=ends,
        ends_fold=ends_fold,
        agenda=[
            {"title": dict(each.title), "minutes": each.minutes, "who": each.who}
            for each in session.agenda
        ],
        status=SessionStatus.PUBLISHED.value,
        uid_host=current_app.config["UID_HOST"],
        **{name: getattr(session, name) for name in COPIED},
    )


def shown(instant: datetime, zone: str) -> tuple[datetime, int]:
    """Return what the clocks of ``zone`` show at ``instant``, and which of two such times it is."""
    wall = timing.wall(instant, zone)
    return wall, timing.instants(wall, zone).index(instant)


def copy_grants(session: Session, copy: Session) -> None:
    """Let whoever works for ``session`` do the same in the copy."""
    rows = db.session.query(RoleGrant).filter_by(consultation_id=session.consultation_id)
    for grant in rows:
        if grant.session_ids is not None and session.id not in grant.session_ids:
            continue
        db.session.add(
            RoleGrant(
                person_id=grant.person_id,
                consultation_id=copy.consultation_id,
                role=grant.role,
                session_ids=None if grant.session_ids is None else [copy.id],
                granted_at=clock.now(),
            )
        )


def register_invented(copy: Session, size: int, seed: int) -> None:
    """Register people who do not exist: without address, opened, the same for the same seed."""
    places = {mode: copy.capacity[mode.value] for mode in copy.modes}
    for each in invented.people(size, modes=places, seed=seed):
        who = make_invented(copy.consultation, each)
        registrations.walk_in(copy, participant=who, mode=each.mode)  # no form is open any more


def play_next(rehearsal: Rehearsal, steps: Sequence[Step], number: int) -> None:
    """Play step ``number`` (from 0), unless somebody else did meanwhile: each is played once."""
    step = steps[number]
    played(rehearsal, step, number, *([] if step.prepare is None else [step.prepare()]))


@operation
def played(rehearsal: Rehearsal, step: Step, number: int, *prepared: Any) -> None:
    """Do a step and count it, in one transaction."""
    lock(rehearsal)
    if rehearsal.done != number:
        return
    step.act(*prepared)
    rehearsal.done = number + 1
    turn(rehearsal.session_id, inner_only=True)


def play(rehearsal: Rehearsal, steps: Sequence[Step], through: int) -> None:
    """Play every step not yet played up to number ``through``, each a transaction of its own."""
    for number in range(rehearsal.done, min(through + 1, len(steps))):
        play_next(rehearsal, steps, number)


@operation
def wipe(rehearsal: Rehearsal) -> None:
    """Delete the copy with everything in it; the session it was made of keeps a line of audit."""
    copy = db.session.get_one(Consultation, rehearsal.consultation_id)
    source = db.session.get(Session, copy.rehearsal_of or 0)
    if source is not None:
        audit.record("rehearsal_wiped", source, consultation_id=source.consultation_id)
    db.session.flush()
    db.session.execute(
        delete(Consultation)
        .where(Consultation.id == copy.id)
        .execution_options(synchronize_session=False)
    )
