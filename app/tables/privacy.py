"""What we hold of a participant at tables: where they sat and what they hosted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from app.core.seating import Plan
from app.database import db
from app.live import operations as live
from app.programme.models import Session
from app.registration.models import Participant
from app.tables import queries
from app.tables.models import CafeTable, Seating

TOLD = ("group", "region", "gender")


def export(participant: Participant) -> dict[str, Any]:
    """Return the seats of a participant in published plans, and the tables they host."""
    language = participant.language
    sessions = db.session.scalars(
        select(Session)
        .where(Session.consultation_id == participant.consultation_id)
        .order_by(Session.starts_at, Session.id)
    ).all()
    hosted = db.session.scalars(
        select(CafeTable).where(CafeTable.host_id == participant.id).order_by(CafeTable.id)
    )
    return {
        "seats": [
            {
                "session": session.words("title", language),
                "round": seat.round,
                "table": seat.table.number,
                "host": seat.is_host,
            }
            for session in sessions
            for seat in queries.seats_of(session, participant)
        ],
        "hosted_tables": [
            {"session": table.session.words("title", language), "table": table.number}
            for table in hosted
        ],
    }


def erase(participant: Participant) -> None:
    """Take a person out of tables and plans; called inside an operation.

    In every ``document`` and ``problem`` a marker stands for them: who else sat where, and how
    many sat at each table, stays; so do the figures of the ``report``.
    """
    db.session.execute(
        update(CafeTable)
        .where(CafeTable.host_id == participant.id)
        .values(host_id=None)
        .execution_options(synchronize_session="fetch")
    )
    plans = db.session.scalars(
        select(Seating)
        .join(Session, Seating.session_id == Session.id)
        .where(Session.consultation_id == participant.consultation_id)
        .order_by(Seating.session_id, Seating.id)
    ).all()
    for plan in plans:
        people = [each["id"] for each in plan.problem["people"]]
        if participant.public_id not in people:
            continue
        marker = f"erased-{sum(each.startswith('erased-') for each in people) + 1}"
        plan.document = renamed(plan.document, participant.public_id, marker)
        problem = renamed(plan.problem, participant.public_id, marker)
        for each in problem["people"]:
            if each["id"] == marker:
                each.update(dict.fromkeys(TOLD))
        plan.problem = problem
        plan.digest = Plan.read(plan.document).digest
        live.turn(plan.session_id, inner_only=True)


def renamed(value: Any, name: str, marker: str) -> Any:
    """Return plain JSON with ``marker`` wherever ``name`` stood."""
    if isinstance(value, Mapping):
        return {key: renamed(each, name, marker) for key, each in value.items()}
    if isinstance(value, list):
        return [renamed(each, name, marker) for each in value]
    return marker if value == name else value
