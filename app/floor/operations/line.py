"""The line: who asks, who lets others go first, who leaves it, and whether it takes anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from app import clock
from app.audit import operations as audit
from app.contributions import operations as contributions
from app.contributions.models import cap_of
from app.core import attribution, floor, people, texts
from app.core import contributions as rules
from app.core.attribution import Attribution
from app.core.floor import Kind, NotWaiting, Person, Request
from app.core.refusals import N_, NotFound, Refusal
from app.core.vocabulary import ConsultationStatus, Mode, SessionStatus
from app.database import db, lock, operation
from app.floor import queries
from app.floor.models import FloorList, FloorRequest
from app.live import operations as live
from app.programme.models import Session
from app.registration import queries as registrations
from app.registration.models import Participant, Registration


class SessionNotOpen(Refusal):
    """The session is a draft, postponed, cancelled or closed: it has no floor."""

    code = "session_not_open"
    message = N_("This session is not held now, so nobody can ask for the floor.")


class SessionEnded(Refusal):
    """The session is over; the line takes nobody any more."""

    code = "session_ended"
    message = N_("This session is over.")


class NotRegistered(Refusal):
    """Only who takes part can ask for the floor."""

    code = "not_registered"
    message = N_("Only people registered for this session can ask for the floor.")


class RegistrationCancelled(Refusal):
    """Whoever left the session cannot ask for its floor."""

    code = "registration_cancelled"
    message = N_("This registration was cancelled. Register again to ask for the floor.")


@dataclass(frozen=True)
class Wish:
    """How somebody wants to speak; ``mode`` left out is the one they are registered in."""

    mode: Mode | None = None
    kind: Kind = Kind.VOICE
    text: str = ""
    needs_time: bool = False
    attribution: str = Attribution.NAMED.value
    hub: str = ""


# --- The list ---------------------------------------------------------------------------------


@operation
def open_list(session: Session) -> None:
    """Let people ask again."""
    set_list(session, True)


@operation
def close_list(session: Session) -> None:
    """Take no new requests; whoever waits keeps their place."""
    set_list(session, False)


def set_list(session: Session, is_open: bool) -> None:
    """Open or close the list, unless it is so already."""
    lock(session)
    check_held(session)
    found = db.session.get(FloorList, session.id)
    if (found.is_open if found else True) is is_open:
        return
    if found is None:
        db.session.add(FloorList(session_id=session.id, is_open=is_open))
    else:
        found.is_open = is_open
    note("floor_list_opened" if is_open else "floor_list_closed", session)
    live.turn(session.id)


# --- Asking -----------------------------------------------------------------------------------


@operation
def ask(
    session: Session,
    wish: Wish,
    *,
    participant: Participant | None = None,
    name: str = "",
    representation: str = "",
    stakeholder_group: str | None = None,
) -> FloorRequest:
    """Put somebody into the line: ``participant``, or one whom staff add under their name.

    Raises `SessionNotOpen`, `SessionEnded`, `NotRegistered`, `RegistrationCancelled`, `Invalid`,
    `AlreadyWaiting`, `ListClosed`.
    """
    lock(session)
    now = clock.now()
    check_held(session)
    if now >= session.ends_at:
        raise SessionEnded
    registration = registration_of(session, participant) if participant else None
    text = written(wish.text, needed=wish.kind is Kind.TEXT)
    request = FloorRequest(
        session=session,
        participant_id=participant.id if participant else None,
        **whose(participant, name, representation, stakeholder_group),
        attribution=attribution.lower(wish.attribution, cap_of(session)).value,
        mode=(wish.mode or (Mode(registration.mode) if registration else Mode.ON_SITE)).value,
        kind=wish.kind.value,
        text=text,
        needs_time=wish.needs_time,
        hub=texts.clean_name(wish.hub),
        asked_at=now,
        paused=False,
        losses=0,
        state="waiting",
    )
    board = queries.load(session)
    newcomer = Request(
        id=max(board.rows, default=0) + 1,
        name=request.name,
        mode=Mode(request.mode),
        asked_at=now,
        participant=request.participant_id,
        representation=request.representation,
    )
    floor.admit(
        newcomer, waiting=board.waiting, turns=board.turns, list_is_open=board.is_open
    )  # fmt: skip
    request.person = key_of(floor.People([*board.requests.values(), newcomer]).of(newcomer))
    db.session.add(request)
    db.session.flush()
    if participant is None:
        note("floor_person_added", session, request)
    live.turn(session.id)
    return request


def whose(
    participant: Participant | None, name: str, representation: str, group: str | None
) -> dict[str, str | None]:
    """Return under which name it is asked: as the record says now, or as staff typed it."""
    if participant is None:
        return {
            "name": people.name(name),
            "representation": texts.clean_name(representation),
            "country": None,
            "stakeholder_group": group,
        }
    return {
        "name": participant.name,
        "representation": participant.organisation,
        "country": participant.country,
        "stakeholder_group": participant.stakeholder_group,
    }


def check_held(session: Session) -> None:
    """Refuse a session without a floor (404), or one that is not held (`SessionNotOpen`)."""
    if "floor" not in session.kind.tools:
        raise NotFound
    public = session.consultation.status == ConsultationStatus.PUBLISHED
    if not public or session.status != SessionStatus.PUBLISHED:
        raise SessionNotOpen


def registration_of(session: Session, participant: Participant) -> Registration:
    """Return how somebody takes part. Raises `NotRegistered`, `RegistrationCancelled`."""
    found = registrations.find(session, participant)
    if found is None:
        raise NotRegistered
    if not found.is_live:
        raise RegistrationCancelled
    return found


def key_of(person: Person) -> str:
    """Return how the database tells people apart; a name alone is kept as its digest."""
    kind, *rest = person
    if kind == "participant":
        return f"participant:{rest[0]}"
    return "name:" + hashlib.sha256("\x1f".join(map(str, rest)).encode()).hexdigest()


def written(text: str, *, needed: bool) -> str:
    """Return what is to be read aloud, cleaned. Raises `Invalid` (`missing_field`, `too_long`)."""
    return rules.words("", text)[1] if needed or (text or "").strip() else ""


# --- While it waits ---------------------------------------------------------------------------


@operation
def withdraw(request: FloorRequest) -> FloorRequest:
    """Leave the line; done twice it is done once. Raises `NotWaiting` for who speaks or spoke."""
    hold(request)
    if request.state == "withdrawn":
        return request
    check_waiting(request)
    leave_line(request)
    live.turn(request.session_id)
    return request


def leave_line(request: FloorRequest) -> None:
    """Take a request out of the line; words that were never said are kept nowhere."""
    request.state = "withdrawn"
    request.text = ""


@operation
def pause(request: FloorRequest) -> FloorRequest:
    """Let others go first and keep the place. Raises `NotWaiting`."""
    return set_paused(request, True)


@operation
def resume(request: FloorRequest) -> FloorRequest:
    """Be ready to speak again, with the waiting time of before. Raises `NotWaiting`."""
    return set_paused(request, False)


def set_paused(request: FloorRequest, paused: bool) -> FloorRequest:
    """Say whether whoever waits may be called."""
    hold(request)
    check_waiting(request)
    if request.paused is not paused:
        request.paused = paused
        live.turn(request.session_id)
    return request


@operation
def change(
    request: FloorRequest, *, mode: Mode | None = None, needs_time: bool | None = None
) -> FloorRequest:
    """Speak from elsewhere, or say that more time is needed. Raises `NotWaiting`."""
    hold(request)
    check_waiting(request)
    if mode is not None:
        request.mode = mode.value
    if needs_time is not None:
        request.needs_time = needs_time
    live.turn(request.session_id)
    return request


@operation
def write(request: FloorRequest, text: str, *, by_staff: bool = False) -> FloorRequest:
    """Write a turn: before it, what shall be read aloud; staff also note what was said.

    Raises `Invalid`, `NotWaiting` (also for people themselves once they speak), and
    `ContributionsClosed` where the turn was withdrawn.
    """
    hold(request)
    words = written(text, needed=True)
    if request.state == "waiting":
        request.text, request.kind = words, Kind.TEXT.value
    elif not by_staff or request.state == "withdrawn":
        raise NotWaiting
    elif request.contribution is not None:
        contributions.write_down(request.contribution, words)
    else:
        request.text = words
    live.turn(request.session_id)
    return request


@operation
def leave(registration: Registration) -> None:
    """Take whoever left the session out of its line."""
    found = queries.open_of(registration.session, registration.participant)
    if found is not None and found.state == "waiting":
        leave_line(found)
        live.turn(registration.session_id)


def hold(request: FloorRequest) -> None:
    """Hold the session, then the request. Raises `SessionNotOpen`."""
    lock(request.session)
    lock(request)
    check_held(request.session)


def check_waiting(request: FloorRequest) -> None:
    """Refuse what is not in the line any more."""
    if request.state != "waiting":
        raise NotWaiting


def note(
    action: str,
    session: Session,
    request: FloorRequest | None = None,
    **details: object,
) -> None:
    """Write an act of staff into the audit: ids and words of ours, nobody's name."""
    audit.record(
        action,
        request or session,
        consultation_id=session.consultation_id,
        details={"session": session.id, **details},
    )
