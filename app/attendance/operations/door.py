"""What is known at a session's door while a batch is taken in: one look at each table for all."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence

from app.attendance import queries
from app.attendance.models import Scan
from app.attendance.operations.items import Item
from app.core import scans
from app.core.scans import ABSENT, Fact, Presence
from app.core.vocabulary import RegistrationStatus, ScanKind
from app.programme.models import Session
from app.registration.models import Participant, Registration

NEW = 10**15  # scans of this batch come after every stored one


class Door:
    """The scans, people and registrations a batch is about; kept up to date while it is read."""

    def __init__(self, session: Session, items: Sequence[Item]) -> None:
        self.session = session
        self.known = queries.by_keys(session, {item.key for item in items})
        self._tickets = queries.ticket_holders(
            session.consultation_id,
            codes={item.code for item in items if item.code},
            secrets={item.secret for item in items if item.secret},
            ids={item.participant for item in items if item.participant},
        )
        people = {who.id for who in self._tickets.values()}
        people |= {scan.participant_id for scan in self.known.values() if scan.participant_id}
        self._registrations: dict[int, Registration] = {}
        self._facts: dict[int, list[tuple[int, Fact]]] = defaultdict(list)
        self._undos: list[tuple[int, Fact]] = []
        self._seen: set[int] = set()
        self._numbers = {scan.key: scan.id for scan in self.known.values()}
        self._next = itertools.count(NEW)
        self.look_up(people)

    def look_up(self, people: set[int]) -> None:
        """Read registrations and earlier scans of ``people`` (participant ids) not yet known."""
        new = people - self._seen
        if not new:
            return
        self._seen |= new
        self._registrations |= queries.registrations_of(self.session, new)
        for number, fact in queries.facts_of(self.session, new):
            if fact.kind is ScanKind.UNDO:
                self._undos.append((number, fact))
            else:
                self._facts[fact.person].append((number, fact))  # type: ignore[index]

    def holder(self, item: Item) -> Participant | None:
        """Return whose ticket was held up, or whom the desk looked up."""
        return self._tickets.get(item.code or item.secret or item.participant or "")

    def registration(self, participant: Participant | None) -> Registration | None:
        """Return where a person stands in this session, if they ever did."""
        return self._registrations.get(participant.id) if participant else None

    def entered(self, registration: Registration) -> None:
        """Note a registration that a walk-in made or found."""
        self.look_up({registration.participant_id})
        self._registrations[registration.participant_id] = registration

    def presence(self, participant: Participant | None, *, before: Scan | None = None) -> Presence:
        """Return whether a person is inside, by the scans received ``before`` that one."""
        if participant is None:
            return ABSENT
        registration = self.registration(participant)
        holds = registration is not None and registration.status == RegistrationStatus.CONFIRMED
        end = self._numbers[before.key] if before else None
        facts = [
            fact
            for number, fact in (*self._facts[participant.id], *self._undos)
            if end is None or number < end
        ]
        expected = {participant.id} if holds else set()
        return scans.presences(facts, expected=expected).get(participant.id, ABSENT)

    def remember(self, scan: Scan) -> None:
        """Let a new scan count for those after it."""
        number = self._numbers[scan.key] = next(self._next)
        self.known[scan.key] = scan
        if scan.problem:
            return
        fact = queries.fact(scan)
        if fact.kind is ScanKind.UNDO:
            self._undos.append((number, fact))
        elif scan.participant_id is not None:
            self._facts[scan.participant_id].append((number, fact))
