"""The desk's page as a browser without scripts, and the address in the ticket's QR."""

from __future__ import annotations

import re

import pytest

from app.attendance.models import Scan
from app.core.vocabulary import Mode, Role
from app.database import db
from app.registration.models import Participant
from tests import make
from tests.attendance.staff import press, signed_in

DOOR = "/door/probe/cafe/"


@pytest.fixture
def door(app, client, clock):
    """The café's door, with its staff signed in."""
    session = make.cafe(capacity={"on_site": 2, "online": None})
    signed_in(client, Role.DOOR)
    return session


def word(page) -> str:
    """The big word of the panel."""
    return re.search(r'<p class="word">([^<]*)</p>', page.text).group(1)


def send(client, **fields):
    """Press a button of the desk and follow to what it shows."""
    return press(client, DOOR, **fields)


def test_a_typed_code_says_welcome_then_already_in_since_when(door, client):
    ana = make.registration(door, name="Ana Lindqvist", organisation="Net Nordic").participant

    first = send(client, act="find", text=ana.ticket_code.lower())
    second = send(client, act="find", text=f"https://talks.example.org/t/{ana.ticket_secret}")

    assert word(first) == "Welcome"
    assert "Ana Lindqvist" in first.text
    assert "Net Nordic" in first.text
    assert re.search(r'id="inside">1</span> of 1 in', first.text)
    assert word(second) == "Already in"
    assert "since 10:00, desk 1" in second.text


def test_a_name_is_found_without_its_diacritics_and_checked_in(door, client):
    zoe = make.registration(door, name="Zoë Ünal").participant
    make.registration(door, name="Anna Lindqvist")

    for text in ("ünal", "Unal", "ÜNAL", "zoe u"):
        found = client.get(DOOR) and press(client, DOOR, act="find", text=text)
        assert re.findall(r"<b><bdi>([^<]*)</bdi>", found.text) == ["Zoë Ünal"], text
    result = send(client, act="in", participant=zoe.public_id)

    assert word(result) == "Welcome"


@pytest.mark.parametrize("text", ["\uff05", "%", "_", "", "\u0301", "nobody", "ana@example.org"])
def test_wildcards_addresses_and_nothing_find_nobody(door, client, text):
    make.registration(door, name="Ana", email="ana@example.org")

    found = press(client, DOOR, act="find", text=text)

    assert re.findall(r"<b><bdi>([^<]*)</bdi>", found.text) == []
    assert db.session.query(Scan).count() == 0


def test_ten_letters_of_a_name_are_a_name(door, client):
    make.registration(door, name="Maria Blank")

    found = press(client, DOOR, act="find", text="Maria Blank")

    assert re.findall(r"<b><bdi>([^<]*)</bdi>", found.text) == ["Maria Blank"]


def test_an_unknown_code_leads_to_the_desk(door, client):
    assert word(send(client, act="find", text="7KQ4Z-0M1XR")) == "See the desk"


def test_the_last_scan_of_a_desk_is_undone(door, client):
    ana = make.registration(door, name="Ana").participant
    send(client, act="find", text=ana.ticket_code)
    send(client, act="find", text=ana.ticket_code, desk="2")

    undone = send(client, act="undo_last")

    assert word(undone) == "Undone"
    assert 'id="inside">1<' in undone.text  # desk 2 still has her in
    assert 'id="inside">0<' in send(client, act="undo_last", desk="2").text


def test_who_waits_is_let_in_by_the_desk(door, client):
    people = [make.registration(door, name=f"P{number}") for number in range(3)]

    waits = send(client, act="find", text=people[2].participant.ticket_code)
    let_in = send(client, act="let_in", participant=people[2].participant.public_id)

    assert word(waits) == "See the desk"
    assert "On the waiting list. 0 places are free." in waits.text
    assert 'id="inside">0<' in waits.text
    assert word(let_in) == "See the desk"
    assert 'id="inside">1<' in let_in.text


def test_somebody_registered_online_comes_in_or_not_today(door, client):
    online = make.registration(door, name="Olga", mode=Mode.ONLINE).participant

    page = send(client, act="find", text=online.ticket_code)
    assert "Registered online, not on site. 2 places are free." in page.text
    key = re.search(r'name="key" value="([^"]+)"', page.text).group(1)

    assert word(client.get(f"{DOOR}?result={key}&let_in=1")) == "Welcome"
    assert 'id="inside">0<' in send(client, act="undo", key=key).text


def test_a_walk_in_needs_a_name_alone(door, client):
    wrong = press(client, DOOR, act="walk_in", name=" ", email="nope")
    right = send(client, act="walk_in", name="Walter", stakeholder_group="media")

    assert wrong.status_code == 422
    assert "Enter the person&#39;s full name" in wrong.text
    assert word(right) == "Welcome"
    walter = db.session.query(Participant).one()
    assert (walter.name, walter.email, walter.source) == ("Walter", None, "walk_in")


def test_only_this_page_may_use_the_camera_and_compile(door, client):
    headers = client.get(DOOR).headers

    assert "script-src 'self' 'wasm-unsafe-eval';" in headers["Content-Security-Policy"]
    assert headers["Permissions-Policy"].startswith("camera=(self)")
    assert headers["Cache-Control"] == "private, no-store"
    other = client.get("/door/").headers
    assert "wasm" not in other["Content-Security-Policy"]
    assert other["Permissions-Policy"].startswith("camera=()")


def test_the_script_of_the_page_sends_what_it_queued(door, client):
    ana = make.registration(door, name="Ana").participant
    token = re.search(r'data-token="([^"]+)"', client.get(DOOR).text).group(1)
    key = "00000000-0000-4000-8000-000000000001"
    body = {
        "device": "desk 1",
        "scans": [{"id": key, "kind": "in", "ticket": ana.ticket_code,
                   "scanned_at": "2028-09-01T08:00:00Z"}],
    }  # fmt: skip

    without = client.post(f"{DOOR}scans", json=body)
    answer = client.post(f"{DOOR}scans", json=body, headers={"X-CSRFToken": token})

    assert without.status_code == 403
    assert answer.json["verdicts"][key]["verdict"] == "welcome"
    assert answer.json["inside"] == 1
    assert "Ana" in answer.json["result"]
    assert "Ana" in answer.json["last"]


def test_the_index_lists_the_doors_at_which_somebody_works(app, client, clock):
    make.cafe()
    make.session("online", title={"en": "Online only"}, capacity={"online": None},
                 format="town_hall")  # fmt: skip
    make.session("other", inside=make.consultation("other", prefix="OTHER"), title={"en": "Other"})
    signed_in(client, Role.DOOR)

    page = client.get("/door/")

    assert re.findall(r'<a class="title" href="([^"]+)"', page.text) == [DOOR]


@pytest.mark.parametrize(
    ("role", "status"),
    [(None, 302), (Role.VIEWER, 403), (Role.FACILITATOR, 403), (Role.DOOR, 200)],
)
def test_who_may_work_at_the_door(app, client, clock, role, status):
    make.cafe()
    if role:
        signed_in(client, role)

    assert client.get(DOOR).status_code == status


# --- The address in the QR ------------------------------------------------------------------------


def test_the_qrs_address_shows_nothing_and_sets_no_cookie(door, client):
    secret = make.registration(door, name="Ana").participant.ticket_secret

    pages = [client.get(f"/t/{secret}"), client.post(f"/t/{secret}")]

    for page in pages:
        assert "Show this at the desk" in page.text
        assert "Ana" not in page.text
        assert "Set-Cookie" not in page.headers
    assert db.session.query(Scan).count() == 0


def test_staff_of_the_door_see_the_person_and_one_button(door, client):
    ana = make.registration(door, name="Ana").participant
    address = f"/door/t/{ana.ticket_secret}"

    page = client.get(address)
    assert "Ana" in page.text
    assert "Check in: Cafe" in page.text
    assert db.session.query(Scan).count() == 0

    assert word(press(client, address, session="cafe")) == "Welcome"


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.VIEWER, 404)])
def test_nobody_else_sees_whose_ticket_it_is(app, client, clock, role, status):
    ana = make.registration(make.cafe(), name="Ana").participant
    if role:
        signed_in(client, role)

    page = client.get(f"/door/t/{ana.ticket_secret}")

    assert page.status_code == status
    assert "Ana" not in page.text
