"""Places: given, waited for, changed, given back and passed on."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from app.audit import queries as audit
from app.core.capacity import SessionFull
from app.core.refusals import Invalid
from app.core.vocabulary import Mode
from app.database import db
from app.programme import operations as programme
from app.registration import operations, queries
from app.registration.operations import NotRegistered, RegistrationClosed
from tests import make

ROOM, ONLINE = Mode.ON_SITE, Mode.ONLINE


def stand(*registrations):
    """Where people stand, in words."""
    return [
        f"{each.mode} {each.status}" + (f" for {each.waits_for}" if each.waits_for else "")
        for each in registrations
    ]


def test_capacity_zero_lets_everybody_wait_and_leaves_the_other_mode_alone(app, clock, new_mails):
    cafe = make.cafe(capacity={"on_site": 0, "online": None})
    ana, bo = (make.registration(cafe, email=f"{who}@example.org") for who in ("ana", "bo"))
    chi = make.registration(cafe, mode=ONLINE, email="chi@example.org")

    assert stand(ana, bo, chi) == ["on_site waiting", "on_site waiting", "online confirmed"]
    assert [queries.position(each) for each in (ana, bo, chi)] == [1, 2, None]
    new_mails()

    programme.change(cafe, {"capacity": {"on_site": 1, "online": None}})

    assert stand(ana, bo, chi) == ["on_site confirmed", "on_site waiting", "online confirmed"]
    assert (queries.position(bo), new_mails()) == (
        1,
        [("registration_promoted", "ana@example.org")],
    )


def test_registering_twice_returns_the_record_as_it_is(app, clock):
    cafe = make.cafe()
    ana, is_new = operations.register(
        cafe, details={"name": "Ana", "email": "ana@example.org"}, mode="on_site"
    )
    again, is_new_again = operations.register(
        cafe, details={"name": "Anna", "email": " ANA@example.org"}, mode="online"
    )

    assert (again.id, is_new, is_new_again) == (ana.id, True, False)
    assert (again.mode, again.participant.name) == ("on_site", "Ana")


def test_plus_addresses_are_two_people(app, clock):
    cafe = make.cafe()
    first = make.registration(cafe, email="ana@example.org")
    second = make.registration(cafe, email="ana+talks@example.org")

    assert first.participant_id != second.participant_id
    assert second.participant.email == "ana+talks@example.org"


def test_staff_register_people_who_are_opened_from_the_start(app, clock):
    participant = make.registration(make.cafe()).participant

    assert (participant.is_opened, participant.lapses_at, participant.source) == (
        True,
        None,
        "staff",
    )


def test_a_cancelled_place_goes_to_whoever_has_waited_longest(app, clock, new_mails):
    cafe = make.cafe(capacity={"on_site": 1})
    first, second, third = (make.registration(cafe, email=f"p{n}@example.org") for n in range(3))
    new_mails()

    operations.cancel(first)

    assert stand(first, second, third) == [
        "on_site cancelled", "on_site confirmed", "on_site waiting",
    ]  # fmt: skip
    assert sorted(new_mails()) == [
        ("registration_cancelled", "p0@example.org"), ("registration_promoted", "p1@example.org"),
    ]  # fmt: skip
    assert (first.ended_by, queries.position(third)) == ("self", 1)


def test_cancelling_twice_is_cancelling_once(app, clock, new_mails):
    registration = make.registration(make.cafe())
    operations.cancel(registration)
    sequence = registration.sequence
    new_mails()

    operations.cancel(registration, by="staff")

    assert (registration.sequence, registration.ended_by, new_mails()) == (sequence, "self", [])


def test_waiting_for_the_room_while_online_and_the_old_place_goes_on(app, clock, new_mails):
    cafe = make.cafe(capacity={"on_site": 1, "online": 1})
    inside = make.registration(cafe)
    both = make.registration(cafe, mode=ONLINE, waits_for=ROOM, email="both@example.org")
    online = make.registration(cafe, mode=ONLINE, email="online@example.org")
    assert stand(both, online) == ["online confirmed for on_site", "online waiting"]
    new_mails()

    operations.cancel(inside)

    assert stand(both, online) == ["on_site confirmed", "online confirmed"]
    assert sorted(new_mails())[1:] == [
        ("registration_promoted", "both@example.org"),
        ("registration_promoted", "online@example.org"),
    ]


def test_whoever_waits_while_online_is_served_in_the_order_of_all_who_wait(app, clock):
    cafe = make.cafe(capacity={"on_site": 1, "online": None})
    inside = make.registration(cafe)
    early = make.registration(cafe, mode=ONLINE, waits_for=ROOM)
    late = make.registration(cafe)

    assert queries.positions([early, late, inside]) == {early.id: 1, late.id: 2}

    operations.cancel(inside)

    assert stand(early, late) == ["on_site confirmed", "on_site waiting"]


def test_switching_into_a_full_mode_changes_nothing(app, clock, new_mails):
    cafe = make.cafe(capacity={"on_site": 1, "online": None})
    make.registration(cafe)
    online = make.registration(cafe, mode=ONLINE)
    sequence = online.sequence
    new_mails()

    with pytest.raises(SessionFull):
        operations.change(online, mode=ROOM)

    assert (stand(online), online.sequence, new_mails()) == (["online confirmed"], sequence, [])


def test_switching_frees_the_old_place_for_the_next(app, clock):
    cafe = make.cafe(capacity={"on_site": 1, "online": None})
    inside = make.registration(cafe)
    waiting = make.registration(cafe)

    operations.change(inside, mode=ONLINE)

    assert stand(inside, waiting) == ["online confirmed", "on_site confirmed"]


def test_waiting_keeps_the_place_in_line_when_one_goes_online_meanwhile(app, clock):
    cafe = make.cafe(capacity={"on_site": 0, "online": None})
    first, second = make.registration(cafe), make.registration(cafe)

    operations.change(first, mode=ONLINE, waits_for=ROOM)

    assert stand(first) == ["online confirmed for on_site"]
    assert queries.positions([first, second]) == {first.id: 1, second.id: 2}


def test_leaving_the_line_and_coming_back_is_the_end_of_it(app, clock):
    cafe = make.cafe(capacity={"on_site": 0, "online": None})
    first = make.registration(cafe, mode=ONLINE, waits_for=ROOM)
    second = make.registration(cafe)
    clock.go_on(minutes=1)

    operations.change(first, waits_for=None)
    assert stand(first) == ["online confirmed"]
    operations.change(first, waits_for=ROOM)

    assert queries.positions([first, second]) == {second.id: 1, first.id: 2}


def test_lowered_capacity_removes_nobody_and_promotes_nobody_until_it_fits(app, clock):
    cafe = make.cafe(capacity={"on_site": 3})
    people = [make.registration(cafe) for _ in range(5)]
    programme.change(cafe, {"capacity": {"on_site": 1}})

    for leaver in people[:2]:
        operations.cancel(leaver)
    assert [each.status for each in people[2:]] == ["confirmed", "waiting", "waiting"]
    assert queries.places(cafe)[ROOM].left == 0

    operations.cancel(people[2])
    assert [each.status for each in people[3:]] == ["confirmed", "waiting"]


@pytest.mark.parametrize(("capacity", "promoted"), [(2, 0), (3, 1), (4, 2), (None, 3), (1, 0)])
def test_a_raise_promotes_as_many_as_now_fit_and_mails_exactly_those(
    app, clock, new_mails, capacity, promoted
):
    cafe = make.cafe(capacity={"on_site": 2})
    for number in range(5):
        make.registration(cafe, email=f"p{number}@example.org")
    new_mails()

    programme.change(cafe, {"capacity": {"on_site": capacity}})

    assert new_mails() == [
        ("registration_promoted", f"p{2 + number}@example.org") for number in range(promoted)
    ]


def test_a_cancelled_session_promotes_nobody_and_lets_people_withdraw(app, clock, new_mails):
    cafe = make.cafe(capacity={"on_site": 1})
    inside, waiting = make.registration(cafe), make.registration(cafe, email="w@example.org")
    programme.cancel(cafe)
    new_mails()

    operations.cancel(inside)
    programme.change(cafe, {"capacity": {"on_site": 5}})
    assert stand(inside, waiting) == ["on_site cancelled", "on_site waiting"]
    assert "registration_promoted" not in [kind for kind, _ in new_mails()]

    programme.restore(cafe)
    assert stand(waiting) == ["on_site confirmed"]
    assert new_mails() == [
        ("session_restored", "w@example.org"),
        ("registration_promoted", "w@example.org"),
    ]


def test_without_a_waiting_list_full_is_refused(app, clock):
    cafe = make.cafe(capacity={"on_site": 1}, waiting_list=False)
    make.registration(cafe)

    with pytest.raises(SessionFull) as refusal:
        make.registration(cafe)

    assert (refusal.value.code, refusal.value.status) == ("session_full", 409)


def test_the_room_closes_at_the_start_and_online_at_the_end(app, clock):
    cafe = make.cafe()
    clock.set("2028-10-10T16:14:59Z")
    make.registration(cafe)
    clock.set("2028-10-10T16:15:00Z")

    with pytest.raises(RegistrationClosed):
        make.registration(cafe)
    assert make.registration(cafe, mode=ONLINE).status == "confirmed"

    clock.set("2028-10-10T18:15:00Z")
    with pytest.raises(RegistrationClosed):
        make.registration(cafe, mode=ONLINE)


def test_a_mode_that_is_not_offered_is_a_wrong_field(app, clock):
    cafe = make.cafe(capacity={"on_site": 5})

    with pytest.raises(Invalid) as refusal:
        make.registration(cafe, mode=ONLINE)

    assert [(e.field, e.code) for e in refusal.value.errors] == [("mode", "mode_not_offered")]


def test_undo_gives_the_place_back_while_it_is_free(app, clock):
    registration = make.registration(make.cafe(capacity={"on_site": 1}))
    operations.cancel(registration)

    assert operations.undo_cancel(registration).status == "confirmed"
    assert (registration.ended_at, registration.ended_by) == (None, None)


def test_undo_of_a_place_that_went_on_is_the_end_of_the_line(app, clock):
    cafe = make.cafe(capacity={"on_site": 1})
    first, second, third = (make.registration(cafe) for _ in range(3))
    operations.cancel(first)
    clock.go_on(minutes=1)

    operations.undo_cancel(first)

    assert stand(first, second, third) == [
        "on_site waiting", "on_site confirmed", "on_site waiting",
    ]  # fmt: skip
    assert queries.positions([first, third]) == {third.id: 1, first.id: 2}


def test_what_has_ended_is_not_changed(app, clock):
    registration = make.registration(make.cafe())
    operations.cancel(registration)

    with pytest.raises(NotRegistered):
        operations.change(registration, mode=ONLINE)


def test_a_walk_in_gets_a_free_place_after_registration_closed_else_waits(app, clock):
    cafe = make.cafe(capacity={"on_site": 1}, waiting_list=False)
    clock.set("2028-10-10T16:30:00Z")

    first, _ = operations.walk_in(cafe, details={"name": "Ana"})
    second, _ = operations.walk_in(cafe, details={"name": "Bo"})

    assert stand(first, second) == ["on_site confirmed", "on_site waiting"]
    assert (first.participant.email, first.participant.is_opened) == (None, True)


def test_the_line_is_in_order_though_the_clock_stands_still(app, clock):
    cafe = make.cafe(capacity={"on_site": 0})
    people = [make.registration(cafe) for _ in range(5)]

    assert [queries.position(each) for each in people] == [1, 2, 3, 4, 5]
    assert queries.line(cafe, ROOM) == people


def test_acts_of_staff_are_audited_with_ids_only(app, clock):
    registration = make.registration(make.cafe(), name="Quokka Canary")
    operations.cancel(registration, by="staff")

    entries = audit.of(registration.session.consultation_id)
    assert [entry.action for entry in entries][:2] == ["registration_cancelled", "registered"]
    assert "Quokka" not in str([(entry.object, entry.details) for entry in entries])


def test_the_places_revision_moves_only_when_the_words_about_places_do(app, clock):
    cafe = make.cafe(capacity={"on_site": 1, "online": None})

    def revisions():
        return cafe.places_revision, cafe.consultation.places_revision

    start = revisions()
    online = make.registration(cafe, mode=ONLINE)  # unlimited: nothing is displayed of it
    operations.cancel(online)
    unchanged = revisions()
    make.registration(cafe)  # "1 place left" becomes "full"

    assert unchanged == start
    assert revisions() == (start[0] + 1, start[1] + 1)


def test_places_of_many_sessions_cost_one_query(app, clock):
    sessions = [make.session() for _ in range(5)]
    make.registration(sessions[0])
    statements = []

    def note(connection, cursor, statement, *rest):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        found = queries.places_of(sessions)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert len([text for text in statements if "count(*)" in text]) == 1
    assert found[sessions[0].id][ROOM].confirmed == 1
    assert found[sessions[1].id][ROOM].confirmed == 0
