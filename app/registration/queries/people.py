"""Participants and registrations: found, listed, counted."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, or_, select

from app.consultations.models import Consultation
from app.core.texts import folded
from app.core.vocabulary import Mode, RegistrationStatus
from app.database import db
from app.programme.models import Session
from app.registration.models import Hold, Participant, Registration
from app.registration.queries.places import IN_LINE, LIVE


def by_email(consultation: Consultation, address: str) -> Participant | None:
    """Return who has ``address`` (normalised) in ``consultation``."""
    return db.session.scalar(
        select(Participant).where(
            Participant.consultation_id == consultation.id, Participant.email == address
        )
    )


def participant_by_public_id(public_id: str) -> Participant | None:
    """Return the participant with this opaque id."""
    return db.session.scalar(select(Participant).where(Participant.public_id == public_id))


def reachable(consultation: Consultation) -> list[Participant]:
    """Return the participants whose address is known to be theirs."""
    query = select(Participant).where(
        Participant.consultation_id == consultation.id,
        Participant.email.is_not(None),
        Participant.opened_at.is_not(None),
        Participant.erased_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Participant.id)))


def participant_by_ticket(
    *, consultation_id: int, code: str | None = None, secret: str | None = None
) -> Participant | None:
    """Return whose ticket has this short code, or this secret of the QR, in a consultation."""
    if code is None and secret is None:
        return None
    wanted = Participant.ticket_code == code if code else Participant.ticket_secret == secret
    return db.session.scalar(
        select(Participant).where(Participant.consultation_id == consultation_id, wanted)
    )


def participant_by_ticket_secret(secret: str) -> Participant | None:
    """Return whose QR holds ``secret``, wherever it is valid."""
    return db.session.scalar(select(Participant).where(Participant.ticket_secret == secret))


def find(session: Session, participant: Participant) -> Registration | None:
    """Return the registration of ``participant`` in ``session``, a cancelled one too."""
    return db.session.scalar(
        select(Registration).where(
            Registration.session_id == session.id, Registration.participant_id == participant.id
        )
    )


def by_public_id(public_id: str) -> Registration | None:
    """Return the registration with this opaque id."""
    return db.session.scalar(select(Registration).where(Registration.public_id == public_id))


def of_participant(participant: Participant) -> list[Registration]:
    """Return all registrations of ``participant``, cancelled ones too, in order of time."""
    return list(
        db.session.scalars(
            select(Registration)
            .join(Registration.session)
            .where(Registration.participant_id == participant.id)
            .order_by(Session.starts_at, Session.id)
        )
    )


def live_in(session: Session, *statuses: RegistrationStatus) -> list[Registration]:
    """Return who stands in ``session`` or in its line, in the order of `listed`."""
    return list(
        db.session.scalars(
            select(Registration)
            .where(
                Registration.session_id == session.id,
                Registration.status.in_([s.value for s in statuses] or LIVE),
            )
            .order_by(*IN_LINE)
        )
    )


def listed(
    session: Session,
    *,
    status: str | None = None,
    mode: str | None = None,
    search: str = "",
    after: int = 0,
    limit: int | None = None,
) -> list[Registration]:
    """Return registrations of ``session`` by id above ``after``, filtered as staff asked.

    ``search`` finds parts of names and addresses without regard to case and diacritics.
    """
    query = select(Registration).where(
        Registration.session_id == session.id, Registration.id > after
    )
    if status:
        query = query.where(Registration.status == status)
    if mode:
        query = query.where(Registration.mode == mode)
    if words := folded(search):
        query = query.join(Registration.participant).where(
            or_(
                Participant.search_name.contains(words, autoescape=True),
                Participant.email.contains(search.strip().lower(), autoescape=True),
            )
        )
    return list(db.session.scalars(query.order_by(Registration.id).limit(limit)))


def tally(session: Session) -> dict[tuple[str, str], int]:
    """Return how many registrations there are by (mode, status), cancelled ones too."""
    rows = db.session.execute(
        select(Registration.mode, Registration.status, func.count())
        .where(Registration.session_id == session.id)
        .group_by(Registration.mode, Registration.status)
    )
    return {(mode, status): number for mode, status, number in rows}


def holds_any(session: Session, modes: Iterable[Mode] | None = None) -> bool:
    """Say whether anybody is held in ``session``.

    With ``modes`` only who stands in them or in line for them, else everybody who ever did.
    """
    registered = select(Registration.id).where(Registration.session_id == session.id)
    kept = select(Hold.id).where(Hold.session_id == session.id)
    if modes is not None:
        values = [mode.value for mode in modes]
        registered = registered.where(
            Registration.status.in_(LIVE),
            or_(Registration.mode.in_(values), Registration.waits_for.in_(values)),
        )
        kept = kept.where(Hold.mode.in_(values))
    return any(db.session.scalar(query.limit(1)) is not None for query in (registered, kept))
