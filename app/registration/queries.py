"""Reads about participants, registrations, places and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import CompoundSelect, and_, func, literal, or_, select, union_all

from app import clock
from app.consultations.models import Consultation
from app.core import links
from app.core.capacity import Places
from app.core.links import Purpose
from app.core.refusals import N_, NotFound, Refusal
from app.core.texts import folded
from app.core.vocabulary import Mode, RegistrationStatus
from app.database import db
from app.programme.models import Session
from app.registration.models import Hold, Participant, Receipt, Registration, Secret, Submission
from app.web import urls

MANAGE_LASTS = timedelta(days=90)
LIVE = [status.value for status in RegistrationStatus if status.is_live]
IN_LINE = (Registration.lined_up_at, Registration.id)
CONFIRMED, WAITING, OFFERED = (
    RegistrationStatus.CONFIRMED.value,
    RegistrationStatus.WAITING.value,
    RegistrationStatus.OFFERED.value,
)


class Gone(Refusal):
    """This secret was valid once and was replaced."""

    code = "gone"
    status = 410
    message = N_("This link was replaced by a newer one and no longer works.")


class LinkExpired(Gone):
    """The consultation is long over: only "send me my link" is left.

    ``consultation`` is the one it belonged to.
    """

    code = "link_expired"
    message = N_("This link has expired. You can have a new one sent to you.")

    def __init__(self, consultation: Consultation) -> None:
        super().__init__()
        self.consultation = consultation


# --- Places -------------------------------------------------------------------------------------


def places(session: Session) -> dict[Mode, Places]:
    """Return the places of every mode ``session`` offers."""
    return places_of([session])[session.id]


def places_of(sessions: Sequence[Session]) -> dict[int, dict[Mode, Places]]:
    """Return the places of ``sessions`` by id and mode, with one grouped query."""
    if not sessions:
        return {}
    found = {
        session.id: {mode: Places(session.capacity[mode.value]) for mode in session.modes}
        for session in sessions
    }
    for session_id, mode, field, number in db.session.execute(counted(list(found))):
        if mode in found[session_id]:
            before = found[session_id][Mode(mode)]
            found[session_id][Mode(mode)] = replace(
                before, **{field: getattr(before, field) + number}
            )
    return found


def counted(session_ids: list[int]) -> CompoundSelect:
    """Return rows of (session, mode, field of `Places`, number)."""
    r, h, number = Registration, Hold, func.count()
    own = (
        select(r.session_id, r.mode, field_of_status(), number)
        .where(r.session_id.in_(session_ids), r.status.in_((CONFIRMED, OFFERED, WAITING)))
        .group_by(r.session_id, r.mode, r.status)
    )
    elsewhere = (
        select(r.session_id, r.waits_for, literal("waiting"), number)
        .where(r.session_id.in_(session_ids), waits_elsewhere())
        .group_by(r.session_id, r.waits_for)
    )
    field = db.case((h.counts, "held"), (h.waits, "shown_waiting"), else_="shown_held")
    holds = (
        select(h.session_id, h.mode, field, number)
        .where(h.session_id.in_(session_ids))
        .group_by(h.session_id, h.mode, h.counts, h.waits)
    )
    return union_all(own, elsewhere, holds)


def field_of_status():
    """Return the field of `Places` in which a registration's status counts."""
    status = Registration.status
    return db.case(
        (status == CONFIRMED, "confirmed"), (status == OFFERED, "offered"), else_="waiting"
    )


def waits_elsewhere():
    """Say in SQL: waits for another mode than the one it is in."""
    return and_(Registration.waits_for.is_not(None), Registration.status.in_((CONFIRMED, WAITING)))


def in_line_for(mode: Mode):
    """Say in SQL: stands in the line for ``mode``."""
    return or_(
        and_(Registration.status == WAITING, Registration.mode == mode.value),
        and_(Registration.waits_for == mode.value, Registration.status.in_((CONFIRMED, WAITING))),
    )


def line(session: Session, mode: Mode, *, limit: int | None = None) -> list[Registration]:
    """Return who waits for ``mode``, whoever has waited longest first."""
    return list(
        db.session.scalars(
            select(Registration)
            .where(Registration.session_id == session.id, in_line_for(mode))
            .order_by(*IN_LINE)
            .limit(limit)
        )
    )


def position(registration: Registration) -> int | None:
    """Return the place in line, from 1; ``None`` for whoever waits for nothing."""
    mode = registration.line
    if mode is None:
        return None
    before = or_(
        Registration.lined_up_at < registration.lined_up_at,
        and_(
            Registration.lined_up_at == registration.lined_up_at,
            Registration.id < registration.id,
        ),
    )
    ahead = db.session.scalar(
        select(func.count()).where(
            Registration.session_id == registration.session_id, in_line_for(mode), before
        )
    )
    return (ahead or 0) + 1


def positions(registrations: Iterable[Registration]) -> dict[int, int]:
    """Return the place in line by registration id, for those in line, with one query."""
    wanted = {r.id: (r.session_id, r.line) for r in registrations if r.line}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(
            Registration.id, Registration.session_id, Registration.mode,
            Registration.status, Registration.waits_for,
        )
        .where(
            Registration.session_id.in_({session for session, _ in wanted.values()}),
            or_(Registration.status == WAITING, waits_elsewhere()),
        )
        .order_by(*IN_LINE)
    )  # fmt: skip
    counts: dict[tuple[int, str | None], int] = defaultdict(int)
    found = {}
    for number, session, mode, status, waits_for in rows:
        for wished in {mode if status == WAITING else None, waits_for} - {None}:
            counts[session, wished] += 1
            if wanted.get(number) == (session, wished):
                found[number] = counts[session, wished]
    return found


# --- Participants and registrations ---------------------------------------------------------------


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


# --- The form -------------------------------------------------------------------------------------


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


# --- Links ----------------------------------------------------------------------------------------


def token(participant: Participant, purpose: Purpose) -> str:
    """Return the secret of ``participant`` for ``purpose``, derived anew."""
    version = participant.feed_version if purpose is Purpose.FEED else participant.link_version
    return links.derive(current_app.config["LINK_KEY"], purpose, participant.public_id, version)


def join_token(registration: Registration) -> str:
    """Return the secret of one registration's way into its session's room."""
    return links.derive(
        current_app.config["LINK_KEY"],
        Purpose.JOIN,
        registration.public_id,
        registration.participant.link_version,
    )


PAGES = {
    Purpose.MANAGE: ("registration.my", "manage"),
    Purpose.FEED: ("feeds.personal", "token"),
    Purpose.UNSUBSCRIBE: ("registration.unsubscribe", "token"),
}


def link(participant: Participant, purpose: Purpose = Purpose.MANAGE) -> str:
    """Return the whole address of a secret page of ``participant``; SITE_URL decides."""
    endpoint, argument = PAGES[purpose]
    return urls.external(endpoint, **{argument: token(participant, purpose)})


def join_link(registration: Registration) -> str:
    """Return the whole address of one registration's way into its session's room."""
    return urls.external("registration.join", join=join_token(registration))


def by_secret(token: str, purpose: Purpose) -> Secret:
    """Return what ``token`` opens. Raises `NotFound` (404), `Gone` (410), `LinkExpired` (410)."""
    found = db.session.get(Secret, links.fingerprint(token))
    if found is None or found.purpose != purpose.value:
        raise NotFound
    if found.revoked_at is not None:
        raise Gone
    if purpose is Purpose.MANAGE and has_expired(found, at=clock.now()):
        raise LinkExpired(found.participant.consultation)
    return found


def has_expired(secret: Secret, *, at: datetime) -> bool:
    """Say whether a manage link has ended: 90 days after the last session, or its own 7 days."""
    last = last_end(secret.participant.consultation_id)
    if last is None or at < last + MANAGE_LASTS:
        return False
    return secret.expires_at is None or at >= secret.expires_at


def last_end(consultation_id: int) -> datetime | None:
    """Return when the last session of a consultation ends."""
    return db.session.scalar(
        select(func.max(Session.ends_at)).where(Session.consultation_id == consultation_id)
    )


def by_join(token: str) -> Registration:
    """Return the registration behind a join link. Raises `NotFound`, `Gone`."""
    secret = by_secret(token, Purpose.JOIN)
    registration = db.session.get(Registration, secret.registration_id)
    if registration is None:
        raise NotFound
    return registration


def secret_of(participant: Participant, purpose: Purpose) -> Secret | None:
    """Return the present secret of ``participant``: when it was made and used, by what."""
    return db.session.get(Secret, links.fingerprint(token(participant, purpose)))
