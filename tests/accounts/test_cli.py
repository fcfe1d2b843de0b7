"""`flask people …` and `flask welcome`."""

from __future__ import annotations

import re

import pytest

from app.accounts import operations, queries, security
from app.core import links
from app.core.vocabulary import Role
from tests import make


@pytest.fixture
def run(app, clock):
    """Run a command; return its exit code and what it printed."""

    def call(*words: str, typed: str | None = None) -> tuple[int, str, str]:
        result = app.test_cli_runner().invoke(args=list(words), input=typed)
        return result.exit_code, result.stdout, result.stderr

    return call


def test_people_add_makes_a_person_with_a_role(run):
    make.consultation()

    code, said, _ = run(
        "people", "add", "Ada@Example.org", "--name", "Ada", "--role", "owner",
        "--consultation", "probe", "--password-stdin", typed="seven green boats\n",
    )  # fmt: skip

    ada = queries.by_email("ada@example.org")
    assert (code, said) == (0, "ada@example.org is owner in probe.\n")
    assert security.is_password("seven green boats", ada)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(["ada@example.org", "--role", "owner"], "name it", id="no-consultation"),
        pytest.param(["ada@example.org", "--role", "king"], "king", id="no-such-role"),
        pytest.param(["nobody", "--role", "admin"], "email address", id="no-address"),
        pytest.param(
            ["ada@example.org", "--role", "owner", "--consultation", "none"], "none", id="unknown"
        ),
    ],
)
def test_people_add_says_what_is_wrong_and_adds_nobody(run, words, why):
    code, _, said = run("people", "add", *words)

    assert (code != 0, why in said, queries.by_email("ada@example.org")) == (True, True, None)


def test_people_link_prints_an_address_that_signs_in_once(run, client):
    make.person(Role.OWNER, email="ada@example.org")

    _, said, _ = run("people", "link", "ada@example.org")

    path = re.fullmatch(r"https://talks\.example\.org(/manage/sign-in/\S+)\n", said)[1]
    assert client.post(path).status_code == 303


def test_people_token_prints_the_token_alone(run, client):
    make.person(Role.OWNER, email="ada@example.org")

    code, said, _ = run("people", "token", "ada@example.org", "--name", "Script", "--scope", "read")

    token = queries.token(links.fingerprint(said.strip()))
    assert (code, said.count("\n"), token.name, token.scopes) == (0, 1, "Script", ["read"])


def test_a_token_needs_a_person(run):
    code, said, why = run("people", "token", "nobody@example.org")

    assert (code, said, "people add" in why) == (1, "", True)


def test_welcome_says_where_to_look_and_lets_the_first_administrator_in(run, client):
    code, said, _ = run("welcome")

    assert (code, "https://talks.example.org/\n" in said, "/mail" in said) == (0, True, True)
    secret = re.search(r"/manage/sign-in/(\S+)", said)[1]
    assert "admin@example.org" in said
    operations.sign_in(operations.use_link(secret), via="link")

    assert "sign-in/" not in run("welcome")[1]
