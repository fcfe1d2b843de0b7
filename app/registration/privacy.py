"""What we hold of a participant, to hand out or to remove: registrations, links, their mails."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from app import clock
from app.core import links
from app.core.timing import isoformat_z
from app.database import db
from app.mail.models import OutboxMail
from app.registration import queries
from app.registration.models import Hold, Participant, Receipt, Registration, Secret, Submission

UNSENT = ("queued", "sending", "failed", "held")


def export(participant: Participant) -> dict[str, Any]:
    """Return everything personal, as plain values; secrets as what they are for, not themselves."""
    return {
        "participant": {
            "name": participant.name,
            "email": participant.email,
            "organisation": participant.organisation,
            "country": participant.country,
            "stakeholder_group": participant.stakeholder_group,
            "language": participant.language,
            "timezone": participant.timezone,
            "source": participant.source,
            "consented_at": text(participant.consented_at),
            "opened_at": text(participant.opened_at),
            "created_at": text(participant.created_at),
            "ticket": links.shown_code(participant.ticket_code),
        },
        "registrations": [exported(each) for each in queries.of_participant(participant)],
        "submissions": [
            {"details": each.details, "sent_at": text(each.created_at)}
            for each in queries.open_submissions(participant)
        ],
        "links": [
            {
                "purpose": each.purpose,
                "created_at": text(each.created_at),
                "first_used_at": text(each.first_used_at),
                "last_used_at": text(each.last_used_at),
                "used_by": each.user_agent,
            }
            for each in db.session.scalars(
                select(Secret)
                .where(Secret.participant_id == participant.id)
                .order_by(Secret.created_at, Secret.purpose)
            )
        ],
        "mails": [
            {"kind": kind, "to": address, "subject": subject, "sent_at": text(at)}
            for kind, address, subject, at in db.session.execute(
                select(
                    OutboxMail.kind, OutboxMail.to_address, OutboxMail.subject, OutboxMail.sent_at
                )
                .where(OutboxMail.person == participant.person)
                .order_by(OutboxMail.id)
            )
        ],
    }


def exported(registration: Registration) -> dict[str, Any]:
    """Return one registration as plain values."""
    session = registration.session
    return {
        "session": session.words("title", registration.participant.language),
        "starts_at": text(session.starts_at),
        "mode": registration.mode,
        "waits_for": registration.waits_for,
        "status": registration.status,
        "answers": registration.answers,
        "registered_at": text(registration.created_at),
        "ended_at": text(registration.ended_at),
    }


def text(instant) -> str | None:
    """Return an instant as text."""
    return isoformat_z(instant) if instant else None


def erase(participant: Participant) -> None:
    """Remove everything personal of ``participant``; called inside an operation.

    Country, group, language, modes and status stay: they are the statistics, about nobody now.
    """
    participant.name = participant.search_name = participant.organisation = ""
    participant.email = participant.timezone = participant.lapses_at = None
    participant.ticket_secret = links.new_ticket_secret()
    participant.ticket_code = links.new_ticket_code()
    participant.erased_at = clock.now()
    db.session.flush()
    mine = select(Submission.id).where(Submission.participant_id == participant.id)
    for statement in (
        update(Registration)
        .where(Registration.participant_id == participant.id)
        .values(answers={}, told=None),
        update(Secret).where(Secret.participant_id == participant.id).values(user_agent=None),
        delete(Hold).where(Hold.submission_id.in_(mine)),
        delete(Receipt).where(Receipt.participant_id == participant.id),
        delete(Submission).where(Submission.participant_id == participant.id),
        update(OutboxMail)
        .where(OutboxMail.person == participant.person, OutboxMail.status.in_(UNSENT))
        .values(status="dropped"),
        update(OutboxMail)
        .where(OutboxMail.person == participant.person)
        .values(to_address="", to_name="", facts={}, subject=None, body=None, error=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session="fetch"))
