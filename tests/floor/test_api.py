"""The floor under /api/v1: the example of the rules, who may act, what is refused and answered."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.contributions import operations as contributions
from app.contributions import queries as contribution_queries
from app.core.vocabulary import Role
from app.database import db
from app.programme import operations as programme
from app.registration import operations as registrations
from app.registration import queries as registration_queries
from tests import make
from tests.floor.hall import BASE, ONLINE, ROOM, Hands, by_link, hall, person


@pytest.fixture
def session(app, clock):
    clock.set("2028-09-01T08:50:00Z")
    return hall()


@pytest.fixture
def hands(client, session):
    return Hands(client)


def speak(hands, clock, request, seconds, because=None):
    """Give somebody the floor for so long."""
    assert hands.give(request, because)[0] == 200
    clock.go_on(seconds=seconds)
    assert hands.act("done", request)[0] == 200


# --- The example of the domain page, word for word --------------------------------------------


def waiting_of_the_example(session, hands, clock):
    """A, B, C and D wait; the last turn was in the room; government 240 s, civil society 120 s."""
    people = {
        "A": person(session, "A", ROOM, stakeholder_group="government"),
        "B": person(session, "B", ROOM, stakeholder_group="civil_society"),
        "C": person(session, "C", ONLINE, stakeholder_group="civil_society"),
        "D": person(session, "D", ROOM, stakeholder_group="government"),
        "E": person(session, "E", ONLINE, stakeholder_group="civil_society"),
    }
    speak(hands, clock, hands.ask(people["E"], ONLINE), 120)
    speak(hands, clock, hands.ask(people["D"], ROOM), 240)
    found = {}
    for name, mode, minute in (
        ("D", ROOM, "09:00"), ("A", ROOM, "09:01"), ("B", ROOM, "09:02"), ("C", ONLINE, "09:05"),
    ):  # fmt: skip
        clock.set(f"2028-09-01T{minute}:00Z")
        found[name] = hands.ask(people[name], mode)
    return found


@pytest.mark.parametrize(
    ("of_c", "expected"),
    [
        pytest.param(
            60,
            ["C · online's turn", "B · their group was heard least so far",
             "A · has not spoken yet", "D · nobody else is waiting"],
            id="civil-180-government-240",
        ),
        pytest.param(
            120,
            ["C · online's turn", "A · has waited longest", "B · has not spoken yet",
             "D · nobody else is waiting"],
            id="a-tie-at-240",
        ),
    ],
)  # fmt: skip
def test_the_example_of_the_rules(session, hands, clock, of_c, expected):
    requests = waiting_of_the_example(session, hands, clock)
    assert hands.floor()["seconds"] == {
        "by_group": {"government": 240.0, "civil_society": 120.0},
        "by_mode": {"online": 120.0, "on_site": 240.0},
    }
    spoken = []
    while suggestion := hands.suggested():
        spoken.append(suggestion)
        name = suggestion[0]
        speak(hands, clock, requests[name], {"C": of_c, "B": 100}.get(name, 60))

    assert spoken == expected


# --- The shape of the answers -----------------------------------------------------------------


def test_the_floor_is_answered_as_the_contract_has_it(session, hands, client, clock):
    ana = person(session, "Ana", ONLINE, organisation="Net Nordic")
    bo = person(session, "Bo", ROOM, organisation="")
    first, second = hands.ask(ana, ONLINE), hands.ask(bo, ROOM, needs_time=True)
    clock.go_on(seconds=70)
    assert hands.act("pause", second)[1]["place_in_line"] is None

    floor = client.get(BASE).json
    assert floor == {
        "list": "open",
        "speaking": None,
        "suggested": {"id": first, "reason": "nobody else is waiting"},
        "waiting": [
            {"id": first, "name": "Ana", "representation": "Net Nordic", "mode": "online",
             "kind": "voice", "times_spoken": 0, "waiting_seconds": 70, "paused": False},
            {"id": second, "name": "Bo", "representation": None, "mode": "on_site",
             "kind": "voice", "times_spoken": 0, "waiting_seconds": 70, "paused": True},
        ],
        "seconds": {"by_group": {}, "by_mode": {}},
    }  # fmt: skip

    assert hands.give(first)[1]["state"] == "speaking"
    assert client.get(BASE).json["speaking"] == {
        "id": first, "name": "Ana", "representation": "Net Nordic", "mode": "online",
        "kind": "voice", "started_at": "2028-09-01T08:51:10Z", "ends_at": "2028-09-01T08:53:10Z",
        "limit_seconds": 120,
    }  # fmt: skip
    clock.go_on(seconds=12.25)
    hands.act("done", first)
    assert hands.floor()["seconds"] == {
        "by_group": {"not_stated": 12.25}, "by_mode": {"online": 12.25},
    }  # fmt: skip


def test_asking_is_answered_with_the_place_in_line(session, hands):
    ana, bo = person(session, "Ana"), person(session, "Bo", ONLINE)

    status, answer = hands.post("/requests", participant=ana.public_id, mode=ROOM)
    assert (status, set(answer), answer["place_in_line"]) == (201, {"id", "place_in_line"}, 1)
    assert hands.post("/requests", by_link(bo), mode=ONLINE)[1]["place_in_line"] == 2
    assert hands.post("/requests", name="Cy", representation="Town")[1]["place_in_line"] == 3


def test_the_way_of_speaking_is_the_registrations_where_nothing_is_said(session, hands):
    hands.post("/requests", by_link(person(session, "Ana", ONLINE)))

    assert hands.floor()["waiting"][0]["mode"] == "online"


def test_more_time_is_half_as_much_again(session, hands):
    request = hands.ask(person(session, "Ana"), needs_time=True)

    assert hands.give(request)[1]["limit_seconds"] == 180


# --- One open request a person ----------------------------------------------------------------


def test_one_person_has_one_open_request(session, hands):
    ana = person(session, "Ana", organisation="Net Nordic")
    request = hands.ask(ana)

    def again(**body):
        status, answer = hands.post("/requests", mode=ROOM, **body)
        return status, answer.get("code")

    refused = (409, "already_waiting")
    assert again(participant=ana.public_id) == refused
    assert again(name="  ANA ", representation="net nordic") == refused
    assert again(name="Ana", representation="Somewhere Else")[0] == 201
    hands.act("pause", request)
    assert again(participant=ana.public_id) == refused
    hands.act("resume", request)
    hands.give(request, "other")
    assert again(participant=ana.public_id) == refused
    hands.act("done", request)
    assert again(participant=ana.public_id)[0] == 201


def test_a_name_alone_adds_up_with_the_participant_of_that_name(session, hands, clock):
    speak(hands, clock, hands.ask("Ana", representation="Net"), 30)
    ana = person(session, "Ana", organisation="Net")
    hands.ask(ana)

    assert hands.floor()["waiting"][0]["times_spoken"] == 1


# --- The list, the floor, the reason ----------------------------------------------------------


def test_a_closed_list_takes_nobody_and_keeps_whoever_waits(session, hands):
    ana, bo = person(session, "Ana"), person(session, "Bo")
    request = hands.ask(ana)

    status, answer = hands.post("/close")
    assert (status, answer["list"], len(answer["waiting"])) == (200, "closed", 1)
    status, answer = hands.post("/requests", by_link(bo))
    assert (status, answer["code"]) == (409, "list_closed")
    assert hands.act("pause", request)[0] == hands.act("resume", request)[0] == 200
    assert hands.post("/open")[1]["list"] == "open"
    assert hands.post("/requests", by_link(bo))[0] == 201


def test_another_choice_needs_a_word_and_is_logged(session, hands, clock):
    first, second = hands.ask(person(session, "Ana")), hands.ask(person(session, "Bo"))

    status, answer = hands.give(second)
    assert (status, answer["code"]) == (409, "reason_needed")
    status, answer = hands.give(second, "because I say so")
    assert (status, answer["code"], answer["errors"][0]["field"]) == (
        422, "unknown_reason", "because",
    )  # fmt: skip
    status, answer = hands.give(second, "protocol")
    assert (status, answer["state"], answer["because"]) == (200, "speaking", "protocol")
    status, answer = hands.give(first)
    assert (status, answer["code"]) == (409, "floor_taken")

    logged = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "floor_given_out_of_turn")
    ).one()
    assert logged.details == {
        "session": session.id, "because": "protocol", "suggested": first, "rule": "longest_wait",
    }  # fmt: skip


def test_following_the_suggestion_needs_no_word_and_is_no_override(session, hands):
    request = hands.ask(person(session, "Ana"))

    assert hands.give(request, "topic")[1]["because"] is None
    assert hands.give(request)[1]["code"] == "floor_taken"
    assert hands.act("withdraw", request)[1]["code"] == "not_waiting"


def test_what_was_spoken_or_withdrawn_cannot_be_given(session, hands, clock):
    request, other = hands.ask(person(session, "Ana")), hands.ask(person(session, "Bo"))
    speak(hands, clock, request, 10)
    hands.act("withdraw", other)

    assert [hands.give(each)[1]["code"] for each in (request, other)] == ["not_waiting"] * 2
    assert hands.act("done", request)[1]["code"] == "not_speaking"
    assert hands.act("withdraw", other)[0] == 200


# --- A lost connection ------------------------------------------------------------------------


def test_whoever_loses_the_connection_is_first_online_once_and_has_one_turn(session, hands, clock):
    ana, bo = person(session, "Ana", ONLINE), person(session, "Bo", ONLINE)
    cy = person(session, "Cy", ROOM)
    first = hands.ask(ana, ONLINE)
    hands.give(first)
    clock.go_on(seconds=50)
    hands.ask(bo, ONLINE)
    in_room = hands.ask(cy, ROOM)

    status, answer = hands.act("lost", first)
    assert (status, answer["state"], answer["reference"]) == (200, "waiting", "PRO-TH-1")
    assert hands.suggested() == "Cy · the room's turn"
    speak(hands, clock, in_room, 60)
    assert hands.suggested() == "Ana · lost the connection and comes back first"
    assert hands.give(first)[1]["limit_seconds"] == 70
    clock.go_on(seconds=70)
    assert hands.act("done", first)[1]["reference"] == "PRO-TH-1"
    assert hands.act("lost", in_room)[1]["code"] == "not_speaking"

    turns = hands.client.get(f"{BASE}/figures").json["total"]["turns"]
    listed = hands.client.get("/api/v1/consultations/probe/contributions?kind=turn").json
    assert (turns, [each["reference"] for each in listed["items"]]) == (
        2, ["PRO-TH-1", "PRO-TH-2"],
    )  # fmt: skip


def test_nobody_loses_the_connection_in_the_room(session, hands):
    request = hands.ask(person(session, "Ana"))
    hands.give(request)

    status, answer = hands.act("lost", request)
    assert (status, answer["code"]) == (409, "not_online")
    assert hands.floor()["speaking"]["id"] == request


# --- Turns become contributions ---------------------------------------------------------------


def test_a_turn_in_writing_is_published_as_it_was_read(session, hands, clock):
    ana = person(session, "Ana", ONLINE)
    request = hands.ask(ana, ONLINE, kind="text", text="Read this aloud.\nAnd this.")
    speak(hands, clock, request, 30)

    found = contribution_queries.by_reference("PRO-TH-1")
    assert (found.kind, found.text, found.participant_id, found.status) == (
        "turn", "Read this aloud.\nAnd this.", ana.id, "published",
    )  # fmt: skip


def test_a_spoken_turn_has_its_reference_at_once_and_its_words_later(session, hands, clock):
    request = hands.ask(person(session, "Ana"))
    speak(hands, clock, request, 30)
    assert contribution_queries.by_reference("PRO-TH-1").text == ""

    status, answer = hands.act("text", request, text="What she said.")
    assert (status, answer["reference"]) == (200, "PRO-TH-1")
    assert contribution_queries.by_reference("PRO-TH-1").text == "What she said."
    assert hands.act("text", request, by_link(person(session, "Bo")), text="No")[0] == 403


def test_the_numbers_follow_the_order_of_speaking(session, hands, clock):
    first, second = hands.ask(person(session, "Ana")), hands.ask(person(session, "Bo"))
    speak(hands, clock, second, 30, "topic")
    speak(hands, clock, first, 30)

    assert hands.act("text", first, text="x")[1]["reference"] == "PRO-TH-2"


def test_a_withdrawn_turn_leaves_no_name_and_no_word_in_the_floor(session, hands, clock):
    ana = person(session, "Ana", ONLINE)
    request = hands.ask(ana, ONLINE, kind="text", text="Marked words")
    speak(hands, clock, request, 30)
    contributions.withdraw(contribution_queries.by_reference("PRO-TH-1"))

    status, answer = hands.act("text", request, text="again")
    assert (status, answer["code"]) == (409, "contributions_closed")
    from app.floor import queries

    kept = queries.by_public_id(request)
    assert (kept.name, kept.representation, kept.text) == ("", "", "")
    assert hands.client.get(f"{BASE}/figures").json["total"]["turns"] == 1


# --- Who may ----------------------------------------------------------------------------------


def test_people_act_on_their_own_request_only(session, hands):
    ana, bo = person(session, "Ana"), person(session, "Bo")
    request = hands.ask(ana, head=by_link(ana))

    verbs = ("pause", "resume", "withdraw")
    assert [hands.act(verb, request, by_link(bo))[0] for verb in verbs] == [403] * 3
    assert hands.act("text", request, by_link(ana), text="My turn")[1]["kind"] == "text"
    assert [hands.act(verb, request, by_link(ana))[0] for verb in verbs] == [200] * 3
    for verb in ("give", "done", "lost"):
        assert hands.act(verb, request, by_link(ana))[0] == 401
    assert hands.post("/requests", by_link(ana), participant=bo.public_id)[0] == 403
    assert hands.post("/requests", by_link(ana), name="Somebody")[0] == 403


def test_a_join_link_asks_in_its_own_session_only(session, hands):
    registration = make.registration(session, mode=ONLINE)
    make.town_hall("other", starts="2028-09-01T11:00", ends="2028-09-01T12:30")
    secret = registration_queries.join_token(registration)
    head = {"Authorization": f"Bearer {secret}"}
    there = BASE.replace("/hall/", "/other/")

    assert hands.client.post(f"{there}/requests", headers=head, json={}).status_code == 403
    assert hands.post("/requests", head)[0] == 201


def test_names_in_full_are_for_those_who_run_the_session(app, client, clock):
    clock.set("2028-09-01T08:50:00Z")
    session = hall(settings={"attribution": "organisation"})
    hands = Hands(client)
    hands.ask(person(session, "Ana", organisation="Net Nordic"))

    def name(head):
        return hands.floor(head)["waiting"][0]["name"]

    assert name(hands.head) == "Ana"
    for head in ({}, make.bearer(Role.VIEWER), make.bearer(Role.RAPPORTEUR)):
        assert (name(head), hands.floor(head)["waiting"][0]["representation"]) == (
            None, "Net Nordic",
        )  # fmt: skip


# --- What is refused --------------------------------------------------------------------------


def test_whoever_left_cannot_ask(session, hands):
    ana = person(session, "Ana")
    registration = registration_queries.find(session, ana)
    hands.ask(ana)
    registrations.cancel(registration, by="self")

    assert hands.floor()["waiting"] == []
    for head, body in ((by_link(ana), {}), (None, {"participant": ana.public_id})):
        status, answer = hands.post("/requests", head, **body)
        assert (status, answer["code"]) == (409, "registration_cancelled")
    elsewhere = make.participant(make.cafe())
    status, answer = hands.post("/requests", by_link(elsewhere))
    assert (status, answer["code"]) == (409, "not_registered")


def test_a_session_that_is_over_or_off_takes_nobody(session, hands, clock):
    ana = person(session, "Ana")
    clock.set("2028-09-01T10:30:00Z")
    status, answer = hands.post("/requests", by_link(ana))
    assert (status, answer["code"]) == (409, "session_ended")

    clock.set("2028-09-01T10:00:00Z")
    programme.cancel(session, reason={"en": "Storm"})
    status, answer = hands.post("/requests", by_link(ana))
    assert (status, answer["code"]) == (409, "session_not_open")


def test_a_draft_takes_nobody(app, client, clock):
    hall(status="draft")
    hands = Hands(client)

    status, answer = hands.post("/requests", name="Ana")
    assert (status, answer["code"]) == (409, "session_not_open")
    assert client.get(BASE).status_code == 404


def test_another_format_has_no_floor(app, client, clock):
    make.cafe()
    hands = Hands(client)
    path = BASE.replace("hall", "cafe")

    assert client.get(path).status_code == 404
    assert client.post(f"{path}/open", headers=hands.head).status_code == 404
    answer = client.post(f"{path}/requests", headers=hands.head, json={"name": "Ana"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "participant", "missing_field"),
        ({"name": ""}, "name", "name_missing"),
        ({"name": "x" * 121}, "name", "too_long"),
        ({"name": "\u0000\u202e"}, "name", "name_missing"),
        ({"name": "Ana", "representation": "x" * 201}, "representation", "too_long"),
        ({"name": "Ana", "mode": "hub"}, "mode", "invalid_mode"),
        ({"name": "Ana", "kind": "song"}, "kind", "invalid_kind"),
        ({"name": "Ana", "kind": "text"}, "text", "missing_field"),
        ({"name": "Ana", "kind": "text", "text": "x" * 1_000_000}, "text", "too_long"),
        ({"name": "Ana", "needs_time": "yes"}, "needs_time", "invalid_value"),
        ({"name": "Ana", "stakeholder_group": "kings"}, "stakeholder_group",
         "unknown_stakeholder_group"),
        ({"name": "Ana", "participant": "x"}, "name", "not_both"),
        ({"participant": "nobody"}, "participant", "unknown_participant"),
        ({"name": "Ana", "colour": "red"}, "colour", "unknown_field"),
    ],
)  # fmt: skip
def test_wrong_fields_are_named(session, hands, body, field, code):
    status, answer = hands.post("/requests", **body)

    assert (status, answer["code"], answer["errors"][0]["field"]) == (422, code, field)
    assert hands.floor()["waiting"] == []


def test_names_are_cleaned_of_what_turns_or_hides(session, hands):
    hands.ask("\u202eliarT \u0007B\u0000o ", representation="Net\u202e\nNordic")

    shown = hands.floor()["waiting"][0]
    assert (shown["name"], shown["representation"]) == ("liarT Bo", "Net Nordic")
