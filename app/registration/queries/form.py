"""What the form left behind: receipts, and submissions nobody has confirmed yet."""

from __future__ import annotations

from sqlalchemy import select

from app import clock
from app.consultations.models import Consultation
from app.database import db
from app.registration.models import Participant, Receipt, Submission
from app.registration.queries.links import Gone


def receipt(receipt_id: str | None, *, consultation: Consultation) -> Receipt | None:
    """Return what the page after the form shows, while its cookie is good."""
    if not receipt_id:
        return None
    found = db.session.get(Receipt, receipt_id)
    if found is None or found.consultation_id != consultation.id:
        return None
    return found if clock.now() < found.expires_at else None


def open_submissions(participant: Participant) -> list[Submission]:
    """Return what was sent for ``participant`` by the form and not confirmed yet."""
    return list(
        db.session.scalars(
            select(Submission)
            .where(
                Submission.participant_id == participant.id,
                Submission.applied_at.is_(None),
                Submission.lapses_at > clock.now(),
            )
            .order_by(Submission.id)
        )
    )


def submission(participant: Participant, public_id: str) -> Submission:
    """Return the unapplied submission with this id of this person, or refuse as gone."""
    for found in open_submissions(participant):
        if found.public_id == public_id:
            return found
    raise Gone
