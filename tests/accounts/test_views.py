"""Signing in and out, as a browser does it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.accounts import operations, queries, security
from app.core.vocabulary import Role
from app.extensions import db
from app.mail import kinds
from app.mail import operations as outbox
from app.mail.models import OutboxMail
from tests import make

PASSWORD = "seven green boats at night"


def link_in_the_mail() -> str:
    """Return the path of the button in the newest mail, as it would leave the house."""
    mail = outbox.copy(
        db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    )
    sent = kinds.fill(kinds.render(mail), mail)
    return re.search(r"https://talks\.example\.org(/manage/sign-in/\S+)", sent.text)[1]


def is_in(client) -> bool:
    """Say whether this browser is signed in."""
    return client.get("/manage/account").status_code == 200


def test_a_link_by_mail_signs_in_once(client, clock):
    make.person(Role.OWNER, email="ada@example.org")
    client.post("/manage/sign-in", data={"email": "Ada@example.org"})
    path = link_in_the_mail()

    shown = client.get(path)
    assert (shown.status_code, shown.headers.getlist("Set-Cookie"), is_in(client)) == (
        200,
        [],
        False,
    )
    assert shown.headers["Referrer-Policy"] == "same-origin"
    assert client.head(path).status_code == 200

    answer = client.post(path)
    assert (answer.status_code, answer.headers["Location"], is_in(client)) == (
        303,
        "/manage/",
        True,
    )

    again = client.application.test_client()
    assert (again.post(path).status_code, again.get(path).status_code, is_in(again)) == (
        410, 410, False,
    )  # fmt: skip


def test_a_link_is_good_for_fifteen_minutes(client, clock):
    secret = operations.make_link(make.person(Role.OWNER))
    clock.go_on(minutes=15)

    assert client.post(f"/manage/sign-in/{secret}").status_code == 410


def test_the_answer_tells_nobody_whether_an_address_is_known(client, clock):
    make.person(Role.OWNER, email="known@example.org")
    known = client.post("/manage/sign-in", data={"email": "known@example.org"})
    unknown = client.post("/manage/sign-in", data={"email": "nobody@example.org"})

    assert known.text.replace("known@", "nobody@") == unknown.text
    assert len(db.session.scalars(select(OutboxMail)).all()) == 1


def test_asking_takes_as_long_whether_or_not_somebody_is_there(app, client, clock, monkeypatch):
    slept = []
    monkeypatch.setitem(app.config, "SIGN_IN_SECONDS", 5)
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr("time.monotonic", iter([10.0, 11.0, 20.0, 20.5]).__next__)
    make.person(Role.OWNER, email="known@example.org")

    for address in ("known@example.org", "nobody@example.org"):
        client.post("/manage/sign-in", data={"email": address})

    assert slept == [4.0, 4.5]


def test_no_secret_of_a_link_is_stored(client, clock):
    make.person(Role.OWNER, email="ada@example.org")
    client.post("/manage/sign-in", data={"email": "ada@example.org"})
    secret = link_in_the_mail().rsplit("/", 1)[1]

    mail = db.session.scalars(select(OutboxMail)).one()
    words = kinds.render(outbox.copy(mail))
    assert secret not in f"{mail.facts}{words}"
    assert "[personal link]" in kinds.for_staff(words, outbox.copy(mail)).text


def test_a_password_signs_in(client, clock):
    person = make.person(Role.OWNER, email="ada@example.org")
    operations.set_password(person, PASSWORD)

    wrong = client.post(
        "/manage/sign-in", data={"email": "ada@example.org", "password": "x", "by": "password"}
    )
    right = client.post(
        "/manage/sign-in", data={"email": "ada@example.org", "password": PASSWORD, "by": "password"}
    )

    assert (wrong.status_code, "<title>Error:" in wrong.text) == (422, True)
    assert "ada@example.org" in wrong.text
    assert (right.status_code, is_in(client)) == (303, True)
    assert person.password.startswith("$argon2")


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_without_a_password_none_is_right(client, clock, email):
    make.person(Role.OWNER, email="ada@example.org")

    for typed in ("", "nobody has this password"):
        answer = client.post(
            "/manage/sign-in", data={"email": email, "password": typed, "by": "password"}
        )
        assert (answer.status_code, is_in(client)) == (422, False)


def test_signing_out_ends_the_session_everywhere_copies_included(app, clock):
    here = make.browser(app)
    phone = make.browser(app, who=here.person)
    thief = app.test_client()
    thief.set_cookie("staff", here.get_cookie("staff").value)
    assert (is_in(phone), is_in(thief)) == (True, True)

    answer = make.send(here, "/manage/sign-out")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/manage/sign-in")
    assert (is_in(here), is_in(phone), is_in(thief)) == (False, False, False)


def test_a_cookie_of_before_signing_in_is_worth_nothing_after(app, client, clock):
    with client.session_transaction() as planted:
        planted["csrf_token"] = "known to the attacker"
    client.post(f"/manage/sign-in/{operations.make_link(make.person())}")

    with client.session_transaction() as session:
        assert session.get("csrf_token") is None


def test_losing_a_role_ends_the_sessions_of_its_holder(app, clock):
    client = make.browser(app, Role.REGISTRAR)
    operations.take(client.person, Role.REGISTRAR, consultation=make.consultation())

    assert not is_in(client)


def test_a_new_password_ends_the_other_sessions(app, clock):
    here = make.browser(app)
    phone = make.browser(app, who=here.person)

    answer = make.send(here, "/manage/account/password", {"password": PASSWORD})

    assert (answer.status_code, is_in(here), is_in(phone)) == (303, True, False)


def test_a_password_is_changed_with_the_present_one_or_by_a_fresh_link(app, clock):
    person = make.person(Role.OWNER)
    operations.set_password(person, PASSWORD)
    client = make.browser(app, who=person)
    clock.go_on(minutes=20)

    refused = make.send(client, "/manage/account/password", {"password": "another long password"})
    assert (refused.status_code, "This is not your present password" in refused.text) == (422, True)

    accepted = make.send(
        client,
        "/manage/account/password",
        {"present": PASSWORD, "password": "another long password"},
    )
    assert accepted.status_code == 303
    assert security.is_password("another long password", person)


def test_a_session_ends_after_a_week(app, clock):
    client = make.browser(app)
    clock.go_on(days=7)

    assert not is_in(client)


def test_somebody_inactive_is_not_let_in(app, client, clock):
    person = make.person(Role.OWNER, active=False)

    assert client.post(f"/manage/sign-in/{operations.make_link(person)}").status_code == 410


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\t/evil.example", "/\\evil.example", "https://evil.example",
     "javascript:alert(1)", "/ok//evil", "", "/\n/evil.example", "\\\\evil.example"],
)  # fmt: skip
def test_nobody_is_led_away_after_signing_in(client, clock, target):
    secret = operations.make_link(make.person())

    answer = client.post(f"/manage/sign-in/{secret}", data={"next": target})

    assert answer.headers["Location"] == "/manage/"


def test_the_way_back_leads_to_the_page_asked_for(client, clock):
    make.consultation()
    asked = client.get("/manage/probe/settings?x=1")
    target = "/manage/probe/settings?x=1"

    assert (asked.status_code, asked.headers["Location"]) == (
        302, "/manage/sign-in?next=/manage/probe/settings?x%3D1",
    )  # fmt: skip
    secret = operations.make_link(make.person())
    answer = client.post(f"/manage/sign-in/{secret}", data={"next": target})
    assert answer.headers["Location"] == target


def test_a_form_from_another_site_signs_nobody_in(client, clock):
    secret = operations.make_link(make.person())

    answer = client.post(f"/manage/sign-in/{secret}", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert queries.sign_in_link(operations.links.fingerprint(secret)).used_at is None


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, clock):
    secret = operations.make_link(make.person())

    cookie = client.post(f"/manage/sign-in/{secret}").headers["Set-Cookie"]

    assert ("HttpOnly" in cookie, "SameSite=Lax" in cookie, "Path=/" in cookie) == (True,) * 3


def test_a_code_is_asked_for_once_it_is_set_up_and_none_works_twice(app, clock, monkeypatch):
    client = make.browser(app)
    page = client.get("/manage/account/codes")
    assert re.search(r"<svg[^>]*><path[^>]*/><path[^>]*/></svg>", page.text)
    with client.session_transaction() as session:
        sealed = session["totp_setup"]

    seconds = [1_000_000_000]
    monkeypatch.setattr("passlib.totp.TOTP.now", lambda: seconds[0], raising=False)
    totp = security.security._totp_factory._totp.from_source(sealed)

    def code() -> str:
        return totp.generate(seconds[0]).token

    wrong = make.send(client, "/manage/account/codes", {"code": "000000"})
    assert wrong.status_code == 422
    first = code()
    assert make.send(client, "/manage/account/codes", {"code": first}).status_code == 303
    assert is_in(client)

    browser = app.test_client()
    step = browser.post(f"/manage/sign-in/{operations.make_link(client.person)}")
    assert (step.status_code, is_in(browser)) == (200, False)
    pending = re.search(r'name="pending" value="([^"]+)"', step.text)[1]

    used = browser.post("/manage/code", data={"pending": pending, "code": first})
    assert (used.status_code, is_in(browser)) == (422, False)
    seconds[0] += 30
    fresh = browser.post("/manage/code", data={"pending": pending, "code": code()})
    assert (fresh.status_code, is_in(browser)) == (303, True)


def test_the_second_step_needs_the_first(client, clock):
    make.person(Role.ADMIN)

    answer = client.post("/manage/code", data={"pending": "made up", "code": "123456"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/manage/sign-in")


def test_too_many_tries_are_refused_by_person_never_by_address(app, client, clock, monkeypatch):
    counted = []
    monkeypatch.setattr(
        "app.accounts.permissions.hit",
        lambda rate, *key: counted.append(key) or key[1] != "a@b.org",
    )
    make.person(Role.OWNER, email="a@b.org")

    for email in ("a@b.org", "other@b.org"):
        client.post("/manage/sign-in", data={"email": email, "password": "x", "by": "password"})
    link = client.post("/manage/sign-in", data={"email": "a@b.org"})

    assert counted == [
        ("password", "a@b.org"), ("password", "other@b.org"), ("sign-in-link", "a@b.org"),
    ]  # fmt: skip
    assert link.status_code == 200
    assert db.session.scalars(select(OutboxMail)).all() == []
