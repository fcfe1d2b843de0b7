"""A café on live pages: for everybody, for one person, on the projector."""

from __future__ import annotations

import re

import pytest

from app.contributions import operations as contributions
from app.contributions import queries as contribution_queries
from app.contributions.operations import Point
from app.core.contributions import Decision, Kind, Status
from app.live import queries as live
from app.tables import operations, queries
from tests import make
from tests.tables.hall import (
    CONSOLE,
    ONLINE,
    PUBLIC,
    STAGE,
    crowd,
    host_page,
    my,
    seated,
    text_of,
    to_the_harvest,
)


@pytest.fixture
def session(app, clock):
    clock.set("2028-10-10T16:10:00Z")
    questions = [{"en": f"Question {word}?"} for word in ("one", "two", "three")]
    make.consultation(guiding_questions=questions)
    return make.cafe(capacity={"on_site": 50, "online": 20})


def seat_of(session, who, number=1):
    return next(each for each in queries.seats_of(session, who) if each.round == number)


# --- Everybody --------------------------------------------------------------------------------


def test_before_anything_is_made_the_public_page_says_what_will_be(client, session):
    page = client.get(PUBLIC)

    assert page.status_code == 200
    assert "The tables are not put up yet." in page.text
    assert "Seats are made when the session begins." in page.text
    state = client.get(f"{PUBLIC}state.json").json["tables"]
    assert (state["current"], state["seats"], state["tables"], state["harvest"]) == (
        None, False, [], [],
    )  # fmt: skip


def test_everybody_sees_the_round_its_question_and_tables_by_number(client, session):
    seated(session)
    operations.start_round(session, 1)

    text = text_of(client.get(PUBLIC))
    assert "Round 1 of 3" in text
    assert "this round ends at 18:30 Geneva (CEST)" in text
    assert "Question one?" in text
    assert text.count("4 people") == 3
    state = client.get(f"{PUBLIC}state.json").json["tables"]
    assert state["current"] == 1
    assert state["rounds"][0] == {
        "number": 1, "state": "running", "guiding_question": 1,
        "started_at": "2028-10-10T16:10:00Z", "ends_at": "2028-10-10T16:30:00Z", "ended_at": None,
    }  # fmt: skip
    assert state["tables"][2] == {
        "number": 3, "mode": "online", "guiding_question": 1, "language": None, "twin": None,
        "people": 4,
    }  # fmt: skip


def test_nothing_public_names_who_sits_where_or_the_rooms_online(client, session):
    seated(session)
    operations.start_round(session, 1)
    addresses = [PUBLIC, f"{PUBLIC}state.json", STAGE, f"{STAGE}/state.json"]
    shown = {address: client.get(address) for address in addresses}

    assert {each.status_code for each in shown.values()} == {200}
    marks = ("Zuleika", "meet.example.org")
    assert [a for a, each in shown.items() if any(mark in each.text for mark in marks)] == []


def test_a_draft_is_seen_by_nobody_and_changes_no_public_document(client, session):
    people = crowd(session, 8)
    make.cafe_tables(session, room=2)
    before = client.get(f"{PUBLIC}state.json")
    make.seats(session, published=False, rounds=5)

    after = client.get(f"{PUBLIC}state.json")
    assert (before.data, before.headers["ETag"]) == (after.data, after.headers["ETag"])
    stage = client.get(f"{STAGE}/state.json").json["tables"]  # asked for the first time
    assert (stage["seats"], len(stage["rounds"])) == (False, 3)
    assert [table["people"] for table in stage["tables"]] == [0, 0]
    assert "Seats are made when the session begins." in client.get(my(people[0])).text
    assert client.get(f"{my(people[0])}state.json").json["tables"]["mine"]["table"] is None


def test_the_wall_takes_room_and_online_in_turn_and_cards_last(client, session, clock):
    people = seated(session)
    operations.start_round(session, 1)
    for table in (1, 2, 3):
        points = [Point(f"Table {table}, point {n}") for n in (1, 2)]
        operations.send_notes(session, points, table=table, round=1)
    operations.end_round(session, 1)
    to_the_harvest(session)
    clock.set("2028-10-10T18:00:00Z")
    sent = contributions.Sent(text="My card", attribution="anonymous")
    card = contributions.submit(session, Kind.CARD, sent, participant=people[2])
    contributions.moderate(card, Decision.PUBLISH)

    said = re.findall(r"(Table \d, point \d|My card)</p>", client.get(PUBLIC).text)
    assert said == [
        "Table 1, point 1", "Table 3, point 1", "Table 2, point 1",
        "Table 1, point 2", "Table 3, point 2", "Table 2, point 2", "My card",
    ]  # fmt: skip
    assert client.get(f"{PUBLIC}state.json").json["tables"]["harvest"][-1] == card.reference


# --- One person -------------------------------------------------------------------------------


def test_a_person_sees_their_table_their_question_and_where_they_go_next(client, session):
    people = seated(session)
    operations.start_round(session, 1)
    who = people[3]
    here, later = seat_of(session, who), seat_of(session, who, 2)

    text = text_of(client.get(my(who)))
    assert f"Your table {here.table.number}" in text
    assert "Question one?" in text
    assert f"Round 2: Table {later.table.number} , from 18:30 Geneva (CEST)" in text
    mine = client.get(f"{my(who)}state.json").json["tables"]["mine"]
    assert mine == {
        "round": 1, "table": here.table.number, "next": later.table.number, "card": None,
    }  # fmt: skip


def test_what_the_table_and_its_twin_said_stands_on_the_page(client, session):
    people = crowd(session, 8) + crowd(session, 4, ONLINE)
    operations.place_tables(
        session,
        [
            operations.Place(1, "on_site", twin=3),
            operations.Place(2, "on_site"),
            operations.Place(3, "online"),
        ],
    )
    make.seats(session)
    operations.start_round(session, 1)
    for table in (1, 2, 3):
        points = [Point(f"Said at {table}", "difference")]
        operations.send_notes(session, points, table=table, round=1)
    operations.end_round(session, 1)
    operations.start_round(session, 2)
    who = next(each for each in people if seat_of(session, each, 2).table.number == 1)

    page = client.get(my(who)).text
    before = page[page.index("What table 1 said") : page.rindex("What the tables say")]
    assert re.findall(r"Said at \d", before) == ["Said at 1", "Said at 3"]
    assert "different views" in before


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("on_site", "Check in at the door"),
        ("online", "Enter the online room"),
    ],
)
def test_before_there_are_seats_the_page_says_how_to_get_one(client, session, mode, words):
    (who,) = crowd(session, 1, mode)

    text = text_of(client.get(my(who)))
    assert "Seats are made when the session begins." in text
    assert words in text


def test_a_latecomer_is_told_to_speak_up_and_a_stranger_that_they_have_no_table(client, session):
    seated(session)
    (late,) = crowd(session, 1, name="Late")
    stranger = make.participant(make.session("other"))

    assert "You have no table yet. Tell the facilitator" in text_of(client.get(my(late)))
    assert "You are not registered for this session" in text_of(client.get(my(stranger)))


def test_the_room_of_a_table_shows_after_a_button_inside_the_window_to_who_sits_there(
    client, session, clock
):
    people = seated(session)
    online, in_room = people[-1], people[2]
    room = "https://meet.example.org/table-3"
    send = {"act": "tables-room"}

    assert room not in client.get(my(online)).text
    assert room in client.post(my(online), data=send).text
    refused = client.post(my(in_room), data=send)
    assert (refused.status_code, room in refused.text) == (409, False)

    clock.set("2028-10-10T15:40:00Z")
    early = client.post(my(online), data=send)
    assert (early.status_code, room in early.text) == (409, False)
    assert "The room opens at 17:45 Geneva (CEST)." in early.text
    clock.set("2028-10-10T18:15:00Z")
    assert room not in client.post(my(online), data=send).text


def test_whoever_enters_their_tables_room_is_there(client, session):
    people = seated(session)
    assert people[-1].public_id not in queries.present(session)

    client.post(my(people[-1]), data={"act": "tables-room"})

    assert people[-1].public_id in queries.present(session)


def test_a_host_is_led_to_the_page_of_their_table_and_nobody_else(client, session):
    people = seated(session)
    address = host_page(session, 1)

    assert address in client.get(my(people[0])).text
    assert address not in client.get(my(people[1])).text


# --- Cards ------------------------------------------------------------------------------------


def card(client, who, **fields):
    return client.post(my(who), data={"act": "tables-card"} | fields)


def test_everybody_leaves_one_card_after_the_last_round_and_can_change_it(client, session, clock):
    people = seated(session)
    who = people[4]
    assert "Leave one card" not in client.get(my(who)).text
    to_the_harvest(session)
    assert "Leave one card" not in client.get(my(who)).text
    clock.set("2028-10-10T18:00:00Z")
    assert "Leave one card" in client.get(my(who)).text

    answer = card(client, who, text="Carry this.", attribution="group_country")
    assert answer.headers["Location"] == f"{my(who)}?said=card#card"
    made = contribution_queries.card_of(session, who)
    assert (made.text, made.attribution, made.status) == (
        "Carry this.", "group_country", Status.SUBMITTED,
    )  # fmt: skip
    page = client.get(my(who)).text
    assert "Carry this.</textarea>" in page
    assert made.reference in page

    assert card(client, who, text="Carry that.", attribution="named").status_code == 303
    made = contribution_queries.card_of(session, who)
    assert (made.text, made.attribution) == ("Carry that.", "named")
    clock.set("2028-10-11T18:15:00Z")
    assert card(client, who, text="Too late", attribution="named").status_code == 409


def test_a_card_needs_words_and_a_choice_of_name_and_comes_back_as_typed(client, session, clock):
    people = seated(session)
    to_the_harvest(session)
    clock.set("2028-10-10T18:00:00Z")

    nameless = card(client, people[4], text="Carry this.")
    assert nameless.status_code == 422
    assert "Carry this.</textarea>" in nameless.text
    assert "There is a problem" in nameless.text
    empty = card(client, people[4], text="", attribution="named")
    assert (empty.status_code, "Write one sentence" in empty.text) == (422, True)
    assert contribution_queries.card_of(session, people[4]) is None


# --- The stage --------------------------------------------------------------------------------


def keyed(session):
    return f"{STAGE}?key={live.stage_key(session)}"


def test_with_the_consoles_key_the_stage_shows_names_short(client, session):
    seated(session)
    operations.start_round(session, 1)

    names = re.findall(r"<bdi>([^<]+)</bdi>", client.get(keyed(session)).text)
    assert len(names) == len(set(names)) == 11  # twelve people, one of them hosts
    assert sorted(names) == [f"Zuleika {letter}" for letter in "BCDEFGHabcd"]
    wrong = client.get(f"{STAGE}?key=wrong")
    assert "Zuleika" not in wrong.text


def test_the_stage_turns_by_hand_six_tables_a_screen(app, client, session):
    make.cafe_tables(session, room=8)
    crowd(session, 40)
    make.seats(session)

    def tables():
        return re.findall(r'<span class="fig">(\d)</span>', client.get(STAGE).text)

    assert tables() == list("123456")
    operations.show(session, shows="seats", screen=2)
    assert tables() == list("78")
    operations.show(session, shows="seats", screen=9)
    assert tables() == list("78")
    assert client.get(f"{STAGE}/state.json").json["tables"]["screen"] == 2


def test_the_stage_shows_the_harvest_screen_by_screen_and_loses_nothing(client, session):
    seated(session)
    operations.start_round(session, 1)
    texts = [f"{'Long words ' * (n * 6)}number {n}." for n in range(1, 6)]
    for table in (1, 2, 3):
        points = [Point(f"At {table}: {text}"[:400]) for text in texts]
        operations.send_notes(session, points, table=table, round=1)

    seen = []
    operations.show(session, shows="harvest", screen=1)
    count = 1
    while count <= client.get(f"{STAGE}/state.json").json["tables"]["screen"]:
        seen += re.findall(r'dir="ltr">(At \d: [^<]+)</p>', client.get(STAGE).text)
        count += 1
        operations.show(session, shows="harvest", screen=count)
    assert len(seen) == len(set(seen)) == 15


def test_the_console_is_not_for_everybody(client, session):
    assert client.get(CONSOLE).status_code == 302
