"""Tables, plans, rounds, notes: what can happen, in which order, and what is told about it."""

from __future__ import annotations

import uuid
from itertools import pairwise

import pytest

from app.attendance import operations as attendance
from app.contributions.operations import ContributionsClosed, Point
from app.core.refusals import ChangedMeanwhile
from app.core.seating import Plan, record, situation
from app.core.vocabulary import Mode
from app.live import queries as live
from app.registration import operations as registrations
from app.registration import queries as registered
from app.tables import operations, privacy, queries
from tests import make


@pytest.fixture
def cafe(app, clock):
    clock.set("2028-10-10T16:00:00Z")
    return make.cafe()


def crowd(session, number, mode="on_site", **details):
    return [make.registration(session, mode=mode, **details).participant for _ in range(number)]


def arrive(session, people):
    """Let people be scanned at the door."""
    scans = [
        {"id": str(uuid.uuid4()), "kind": "in", "ticket": who.ticket_code,
         "scanned_at": "2028-10-10T16:00:00Z"}
        for who in people
    ]  # fmt: skip
    batch = {"device": "door", "device_time": "2028-10-10T16:00:00Z", "scans": scans}
    told = attendance.record_scans(session, batch)
    assert {each["verdict"] for each in told.values()} <= {"welcome", "other_mode"}


def ids(people):
    return [who.public_id for who in people]


def at(plan, number, who):
    return queries.where(plan, number).get(who.public_id)


# --- Who is seated ----------------------------------------------------------------------------


def test_people_are_seated_where_they_are(cafe):
    make.cafe_tables(cafe, room=1, online=1)
    room, moved, online, absent = (
        make.registration(cafe, mode=mode).participant
        for mode in ("on_site", "online", "online", "on_site")
    )
    arrive(cafe, [room, moved])
    registrations.join(registered.find(cafe, online))

    assert {each: mode for each, (_who, mode) in queries.present(cafe).items()} == {
        room.public_id: Mode.ON_SITE, moved.public_id: Mode.ON_SITE, online.public_id: Mode.ONLINE,
    }  # fmt: skip
    plan = make.seats(cafe, people="present", rounds=1)
    assert [at(plan, 1, who) for who in (room, moved, online, absent)] == [1, 1, 2, None]
    assert queries.counts(cafe) == queries.Counts(on_site=2, online=1)


def test_a_region_follows_from_the_country(cafe):
    make.registration(cafe, country="KE", stakeholder_group="academia", language="fr")
    make.cafe_tables(cafe, room=1)
    problem = operations.solve(cafe, operations.Wish(people="confirmed")).problem

    someone = problem.people[0]
    assert (someone.region, someone.group, someone.language, someone.gender) == (
        "africa", "academia", "fr", None,
    )  # fmt: skip


# --- Drafts and what is published -------------------------------------------------------------


def test_a_patch_changes_the_draft_and_the_next_start_publishes_it(cafe):
    people = crowd(cafe, 12)
    make.cafe_tables(cafe, room=3, hosts=people[:3])
    make.seats(cafe)
    operations.start_round(cafe, 1)
    before = queries.published(cafe).document
    kept, changed = operations.patch(cafe, after_round=1, absent=ids(people[:1]))

    assert kept.is_draft
    assert queries.published(cafe).document == before
    assert kept.document["rounds"][0] == before["rounds"][0]
    assert changed <= 1
    operations.end_round(cafe, 1)
    operations.start_round(cafe, 2)
    assert queries.draft(cafe) is None
    assert at(queries.published(cafe), 2, people[0]) is None
    assert queries.published(cafe).digest == Plan.read(kept.document).digest


def test_a_host_who_leaves_is_followed_by_a_guest_due_there(cafe):
    people = crowd(cafe, 12)
    make.cafe_tables(cafe, room=3, hosts=people[:3])
    make.seats(cafe)
    operations.start_round(cafe, 1)
    operations.patch(cafe, after_round=1, absent=ids(people[:1]))
    operations.publish(cafe)
    plan = queries.published(cafe)
    first, second = (queries.hosts_in(plan, number)[1] for number in (1, 2))
    successor = queries.people_called([second])[second]

    problem = record.read(plan.problem)
    for number in (1, 2, 3):
        there = situation(problem, plan.plan.changes, number)
        assert queries.hosts_in(plan, number) == there.hosts
    assert first == people[0].public_id
    assert at(plan, 2, successor) == at(plan, 3, successor) == 1
    assert queries.by_number(cafe, 1).host == successor
    assert [table.number for table in queries.hosted_by(cafe, successor)] == [1]
    assert [table.number for table in queries.hosted_by(cafe, people[0])] == [1]  # its round 1
    assert [seat.is_host for seat in queries.seats_of(cafe, successor)] == [False, True, True]


def test_a_closed_table_seats_nobody_later(cafe):
    people = crowd(cafe, 9)
    make.cafe_tables(cafe, room=3)
    make.seats(cafe)
    operations.start_round(cafe, 1)
    kept, _changed = operations.patch(cafe, after_round=1, closed_tables=[2])

    assert 2 in queries.where(kept, 1).values()
    assert {2} & set(queries.where(kept, 2).values()) == set()
    assert len(queries.where(kept, 2)) == len(people)


def test_a_patch_builds_on_the_people_of_the_plan_whatever_became_of_them(cafe):
    people = crowd(cafe, 8)
    make.cafe_tables(cafe)
    make.seats(cafe)
    operations.start_round(cafe, 1)
    registrations.cancel(registered.find(cafe, people[3]), by="self")
    late = make.registration(cafe).participant
    kept, _changed = operations.patch(cafe, after_round=1, arrived=ids([late]))

    assert set(queries.where(kept, 1)) == set(ids(people))
    assert set(queries.where(kept, 2)) == {*ids(people), late.public_id}
    assert kept.report["hard_violations"] == 0


def test_other_tables_make_old_plans_void_and_the_same_do_not(cafe):
    people = crowd(cafe, 8)
    make.cafe_tables(cafe, hosts=people[:2])
    make.seats(cafe)
    links = [table.fingerprint for table in queries.tables(cafe)]
    make.cafe_tables(cafe, hosts=people[:2], place="by the window", guiding_question=1)
    same = queries.published(cafe)
    make.cafe_tables(cafe, hosts=people[1:3])

    assert same is not None
    assert queries.published(cafe) is None
    assert [table.fingerprint for table in queries.tables(cafe)] == links


def test_seats_found_for_other_tables_are_not_kept(cafe):
    crowd(cafe, 4)
    make.cafe_tables(cafe, room=1)
    solved = operations.solve(cafe, operations.Wish(people="confirmed"))
    make.cafe_tables(cafe, room=2)

    with pytest.raises(ChangedMeanwhile):
        operations.keep_draft(cafe, solved)
    assert queries.draft(cafe) is None


# --- What the console is told -----------------------------------------------------------------


def test_the_console_is_told_who_is_late_and_who_is_missing(cafe):
    people = crowd(cafe, 8)
    arrive(cafe, people[:7])
    make.cafe_tables(cafe, hosts=[people[0], people[7]])
    make.seats(cafe)
    late = make.registration(cafe).participant
    arrive(cafe, [late])

    found = queries.latecomers(cafe)
    assert [(each.participant, each.mode) for each in found] == [(late, Mode.ON_SITE)]
    kept, _changed = operations.patch(cafe, after_round=0, arrived=ids([late]))
    assert at(kept, 1, late) == found[0].table
    assert queries.latecomers(cafe) == []
    assert queries.absentees(cafe) == [people[7]]
    assert [table.number for table in queries.hostless(cafe)] == [2]


@pytest.mark.parametrize(("most", "merged"), [(6, True), (4, False)])
def test_a_thin_table_is_shown_with_one_that_has_room(cafe, most, merged):
    people = crowd(cafe, 5)
    make.cafe_tables(cafe, room=2, online=1, hosts=people[:2], min=3, max=most)
    make.seats(cafe, rounds=1, published=False)

    thin = queries.thin_tables(cafe)
    other = {1: 2, 2: 1}[thin[0].table.number]
    assert [each.count for each in thin] == [2]
    assert [each.merge_with and each.merge_with.number for each in thin] == [
        other if merged else None
    ]


def test_tables_that_sent_no_notes_are_named_by_round(cafe):
    crowd(cafe, 8)
    make.cafe_tables(cafe)
    make.seats(cafe)
    operations.start_round(cafe, 1)
    operations.send_notes(cafe, [Point("One")], table=2, round=1)
    operations.end_round(cafe, 1)
    operations.start_round(cafe, 2)

    assert queries.missing_notes(cafe) == {1: [1], 2: [1, 2]}


# --- Rounds -----------------------------------------------------------------------------------


def test_over_its_time_a_round_is_extended_from_now(cafe, clock):
    make.cafe_tables(cafe)
    operations.start_round(cafe, 1)
    clock.go_on(minutes=25)
    extended = operations.extend_round(cafe, 1, seconds=120)

    assert extended.ends_at.isoformat() == "2028-10-10T16:27:00+00:00"
    assert extended.is_running


def test_the_public_hears_of_rounds_and_plans_and_of_drafts_nothing(cafe):
    crowd(cafe, 4)
    make.cafe_tables(cafe, room=1)
    counted = [live.counted(cafe)]

    def then(act):
        act()
        counted.append(live.counted(cafe))

    then(lambda: make.seats(cafe, published=False))
    then(lambda: operations.publish(cafe))
    then(lambda: operations.start_round(cafe, 1))
    then(lambda: operations.patch(cafe, after_round=1, closed_tables=[]))
    then(lambda: operations.send_notes(cafe, [Point("One")], table=1, round=1))
    then(lambda: operations.renew_link(queries.tables(cafe)[0]))
    steps = [(after[0] > before[0], after[1] > before[1]) for before, after in pairwise(counted)]

    inner, both = (False, True), (True, True)
    assert steps == [inner, both, both, inner, both, inner]


# --- Notes ------------------------------------------------------------------------------------


@pytest.fixture
def begun(cafe):
    make.cafe_tables(cafe, room=2, online=2)
    operations.start_round(cafe, 1)
    return cafe


def test_a_note_can_be_changed_until_a_day_after_the_end(begun, clock):
    note = operations.send_notes(begun, [Point("Before", "agreement")], table=1, round=1)[0]
    clock.set("2028-10-11T18:14:00Z")
    operations.change_note(note, Point("After", "difference"))
    clock.set("2028-10-11T18:15:00Z")
    with pytest.raises(ContributionsClosed):
        operations.change_note(note, Point("Too late"))

    assert (note.text, note.tag) == ("After", "difference")
    assert [(version.text, version.was_public) for version in note.versions] == [("Before", True)]


def test_a_withdrawn_point_makes_place_for_another_whose_number_is_new(begun):
    made = operations.send_notes(begun, [Point("x")] * 5, table=1, round=1)
    operations.withdraw_note(made[0])
    again = operations.send_notes(begun, [Point("y")], table=1, round=1)

    assert again[0].reference == "PRO-T1-R1-6"
    assert len(queries.notes_at(begun, 1, 1)) == 5


def test_a_second_cafe_goes_on_counting(begun, clock):
    operations.send_notes(begun, [Point("x")] * 2, table=1, round=1)
    second = make.session("second")
    make.cafe_tables(second)
    operations.start_round(second, 1)

    made = operations.send_notes(second, [Point("y")], table=1, round=1)
    assert made[0].reference == "PRO-T1-R1-3"
    assert [note.text for note in queries.notes_at(second, 1, 1)] == ["y"]


def test_hosts_see_earlier_rounds_and_the_twin(begun):
    places = [
        operations.Place(number=1, mode="on_site"),
        operations.Place(number=2, mode="online", twin=1),
    ]
    second = make.session("second")
    table, twin = operations.place_tables(second, places)
    for number in (1, 2):
        operations.start_round(second, number)
        operations.send_notes(second, [Point(f"room {number}")], table=1, round=number)
        operations.send_notes(second, [Point(f"online {number}")], table=2, round=number)
        operations.end_round(second, number)

    assert (queries.twin_of(table), queries.twin_of(twin)) == (twin, table)
    assert [note.text for note in queries.notes_before(second, 1, 3)] == ["room 2", "room 1"]
    assert [note.text for note in queries.notes_of_twin(table, 2)] == ["online 1"]
    assert [note.text for note in queries.notes_of_twin(twin, 2)] == ["room 1"]


def test_the_harvest_takes_room_and_online_in_turn(begun):
    for number in (1, 2, 3):
        operations.send_notes(begun, [Point(f"at {number}")], table=number, round=1)

    found = queries.harvest(begun)
    assert [each.table.number for each in found.tables] == [1, 3, 2]
    assert [each.notes[0].text for each in found.tables] == ["at 1", "at 3", "at 2"]


# --- Privacy ----------------------------------------------------------------------------------


def test_whoever_is_erased_leaves_a_count(cafe):
    people = crowd(cafe, 8)
    host, guest = people[0], people[7]
    make.cafe_tables(cafe, hosts=[host])
    plan = make.seats(cafe)
    sizes = [[len(each["people"]) for each in seats] for seats in plan.document["rounds"]]
    exported = privacy.export(host)
    for who in (host, guest):
        registrations.erase(who)

    kept = queries.published(cafe)
    assert exported["hosted_tables"] == [{"session": "Cafe", "table": 1}]
    assert [(each["table"], each["host"]) for each in exported["seats"]] == [(1, True)] * 3
    assert [[len(each["people"]) for each in seats] for seats in kept.document["rounds"]] == sizes
    text = f"{kept.document} {kept.problem}"
    assert not {who.public_id for who in (host, guest) if who.public_id in text}
    assert queries.tables(cafe)[0].host is None
    assert kept.digest == Plan.read(kept.document).digest
    patched, _changed = operations.patch(cafe, after_round=0, absent=["erased-1"])
    assert len(queries.where(patched, 1)) == 7
    seated = queries.sitting(cafe, kept, 1)
    assert sum(each.count for each in seated) == 8
    assert sum(len(each.people) for each in seated) == 6
