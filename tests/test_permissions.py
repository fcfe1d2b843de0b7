"""Who may use each view: every endpoint says so, and nobody else gets in.

Driven by the addresses themselves: a new view is covered as soon as it exists. A new kind of part
in an address is named in `one_of_everything`; until then these tests name the one they do not know.
"""

from __future__ import annotations

import itertools

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import operations as account_operations
from app.accounts import queries as accounts
from app.core.permissions import BY_ROLE, BY_SCOPE, Permission
from app.core.vocabulary import Role
from app.database import db
from app.floor import operations as floor
from app.mail.models import OutboxMail
from app.reports import queries as reports
from app.tables import queries as tables
from tests import make

OPEN = {"public", "public_or_token", "link", "signed_in", "metrics_token"}
SIGN_IN = "/manage/sign-in"
NOT_OURS = "not sent from your own page"


def one_of_everything() -> dict[str, object]:
    """Make it, and return what stands for each part of an address."""
    here = make.consultation()
    make.consultation("elsewhere")
    cafe = make.cafe()
    registration = make.registration(cafe)
    edition = make.edition()
    return {
        "consultation": "probe",
        "session": "cafe",
        "registration": registration.public_id,
        "colleague": make.person(Role.OWNER, Role.VIEWER, inside=here).id,
        "role": "viewer",
        "secret": registration.participant.ticket_secret,
        "reference": make.idea().reference,
        "floor_request": floor.ask(make.town_hall("hall"), floor.Wish(), name="Ana").public_id,
        "round": 1,
        "table_key": tables.host_token(make.cafe_tables(cafe)[0]),
        "theme": 1,
        "statement": "1.1",
        "number": "1.1",
        "excerpt": reports.excerpts(here)[0].id,
        "edition": edition.number,
        "form": "md",
        "mail": db.session.scalars(select(OutboxMail.id)).first(),
    }


class World:
    """One of everything an address can name, and the people who come to it."""

    def __init__(self, app: Flask, furnished) -> None:
        self.app = app
        self.known = furnished(one_of_everything)
        self.elsewhere = make.consultation("elsewhere")
        self.address = app.url_map.bind("talks.example.org")
        self.had: dict = {}

    def own_token(self, who) -> int:
        """Return the number of a token of ``who``."""
        if not accounts.tokens_of(who):
            account_operations.make_token(who, name="own")
        return accounts.tokens_of(who)[0].id

    def path(self, rule, who=None) -> str:
        """Return an address of ``rule``."""
        known = dict(self.known)
        if "own_token" in rule.arguments:
            known["own_token"] = self.own_token(who) if who else 0
        if "/floor" in rule.rule:
            known["session"] = "hall"
        unknown = rule.arguments - set(known)
        assert not unknown, f"say in one_of_everything what {sorted(unknown)} of {rule.rule} is"
        return self.address.build(rule.endpoint, {name: known[name] for name in rule.arguments})

    def person(self, *roles: Role, inside=None):
        """Return somebody with these roles, the same one for the same roles."""
        return self.once("person", (roles, inside), lambda: make.person(*roles, inside=inside))

    def once(self, what: str, whose: object, make_it):
        """Return ``what`` they have, made when it is first asked for."""
        if (what, whose) not in self.had:
            self.had[what, whose] = make_it()
        return self.had[what, whose]

    def send(self, rule, method: str, who=None, *, scopes=None, signed: bool = True):
        """Come to ``rule`` as ``who``: by token under /api/, else by browser."""
        path = self.path(rule, who)
        if path.startswith("/api/"):
            headers = self.bearer(who, scopes) if who else {}
            return self.app.test_client().open(path, method=method, headers=headers, json={})
        if who is None:
            return self.app.test_client().open(path, method=method)
        browser = self.once("browser", who.id, lambda: make.browser(self.app, who=who))
        if method == "GET":
            return browser.get(path)
        data = {"csrf_token": self.form_token(who, browser)} if signed else {}
        return browser.open(path, method=method, data=data)

    def bearer(self, who, scopes) -> dict[str, str]:
        """Return the header of a token of ``who``."""
        whose = (who.id, *(scopes or ()))
        return self.once("bearer", whose, lambda: make.bearer(who=who, scopes=scopes))

    def form_token(self, who, browser) -> str:
        """Return what the forms of their session carry."""
        return self.once("form token", who.id, lambda: make.form_token(browser))


def permission_of(app: Flask, rule) -> str | None:
    """Return what the view behind ``rule`` says about who may use it."""
    return getattr(app.view_functions[rule.endpoint], "permission", None)


def doors(app: Flask, *, wanted=None):
    """Return each (rule, method, permission) that asks who comes."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        permission = permission_of(app, rule)
        if rule.endpoint == "static" or (wanted and permission != wanted):
            continue
        if wanted is None and permission in OPEN:
            continue
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule, method, permission


def roles_without(permission: Permission) -> list[Role]:
    """Return the roles of a consultation that may not do it."""
    return [role for role in Role if role is not Role.ADMIN and permission not in BY_ROLE[role]]


def least_role_for(rule, permission: str) -> Role:
    """Return the role with the fewest permissions that may come in.

    What names no consultation is for administrators: every other role belongs to one.
    """
    if permission == "signed_in":
        return Role.OWNER
    if not rule.arguments:
        return Role.ADMIN
    found = [role for role in Role if permission in BY_ROLE[role]]
    return min(found, key=lambda role: (len(BY_ROLE[role]), role))


def is_refused(answer) -> bool:
    """Whether the answer keeps somebody out: 403, or 404 for what is not theirs to know.

    A form without the right token is turned away too, but says nothing about who sent it.
    """
    return answer.status_code in (403, 404) and NOT_OURS not in answer.text


def asks_who(answer) -> bool:
    """Whether the answer asks to sign in, or for a token."""
    location = answer.headers.get("Location", "")
    return answer.status_code == 401 or location.startswith(SIGN_IN)


@pytest.mark.engines("sqlite")
def test_every_view_says_who_may_use_it(app):
    known = {permission.value for permission in Permission} | OPEN
    silent = [
        f"{rule.endpoint}: {permission_of(app, rule)}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and permission_of(app, rule) not in known
    ]

    assert silent == []


@pytest.mark.engines("sqlite")
def test_nobody_comes_in_without_saying_who_they_are(app, furnished):
    world = World(app, furnished)
    open_doors = [
        f"{method} {rule.rule}: {answer.status_code}"
        for rule, method, _ in itertools.chain(doors(app), doors(app, wanted="signed_in"))
        if not asks_who(answer := world.send(rule, method))
    ]

    assert open_doors == []


@pytest.mark.engines("sqlite")
def test_an_unknown_id_tells_nobody_anything_before_they_say_who_they_are(app, client, clock):
    answers = {
        client.get(path).status_code
        for path in ("/api/v1/registrations/nothing", "/api/v1/registrations/1")
    }

    assert answers == {401}


@pytest.mark.engines("sqlite")
def test_the_wrong_role_stays_outside(app, furnished):
    world = World(app, furnished)
    open_doors = []
    for rule, method, permission in doors(app):
        for role in roles_without(Permission(permission)):
            answer = world.send(rule, method, world.person(role))
            if not is_refused(answer):
                open_doors.append(f"{role} {method} {rule.rule}: {answer.status_code}")

    assert open_doors == []


@pytest.mark.engines("sqlite")
def test_the_right_role_in_another_consultation_stays_outside(app, furnished):
    world = World(app, furnished)
    stranger = world.person(Role.OWNER, inside=world.elsewhere)
    open_doors = [
        f"{method} {rule.rule}: {answer.status_code}"
        for rule, method, _ in doors(app)
        if not is_refused(answer := world.send(rule, method, stranger))
    ]

    assert open_doors == []


@pytest.mark.engines("sqlite")
def test_a_token_without_the_scope_stays_outside(app, furnished):
    world = World(app, furnished)
    admin = world.person(Role.ADMIN)
    open_doors = []
    for rule, method, permission in doors(app):
        if not rule.rule.startswith("/api/"):
            continue
        for scope, permissions in BY_SCOPE.items():
            if permission in permissions:
                continue
            answer = world.send(rule, method, admin, scopes=[scope.value])
            if not is_refused(answer):
                open_doors.append(f"{scope} {method} {rule.rule}: {answer.status_code}")

    assert open_doors == []


def test_the_right_person_comes_in(app, furnished):
    closed = []
    for rule, method, permission in itertools.chain(doors(app), doors(app, wanted="signed_in")):
        world = World(app, furnished)  # whoever comes in may act: each finds the same
        role = least_role_for(rule, permission)
        answer = world.send(rule, method, world.person(role))
        came_in = answer.status_code < 500 and answer.status_code not in (401, 403, 404)
        if not came_in or (asks_who(answer) and rule.endpoint != "accounts.sign_out"):
            closed.append(f"{role} {method} {rule.rule}: {answer.status_code}")

    assert closed == []


@pytest.mark.engines("sqlite")
def test_staff_forms_carry_the_token_of_their_own_session(app, furnished):
    world = World(app, furnished)
    owner = world.person(Role.ADMIN)
    world.send(next(doors(app, wanted="signed_in"))[0], "GET", owner)
    accepted = []
    for rule, method, _ in itertools.chain(doors(app), doors(app, wanted="signed_in")):
        if method == "GET" or rule.rule.startswith("/api/"):
            continue
        answer = world.send(rule, method, owner, signed=False)
        if (answer.status_code, NOT_OURS in answer.text) != (403, True):
            accepted.append(f"{method} {rule.rule}: {answer.status_code}")

    assert accepted == []


@pytest.mark.engines("sqlite")
def test_no_public_page_sets_a_cookie_or_differs_for_those_signed_in(app, client, furnished):
    world = World(app, furnished)
    visitor = make.browser(app, who=world.person(Role.ADMIN))
    known = {"consultation": "probe", "session": "cafe", "edition": "1", "form": "md"}
    different = []
    for rule, method, _ in doors(app, wanted="public"):
        if method != "GET":
            continue
        values = {name: known.get(name, "0" * 32) for name in rule.arguments}
        path = app.url_map.bind("talks.example.org").build(rule.endpoint, values)
        plain, signed_in = client.get(path), visitor.get(path)
        if "Set-Cookie" in plain.headers or "Set-Cookie" in signed_in.headers:
            different.append(f"{path}: sets a cookie")
        if "Cookie" in plain.headers.get("Vary", ""):
            different.append(f"{path}: varies by cookie")
        if (plain.status_code, plain.data) != (signed_in.status_code, signed_in.data):
            different.append(f"{path}: differs")

    assert different == []
