"""The café on the console: seats made and changed, the clock, the projector; refusals in words."""

from __future__ import annotations

import re

import pytest

from app.contributions.operations import Point
from app.core.vocabulary import Role
from app.tables import operations, queries
from tests import make
from tests.tables.hall import (
    CONSOLE,
    PUBLIC,
    STAGE,
    crowd,
    facilitator,
    my,
    run,
    seated,
    text_of,
)


@pytest.fixture
def session(app, clock):
    clock.set("2028-10-10T16:10:00Z")
    return make.cafe(capacity={"on_site": 50, "online": 20})


@pytest.fixture
def browser(app, session):
    return facilitator(app)


def let_in(session, *people):
    """Let people through the door, or into the room online."""
    from app.live.operations.arrivals import let_in as arrive

    held = {each.participant_id: each for each in live_in(session)}
    arrive(session, [held[each.id] for each in people])


def live_in(session):
    from app.registration import queries as registrations

    return registrations.live_in(session)


SEATS = {"people": "confirmed", "policy": "fair", "rounds": "3", "seed": "7",
         "together": "", "apart": ""}  # fmt: skip


# --- Making seats -----------------------------------------------------------------------------


def test_without_tables_the_console_leads_to_putting_them_up(browser, session):
    page = browser.get(CONSOLE).text

    assert "No tables yet" in page
    assert 'href="/manage/probe/cafe/tables"' in page


def test_seats_are_made_shown_beside_their_bounds_and_published(browser, client, session):
    people = crowd(session, 8)
    make.cafe_tables(session, room=2, hosts=people[:1])
    assert run(browser, "seats", **SEATS).headers["Location"] == f"{CONSOLE}?said=seats"

    plan = queries.draft(session)
    assert (plan.seed, len(plan.document["rounds"]), plan.people) == (7, 3, "confirmed")
    text = text_of(browser.get(CONSOLE))
    report = plan.report
    assert f"{report['repeats']} repeats at least {report['repeats_bound']}" in text
    assert f"mix of people {report['mix_ratio']:.2f} at best 1" in text
    assert "8 people, 2 tables · seed 7" in text
    assert client.get(f"{PUBLIC}state.json").json["tables"]["seats"] is False

    assert run(browser, "publish").status_code == 303
    assert queries.published(session).digest == plan.digest
    assert "Published: everybody sees their table" in text_of(browser.get(CONSOLE))


def test_who_sits_together_and_who_apart_is_typed_by_name(browser, session):
    people = crowd(session, 8)
    make.cafe_tables(session, room=2)
    wishes = SEATS | {
        "together": f"{people[0].name}; {people[1].name.upper()}",
        "apart": f"{people[2].name};{people[3].name}\n",
    }
    assert run(browser, "seats", **wishes).status_code == 422  # not here, so not to be named
    let_in(session, *people)
    assert run(browser, "seats", **wishes).status_code == 303

    problem = queries.draft(session).problem
    ids = [each.public_id for each in people]
    assert problem["together"] == [sorted(ids[:2])]
    assert problem["apart"] == [sorted(ids[2:4])]
    page = browser.get(CONSOLE).text
    names = sorted([people[0], people[1]], key=lambda each: each.public_id)
    assert f"{names[0].name}; {names[1].name}</textarea>" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rounds": "0"}, "Give a whole number from 1 to 40"),
        ({"seed": "-1"}, "Give a whole number from 0"),
        ({"policy": "kind"}, "Not a valid choice"),
        ({"apart": "Zuleika Aabbatini"}, "Line 1: name two people at least"),
        ({"together": "Nobody; Zuleika Aabbatini"}, "Line 1: nobody here is called “Nobody”"),
        (
            {"apart": "Zuleika Aabbatini; Zuleika Babbatini\nZuleika C."},
            "Line 2: nobody here is called “Zuleika C.”",
        ),
    ],
)
def test_wrong_wishes_come_back_at_their_field_with_everything_typed(
    browser, session, wrong, words
):
    let_in(session, *crowd(session, 4))
    make.cafe_tables(session, room=1)
    answer = run(browser, "seats", **(SEATS | {"apart": "Typed; before"} | wrong))

    assert (answer.status_code, words in answer.text) == (422, True)
    typed = SEATS | {"apart": "Typed; before"} | wrong
    assert [each for each in typed.values() if each not in answer.text + "kind"] == []
    assert queries.draft(session) is None


def test_impossible_seats_name_people_and_tables_in_words(browser, session):
    people = crowd(session, 7)
    let_in(session, *people)
    make.cafe_tables(session, room=1)
    answer = run(browser, "seats", **SEATS)

    text = text_of(answer)
    assert answer.status_code == 422
    assert "Round 1 cannot be seated: 7 people need a seat at these tables: 1." in text
    assert "Zuleika Aabbatini can sit at these tables only: 1 (round 1)." in text
    assert all(each.public_id not in answer.text for each in people)
    assert re.search(r'name="seed"[^>]*value="7"', answer.text)


# --- The clock --------------------------------------------------------------------------------


def test_one_clock_starts_goes_on_longer_and_ends(browser, client, session, clock):
    seated(session)
    assert "Start round 1" in browser.get(CONSOLE).text
    assert run(browser, "start", round="1").status_code == 303
    clock.go_on(minutes=10)
    assert run(browser, "extend", round="1").status_code == 303
    state = client.get(f"{PUBLIC}state.json").json["tables"]
    assert state["rounds"][0]["ends_at"] == "2028-10-10T16:32:00Z"
    page = browser.get(CONSOLE).text
    assert 'data-until="2028-10-10T16:32:00Z"' in page
    assert 'data-at-0="Time is up"' in page

    assert run(browser, "end", round="1").status_code == 303
    text = text_of(browser.get(CONSOLE))
    assert "Round 1 of 3 is over" in text
    assert "Start round 2" in text
    again = run(browser, "end", round="1")
    assert (again.status_code, "Round 1 is not running." in again.text) == (409, True)
    assert run(browser, "start", round="1").status_code == 409
    assert run(browser, "start", round="none").status_code == 404


# --- Changes ----------------------------------------------------------------------------------


def test_a_latecomer_gets_the_best_seat_with_one_button_and_sees_it(browser, client, session):
    people = seated(session)
    (late,) = crowd(
        session,
        1,
        name="Layla",
    )
    let_in(session, *people, late)
    operations.start_round(session, 1)

    page = browser.get(CONSOLE).text
    assert "Layla Aabbatini" in page
    table = re.search(r"Seat at table (\d)", page)[1]
    assert run(browser, "late", person=late.public_id).headers["Location"].endswith("said=seated")

    seats = {each.round: each.table.number for each in queries.seats_of(session, late)}
    assert seats[2] == int(table)
    assert 1 not in seats
    assert queries.draft(session) is None
    assert f"Round 2: Table {table}" in text_of(client.get(my(late)))


def test_while_somebody_works_on_a_draft_a_latecomer_joins_the_draft(browser, session):
    people = seated(session)
    (late,) = crowd(session, 1, name="Layla")
    let_in(session, *people, late)
    one, other = next(iter(queries.where(queries.published(session), 1).items())), people[5]
    operations.patch(session, after_round=0, absent=[other.public_id])

    assert run(browser, "late", person=late.public_id).headers["Location"].endswith("said=patched")
    assert late.public_id in queries.where(queries.draft(session), 1)
    assert late.public_id not in queries.where(queries.published(session), 1)
    assert one


def test_absent_people_are_taken_out_those_who_were_ticked(browser, session):
    people = seated(session)
    let_in(session, *people[:-2])

    text = text_of(browser.get(CONSOLE))
    assert "2 people have a seat and are not here" in text
    run(browser, "absent", person=people[-1].public_id)

    where = queries.where(queries.draft(session), 1)
    assert (people[-1].public_id in where, people[-2].public_id in where) == (False, True)


def test_two_people_trade_seats_and_what_breaks_a_rule_is_refused_by_name(browser, session):
    people = seated(session)
    let_in(session, *people)
    where = queries.where(queries.published(session), 1)
    one = next(each for each in people[1:8] if where[each.public_id] == 1)
    other = next(each for each in people[1:8] if where[each.public_id] == 2)

    answer = run(browser, "swap", round="1", one=one.public_id, other=other.public_id)
    assert answer.status_code == 303
    after = queries.where(queries.draft(session), 1)
    assert (after[one.public_id], after[other.public_id]) == (2, 1)

    refused = run(browser, "swap", round="1", one=one.public_id, other=people[-1].public_id)
    assert (refused.status_code, "This swap would break a rule" in refused.text) == (422, True)
    assert f'<option value="{one.public_id}" selected>' in refused.text
    nobody = run(browser, "swap", round="1", one=one.public_id, other="")
    assert nobody.status_code == 422


def test_a_host_changes_and_a_table_closes(browser, session):
    people = seated(session, room=9)
    let_in(session, *people)
    where = queries.where(queries.published(session), 1)
    guest = next(each for each in people[1:9] if where[each.public_id] == 2)

    assert run(browser, "host", table="2", person=guest.public_id).status_code == 303
    assert queries.hosts_in(queries.draft(session), 1)[2] == guest.public_id
    assert run(browser, "close", table="2").status_code == 422  # the other has no room for all
    assert run(browser, "close", table="77").status_code == 422


def test_a_thin_table_can_be_merged_and_the_button_says_where_people_go(browser, session):
    people = crowd(session, 8)
    make.cafe_tables(session, room=3, hosts=people[:3], max=6)
    make.seats(session)
    let_in(session, *people[:7])
    run(browser, "absent", person=people[7].public_id)
    run(browser, "publish")

    page = browser.get(CONSOLE).text
    merge = re.search(r"Merge with (tables? [\d, ]+)<", page)
    assert merge
    table = re.search(r'name="table" value="(\d)"><button[^>]*data-key="merge', page)[1]
    before = {
        each for each, at in queries.where(queries.in_force(session), 1).items()
        if at == int(table)
    }  # fmt: skip
    run(browser, "close", table=table)
    after = queries.where(queries.draft(session), 1)
    assert {str(after[each]) for each in before} == set(re.findall(r"\d", merge[1]))


def test_missing_notes_are_seen_when_their_round_is_over(app, browser, session):
    people = seated(session)
    let_in(session, *people)
    operations.start_round(session, 1)
    operations.send_notes(session, [Point("Said")], table=2, round=1)
    assert "notes missing" not in browser.get(CONSOLE).text
    operations.end_round(session, 1)

    page = browser.get(CONSOLE).text
    assert page.count("notes missing") == 2
    assert page.count("notes in") == 1
    assert "/manage/probe/cafe/tables/links#table-1" in page
    assert "mailto:" not in page[page.index("<main") : page.index("</main")]
    organiser = facilitator(app, Role.ORGANISER).get(CONSOLE).text
    assert f"mailto:{people[0].email.replace('@', '%40')}?subject=" in organiser


# --- Who sees what ----------------------------------------------------------------------------


def test_those_who_only_look_see_no_names_and_no_buttons(app, session):
    people = seated(session)
    let_in(session, *people)

    page = facilitator(app, Role.VIEWER).get(CONSOLE)
    assert page.status_code == 200
    assert "Zuleika" not in page.text
    assert "tables-publish" not in page.text
    assert "Table" in page.text
    assert run(facilitator(app, Role.VIEWER), "start", round="1").status_code == 403


def test_a_facilitator_reads_whole_names_of_those_present_alone(app, browser, session):
    people = seated(session)
    let_in(session, *people[:6])

    page = browser.get(CONSOLE).text
    assert people[3].name in page
    assert people[-1].name not in page
    assert "Zuleika d" in page
    assert people[-1].name in facilitator(app, Role.ORGANISER).get(CONSOLE).text


def test_the_round_that_is_looked_at_can_be_chosen(browser, session):
    seated(session)
    operations.start_round(session, 1)

    assert "Tables, round 1" in browser.get(CONSOLE).text
    assert "Tables, round 3" in browser.get(f"{CONSOLE}?round=3").text
    assert "Tables, round 1" in browser.get(f"{CONSOLE}?round=99").text


# --- The projector ----------------------------------------------------------------------------


def test_the_projector_is_turned_from_the_console(browser, client, session):
    make.cafe_tables(session, room=8)
    crowd(session, 40)
    make.seats(session)
    assert "It shows the tables, screen 1 of 2." in text_of(browser.get(CONSOLE))

    run(browser, "show", shows="seats", screen="2")
    state = client.get(f"{STAGE}/state.json").json["tables"]
    assert (state["shows"], state["screen"]) == ("seats", 2)
    run(browser, "show", shows="harvest", screen="1")
    assert client.get(f"{STAGE}/state.json").json["tables"]["shows"] == "harvest"
    assert "No table has sent notes yet." in client.get(STAGE).text


def test_the_document_of_the_console_changes_with_what_it_shows(browser, session):
    people = seated(session)
    first = browser.get(f"{CONSOLE}/state.json")
    operations.patch(session, after_round=0, absent=[people[-1].public_id])
    after = browser.get(f"{CONSOLE}/state.json")

    assert after.json["revision"] > first.json["revision"]
    assert after.json["tables"]["draft"] == queries.draft(session).digest


def test_an_act_nobody_knows_is_refused(browser, session):
    assert run(browser, "nothing").status_code == 422


def test_the_wall_of_a_cafe_long_over_shows_what_was_said(browser, client, clock, session):
    seated(session)
    operations.start_round(session, 1)
    operations.send_notes(
        session, [Point(text="Publish every price", tag="agreement")], table=1, round=1
    )
    operations.end_round(session, 1)
    clock.set("2028-10-10T19:14:59Z")
    before = client.get(STAGE).text
    clock.set("2028-10-10T19:15:00Z")  # nobody polls from an hour after the end
    after = client.get(STAGE).text

    assert "Publish every price" not in before
    assert "Publish every price" in after
