"""Taking in what doors recorded: every scan once, nothing refused, each answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from app import clock
from app.announcements import announce
from app.attendance import queries
from app.attendance.announcements import SomebodyCame
from app.attendance.models import Scan
from app.attendance.operations import items
from app.attendance.operations.door import Door
from app.attendance.operations.items import Item
from app.core import scans
from app.core.refusals import N_, Invalid, Refusal
from app.core.timing import isoformat_z
from app.core.vocabulary import Mode, RegistrationStatus, ScanKind, SessionStatus, Verdict
from app.database import db, lock, operation
from app.programme.models import Session
from app.registration import operations as registrations
from app.registration.models import Participant, Registration

MOST = 500
RAW_KEPT = timedelta(days=30)


class TooManyScans(Refusal):
    """A batch holds more than the 500 scans that are taken at once."""

    code = "too_many_scans"
    status = 413
    message = N_("Send at most 500 scans at once.")


@operation
def record_scans(
    session: Session, batch: Mapping[str, Any], *, actor: str = "system"
) -> dict[str, dict[str, Any]]:
    """Keep every scan of ``batch`` not yet known and return what the door is told, by scan id.

    ``batch`` is ``{"device", "device_time", "scans": […]}`` of the contract. A scan sent again is
    answered as the first time; one that cannot be used is kept, with verdict ``invalid``. A ticket
    opens its participant, a walk-in makes one. Raises `TooManyScans`, `Invalid` (no list at all).
    """
    lock(session)
    now = clock.now()
    found = read(session, batch)
    door = Door(session, found)
    fixed = {
        "device": items.device_of(batch.get("device")),
        "skew_seconds": items.skew_of(batch.get("device_time"), now),
        "received_at": now,
        "actor": actor,
    }
    new = [item for item in found if item.key not in door.known]
    for item in new:
        if item.key not in door.known:  # twice in one batch is once
            take(door, item, **fixed)
    open_holders(door, found)
    db.session.flush()
    said = answers(door, found)
    if new:
        announce(SomebodyCame(session))
    return said


def verdicts(session: Session, batch: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what was told of the scans of ``batch``, all of which are known."""
    found = read(session, batch)
    return answers(Door(session, found), found)


def verdict(session: Session, scan: Scan) -> dict[str, Any]:
    """Return what was told of one stored scan."""
    named = {scan.participant_id} if scan.participant_id else set()
    door = Door(session, [Item(key=scan.key, id=scan.key, kind=scan.kind, at=scan.scanned_at)])
    return told(door, scan, queries.elsewhere(session, named))


def read(session: Session, batch: Mapping[str, Any]) -> list[Item]:
    """Return the items of ``batch``; raises `TooManyScans`, `Invalid`."""
    sent = batch.get("scans")
    if not isinstance(sent, list):
        raise Invalid.field("scans", "invalid_value", "This must be a list")
    if len(sent) > MOST:
        raise TooManyScans
    return items.read(sent, now=clock.now(), language=session.consultation.language)


def take(door: Door, item: Item, **fixed: Any) -> None:
    """Store one new scan with what the door is told of it."""
    session = door.session
    takes_place = session.status != SessionStatus.CANCELLED
    participant = None if item.problem else door.holder(item)
    problem = item.problem
    before = door.presence(participant)
    if item.kind == ScanKind.WALK_IN and not problem:
        if Mode.ON_SITE not in session.modes:
            problem = "mode_not_offered"
        elif takes_place and (participant or item.person):
            participant, before = walk_in(door, item, participant)
    registration = door.registration(participant)
    status = RegistrationStatus(registration.status) if registration else None
    if problem:
        said, admits = Verdict.INVALID, False
    else:
        kind = ScanKind(item.kind)
        said = scans.verdict(
            kind,
            status,
            is_known=participant is not None or item.person is not None,
            is_in=before.is_in,
            on_site=registration is not None and registration.mode == Mode.ON_SITE,
            takes_place=takes_place,
        )
        admits = scans.admits(kind, status, takes_place=takes_place)
    scan = Scan(
        session=session,
        key=item.key,
        kind=item.kind or "unknown",
        ticket=item.ticket,
        undoes=item.undoes,
        participant=participant,
        participant_id=participant.id if participant else None,
        scanned_at=item.at,
        verdict=said.value,
        admits=admits,
        problem=problem,
        raw=item.raw,
        **fixed,
    )
    db.session.add(scan)
    door.remember(scan)


def walk_in(
    door: Door, item: Item, participant: Participant | None
) -> tuple[Participant, scans.Presence]:
    """Register whoever stands at the door; return them and whether they were inside already."""
    registration, _is_new = registrations.walk_in(
        door.session, participant=participant, details=item.person
    )
    before_place = door.presence(participant) if participant else None
    door.entered(registration)
    return registration.participant, before_place or door.presence(registration.participant)


def open_holders(door: Door, found: list[Item]) -> None:
    """Open whoever held up what only their mail carried; in the order in which rows are locked."""
    holders = {
        who.id: who
        for item in found
        if (item.code or item.secret) and not item.problem
        and (who := door.holder(item)) and not who.is_opened
    }  # fmt: skip
    for _id, participant in sorted(holders.items()):
        registrations.open(participant)


# --- What the door is told ------------------------------------------------------------------------


def answers(door: Door, found: list[Item]) -> dict[str, dict[str, Any]]:
    """Return what is told of each item, without any address."""
    lost = {
        scan.participant_id
        for item in found
        if (scan := door.known[item.key]).verdict == Verdict.OTHER_SESSION and scan.participant_id
    }
    elsewhere = queries.elsewhere(door.session, lost)
    return {item.id: told(door, door.known[item.key], elsewhere) for item in found}


def told(door: Door, scan: Scan, elsewhere: dict[int, list[Session]]) -> dict[str, Any]:
    """Return what is told of one scan."""
    answer: dict[str, Any] = {"verdict": scan.verdict}
    if scan.problem:
        answer["code"] = scan.problem
    if scan.participant is None:
        return answer
    who = scan.participant
    answer["participant"] = {"id": who.public_id, "name": who.name}
    if registration := door.registration(who):
        answer |= standing(registration)
    if scan.verdict == Verdict.ALREADY_IN:
        since = door.presence(who, before=scan)
        answer["since"] = isoformat_z(since.checked_in_at) if since.checked_in_at else None
        answer["device"] = since.device
    if scan.verdict == Verdict.OTHER_SESSION:
        language = door.session.consultation.language
        answer["sessions"] = [
            {
                "slug": session.slug,
                "title": session.words("title", language),
                "starts": session.starts.isoformat(timespec="minutes"),
                "timezone": session.timezone,
                "starts_at": isoformat_z(session.starts_at),
            }
            for session in elsewhere.get(who.id, [])
        ]
    return answer


def standing(registration: Registration) -> dict[str, Any]:
    """Return where a person stands in the session."""
    return {"status": registration.status, "mode": registration.mode}


# --- Retention ------------------------------------------------------------------------------------


@operation
def forget_raw() -> int:
    """Drop what unusable items held, 30 days after their session; return how many were."""
    over = select(Session.id).where(Session.ends_at <= clock.now() - RAW_KEPT)
    result = db.session.execute(
        update(Scan)
        .where(Scan.raw.is_not(None), Scan.session_id.in_(over))
        .values(raw=None)
        .execution_options(synchronize_session=False)
    )
    return result.rowcount  # type: ignore[attr-defined]
