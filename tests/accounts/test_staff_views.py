"""Pages of one's own account and of colleagues."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.accounts import operations, queries
from app.core import links
from app.core.vocabulary import Role
from app.database import db
from app.mail import kinds
from app.mail import operations as outbox
from app.mail.models import OutboxMail
from app.programme import queries as programme
from tests import make


@pytest.fixture
def owner(app, clock):
    """A browser of the owner of `probe`, where the session `cafe` is."""
    make.cafe()
    return make.browser(app, Role.OWNER)


def invitation() -> kinds.Words:
    """Return the newest mail as it would leave the house."""
    newest = select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)
    mail = outbox.copy(db.session.scalars(newest).one())
    return kinds.fill(kinds.render(mail), mail)


def test_a_colleague_is_invited_by_mail_and_comes_in_by_its_button(owner, client, clock):
    answer = make.send(
        owner,
        "/manage/probe/people",
        {"email": "Eve@example.org", "name": "Eve", "role": "organiser", "language": "fr"},
    )

    eve = queries.by_email("eve@example.org")
    mail = invitation()
    assert (answer.status_code, eve.language) == (303, "fr")
    assert [(grant.role, grant.session_ids) for grant in eve.grants] == [("organiser", None)]
    assert ("Probe" in mail.subject, "<script" in mail.html) == (True, False)
    clock.go_on(days=6)
    path = re.search(r"https://talks\.example\.org(/manage/sign-in/\S+)", mail.text)[1]
    assert client.post(path).status_code == 303
    assert client.get("/manage/probe/sessions/").status_code == 200
    assert client.get("/manage/probe/people").status_code == 403


def test_a_role_may_be_limited_to_sessions(owner):
    answer = make.send(
        owner,
        "/manage/probe/people",
        {"email": "eve@example.org", "role": "door", "language": "en", "limited": "y",
         "sessions": [str(session_id())]},
    )  # fmt: skip

    eve = queries.by_email("eve@example.org")
    assert (answer.status_code, eve.grants[0].session_ids) == (303, [session_id()])
    assert "Cafe" in owner.get("/manage/probe/people").text


def session_id() -> int:
    """Return the number of the session `cafe`."""
    return programme.by_slug(make.consultation(), "cafe").id


def test_nobody_is_made_administrator_from_a_page(owner):
    answer = make.send(
        owner,
        "/manage/probe/people",
        {"email": "eve@example.org", "role": "admin", "language": "en"},
    )

    assert (answer.status_code, queries.by_email("eve@example.org")) == (422, None)


def test_fields_nobody_asked_for_change_nothing(owner):
    person = owner.person
    before = {name: getattr(person, name) for name in ("email", "active", "fs_uniquifier", "id")}

    extra = {column.name: "1" for column in type(person).__table__.columns}
    make.send(owner, "/manage/account", extra | {"name": "New", "language": "fr", "timezone": ""})

    after = queries.by_id(person.id)
    assert {name: getattr(after, name) for name in before} == before
    assert (after.name, after.language, after.timezone) == ("New", "fr", None)


def test_a_role_is_taken_away_but_not_the_last_owners(owner):
    eve = make.person(Role.REGISTRAR)
    path = f"/manage/probe/people/{eve.id}/roles/registrar/take"
    last = f"/manage/probe/people/{owner.person.id}/roles/owner/take"

    taken, kept = make.send(owner, path), make.send(owner, last)

    assert (taken.status_code, kept.status_code) == (303, 409)
    assert (queries.by_id(eve.id).grants, len(queries.by_id(owner.person.id).grants)) == ([], 1)


def test_somebody_of_another_consultation_is_not_found(owner):
    stranger = make.person(Role.OWNER, inside=make.consultation("elsewhere"))

    assert owner.get(f"/manage/probe/people/{stranger.id}/").status_code == 404


def test_a_token_is_shown_once_and_can_be_revoked(owner, client):
    made = make.send(
        owner, "/manage/account/tokens", {"name": "Script", "scopes": ["read", "door"]}
    )
    secret = re.search(r'id="secret"[^>]* value="(ot_[^"]+)"', made.text)[1]
    token = queries.token(links.fingerprint(secret))

    assert (token.scopes, token.fingerprint == secret) == (["door", "read"], False)
    assert secret not in owner.get("/manage/account").text
    make.send(owner, f"/manage/account/tokens/{token.id}/revoke")
    assert queries.token(links.fingerprint(secret)) is None


def test_a_token_of_somebody_else_is_not_found(owner):
    operations.make_token(make.person(), name="theirs")
    theirs = db.session.scalars(select(queries.ApiToken)).one()

    answer = make.send(owner, f"/manage/account/tokens/{theirs.id}/revoke")

    assert (answer.status_code, queries.by_id(theirs.person_id) is None) == (404, False)
    assert theirs.revoked_at is None


def test_the_audit_names_who_acted_and_only_here(owner):
    elsewhere = make.consultation("elsewhere")
    make.session("hidden", inside=elsewhere)
    make.send(owner, "/manage/probe/settings/preview")
    make.send(owner, "/manage/probe/sessions/cafe/status", {"act": "postponed"})

    page = owner.get("/manage/probe/audit").text

    assert owner.person.name in page
    assert ("session_changed" in page, page.count("session_created")) == (True, 1)


def test_pages_speak_the_language_of_their_reader(app, clock):
    french = make.browser(app, who=make.person(Role.OWNER, language="fr"))
    arabic = make.browser(app, who=make.person(Role.OWNER, language="ar"))

    assert '<html lang="fr" dir="ltr">' in french.get("/manage/account").text
    assert '<html lang="ar" dir="rtl">' in arabic.get("/manage/account").text
