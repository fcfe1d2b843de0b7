"""Where organisers begin: what needs them now, and the sums of each session."""

from __future__ import annotations

from app.core.vocabulary import Role
from tests import make
from tests.portal.test_programme import words


def test_nobody_is_led_to_the_sign_in_page(app, client, clock):
    make.consultation()

    for address in ("/manage/", "/manage/probe/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "sign-in" in answer.headers["Location"]


def test_somebody_of_another_consultation_sees_neither_it_nor_its_name(app, clock):
    make.consultation(status="draft")
    other = make.consultation("other", title={"en": "Other"})
    client = make.browser(app, Role.OWNER, inside=other)

    assert client.get("/manage/probe/").status_code == 404
    assert "Probe" not in words(client.get("/manage/"))
    assert "Other" in words(client.get("/manage/"))


def test_door_staff_have_no_overview(app, clock):
    make.consultation()
    client = make.browser(app, Role.DOOR)

    assert client.get("/manage/probe/").status_code == 403


def test_the_overview_says_what_is_missing_the_broken_first(app, clock):
    make.consultation(controller=None)
    make.session("cafe", join_url=None)
    make.session("draft", status="draft", starts="2028-11-10T10:00", ends="2028-11-10T11:00")
    clock.set("2028-10-05T08:00:00Z")
    client = make.browser(app, Role.OWNER)

    page = words(client.get("/manage/probe/"))

    assert "3 things need you now" in page
    assert page.index("“Cafe” has no online room") < page.index("The privacy notice is incomplete")
    assert "It lacks: controller." in page
    assert "1 session is a draft" in page


def test_two_sessions_in_one_room_at_once_are_a_thing(app, clock):
    make.session("one", join_url=None, capacity={"on_site": 5})
    make.session("two", join_url=None, capacity={"on_site": 5}, starts="2028-10-10T19:15")
    client = make.browser(app, Role.OWNER)

    page = words(client.get("/manage/probe/"))

    assert "1 thing needs you now Two sessions want “ICT Discovery” at once One, Two" in page


def test_a_quiet_consultation_needs_nobody(app, clock):
    make.cafe()
    client = make.browser(app, Role.OWNER)

    page = client.get("/manage/probe/")

    assert "Nothing needs you now" in words(page)
    assert "Cafe Tue 10 Oct, 18:15 Geneva (CEST) 0 – – Published" in words(page)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_a_viewer_is_not_asked_to_do_what_they_may_not(app, clock):
    make.consultation(controller=None)
    client = make.browser(app, Role.VIEWER)

    page = words(client.get("/manage/probe/"))

    assert "Nothing needs you now" in page
    assert "Settings" not in page
    assert "Mails waiting" not in page


def test_a_new_installation_says_how_to_begin(app, clock):
    client = make.browser(app, Role.ADMIN)

    page = words(client.get("/manage/"))

    assert "Nobody is here yet. The first seat is yours." in page
    assert "Written to a folder: nobody gets it. Set MAIL_URL." in page
    assert "If you cannot sign in, nobody else can let you in." in page


def test_who_has_no_role_is_told_so(app, clock):
    make.consultation()
    client = make.browser(app, who=make.person())

    assert "You have no consultation yet" in words(client.get("/manage/"))


def test_the_three_sums_stand_together(app, clock):
    cafe = make.cafe(capacity={"on_site": 2, "online": None})
    for _number in range(3):
        make.registration(cafe)
    clock.set("2028-10-10T16:20:00Z")
    client = make.browser(app, Role.OWNER)

    page = words(client.get("/manage/probe/"))

    assert "Registered Checked in Attended" in page
    assert "Cafe Tue 10 Oct, 18:15 Geneva (CEST) 2 +1 waiting 0 0 Live now" in page
