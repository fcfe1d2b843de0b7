"""Staff among registrations: found, filtered, counted, decided on, added, exported."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import event

from app.audit.models import AuditEntry
from app.core import links
from app.core.vocabulary import Mode, Role
from app.database import db
from app.mail.models import OutboxMail
from app.registration import operations, queries
from app.registration.models import Participant, Registration
from tests import make
from tests.attendance.staff import press, signed_in

LIST = "/manage/probe/registrations/"


@pytest.fixture
def office(app, client, clock):
    """The café with two places, and an organiser signed in."""
    session = make.cafe(capacity={"on_site": 2, "online": None})
    signed_in(client, Role.ORGANISER)
    return session


def names(page) -> list[str]:
    """Whom the list shows."""
    return re.findall(r'<th scope="row" class="who[^"]*"><a [^>]*><bdi>([^<]*)</bdi>', page.text)


def decide(client, act: str, *registrations, **fields):
    """Press a button of the bulk bar."""
    chosen = [each.public_id for each in registrations]
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(LIST).text).group(1)
    return client.post(
        f"{LIST}decide",
        data=fields | {"act": act, "chosen": chosen, "csrf_token": token},
        follow_redirects=True,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ünal", ["Zoë Ünal"]),
        ("UNAL", ["Zoë Ünal"]),
        ("zoe", ["Zoë Ünal"]),
        ("observatoire des libertes", ["Jean"]),
        ("OCÉAN", ["Jean"]),
        ("jean@example.org", ["Jean"]),
        ("\uff05", []),
        ("%", []),
        ("_", []),
        ("\u0301", []),
        ("nobody", []),
        ("  ", ["Jean", "Zoë Ünal"]),
    ],
)
def test_search_folds_first_and_takes_wildcards_for_text(office, client, text, expected):
    make.registration(office, name="Zoë Ünal", email="zoe@example.org")
    make.registration(
        office,
        name="Jean",
        email="jean@example.org",
        organisation="Observatoire des libertés, océan",
    )

    assert sorted(names(client.get(LIST, query_string={"q": text}))) == expected


def test_a_percent_sign_in_a_name_is_found_as_such(office, client):
    make.registration(office, name="100% Ana")
    make.registration(office, name="Bo")

    assert names(client.get(LIST, query_string={"q": "\uff05"})) == ["100% Ana"]


def test_a_ticket_code_finds_its_person(office, client):
    ana = make.registration(office, name="Ana").participant
    make.registration(office, name="Bo")

    page = client.get(LIST, query_string={"q": links.shown_code(ana.ticket_code).lower()})

    assert names(page) == ["Ana"]


def test_filters_narrow_by_session_mode_state_and_group(office, client):
    hall = make.town_hall("hall")
    make.registration(office, name="Ana", stakeholder_group="media")
    make.registration(office, name="Bo", mode=Mode.ONLINE, stakeholder_group="academia")
    gone = make.registration(hall, name="Chi", stakeholder_group="media")
    operations.cancel(gone, by="staff")

    def found(**query):
        return sorted(names(client.get(LIST, query_string=query)))

    assert found() == ["Ana", "Bo"]
    assert found(state="all") == ["Ana", "Bo", "Chi"]
    assert found(state="cancelled") == ["Chi"]
    assert found(session="hall") == []
    assert found(session="cafe", mode="online") == ["Bo"]
    assert found(group="media") == ["Ana"]
    assert found(group="nonsense", mode="nonsense", session="nonsense") == ["Ana", "Bo"]


def test_fifty_a_page_with_as_many_statements_as_one(office, client):
    def statements(address):
        count = [0]
        event.listen(
            db.engine, "before_cursor_execute", lambda *_: count.__setitem__(0, count[0] + 1)
        )
        page = client.get(address)
        return count[0], page

    make.registration(office, mode=Mode.ONLINE, name="P00")
    few, _page = statements(LIST)
    for number in range(1, 53):
        make.registration(office, mode=Mode.ONLINE, name=f"P{number:02}")
    many, first = statements(LIST)
    second = client.get(f"{LIST}?page=2")

    assert many == few
    assert (len(names(first)), len(names(second))) == (50, 3)
    assert "1–50 of 53" in first.text
    assert "51–53 of 53" in second.text
    assert set(names(first)).isdisjoint(names(second))
    assert names(client.get(f"{LIST}?page=99999")) == names(second)


def test_sums_and_positions_are_shown(office, client):
    for name in "ABC":
        make.registration(office, name=name)
    make.registration(office, name="D", mode=Mode.ONLINE)

    page = client.get(f"{LIST}?session=cafe")

    figures = re.findall(r"<dt>([^<]*)</dt><dd class=\"fig\">([^<]*)</dd>", page.text)
    assert figures == [("registered", "4"), ("on site", "2/2"), ("waiting", "1"), ("online", "1")]
    assert "Waiting, position 1" in page.text


def test_cancelling_names_everybody_first_then_passes_the_place_on(office, client):
    first, second, third = (make.registration(office, name=name) for name in "ABC")

    asked = decide(client, "cancel", first, second)
    assert "Cancel these registrations?" in asked.text
    assert first.status == "confirmed"

    done = decide(client, "cancel", first, second, sure="1")

    assert "Done for 2 people." in done.text
    states = [queries.by_public_id(each.public_id).status for each in (first, second, third)]
    assert states == ["cancelled", "cancelled", "confirmed"]
    kinds = [kind for (kind,) in db.session.query(OutboxMail.kind).order_by(OutboxMail.id)]
    assert kinds.count("registration_cancelled") == 2
    assert kinds.count("registration_promoted") == 1


def test_declining_frees_the_place_and_says_so(office, client):
    first, _second, third = (make.registration(office, name=name) for name in "ABC")

    decide(client, "decline", first, sure="1")

    assert queries.by_public_id(first.public_id).status == "declined"
    assert queries.by_public_id(third.public_id).status == "confirmed"


def test_nobody_is_confirmed_beyond_the_capacity(office, client):
    _first, _second, third = (make.registration(office, name=name) for name in "ABC")

    page = decide(client, "confirm", third)

    assert "Not for C: There is no free place left in this session." in page.text
    assert queries.by_public_id(third.public_id).status == "waiting"


def test_staff_confirm_out_of_turn_where_a_place_is_free(office, client):
    """Free places with a line exist where the programme stands still: after a cancelled session."""
    from app.programme import operations as programme

    people = [make.registration(office, name=name) for name in "ABCD"]
    programme.cancel(office)
    operations.cancel(people[0], by="staff")

    decide(client, "confirm", people[3])

    states = [queries.by_public_id(each.public_id).status for each in people]
    assert states == ["cancelled", "confirmed", "waiting", "confirmed"]


def test_a_place_of_another_consultation_is_not_touched(office, client):
    other = make.registration(make.session(inside=make.consultation("other", prefix="OTHER")))

    page = decide(client, "cancel", other, sure="1")

    assert "Nobody was selected." in page.text
    assert queries.by_public_id(other.public_id).status == "confirmed"
    assert client.get(f"{LIST}{other.public_id}/").status_code == 404


def test_one_registration_shows_its_person_and_history(office, client):
    ana = make.registration(office, name="Ana", email="ana@example.org")
    address = f"{LIST}{ana.public_id}/"

    moved = press_at(client, address, "place", mode="online", waits="")
    nothing = {"stakeholder_group": "", "country": ""}
    renamed = press_at(client, address, "person", name="Ana Maria", organisation="Net", **nothing)
    linked = press_at(client, address, "link")

    assert "Changed. The person is told by mail." in moved.text
    assert "Saved." in renamed.text
    assert "ana@example.org" in renamed.text
    assert "The link is on its way." in linked.text
    found = queries.by_public_id(ana.public_id)
    assert (found.mode, found.participant.search_name) == ("online", "ana maria")
    actions = re.findall(r"<code>(\w+)</code>", client.get(address).text)
    assert actions == ["participant_changed", "registration_changed", "registered"]
    kinds = [kind for (kind,) in db.session.query(OutboxMail.kind).order_by(OutboxMail.id)]
    assert kinds == ["registration_confirmed", "registration_changed", "link_requested"]
    page = client.get(address).text
    assert queries.token(found.participant, links.Purpose.MANAGE) not in page
    assert "/my/" not in page


def press_at(client, address: str, act: str, **fields):
    """Send one of the forms of a registration's page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text).group(1)
    return client.post(
        f"{address}{act}", data=fields | {"csrf_token": token}, follow_redirects=True
    )


def test_a_full_mode_is_refused_and_said(office, client):
    make.registration(office), make.registration(office)
    online = make.registration(office, mode=Mode.ONLINE)

    page = press_at(client, f"{LIST}{online.public_id}/", "place", mode="on_site")

    assert page.status_code == 409
    assert "There is no free place left in this session." in page.text


def test_somebody_is_registered_on_their_behalf(office, client):
    typed = dict.fromkeys(("organisation", "stakeholder_group", "country"), "") | {
        "session": "cafe",
        "mode": "on_site",
        "name": " Ana  Lind ",
        "email": "Ana@Example.org",
        "language": "en",
    }

    wrong = press(client, f"{LIST}new", **typed | {"name": "", "email": "nope"})
    right = press(client, f"{LIST}new", **typed)
    again = press(client, f"{LIST}new", **typed)

    assert wrong.status_code == 422
    assert "Enter the full name" in wrong.text
    assert "Registered. A mail is on its way." in right.text
    assert "This person is registered already" in again.text
    person = db.session.query(Participant).one()
    assert (person.name, person.email, person.is_opened, person.source) == (
        "Ana Lind", "ana@example.org", True, "staff",
    )  # fmt: skip
    assert (
        db.session.query(AuditEntry)
        .filter_by(action="registered")
        .one()
        .actor.startswith("person:")
    )


def test_the_export_holds_what_the_filters_find_as_text(office, client):
    make.registration(office, name="=1+1", email="ana@example.org", organisation="+41 22 730")
    make.registration(office, name="Dupont; Fils", email="fils@example.org")
    make.registration(office, name="Zoë Ünal", mode=Mode.ONLINE, email="zoe@example.org")

    answer = client.get("/manage/probe/registrations.csv?mode=on_site")

    assert answer.data.startswith(b"\xef\xbb\xbfid,session,")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert sorted((row["name"], row["organisation"], row["email"]) for row in rows) == [
        ("'=1+1", "'+41 22 730", "ana@example.org"),
        ("Dupont; Fils", "", "fils@example.org"),
    ]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (None, 302),
        (Role.DOOR, 403),
        (Role.VIEWER, 403),
        (Role.MODERATOR, 403),
        (Role.RAPPORTEUR, 403),
        (Role.REGISTRAR, 200),
        (Role.OWNER, 200),
    ],
)
def test_who_may(app, client, clock, role, status):
    ana = make.registration(make.cafe(), name="Ana")
    if role:
        signed_in(client, role)

    for address in (
        LIST,
        f"{LIST}new",
        f"{LIST}{ana.public_id}/",
        "/manage/probe/registrations.csv",
        "/manage/probe/attendance/",
        "/manage/probe/cafe/attendance/",
        "/manage/probe/cafe/attendance.csv",
    ):
        assert client.get(address).status_code == status, address
    assert db.session.query(Registration).count() == 1
