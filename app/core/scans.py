"""What door scans and online joins add up to: who was there, whatever order devices sync in.

Scans are only ever added. Presence is concluded from the whole set of them, so that sending one
twice, late, or in another order changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.vocabulary import RegistrationStatus, ScanKind, Verdict

ARRIVALS = (ScanKind.IN, ScanKind.WALK_IN)
LEAST_ONLINE = timedelta(minutes=10)
SHARE_ONLINE = 0.2


@dataclass(frozen=True)
class Fact:
    """One scan. ``key`` is the device's own, ``at`` what its clock said.

    ``undoes`` is the key an undo takes back, whether or not that scan has arrived yet. ``admits``
    says that the person was let in: a walk-in always, a scan where a place was held at the time.
    """

    key: str
    kind: ScanKind
    at: datetime
    person: Hashable = None
    undoes: str | None = None
    admits: bool = False
    device: str = ""


@dataclass(frozen=True)
class Presence:
    """When one person first came, at which device, and when they left if they did not stay."""

    checked_in_at: datetime | None = None
    left_at: datetime | None = None
    device: str = ""

    @property
    def is_in(self) -> bool:
        """Whether the person is inside after all that was scanned."""
        return self.checked_in_at is not None and self.left_at is None


ABSENT = Presence()


def effective(facts: Iterable[Fact]) -> list[Fact]:
    """Return what was not undone, once each, in order of time.

    An undo takes one scan back for good and cannot itself be undone: scan again.
    """
    once = {fact.key: fact for fact in facts}
    undone = {fact.undoes for fact in once.values() if fact.kind is ScanKind.UNDO}
    return sorted(
        (
            fact
            for fact in once.values()
            if fact.kind is not ScanKind.UNDO and fact.key not in undone
        ),
        key=lambda fact: (fact.at, fact.kind is ScanKind.OUT, fact.key),
    )


def presences(facts: Iterable[Fact], *, expected: Collection[Hashable]) -> dict[Hashable, Presence]:
    """Return the presence of everybody who was there.

    ``expected`` are those who hold a place. Of others an arrival counts only once they were let
    in: a ticket held up in vain is a fact, but nobody's presence.
    """
    by_person: dict[Hashable, list[Fact]] = defaultdict(list)
    for fact in effective(facts):
        by_person[fact.person].append(fact)
    return {
        person: presence(theirs)
        for person, theirs in by_person.items()
        if person is not None
        and any(fact.kind in ARRIVALS for fact in theirs)
        and (person in expected or any(fact.admits for fact in theirs))
    }


def presence(facts: list[Fact]) -> Presence:
    """Return what the effective facts about one person, in order of time, add up to."""
    first = next(fact for fact in facts if fact.kind in ARRIVALS)
    last = facts[-1]
    return Presence(first.at, last.at if last.kind is ScanKind.OUT else None, first.device)


def verdict(
    kind: ScanKind,
    status: RegistrationStatus | None,
    *,
    is_known: bool,
    is_in: bool,
    on_site: bool,
    takes_place: bool,
) -> Verdict:
    """Say what the door is told of a scan, from what was known before it.

    ``status`` is where the person stands in this session, ``None`` without registration;
    ``on_site`` whether that is for the room, ``takes_place`` whether the session was not called
    off. Somebody let in without a place is inside all the same.
    """
    if kind is ScanKind.UNDO:
        return Verdict.UNDONE
    if not is_known:
        return Verdict.UNKNOWN_TICKET
    if kind is ScanKind.OUT:
        return Verdict.LEFT if status or is_in else Verdict.OTHER_SESSION
    if not takes_place:
        return Verdict.CANCELLED
    if is_in:
        return Verdict.ALREADY_IN
    if status is None:
        return Verdict.OTHER_SESSION
    if status is not RegistrationStatus.CONFIRMED:
        return Verdict.ON_WAITING_LIST if status.is_live else Verdict.CANCELLED
    return Verdict.WELCOME if on_site or kind is ScanKind.WALK_IN else Verdict.OTHER_MODE


def admits(kind: ScanKind, status: RegistrationStatus | None, *, takes_place: bool) -> bool:
    """Say whether a scan shows that the person was let in, whatever becomes of their place later.

    ``status`` is where they stood when the scan arrived.
    """
    if not takes_place:
        return False
    if kind is ScanKind.WALK_IN:
        return status is not None
    return kind is ScanKind.IN and status is RegistrationStatus.CONFIRMED


# --- Attendance -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attendance:
    """The conclusion about one person in one session.

    ``evidence`` names what it rests on, the strongest first: ``scan``, then ``join``.
    """

    checked_in_at: datetime | None
    left_at: datetime | None
    minutes_online: int
    attended: bool
    evidence: tuple[str, ...]


def online_threshold(length: timedelta) -> timedelta:
    """Return how long somebody must be in the online room: 10 minutes or 20 %, the longer."""
    return max(LEAST_ONLINE, length * SHARE_ONLINE)


def attendance(
    present: Presence, *, joined: bool, minutes_online: int, length: timedelta
) -> Attendance:
    """Conclude from the door, the join link and the minutes online whether somebody was there.

    Pressing the join button proves the intent alone; in a session over 24 h it is the presence.
    """
    long = length > timedelta(hours=24)
    attended = (
        present.checked_in_at is not None
        or (long and joined)
        or timedelta(minutes=minutes_online) >= online_threshold(length)
    )
    evidence = [
        name
        for name, is_there in (("scan", present.checked_in_at is not None), ("join", joined))
        if is_there
    ]
    return Attendance(
        present.checked_in_at, present.left_at, minutes_online, attended, tuple(evidence)
    )


@dataclass(frozen=True)
class Sums:
    """The three numbers of a session: who held a place, came to the door, took part at all."""

    registered: int = 0
    checked_in: int = 0
    attended: int = 0


def total(sums: Iterable[Sums]) -> Sums:
    """Return several sums added up."""
    each = list(sums)
    return Sums(
        sum(one.registered for one in each),
        sum(one.checked_in for one in each),
        sum(one.attended for one in each),
    )
