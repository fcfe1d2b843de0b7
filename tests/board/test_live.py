"""The board in live pages: public, stage, one person's, the console with its extension."""

from __future__ import annotations

import re

import pytest

from app.audit.models import AuditEntry
from app.contributions import operations
from app.core.contributions import Decision
from app.core.links import Purpose
from app.core.vocabulary import Role
from app.database import db
from app.programme.models import Session
from app.registration import queries
from tests import make

LIVE = "/live/probe/round/"
CONSOLE = "/live/probe/round/console"


@pytest.fixture
def session(app, clock):
    return make.online_round(settings={"moderation": "after"})


def state(client, path=LIVE) -> dict:
    answer = client.get(f"{path.rstrip('/')}/state.json")
    assert answer.status_code == 200
    return answer.json["board"]


def personal(who) -> str:
    return f"/my/{queries.token(who, Purpose.MANAGE)}/live/round/"


def test_everybody_follows_the_numbers_and_what_came_last(app, client, clock, session):
    ideas = [make.idea(session, title=f"Title {n}") for n in range(6)]
    operations.withdraw(ideas[0])

    assert state(client) == {
        "phase": "open", "opens_at": "2028-08-25T07:00:00Z", "closes_at": "2028-09-30T21:59:00Z",
        "ideas": 5, "comments": 0, "withdrawn": 1, "rejected": 0,
        "last": [f"PRO-I-000{n}" for n in (6, 5, 4, 3, 2)],
    }  # fmt: skip
    page = client.get(LIVE).text
    assert "Title 5" in page
    assert "Open until Sat 30 Sep, 23:59 Zurich (CEST)" in re.sub(r"<[^>]+>", "", page)
    assert 'href="/probe/round/ideas#add"' in page
    stage = client.get(f"{LIVE}projector").text
    assert "Title 5" in stage
    assert "Title 3" not in stage


def test_the_closing_instant_changes_the_document_and_its_revision(app, client, clock, session):
    before = client.get(f"{LIVE}state.json")
    clock.set("2028-09-30T21:59:00Z")
    after = client.get(f"{LIVE}state.json")

    assert (before.json["board"]["phase"], after.json["board"]["phase"]) == ("open", "closed")
    assert after.json["revision"] > before.json["revision"]
    assert "#add" not in client.get(LIVE).text


def test_ones_own_document_knows_what_one_sent_and_a_support_changes_no_public_one(
    app, client, clock, session
):
    who, other = make.participant(session), make.participant(session)
    idea = make.idea(session, who=who)
    public = client.get(f"{LIVE}state.json")
    pages = client.get(LIVE)

    answer = client.post(personal(other), data={"act": "support", "reference": idea.reference})

    assert answer.status_code == 303
    assert state(client, personal(who))["mine"] == [
        {"reference": "PRO-I-0001", "status": "published"}
    ]
    assert state(client, personal(other))["mine"] == []
    assert client.get(f"{LIVE}state.json").data == public.data
    assert (client.get(LIVE).data, client.get(LIVE).headers["ETag"]) == (
        pages.data, pages.headers["ETag"],
    )  # fmt: skip


def test_the_console_counts_the_queue_and_the_supports(app, clock, session):
    idea = make.idea(session, title="Most wanted")
    make.idea(session)
    held = make.idea(session)
    operations.moderate(held, Decision.HOLD)
    operations.report(idea, "Bad")
    for _ in range(2):
        operations.support(idea, make.participant(session))
    browser = make.browser(app, Role.MODERATOR)

    found = state(browser, CONSOLE)

    assert found["queue"] == {
        "submitted": 0, "held": 1, "published": 2, "rejected": 0, "withdrawn": 0, "reported": 1,
    }  # fmt: skip
    assert found["supports"] == [{"reference": "PRO-I-0001", "supports": 2}]
    assert "Most wanted" in browser.get(CONSOLE).text


def test_whoever_may_change_the_programme_extends_the_round(app, clock, session):
    browser = make.browser(app, Role.ORGANISER)
    browser.get(CONSOLE)

    done = make.send(browser, CONSOLE, {"act": "extend", "ends": "2028-10-03T23:59"})

    assert done.status_code == 303
    db.session.expire_all()
    extended = db.session.get(Session, session.id)
    assert extended.ends.isoformat() == "2028-10-03T23:59:00"
    assert "The round closes later" in browser.get(done.headers["Location"]).text
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry.action == "session_changed"


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ("2028-09-30T23:59", "Give a time after the present end"),
        ("2028-09-01T12:00", "Give a time after the present end"),
        ("", "Enter the new end"),
        ("soon", "Enter the new end|format|2013"),
    ],
)
def test_an_end_that_is_none_comes_back(app, clock, session, ends, words):
    browser = make.browser(app, Role.ORGANISER)

    answer = make.send(browser, CONSOLE, {"act": "extend", "ends": ends})

    assert answer.status_code == 422
    assert re.search(words, answer.text)
    assert f'value="{ends}"' in answer.text
    db.session.expire_all()
    assert db.session.get(Session, session.id).ends.isoformat() == "2028-09-30T23:59:00"


def test_a_moderator_extends_nothing_and_after_the_close_nobody_does(app, clock, session):
    moderator, owner = make.browser(app, Role.MODERATOR), make.browser(app, Role.OWNER)
    wanted = {"act": "extend", "ends": "2028-10-03T23:59"}

    assert "Extend the round" not in moderator.get(CONSOLE).text
    assert "Extend the round" in owner.get(CONSOLE).text
    assert make.send(moderator, CONSOLE, wanted).status_code == 403
    clock.set("2028-09-30T21:59:00Z")
    owner = make.browser(app, Role.OWNER)
    assert "Extend the round" not in owner.get(CONSOLE).text
    assert make.send(owner, CONSOLE, wanted).status_code == 409
    db.session.expire_all()
    assert db.session.get(Session, session.id).ends.isoformat() == "2028-09-30T23:59:00"
