"""A table host's page: that table and nothing else."""

from __future__ import annotations

import pytest

from app.contributions.operations import Point
from app.core.refusals import Invalid
from app.programme import queries as programme
from app.registration import queries as registrations
from app.tables import operations, queries
from tests import make
from tests.tables.hall import host_page, seated, text_of


def people_at_tables() -> None:
    make.consultation(guiding_questions=[{"en": "Question one?"}, {"en": "Question two?"}])
    seated(make.cafe(capacity={"on_site": 50, "online": 20}))


@pytest.fixture
def session(furnished, clock):
    clock.set("2028-10-10T16:10:00Z")
    furnished(people_at_tables)
    session = programme.by_slug(make.consultation(), "cafe")
    session.people = [each.participant for each in registrations.live_in(session)]
    return session


@pytest.fixture
def page(session):
    operations.start_round(session, 1)
    return host_page(session, 1)


def points(*texts, tags=(), references=(), **more):
    """What a host's form sends."""
    sent = dict(more)
    for n, text in enumerate(texts):
        sent[f"point-{n}-text"] = text
        sent[f"point-{n}-tag"] = tags[n] if n < len(tags) else ""
        sent[f"point-{n}-reference"] = references[n] if n < len(references) else ""
    return sent


def written(session, table=1, number=1):
    return [(each.text, each.tag) for each in queries.notes_at(session, table, number)]


def test_before_the_first_round_a_host_reads_what_a_host_does(client, session):
    page = client.get(host_page(session, 1))

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "You can write notes as soon as round 1 has begun." in page.text
    assert "Welcome everybody" in page.text
    assert "<textarea" not in page.text


def test_a_host_sees_who_sits_there_the_question_and_the_clock(client, session, page):
    text = text_of(client.get(page))
    table = next(
        each for each in queries.sitting(session, queries.published(session), 1)
        if each.table.number == 1
    )  # fmt: skip

    assert "Question one?" in text
    assert "this round ends at 18:30 Geneva (CEST)" in text
    assert all(f"Zuleika {each.name.split()[1][0]} " in text for each in table.people)
    others = {each.public_id for each in session.people} - {e.public_id for e in table.people}
    assert others
    assert "Notes of round 1" in text


def test_points_are_published_with_their_tags(client, session, page):
    answer = client.post(
        page, data=points("Publish who pays.", "", "Who decides?", tags=("agreement", "", ""))
    )

    assert answer.status_code == 303
    assert written(session) == [("Publish who pays.", "agreement"), ("Who decides?", None)]
    shown = client.get(answer.headers["Location"])
    assert "Your notes are in, 18:10" in shown.text
    assert "Publish who pays.</textarea>" in shown.text


def test_a_host_changes_a_point_takes_one_back_and_adds_another(client, session, page):
    client.post(page, data=points("One", "Two"))
    known = [each.reference for each in queries.notes_at(session, 1, 1)]

    client.post(
        page,
        data=points("One, better", "", "Three", tags=("question",), references=known),
    )

    assert written(session) == [("One, better", "question"), ("Three", None)]
    assert [each.reference[-1] for each in queries.notes_at(session, 1, 1)] == ["1", "3"]


def test_a_line_more_keeps_what_was_typed_and_saves_nothing(client, session, page):
    answer = client.post(page, data=points("Half a thought", "", act="more"))

    assert answer.status_code == 200
    assert "Half a thought</textarea>" in answer.text
    assert answer.text.count("<textarea") == 3
    assert written(session) == []
    assert client.post(page, data=points(*"abcd", act="more")).text.count("<textarea") == 5
    assert "Add a point" not in client.post(page, data=points(*"abcd", act="more")).text


def test_a_point_that_is_too_long_comes_back_at_its_line_and_nothing_is_saved(
    client, session, page
):
    long = "x" * 401
    answer = client.post(page, data=points("Fine", long))

    assert answer.status_code == 422
    assert "Fine</textarea>" in answer.text
    assert f"{long}</textarea>" in answer.text
    assert 'href="#point-1-text"' in answer.text
    assert "<title>Error: Host" in answer.text
    assert written(session) == []


def test_a_sheet_is_saved_whole_or_not_at_all(session, page):
    lines = [operations.Line("Fine"), operations.Line(" "), operations.Line("x" * 401)]
    with pytest.raises(Invalid) as refusal:
        operations.save_sheet(session, lines, table=1, round=1)

    assert [error.field for error in refusal.value.errors] == ["points.2.text"]
    assert written(session) == []


def test_a_sixth_point_is_refused_with_a_reason(client, session, page):
    operations.send_notes(session, [Point(letter) for letter in "abcd"], table=1, round=1)

    answer = client.post(page, data=points("one", "two"))

    assert (answer.status_code, "at most 5 points a round" in answer.text) == (409, True)
    assert "two</textarea>" in answer.text
    assert len(written(session)) == 4


def test_two_devices_of_one_host_lose_nothing(client, session, page):
    client.post(page, data=points("From the phone"))
    client.post(page, data=points("From the tablet"))

    assert [text for text, _tag in written(session)] == ["From the phone", "From the tablet"]


def test_earlier_rounds_and_the_twin_stand_on_top_and_can_still_be_written(client, session, page):
    operations.send_notes(session, [Point("Said in one")], table=1, round=1)
    operations.end_round(session, 1)
    operations.start_round(session, 2)

    later = client.get(page).text
    assert later.index("Said in one") < later.index("Notes of round 2")
    assert "Question two?" in later
    client.post(page, data=points("Late", round="1"))
    assert len(written(session, number=1)) == 2
    client.post(page, data=points("From nowhere", round="9"))
    assert written(session, number=2) == [("From nowhere", None)]


def test_notes_can_be_changed_until_a_day_after_the_end(client, session, page, clock):
    clock.set("2028-10-11T18:14:59Z")
    assert client.post(page, data=points("In time")).status_code == 303
    clock.set("2028-10-11T18:15:00Z")

    assert "Notes were taken until" in client.get(page).text
    assert client.post(page, data=points("Too late")).status_code == 409
    assert written(session) == [("In time", None)]


def test_the_link_opens_one_table_and_nothing_else(client, session, page):
    key = page.rsplit("/", 1)[1]
    hall = make.town_hall("hall")
    other = make.session("other", capacity={"on_site": 50})
    make.cafe_tables(other, room=1)

    assert client.get(f"/live/probe/{other.slug}/table/{key}").status_code == 404
    assert client.get(f"/live/probe/{hall.slug}/table/{key}").status_code == 404
    assert client.get("/live/probe/cafe/table/guessed").status_code == 404
    assert client.get(f"/my/{key}/").status_code == 404
    assert client.get(f"/join/{key}").status_code == 404
    text = client.get(page).text
    others = [host_page(session, number) for number in (2, 3)]
    assert [each for each in others if each in text] == []
    assert "meet.example.org" not in text


def test_a_renewed_link_opens_nothing(client, session, page):
    operations.renew_link(queries.by_number(session, 1))

    assert client.get(page).status_code == 404
    assert client.post(page, data=points("x")).status_code == 404
    assert client.get(f"{page}/state.json").status_code == 404


def test_the_live_document_says_how_far_this_table_is(client, session, page):
    first = client.get(f"{page}/state.json")
    assert first.headers["Cache-Control"] == "private, no-store"
    assert first.json["tables"]["table"] == {"number": 1, "notes": {"1": 0, "2": 0, "3": 0}}
    again = client.get(f"{page}/state.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, "X-Server-Time" in again.headers) == (304, b"", True)

    client.post(page, data=points("Said"))
    after = client.get(f"{page}/state.json").json
    assert after["tables"]["table"]["notes"]["1"] == 1
    assert after["revision"] > first.json["revision"]
    assert "Zuleika" not in first.text


def test_a_form_from_another_site_is_refused(client, session, page):
    answer = client.post(page, data=points("x"), headers={"Sec-Fetch-Site": "cross-site"})

    assert (answer.status_code, written(session)) == (403, [])
