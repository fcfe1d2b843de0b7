"""Seats: made, patched, swapped as a draft; published for everybody.

Every change replaces the draft and nothing else: what people follow changes by `publish` and by
the start of a round alone, and never for a round that began.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from app import clock
from app.core import seating as engine
from app.core.refusals import ChangedMeanwhile
from app.core.seating import Plan, Policy, Problem, record
from app.database import db, operation
from app.live import operations as live
from app.programme.models import Session
from app.tables import queries
from app.tables.models import DRAFT, PUBLISHED, Seating
from app.tables.operations.base import NoSeating, RoundIsHistory, RoundsBegan, begin, check, note


@dataclass(frozen=True)
class Wish:
    """How seats are to be made. ``people``: those ``present`` or those ``confirmed``;
    ``together`` and ``apart`` hold opaque ids. ``rounds`` left out are the session's."""

    rounds: int | None = None
    seed: int = 1
    policy: str = Policy.FAIR.value
    people: str = "present"
    together: Sequence[Sequence[str]] = ()
    apart: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Solved:
    """Seats that were found and not kept yet."""

    problem: Problem
    plan: Plan
    report: engine.Report
    people: str


def solve(session: Session, wish: Wish) -> Solved:
    """Find seats for ``session``; nothing is written, and nobody waits for it.

    It takes seconds where it is hard, so it is no part of a transaction: `keep_draft` takes the
    result. Raises `Invalid`, `SeatingImpossible`, `RoundState` once a round began.
    """
    check(session)
    if queries.begun(session):
        raise RoundsBegan
    settings = session.kind.settings(session.settings)
    problem = queries.problem_for(
        session,
        rounds=settings.get("rounds", 3) if wish.rounds is None else wish.rounds,
        seed=wish.seed,
        policy=Policy(wish.policy),
        people=wish.people,
        together=wish.together,
        apart=[(one, other) for one, other in wish.apart],
    )
    plan = engine.seat(problem)
    return Solved(problem, plan, engine.evaluate(problem, plan), wish.people)


@operation
def keep_draft(session: Session, solved: Solved) -> Seating:
    """Make what `solve` found the draft.

    Raises `RoundState` once a round began, `ChangedMeanwhile` where the tables are others now.
    """
    begin(session)
    if queries.begun(session):
        raise RoundsBegan
    if queries.tables_for(session) != solved.problem.tables:
        raise ChangedMeanwhile
    kept = replace_draft(session, solved.problem, solved.plan, solved.report, solved.people)
    live.turn(session.id, inner_only=True)
    return kept


@operation
def patch(
    session: Session,
    *,
    after_round: int,
    absent: Sequence[str] = (),
    arrived: Sequence[str] = (),
    closed_tables: Sequence[int] = (),
    hosts: Mapping[int, str | None] | None = None,
) -> tuple[Seating, int]:
    """Plan the rounds after ``after_round`` for what happened, moving as few as possible.

    It builds on the draft where there is one, else on the published plan, and its result is the
    draft. Return it and the number of changed seats. A table whose host is absent is hosted by a
    guest due there. Raises `NoSeating`, `Invalid`, `SeatingImpossible`, and `RoundState` where a
    round that began would change.
    """
    begin(session)
    base = queries.in_force(session)
    if base is None:
        raise NoSeating
    began = queries.begun(session)
    if 0 <= after_round < began:
        raise RoundIsHistory(number=began)
    named = {*arrived, *(host for host in (hosts or {}).values() if host)}
    problem = record.with_people(record.read(base.problem), queries.seatable(session, named))
    plan, changed = engine.patch(
        problem,
        base.plan,
        after_round=after_round,
        absent=absent,
        arrived=arrived,
        closed_tables=closed_tables,
        hosts=hosts,
    )
    report = engine.evaluate(problem, plan)
    kept = replace_draft(session, problem, plan, report, base.people)
    note(session, "seating_patched", {"after_round": after_round, "changed_seats": changed})
    live.turn(session.id, inner_only=True)
    return kept, changed


@operation
def swap(session: Session, *, round: int, people: tuple[str, str]) -> Seating:
    """Let two people trade seats in one round that has not begun; the result is the draft.

    Raises `NoSeating`, `Invalid`, `SwapBreaksRule`, `RoundState`.
    """
    begin(session)
    base = queries.in_force(session)
    if base is None:
        raise NoSeating
    if 1 <= round <= queries.begun(session):
        raise RoundIsHistory(number=round)
    problem = record.read(base.problem)
    plan = engine.swap(base.plan, problem, round, *people)
    report = engine.evaluate(problem, plan)
    kept = replace_draft(session, problem, plan, report, base.people)
    note(session, "seats_swapped", {"round": round})
    live.turn(session.id, inner_only=True)
    return kept


def replace_draft(
    session: Session, problem: Problem, plan: Plan, report: engine.Report, people: str
) -> Seating:
    """Write the draft of ``session``, whatever it was before."""
    kept = queries.draft(session) or Seating(session_id=session.id, state=DRAFT)
    kept.document, kept.problem = plan.document(), record.written(problem)
    kept.report, kept.digest = asdict(report), plan.digest
    kept.seed, kept.version, kept.policy = plan.seed, plan.version, problem.policy.value
    kept.people, kept.made_at = people, clock.now()
    db.session.add(kept)
    db.session.flush()
    return kept


@operation
def publish(session: Session) -> Seating:
    """Let everybody follow the draft; without one, what is published stays as it is.

    Raises `NoSeating`.
    """
    begin(session)
    kept = publish_draft(session) or queries.published(session)
    if kept is None:
        raise NoSeating
    live.turn(session.id)
    return kept


def publish_draft(session: Session) -> Seating | None:
    """Make the draft the published plan, and its new hosts the tables' own."""
    kept = queries.draft(session)
    if kept is None:
        return None
    if (former := queries.published(session)) is not None:
        db.session.delete(former)
        db.session.flush()  # before the other takes its name
    kept.state, kept.published_at = PUBLISHED, clock.now()
    named = {number: host for each in kept.plan.changes for number, host in each.hosts}
    people = queries.people_called(host for host in named.values() if host)
    known = queries.by_numbers(session)
    for number, host in named.items():
        if number in known:
            known[number].host = people.get(host or "")
    db.session.flush()
    details = {"digest": kept.digest, "seed": kept.seed, "version": kept.version}
    note(session, "seating_published", details)
    return kept
