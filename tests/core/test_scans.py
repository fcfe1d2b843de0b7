"""What door scans add up to: order, repetition and lateness do not matter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import scans
from app.core.scans import ABSENT, Fact, Presence, presences
from app.core.vocabulary import RegistrationStatus, ScanKind, Verdict

SIX = datetime(2028, 10, 10, 18, 0, tzinfo=UTC)
EVERYBODY = {"ada", "ben", "eve"}


def at(minute: int) -> datetime:
    """So many minutes after six."""
    return SIX + timedelta(minutes=minute)


def scan(kind: str, minute: int, person: str | None = "ada", **fields) -> Fact:
    """One scan, named after itself."""
    fields = {"key": f"{kind}-{person}-{minute}"} | fields
    return Fact(kind=ScanKind(kind), at=at(minute), person=person, **fields)


def undo(key: str) -> Fact:
    """The undo of the scan called ``key``."""
    return Fact(key=f"undo-{key}", kind=ScanKind.UNDO, at=SIX, undoes=key)


@st.composite
def days(draw):
    """The scans of a day: arrivals, departures, walk-ins, and undos of some, known or not."""
    count = draw(st.integers(0, 12))
    keys = [f"k{number}" for number in range(count)]
    facts = []
    for key in keys:
        kind = draw(st.sampled_from(list(ScanKind)))
        facts.append(
            Fact(
                key=key,
                kind=kind,
                at=at(draw(st.integers(-60, 60))),
                person=None if kind is ScanKind.UNDO else draw(st.sampled_from(["ada", "ben"])),
                undoes=draw(st.sampled_from([*keys, "lost"])) if kind is ScanKind.UNDO else None,
                admits=kind is ScanKind.WALK_IN or draw(st.booleans()),
                device=draw(st.sampled_from(["desk 1", "desk 2"])),
            )
        )
    return facts


@settings(max_examples=400)
@given(days(), st.randoms(), st.sets(st.sampled_from(["ada", "ben"])))
def test_attendance_does_not_depend_on_the_order_in_which_devices_sync(day, random, expected):
    shuffled = day.copy()
    random.shuffle(shuffled)

    assert presences(shuffled, expected=expected) == presences(day, expected=expected)


@settings(max_examples=400)
@given(days(), st.randoms())
def test_sending_scans_twice_changes_nothing(day, random):
    some = [fact for fact in day if random.random() < 0.5]

    assert presences(day + some, expected=EVERYBODY) == presences(day, expected=EVERYBODY)


@settings(max_examples=400)
@given(days())
def test_an_undo_works_before_its_scan_arrives(day):
    late = sorted(day, key=lambda fact: fact.kind is not ScanKind.UNDO)
    early = sorted(day, key=lambda fact: fact.kind is ScanKind.UNDO)

    assert presences(late, expected=EVERYBODY) == presences(early, expected=EVERYBODY)


@settings(max_examples=400)
@given(days())
def test_who_is_let_in_is_whoever_has_an_arrival_that_was_not_undone(day):
    undone = {fact.undoes for fact in day if fact.kind is ScanKind.UNDO}
    arrived = {
        fact.person
        for fact in day
        if fact.kind in (ScanKind.IN, ScanKind.WALK_IN) and fact.key not in undone
    }

    assert set(presences(day, expected=EVERYBODY)) == arrived


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param([scan("in", 5), scan("in", 2)], Presence(at(2)), id="the-earliest-counts"),
        pytest.param([scan("in", 2), scan("out", 9)], Presence(at(2), at(9)), id="left"),
        pytest.param(
            [scan("in", 2), scan("out", 9), scan("in", 12)], Presence(at(2)), id="came-back"
        ),
        pytest.param(
            [scan("in", 2), undo("in-ada-2"), scan("in", 7)], Presence(at(7)), id="undone"
        ),
        pytest.param(
            [scan("in", 2), scan("out", 9), undo("out-ada-9")], Presence(at(2)), id="did-not-leave"
        ),
        pytest.param([scan("out", 9)], ABSENT, id="leaving-alone-is-no-arrival"),
        pytest.param([undo("in-ada-2"), scan("in", 2)], ABSENT, id="undo-before-its-scan"),
        pytest.param([scan("walk_in", 3)], Presence(at(3)), id="walk-in"),
        pytest.param(
            [scan("out", 4), scan("in", 4)], Presence(at(4), at(4)), id="same-minute-in-then-out"
        ),
    ],
)
def test_presence(day, expected):
    assert presences(day, expected={"ada"}).get("ada", ABSENT) == expected


def test_a_ticket_held_up_in_vain_is_nobodys_presence_until_they_are_let_in():
    held_up = scan("in", 1, "eve")

    assert presences([held_up], expected={"ada"}) == {}
    assert presences([held_up, scan("walk_in", 5, "eve", admits=True)], expected={"ada"}) == {
        "eve": Presence(at(1))
    }


STATUS = RegistrationStatus


@pytest.mark.parametrize(
    ("kind", "status", "changes", "expected"),
    [
        ("in", STATUS.CONFIRMED, {}, Verdict.WELCOME),
        ("in", STATUS.CONFIRMED, {"is_in": True}, Verdict.ALREADY_IN),
        ("in", STATUS.CONFIRMED, {"on_site": False}, Verdict.OTHER_MODE),
        ("walk_in", STATUS.CONFIRMED, {"on_site": False}, Verdict.WELCOME),
        ("in", STATUS.WAITING, {}, Verdict.ON_WAITING_LIST),
        ("in", STATUS.OFFERED, {}, Verdict.ON_WAITING_LIST),
        ("in", STATUS.PENDING, {}, Verdict.ON_WAITING_LIST),
        ("in", STATUS.WAITING, {"is_in": True}, Verdict.ALREADY_IN),
        ("in", STATUS.CANCELLED, {}, Verdict.CANCELLED),
        ("in", STATUS.DECLINED, {}, Verdict.CANCELLED),
        ("in", STATUS.CONFIRMED, {"takes_place": False}, Verdict.CANCELLED),
        ("in", None, {}, Verdict.OTHER_SESSION),
        ("in", None, {"is_known": False}, Verdict.UNKNOWN_TICKET),
        ("out", STATUS.CONFIRMED, {}, Verdict.LEFT),
        ("out", None, {}, Verdict.OTHER_SESSION),
        ("undo", None, {"is_known": False}, Verdict.UNDONE),
    ],
)
def test_verdict(kind, status, changes, expected):
    known = {"is_known": True, "is_in": False, "on_site": True, "takes_place": True} | changes

    assert scans.verdict(ScanKind(kind), status, **known) == expected


@pytest.mark.parametrize(("minutes", "needed"), [(30, 10), (60, 12), (90, 18), (120, 24)])
def test_online_takes_ten_minutes_or_a_fifth(minutes, needed):
    length = timedelta(minutes=minutes)

    assert scans.online_threshold(length) == timedelta(minutes=needed)
    for minute, enough in ((needed - 1, False), (needed, True)):
        found = scans.attendance(ABSENT, joined=True, minutes_online=minute, length=length)
        assert found.attended is enough


def test_a_join_click_is_evidence_but_attendance_only_in_a_round_of_days():
    two_hours, days_long = timedelta(hours=2), timedelta(days=18)

    short = scans.attendance(ABSENT, joined=True, minutes_online=0, length=two_hours)
    long = scans.attendance(ABSENT, joined=True, minutes_online=0, length=days_long)

    assert (short.attended, short.evidence) == (False, ("join",))
    assert (long.attended, long.evidence) == (True, ("join",))
