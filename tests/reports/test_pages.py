"""The document for everybody: editions and their bytes, files, figures as page, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json

import pytest
from sqlalchemy import event

from app.attendance import imports as attendance
from app.contributions import operations as contributions
from app.contributions.models import Contribution
from app.core.vocabulary import Mode
from app.database import db
from app.programme import queries as session_queries
from app.registration import operations as registrations
from app.reports import operations
from app.web import documents
from tests import make
from tests.feeds.test_front_door import counting, picture

FORMS = ("docx", "pdf", "md", "json")
ONE = "/probe/document/1"


def edition_one() -> list[int]:
    session = make.online_round(settings={"moderation": "after"})
    ideas, _excerpts = make.ready(session)
    make.edition(session)
    return [idea.id for idea in ideas]


@pytest.fixture
def frozen(furnished, clock):
    """A consultation with edition 1, an hour later."""
    ids = furnished(edition_one)
    clock.go_on(hours=1)
    return [db.session.get(Contribution, each) for each in ids]


def test_the_latest_edition_is_led_to_and_older_ones_stay(client, frozen, clock):
    assert client.get("/probe/document/?lang=fr").headers["Location"] == f"{ONE}?lang=fr"
    before = client.get(ONE).data

    operations.freeze(frozen[0].consultation)

    assert client.get("/probe/document/").headers["Location"] == "/probe/document/2"
    assert client.get(ONE).data == before
    assert client.get("/probe/document/2").status_code == 200


def test_there_is_nothing_before_the_first_edition_nor_beside_it(client, clock, app):
    make.online_round()
    addresses = ("/probe/document/", ONE, f"{ONE}.pdf", f"{ONE}.md")

    assert [client.get(address).status_code for address in addresses] == [404] * 4
    make.edition()
    odd = ("/probe/document/01", "/probe/document/0", f"{ONE}.odt", "/probe/document/1.0.md",
           "/probe/document/٣", "/probe/document/99999999999")  # fmt: skip
    assert [client.get(address).status_code for address in odd] == [404] * 6


def test_a_page_and_its_files_are_made_once_and_asked_for_with_their_validator(client, frozen):
    for address in (ONE, *(f"{ONE}.{form}" for form in FORMS)):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

        assert (first.status_code, again.status_code, again.data) == (200, 304, b""), address
        assert first.headers["Cache-Control"] == "public, no-cache"
        documents.shelf.clear()
        assert client.get(address).data == first.data, address


def test_files_say_what_they_are(client, frozen):
    answers = {form: client.get(f"{ONE}.{form}") for form in FORMS}

    assert answers["pdf"].data[:5] == b"%PDF-"
    assert answers["docx"].data[:2] == b"PK"
    assert answers["docx"].headers["Content-Disposition"] == (
        'attachment; filename="probe-document-1.docx"'
    )
    assert json.loads(answers["json"].data)["edition"] == 1
    assert "asked that subsidies be published." in answers["md"].text


def test_only_what_people_take_back_changes_the_bytes_of_an_edition(client, frozen, clock):
    addresses = [ONE, *(f"{ONE}.{form}" for form in FORMS)]
    before = {address: client.get(address).data for address in addresses}

    make.idea(frozen[0].session, text="Something new")
    operations.write_paper(frozen[0].consultation, {"summary": {"en": "Changed"}})
    clock.go_on(hours=30)
    documents.shelf.clear()
    assert {address: client.get(address).data for address in addresses} == before

    contributions.withdraw(frozen[0])
    after = {address: client.get(address) for address in addresses}
    assert all(after[address].data != before[address] for address in addresses)
    for address in (ONE, f"{ONE}.md", f"{ONE}.json"):
        assert "[withdrawn]" in after[address].text.replace("\\", "")
        assert "who receives it" not in after[address].text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "address",
    [ONE, f"{ONE}?lang=ar", f"{ONE}?tz=Asia/Tokyo", f"{ONE}?tz=Nowhere/City", f"{ONE}.md",
     f"{ONE}.json?lang=fr", f"{ONE}.docx?tz=Asia/Tokyo", f"{ONE}.pdf", "/probe/results",
     "/probe/results?lang=fr", "/probe/results.csv"],
)  # fmt: skip
def test_the_front_door_answers_like_the_view_behind_it(app, client, frozen, address, method):
    door = app.extensions["front_door"]
    door.is_open = False
    behind = picture(client.open(address, method=method))
    door.is_open = True
    client.get(address)
    reached: list[str] = []
    door._behind, view = counting(door._behind, reached), door._behind
    try:
        in_front = picture(client.open(address, method=method))
    finally:
        door._behind = view

    assert (in_front, reached) == (behind, [])


def test_the_front_door_sees_at_once_what_was_taken_back(client, frozen):
    for address in (ONE, f"{ONE}.md"):
        client.get(address)
    contributions.withdraw(frozen[0])

    for address in (ONE, f"{ONE}.md"):
        assert "who receives it" not in client.get(address).text


def test_the_page_of_an_edition_is_looked_up_in_one_statement(client, frozen, app):
    client.get(ONE)
    etag = client.get(ONE).headers["ETag"]
    app.extensions["front_door"].is_open = False
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    client.get(ONE, headers={"If-None-Match": etag})
    event.remove(db.engine, "before_cursor_execute", note)
    app.extensions["front_door"].is_open = True

    assert len([each for each in sent if "SELECT" in each]) == 1


def test_the_programme_leads_to_the_document_as_soon_as_there_is_one(client, clock, app):
    session = make.online_round(settings={"moderation": "after"})
    before = client.get("/probe/")
    assert "/probe/document/" not in before.text

    make.edition(session)

    after = client.get("/probe/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert 'href="/probe/document/"' in after.text
    assert "edition 1, Fri 1 September 2028" in after.text


# --- Figures ----------------------------------------------------------------------------------


def people(round_, *, room: int, online: int, group: str) -> None:
    """Register people of a group: some were let into the café, some entered the round."""
    cafe = session_queries.by_slug(round_.consultation, "cafe") or make.cafe()
    for session, mode, count in ((cafe, Mode.ON_SITE, room), (round_, Mode.ONLINE, online)):
        held = [
            make.registration(session, mode=mode, stakeholder_group=group, country="KE")
            for _ in range(count)
        ]
        attendance.fill(session, held)


def two_groups() -> None:
    session = make.online_round(settings={"moderation": "after"})
    people(session, room=7, online=9, group="government")
    people(session, room=6, online=8, group="media")
    make.ready(session)


@pytest.fixture
def counted(furnished):
    """Two groups who came to a café's room or entered a round."""
    furnished(two_groups)
    return make.online_round()


def sheet(client, address="/probe/results.csv") -> dict[tuple[str, str, str], str]:
    """The CSV by (table, row, column): the value, or why there is none."""
    text = client.get(address).get_data(as_text=True).lstrip("\ufeff")
    rows = csv.DictReader(io.StringIO(text))
    return {
        (row["table"], row["row"], row["column"]): row["value"] or row["hidden"] for row in rows
    }


def test_page_csv_and_api_say_the_same_before_and_after_the_first_edition(client, counted):
    for edition in (None, 1):
        if edition:
            make.edition(counted)
        csv_rows = sheet(client)
        answer = client.get("/api/v1/consultations/probe/results").json
        page = client.get("/probe/results").text

        assert answer["edition"] == edition
        table = next(t for t in answer["tables"] if t["code"] == "attended_by_group_and_mode")
        rows, columns = table["rows"]["keys"], table["columns"]["keys"]
        assert columns == ["on_site", "online"]
        for i, row in enumerate(rows):
            for j, column in enumerate(columns):
                cell = table["cells"][i][j]
                said = cell["hidden"] or str(cell["value"])
                assert csv_rows[table["code"], row, column] == said
        assert csv_rows[table["code"], "government", "on_site"] == "7"
        assert csv_rows[table["code"], "media", "total"] == "14"
        assert f"Base: {csv_rows[table['code'], 'total', 'total']}." in page
        assert "Not stated" in page
        assert ("figures for edition 1" in page) == bool(edition)


def test_small_cells_are_shown_nowhere(client, counted):
    people(counted, room=3, online=11, group="academia")
    row = {key[2]: value for key, value in sheet(client).items()
           if key[:2] == ("attended_by_group_and_mode", "academia")}  # fmt: skip

    assert row["on_site"] == "fewer"
    assert row["online"] == "withheld"
    page = client.get("/probe/results").text
    assert "fewer than 5" in page
    assert "withheld" in page


def test_figures_so_far_move_with_what_moves_them_and_those_of_an_edition_never(
    client, counted, clock
):
    first = client.get("/probe/results")
    same = client.get("/probe/results", headers={"If-None-Match": first.headers["ETag"]})
    clock.go_on(hours=1)
    people(counted, room=1, online=0, group="government")
    moved = client.get("/probe/results", headers={"If-None-Match": first.headers["ETag"]})

    assert (same.status_code, moved.status_code) == (304, 200)
    assert sheet(client)["attended_by_group_and_mode", "government", "on_site"] == "8"

    make.edition(counted)
    frozen = client.get("/probe/results")
    people(counted, room=2, online=0, group="government")
    after = client.get("/probe/results", headers={"If-None-Match": frozen.headers["ETag"]})
    assert after.status_code == 304
    assert sheet(client)["attended_by_group_and_mode", "government", "on_site"] == "8"


def test_somebody_in_two_sessions_counts_once_and_the_room_comes_first(client, counted):
    before = sheet(client)["attended_by_group_and_mode", "government", "total"]
    who = make.registration(counted, mode=Mode.ONLINE, stakeholder_group="government", country="KE")
    cafe = session_queries.by_slug(counted.consultation, "cafe")
    again, _ = registrations.register(cafe, participant=who.participant, mode=Mode.ON_SITE)
    attendance.fill(counted, [who])
    attendance.fill(cafe, [again])

    found = sheet(client)
    assert int(found["attended_by_group_and_mode", "government", "total"]) == int(before) + 1
    assert found["attended_by_group_and_mode", "government", "on_site"] == "8"
    assert found["attended_by_group_and_mode", "government", "online"] == "9"


def test_convergence_names_each_channel_with_its_base(client, counted):
    make.edition(counted)
    page = client.get("/probe/results").text

    assert "One question, several ways of asking" in page
    assert "of 3 contributors" in page
    assert 'href="/probe/document/1#t1"' in page
