"""The pages of the form, the participant and the join link, as a browser without scripts."""

from __future__ import annotations

import re

import pytest

from app.core.links import Purpose
from app.database import db
from app.mail.models import OutboxMail
from app.programme import queries as programme
from app.registration import operations, queries
from app.registration.models import Participant, Registration
from tests import make

TYPED = {
    "name": "Anna Lindqvist",
    "email": "anna@example.org",
    "organisation": "Net Nordic",
    "country": "SE",
    "stakeholder_group": "civil_society",
    "language": "en",
    "timezone": "America/New_York",
    "consent": "1",
}


def hour(client, url: str) -> str:
    """The signed hour of the form at ``url``."""
    return re.search(r'name="form_hour" value="([^"]+)"', client.get(url).text).group(1)


def fill(client, **changes):
    """Send the form of `probe` as a person would."""
    form = TYPED | {"form_hour": hour(client, "/probe/register")} | changes
    return client.post("/probe/register", data=form)


def somebody(**details):
    """Somebody whom staff registered in the session `cafe`."""
    return make.registration(programme.by_slug(make.consultation(), "cafe"), **details)


def my_url(email: str = "anna@example.org") -> str:
    """The path of somebody's page, as their mail has it."""
    participant = queries.by_email(make.consultation(), email)
    return queries.link(participant, Purpose.MANAGE).replace("https://talks.example.org", "")


def test_register_leads_to_a_page_that_says_to_whom_we_wrote(app, client, clock):
    make.cafe()

    answer = fill(client, **{"mode-cafe": "on_site"})
    page = client.get(answer.location)

    assert answer.status_code == 303
    assert "We wrote to anna@example.org" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    registration = db.session.query(Registration).one()
    assert (registration.status, registration.mode) == ("confirmed", "on_site")
    assert "/my/" not in page.text
    assert registration.participant.ticket_code not in page.text


def test_the_receipt_cookie_is_the_only_one_and_stays_on_its_page(app, client, clock):
    make.cafe()

    cookie = fill(client, **{"mode-cafe": "online"}).headers.getlist("Set-Cookie")

    assert len(cookie) == 1
    assert cookie[0].startswith("receipt=")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/probe/register/received", "Max-Age=7200"):
        assert part in cookie[0]


def test_without_the_cookie_the_page_only_says_that_we_wrote(app, client, clock):
    make.cafe()
    fill(client, **{"mode-cafe": "online"})

    page = app.test_client().get("/probe/register/received")

    assert "We wrote to you" in page.text
    assert "anna" not in page.text.lower()


def test_bad_input_comes_back_as_typed(app, client, clock):
    make.cafe()
    make.town_hall("hall", starts="2028-10-25T09:00", ends="2028-10-25T10:30")

    answer = fill(client, email="ana@", **{"mode-cafe": "on_site", "mode-hall": "online"})

    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert 'value="ana@"' in answer.text
    assert 'value="Anna Lindqvist"' in answer.text
    assert 'href="#email"' in answer.text
    checked = re.findall(r"<input[^>]*checked[^>]*>", answer.text)
    names = {re.search(r'name="([^"]+)"', tag).group(1) for tag in checked}
    assert names == {"mode-cafe", "mode-hall", "consent"}
    assert db.session.query(Participant).count() == 0


def test_an_old_page_keeps_everything_typed(app, client, clock):
    make.cafe()
    old = hour(client, "/probe/register")
    clock.go_on(days=2)

    answer = fill(client, form_hour=old, **{"mode-cafe": "on_site"})

    assert answer.status_code == 422
    assert "open for a long time" in answer.text
    assert 'value="Anna Lindqvist"' in answer.text
    assert db.session.query(Participant).count() == 0


def test_a_session_that_filled_meanwhile_refuses_all_and_says_which(app, client, clock):
    make.cafe(capacity={"on_site": 1, "online": None}, waiting_list=False)
    make.town_hall("hall", starts="2028-10-25T09:00", ends="2028-10-25T10:30")
    fill(client, email="bo@example.org", **{"mode-cafe": "on_site"})

    answer = fill(client, **{"mode-cafe": "on_site", "mode-hall": "online"})

    assert answer.status_code == 409
    assert 'href="#mode-cafe' in answer.text
    assert queries.by_email(make.consultation(), "anna@example.org") is None


def test_a_form_of_another_site_is_refused(app, client, clock):
    make.cafe()
    form = TYPED | {"form_hour": hour(client, "/probe/register"), "mode-cafe": "online"}

    answers = [
        client.post("/probe/register", data=form, headers=headers).status_code
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "same-origin"},
        )
    ]

    assert answers == [403, 403, 403, 303, 303]


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(app, client, clock):
    make.cafe()
    fill(client, **{"mode-cafe": "online"})
    clock.go_on(minutes=1)

    known, unknown = app.test_client(), app.test_client()
    first = fill(known, **{"mode-cafe": "online"})
    second = fill(unknown, email="else@example.org", **{"mode-cafe": "online"})
    pages = [known.get(first.location).text, unknown.get(second.location).text]

    assert first.status_code == second.status_code == 303
    assert pages[0] == pages[1].replace("else@example.org", "anna@example.org")


def test_a_mistyped_address_is_corrected_once(app, client, clock):
    make.cafe(capacity={"on_site": 1, "online": None})
    fill(client, email="ana@example.org", **{"mode-cafe": "on_site"})
    old = my_url("ana@example.org")

    answer = client.post("/probe/register/received", data={"email": "anna@example.org"})
    again = client.get("/probe/register/received").text

    assert answer.status_code == 303
    assert "Is the address wrong?" not in again
    assert client.get(old).status_code == 410
    registration = db.session.query(Registration).filter_by(status="confirmed").one()
    assert registration.participant.email == "anna@example.org"


def test_nothing_is_opened_by_looking(app, client, clock):
    make.cafe()
    fill(client, **{"mode-cafe": "on_site"})
    url = my_url()

    client.get(url), client.head(url)
    before = queries.by_email(make.consultation(), "anna@example.org").is_opened
    said = client.post(url + "open", follow_redirects=True).text

    assert before is False
    assert queries.by_email(make.consultation(), "anna@example.org").is_opened is True
    assert "Yes, this is me" not in said
    assert re.search(r'<h1[^>]*role="status"[^>]*>Thank you, your address is confirmed', said)


def test_cancel_and_undo_are_said_in_the_heading(app, client, clock):
    make.cafe(capacity={"on_site": 1, "online": None})
    fill(client, **{"mode-cafe": "on_site"})
    url = my_url()
    client.post(url + "open")
    registration = db.session.query(Registration).one().public_id

    asked = client.get(f"{url}cancel/{registration}").text
    gone = client.post(f"{url}cancel/{registration}", follow_redirects=True).text
    somebody(email="bo@example.org")
    back = client.post(f"{url}undo/{registration}", follow_redirects=True).text

    assert "goes to the next person at once" in asked
    assert "Your place in “Cafe” is cancelled" in gone
    assert "<title>Your place in “Cafe” is cancelled" in gone
    assert "on the waiting list of “Cafe”, position 1" in back


def test_switching_into_a_full_room_is_refused_and_changes_nothing(app, client, clock):
    make.cafe(capacity={"on_site": 1, "online": None})
    somebody(email="bo@example.org")
    fill(client, **{"mode-cafe": "online"})
    url = my_url()
    own = queries.of_participant(queries.by_email(make.consultation(), "anna@example.org"))[0]

    full = client.post(f"{url}change/{own.public_id}", data={"mode": "on_site"})
    client.post(f"{url}change/{own.public_id}", data={"mode": "online+on_site"})
    db.session.expire_all()

    assert full.status_code == 409
    assert "There is no free place" in full.text
    assert (own.mode, own.status, own.waits_for) == ("online", "confirmed", "on_site")


def test_somebody_elses_registration_is_not_found(app, client, clock):
    make.cafe()
    fill(client, **{"mode-cafe": "online"})
    other = somebody(email="bo@example.org")

    assert client.get(f"{my_url()}cancel/{other.public_id}").status_code == 404


def test_find_answers_the_same_for_everybody(app, client, clock):
    make.cafe()
    somebody(email="bo@example.org")
    db.session.commit()
    before = db.session.query(OutboxMail).count()

    def ask(address):
        form = {"email": address, "form_hour": hour(client, "/probe/find")}
        return client.post("/probe/find", data=form).text.replace(address, "X")

    assert ask("bo@example.org") == ask("nobody@example.org")
    assert db.session.query(OutboxMail).count() == before + 1


def test_the_room_appears_only_after_a_post_inside_the_window(app, client, clock):
    make.cafe()
    registration = somebody(email="bo@example.org", mode="online")
    url = queries.join_link(registration).replace("https://talks.example.org", "")
    room = "https://meet.example.org/room-secret"

    clock.set("2028-10-10T15:44:59+00:00")
    early = [client.get(url).text, client.post(url).text]
    clock.set("2028-10-10T15:45:00+00:00")
    looked, pressed = client.get(url).text, client.post(url).text
    clock.set("2028-10-10T18:15:00+00:00")
    late = client.post(url).text

    assert [room in text for text in (*early, looked, pressed, late)] == [
        False, False, False, True, False,
    ]  # fmt: skip
    assert "15:45" in early[0]


def test_a_person_can_take_their_data_along_and_be_erased(app, client, clock):
    make.cafe()
    fill(client, **{"mode-cafe": "online"})
    url = my_url()

    data = client.get(url + "data.json").json
    asked = client.get(url + "erase").text
    client.post(url + "erase")

    assert "anna@example.org" in str(data)
    assert "cannot be undone" in asked
    assert client.get(url).status_code == 410
    assert db.session.query(Participant).filter_by(email="anna@example.org").count() == 0


@pytest.mark.parametrize("name", ["Suharto", "O", "Siobhán O’Neill-D'Arcy", "x" * 120])
def test_names_are_right_as_typed(app, client, clock, name):
    make.cafe()

    fill(client, name=name, **{"mode-cafe": "online"})

    assert db.session.query(Participant).one().name == name


def test_the_page_speaks_arabic_from_right_to_left(app, client, clock):
    make.cafe()
    fill(client, language="ar", **{"mode-cafe": "online"})

    assert 'lang="ar" dir="rtl"' in client.get(my_url()).text


def test_one_click_stops_reminders_and_nothing_else(app, client, clock):
    cafe = make.cafe()
    registration = make.registration(cafe, email="bo@example.org")
    url = queries.link(registration.participant, Purpose.UNSUBSCRIBE)
    path = url.removeprefix("https://talks.example.org")
    clock.set("2028-10-09T17:00:00+00:00")

    client.get(path), client.head(path)
    untouched = registration.participant.reminders_off_at
    said = client.post(path, data={"List-Unsubscribe": "One-Click"}).text
    reminded = operations.remind()
    client.post(path, data={"reminders": "on"})

    assert untouched is None
    assert "You get no more reminders" in said
    assert (reminded, operations.remind()) == (0, 1)
    mail = db.session.query(OutboxMail).filter_by(kind="reminder_day").one()
    assert mail.to_address == "bo@example.org"
