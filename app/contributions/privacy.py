"""What we hold of a participant's contributions and supports, to hand out or to remove."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.contributions import queries
from app.contributions.models import Answer, Contribution, Support
from app.contributions.operations import turn_page, withdraw
from app.core.attribution import Attribution
from app.core.timing import isoformat_z
from app.database import db
from app.registration.models import Participant


def export(participant: Participant) -> dict[str, Any]:
    """Return everything somebody said and supported, as plain values."""
    supported = db.session.execute(
        select(Contribution.reference, Support.at)
        .join(Support, Support.contribution_id == Contribution.id)
        .where(Support.participant_id == participant.id)
        .order_by(Support.at, Contribution.id)
    )
    mine = queries.of_participant(participant)
    answers = queries.answers_of([each.id for each in mine], published=True)
    return {
        "contributions": [exported(each, answers.get(each.id)) for each in mine],
        "supports": [
            {"reference": reference, "at": isoformat_z(at)} for reference, at in supported
        ],
    }


def exported(contribution: Contribution, answer: Answer | None) -> dict[str, Any]:
    """Return one contribution with its versions and answer, as plain values."""
    return {
        "reference": contribution.reference,
        "kind": contribution.kind,
        "sent_at": isoformat_z(contribution.sent_at),
        "status": contribution.status,
        "attribution": contribution.attribution,
        "author": contribution.author,
        "language": contribution.language,
        "title": contribution.title,
        "text": contribution.text,
        "versions": [{"title": each.title, "text": each.text} for each in contribution.versions],
        "answer": answer
        and {
            "disposition": answer.disposition,
            "statement": answer.statement,
            "text": answer.text,
        },
    }


def erase(participant: Participant, *, keep_published: bool) -> None:
    """Take a person out of what they said; called inside an operation.

    What nobody could read is withdrawn. What was published stays: without any name where the
    person asked for it, and with what it shows (``keep_published``) where their time was over.
    """
    for contribution in queries.of_participant(participant):
        if not contribution.is_published:
            withdraw(contribution)
            continue
        if keep_published:
            author = contribution.shown_author
            contribution.attribution = author.attribution.value
            contribution.author = author.as_json()
        else:
            contribution.author = {}
            contribution.attribution = Attribution.ANONYMOUS.value
            contribution.source_url = None
            turn_page(contribution)
