"""What every change of places shares: locks in one order, the line passed on, counters last.

Rows are locked in one order: sessions by id, the registrations in them, and last, only to count
up, the consultation and the participants by id. Participants come after sessions because a
promotion reaches people whom nobody could name before. Whoever holds a session's row may change
every place and hold in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import TypeVar

from sqlalchemy import inspect, select, update

from app import clock
from app.consultations import operations as consultations
from app.core import capacity
from app.core.capacity import Places, Standing
from app.core.vocabulary import Mode, RegistrationStatus, SessionStatus
from app.database import Base, db, lock
from app.programme.models import Session
from app.registration import mails, queries
from app.registration.models import Participant, Registration

PASSES_ON = (SessionStatus.PUBLISHED, SessionStatus.POSTPONED)
SECOND = timedelta(seconds=1)
Row = TypeVar("Row", bound=Base)


class Ledger:
    """The places of some sessions during one operation: ``with Ledger(session) as ledger``.

    Entering locks the sessions; leaving raises the counters of what is displayed differently.
    """

    def __init__(self, *sessions: Session) -> None:
        self.sessions: Sequence[Session] = sorted(set(sessions), key=number_of)
        self._people: set[int] = set()
        self._made: set[int] = set()
        self._before: dict[int, dict[Mode, Places]] = {}
        self._now: dict[int, dict[Mode, Places]] | None = None

    def __enter__(self) -> Ledger:
        for session in self.sessions:
            lock(session)
        self._before = queries.places_of(self.sessions)
        self._now = dict(self._before)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._count_up()

    def places(self, session: Session) -> dict[Mode, Places]:
        """Return the places of ``session`` as they are at this point of the operation."""
        if self._now is None:
            db.session.flush()
            self._now = queries.places_of(self.sessions)
        return self._now[session.id]

    def wrote(self, *people: int) -> None:
        """Note that places changed, and whose page and feed show it (participant ids)."""
        self._now = None
        self._people.update(people)

    def entered(self, session: Session, participant: Participant, standing: Standing) -> None:
        """Note that somebody who was not in ``session`` stands there now."""
        if self._now is not None:
            self._now[session.id] = capacity.with_newcomer(self._now[session.id], standing)
        self._people.add(participant.id)

    def made(self, participant: Participant) -> None:
        """Note that this person is new: nobody has seen anything of theirs yet."""
        self._made.add(participant.id)

    def touch(self, participant: Participant) -> None:
        """Note that what this person sees changed, though no place did."""
        self._people.add(participant.id)

    def pass_on(self, session: Session) -> list[Registration]:
        """Give what is free to whoever has waited longest, until nothing more can be given.

        Somebody promoted out of another mode frees a place there, which goes on in turn.
        """
        if session.status not in PASSES_ON or clock.now() >= session.ends_at:
            return []
        promoted: list[Registration] = []
        while lucky := self._next(session):
            mode, people = lucky
            for registration in people:
                promote(registration, mode)
            promoted += people
            self.wrote(*(registration.participant_id for registration in people))
        return promoted

    def _next(self, session: Session) -> tuple[Mode, list[Registration]] | None:
        for mode, places in self.places(session).items():
            if places.waiting and places.free != 0:
                waiting = queries.line(session, mode, limit=places.free)
                return mode, capacity.next_in_line(places, waiting)
        return None

    def _count_up(self) -> None:
        different = [
            session
            for session in self.sessions
            if shown(self.places(session)) != shown(self._before[session.id])
        ]
        for session in different:
            session.places_revision += 1
        db.session.flush()
        for consultation_id in sorted({session.consultation_id for session in different}):
            consultations.touch_places(consultation_id)
        touch_people(self._people - self._made)


def present(row: Row) -> Row | None:
    """Return ``row`` as it is now, ``None`` if somebody deleted it since it was read."""
    return db.session.get(type(row), inspect(row).identity, populate_existing=True)


def number_of(session: Session) -> int:
    """Return the id of ``session`` without loading what the transaction before it knew."""
    (number,) = inspect(session).identity or (session.id,)
    return number


def shown(places: dict[Mode, Places]) -> dict[Mode, tuple]:
    """Return all that is displayed of ``places``."""
    return {mode: each.shown for mode, each in places.items()}


def promote(registration: Registration, mode: Mode) -> None:
    """Confirm somebody who waited, in ``mode``; the place held until now is free."""
    registration.mode = mode.value
    registration.status = RegistrationStatus.CONFIRMED.value
    if registration.waits_for == mode:
        registration.waits_for = None
    raise_sequence(registration)
    mails.promoted(registration)


def raise_sequence(registration: Registration) -> None:
    """Count a change of meaning of this person's calendar entry."""
    registration.sequence = max(registration.sequence + 1, registration.session.sequence)
    registration.changed_at = clock.now()


def touch_people(ids: Iterable[int]) -> None:
    """Raise the revision of what these participants see; dates move on by at least a second."""
    wanted = sorted(set(ids))
    if not wanted:
        return
    now = clock.now()
    rows = db.session.execute(
        select(Participant.id, Participant.changed_at)
        .where(Participant.id.in_(wanted))
        .order_by(Participant.id)
        .with_for_update(key_share=True)
    ).all()
    moments: dict = {}
    for number, changed_at in rows:
        moments.setdefault(max(now, changed_at + SECOND), []).append(number)
    for moment, numbers in moments.items():
        db.session.execute(
            update(Participant)
            .where(Participant.id.in_(numbers))
            .values(revision=Participant.revision + 1, changed_at=moment)
        )
