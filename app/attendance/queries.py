"""Reads of scans and joins, and the attendance concluded from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased, joinedload

from app import clock
from app.attendance.models import Join, Scan
from app.consultations.models import Consultation
from app.core import scans
from app.core.scans import ABSENT, Attendance, Fact, Sums
from app.core.texts import folded
from app.core.vocabulary import Mode, RegistrationStatus, ScanKind, SessionStatus, Source
from app.database import db
from app.programme.models import Session
from app.registration.models import Participant, Registration

CONFIRMED = RegistrationStatus.CONFIRMED.value
LIVE = [status.value for status in RegistrationStatus if status.is_live]
MOST_FOUND = 20
DOOR_CLOSES = timedelta(hours=12)
FACT = (
    Scan.session_id, Scan.id, Scan.key, Scan.kind, Scan.scanned_at, Scan.participant_id,
    Scan.undoes, Scan.admits, Scan.device,
)  # fmt: skip


def fact(row) -> Fact:
    """Return one scan as the rules know it; ``row`` has the columns of `FACT`."""
    return Fact(
        key=row.key,
        kind=ScanKind(row.kind),
        at=row.scanned_at,
        person=row.participant_id,
        undoes=row.undoes,
        admits=row.admits,
        device=row.device,
    )


# --- For a batch ----------------------------------------------------------------------------------


def by_keys(session: Session, keys: Collection[str]) -> dict[str, Scan]:
    """Return the scans of ``session`` already stored under ``keys``, with their people."""
    rows = db.session.scalars(
        select(Scan)
        .where(Scan.session_id == session.id, Scan.key.in_(keys))
        .options(joinedload(Scan.participant))
    )
    return {scan.key: scan for scan in rows}


def ticket_holders(
    consultation_id: int,
    *,
    codes: Collection[str],
    secrets: Collection[str],
    ids: Collection[str],
) -> dict[str, Participant]:
    """Return who holds these tickets in a consultation, by the code, secret or id asked for."""
    rows = db.session.scalars(
        select(Participant).where(
            Participant.consultation_id == consultation_id,
            Participant.erased_at.is_(None),
            or_(
                Participant.ticket_code.in_(codes),
                Participant.ticket_secret.in_(secrets),
                Participant.public_id.in_(ids),
            ),
        )
    )
    found: dict[str, Participant] = {}
    for who in rows:
        for name in (who.ticket_code, who.ticket_secret, who.public_id):
            found[name] = who
    return found


def registrations_of(session: Session, people: Collection[int]) -> dict[int, Registration]:
    """Return where ``people`` (participant ids) stand in ``session``, ended ones too."""
    rows = db.session.scalars(
        select(Registration).where(
            Registration.session_id == session.id, Registration.participant_id.in_(people)
        )
    )
    return {registration.participant_id: registration for registration in rows}


def facts_of(session: Session, people: Collection[int]) -> list[tuple[int, Fact]]:
    """Return the scans of ``people`` in ``session`` and what was undone of them, numbered."""
    undone = aliased(Scan)
    theirs = Scan.participant_id.in_(people)
    undos = and_(
        Scan.kind == ScanKind.UNDO.value,
        Scan.undoes.in_(
            select(undone.key).where(
                undone.session_id == session.id, undone.participant_id.in_(people)
            )
        ),
    )
    rows = db.session.execute(
        select(*FACT)
        .where(Scan.session_id == session.id, Scan.problem.is_(None), or_(theirs, undos))
        .order_by(Scan.id)
    )
    return [(row.id, fact(row)) for row in rows]


def elsewhere(session: Session, people: Collection[int]) -> dict[int, list[Session]]:
    """Return the other sessions for which ``people`` are registered, by participant id."""
    if not people:
        return {}
    rows = db.session.execute(
        select(Registration.participant_id, Session)
        .join(Session, Registration.session_id == Session.id)
        .where(
            Registration.participant_id.in_(people),
            Registration.session_id != session.id,
            Registration.status.in_(LIVE),
        )
        .order_by(Session.starts_at, Session.id)
    )
    found: dict[int, list[Session]] = defaultdict(list)
    for person, other in rows:
        found[person].append(other)
    return found


# --- Attendance -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One person of a session's attendance list."""

    registration: Registration
    attendance: Attendance

    @property
    def is_walk_in(self) -> bool:
        """Whether the person became known at the door."""
        return self.registration.participant.source == Source.WALK_IN


def attendance(
    session: Session, *, after: int = 0, limit: int | None = None, search: str = ""
) -> list[Row]:
    """Return who is or was registered in ``session`` and whether they came, by registration id."""
    query = select(Registration).where(
        Registration.session_id == session.id, Registration.id > after
    )
    if words := folded(search):
        query = query.join(Registration.participant).where(named(words))
    registrations = list(db.session.scalars(query.order_by(Registration.id).limit(limit)))
    people = {registration.participant_id for registration in registrations}
    held = {each.participant_id for each in registrations if each.status == CONFIRMED}
    facts = [fact for _number, fact in facts_of(session, people)]
    present = scans.presences(facts, expected=held)
    joined = set(
        db.session.scalars(
            select(Join.participant_id).where(
                Join.session_id == session.id, Join.participant_id.in_(people)
            )
        )
    )
    length = session.ends_at - session.starts_at
    return [
        Row(
            registration,
            scans.attendance(
                present.get(registration.participant_id, ABSENT),
                joined=registration.participant_id in joined,
                minutes_online=0,
                length=length,
            ),
        )
        for registration in registrations
    ]


def sums(sessions: Sequence[Session]) -> dict[int, Sums]:
    """Return registered, checked in and attended of ``sessions`` by id, with three queries.

    Registered is who holds a place now; the other two are concluded from scans and joins.
    """
    ids = [session.id for session in sessions]
    held: dict[int, set[int]] = defaultdict(set)
    for session_id, person in db.session.execute(
        select(Registration.session_id, Registration.participant_id).where(
            Registration.session_id.in_(ids), Registration.status == CONFIRMED
        )
    ):
        held[session_id].add(person)
    facts: dict[int, list[Fact]] = defaultdict(list)
    for row in db.session.execute(
        select(*FACT).where(Scan.session_id.in_(ids), Scan.problem.is_(None))
    ):
        facts[row.session_id].append(fact(row))
    joined: dict[int, set[int]] = defaultdict(set)
    for session_id, person in db.session.execute(
        select(Join.session_id, Join.participant_id).where(Join.session_id.in_(ids)).distinct()
    ):
        joined[session_id].add(person)
    found = {}
    for session in sessions:
        present = scans.presences(facts[session.id], expected=held[session.id])
        online = joined[session.id] if session.is_long else set()
        found[session.id] = Sums(len(held[session.id]), len(present), len(present.keys() | online))
    return found


@dataclass(frozen=True)
class Way:
    """What became of those who take part in one way (``on_site``, ``online``, ``walk_in``)."""

    registered: int = 0
    cancelled: int = 0
    checked_in: int = 0
    attended: int = 0

    @property
    def no_show(self) -> int:
        """Those who held a place and did not come; never negative."""
        return max(self.registered - self.attended, 0)

    @property
    def rate(self) -> int | None:
        """No-shows of those who held a place, in per cent."""
        return round(100 * self.no_show / self.registered) if self.registered else None


def by_way(rows: Iterable[Row]) -> dict[str, Way]:
    """Return what became of everybody by their way of taking part, and the ``total``.

    A person registered online who came to the room counts where they registered.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        registration = row.registration
        way = "walk_in" if row.is_walk_in else registration.mode
        for name in (way, "total"):
            counts[name][0] += registration.status == CONFIRMED
            counts[name][1] += not registration.is_live
            counts[name][2] += row.attendance.checked_in_at is not None
            counts[name][3] += row.attendance.attended
    order = (Mode.ON_SITE.value, Mode.ONLINE.value, "walk_in", "total")
    return {way: Way(*counts[way]) for way in order if way in counts or way == "total"}


# --- The door's page ------------------------------------------------------------------------------


def named(words: str):
    """Say in SQL: the folded ``words`` are part of the person's name; wildcards are plain text."""
    return Participant.search_name.contains(words, autoescape=True)


def by_name(session: Session, text: str) -> list[Registration]:
    """Return whom the desk may mean: people of this session by name, never by address."""
    words = folded(text)
    if not words:
        return []
    return list(
        db.session.scalars(
            select(Registration)
            .join(Registration.participant)
            .where(
                Registration.session_id == session.id,
                Participant.erased_at.is_(None),
                named(words),
            )
            .order_by(Participant.search_name, Registration.id)
            .limit(MOST_FOUND)
        )
    )


def by_key(session: Session, key: str) -> Scan | None:
    """Return the scan of ``session`` stored under ``key``."""
    return by_keys(session, {key}).get(key)


def latest(session: Session, *, limit: int = 5) -> list[Scan]:
    """Return the last usable scans of ``session`` but undos, the newest first."""
    return list(
        db.session.scalars(
            select(Scan)
            .where(
                Scan.session_id == session.id,
                Scan.problem.is_(None),
                Scan.kind != ScanKind.UNDO.value,
            )
            .options(joinedload(Scan.participant))
            .order_by(Scan.id.desc())
            .limit(limit)
        )
    )


def undone_keys(session: Session, keys: Collection[str]) -> set[str]:
    """Return which of ``keys`` were undone."""
    rows = db.session.scalars(
        select(Scan.undoes).where(
            Scan.session_id == session.id,
            Scan.kind == ScanKind.UNDO.value,
            Scan.undoes.in_(keys),
        )
    )
    return {key for key in rows if key}


def last_undoable(session: Session, device: str) -> Scan | None:
    """Return the last scan of ``device`` about somebody that was not undone yet."""
    undo = aliased(Scan)
    return db.session.scalar(
        select(Scan)
        .where(
            Scan.session_id == session.id,
            Scan.device == device,
            Scan.kind != ScanKind.UNDO.value,
            Scan.participant_id.is_not(None),
            ~select(undo.id).where(undo.session_id == session.id, undo.undoes == Scan.key).exists(),
        )
        .order_by(Scan.id.desc())
        .limit(1)
    )


def inside(session: Session) -> tuple[int, int]:
    """Return how many are inside now, and how many hold a place in the room."""
    rows = db.session.execute(
        select(Registration.participant_id, Registration.mode).where(
            Registration.session_id == session.id, Registration.status == CONFIRMED
        )
    ).all()
    facts = db.session.execute(
        select(*FACT).where(Scan.session_id == session.id, Scan.problem.is_(None))
    )
    present = scans.presences(map(fact, facts), expected={person for person, _mode in rows})
    return (
        sum(each.is_in for each in present.values()),
        sum(mode == Mode.ON_SITE for _person, mode in rows),
    )


def at_the_door(*, at: datetime | None = None) -> list[Session]:
    """Return the sessions with a room that are to come, run, or ended less than 12 hours ago.

    Doors of rehearsals are reached from their own pages.
    """
    now = at or clock.now()
    rows = db.session.scalars(
        select(Session)
        .join(Session.consultation)
        .where(
            Session.status.in_(
                [SessionStatus.PUBLISHED.value, SessionStatus.POSTPONED.value,
                 SessionStatus.CLOSED.value]
            ),
            Session.ends_at > now - DOOR_CLOSES,
            Consultation.rehearsal_of.is_(None),
        )
        .order_by(Session.starts_at, Session.id)
    )  # fmt: skip
    return [session for session in rows if Mode.ON_SITE in session.modes]
