"""Who may do what, where: roles, their limits to sessions, scopes of tokens."""

from __future__ import annotations

import pytest

from app.accounts import operations, permissions, queries
from app.core import links
from app.core.permissions import Permission
from app.core.vocabulary import Role
from tests import make


def may(person, permission, consultation=None, session=None, scopes=None):
    """Ask as a view would."""
    rights = permissions.rights_of(person, scopes)
    return rights(
        permission, consultation.id if consultation else None, session.id if session else None
    )


def test_a_role_counts_in_its_consultation_only(app):
    here, there = make.consultation(), make.consultation("elsewhere")
    organiser = make.person(Role.ORGANISER, inside=here)

    assert may(organiser, Permission.CHANGE_PROGRAMME, here)
    assert not may(organiser, Permission.CHANGE_PROGRAMME, there)
    assert not may(organiser, Permission.CHANGE_PROGRAMME)


def test_an_administrator_may_do_everything_everywhere(app):
    admin = make.person(Role.ADMIN)

    assert may(admin, Permission.INSTALLATION)
    assert all(may(admin, permission, make.consultation()) for permission in Permission)


def test_a_role_limited_to_sessions_counts_in_those_and_lets_them_be_found(app, clock):
    cafe, hall = make.cafe(), make.town_hall("hall")
    here = cafe.consultation
    person = make.person()
    operations.give(person, Role.FACILITATOR, consultation=here, session_ids=[cafe.id])

    assert may(person, Permission.RUN_LIVE, here, cafe)
    assert not may(person, Permission.RUN_LIVE, here, hall)
    assert not may(person, Permission.RUN_LIVE, here)
    assert may(person, Permission.SEE_DRAFTS, here)
    assert not may(person, Permission.SEE_DRAFTS, here, hall)


def test_limited_to_no_session_at_all_means_none(app, clock):
    cafe = make.cafe()
    person = make.person()
    operations.give(person, Role.DOOR, consultation=cafe.consultation, session_ids=[])

    assert not may(person, Permission.DOOR, cafe.consultation, cafe)


def test_a_token_may_what_both_its_scopes_and_its_person_may(app):
    here = make.consultation()
    registrar = make.person(Role.REGISTRAR, inside=here)

    assert may(registrar, Permission.SEE_ADDRESSES, here)
    assert not may(registrar, Permission.SEE_ADDRESSES, here, scopes=["door"])
    assert may(registrar, Permission.DOOR, here, scopes=["door"])
    assert not may(registrar, Permission.CHANGE_PROGRAMME, here, scopes=["admin", "programme"])


@pytest.mark.parametrize(
    "header",
    ["Bearer wrong", "Bearer ", "Basic abc", "bearer", f"Bearer {'x' * 300}", "Bearer \x7f"],
)
def test_a_token_nobody_knows_is_refused_even_where_none_is_needed(client, header):
    make.consultation()

    answer = client.get("/api/v1/consultations", headers={"Authorization": header})

    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_opens_nothing(client):
    headers = make.bearer(Role.OWNER)
    make.consultation("draft", status="draft")
    before = client.get("/api/v1/consultations/probe", headers=headers).status_code

    secret = headers["Authorization"].removeprefix("Bearer ")
    operations.revoke_token(queries.token(links.fingerprint(secret)))

    assert before == 200
    assert client.get("/api/v1/consultations/probe", headers=headers).status_code == 401


def test_a_token_of_somebody_inactive_opens_nothing(client):
    person = make.person(Role.OWNER, active=False)

    answer = client.get("/api/v1/consultations", headers=make.bearer(who=person))

    assert answer.status_code == 401


def test_valid_tokens_are_not_held_up_by_those_who_guess(app, client, monkeypatch):
    make.consultation()
    monkeypatch.setattr(permissions, "hit", lambda rate, name, who: name != "unknown-token")

    guess = client.get("/api/v1/consultations", headers={"Authorization": "Bearer no"})
    valid = client.get("/api/v1/consultations", headers=make.bearer(Role.OWNER))

    assert (guess.status_code, guess.json["code"]) == (429, "too_many_requests")
    assert valid.status_code == 200


def test_who_acts_is_one_look_up(app, clock, statements):
    headers = make.bearer(Role.OWNER)
    with app.test_request_context("/api/v1/consultations", headers=headers), statements() as sent:
        who = permissions.identify(True)
        assert who.may(Permission.CHANGE_PROGRAMME, make.consultation().id)

    assert len([text for text in sent if "api_token" in text or "person" in text]) == 1
