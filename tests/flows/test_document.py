"""From what was said to the document and back to everyone who said it, in one story over HTTP."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.core.links import Purpose
from app.core.synthesis import sealing
from app.core.vocabulary import Role
from app.database import db
from app.mail.models import OutboxMail
from app.registration import queries as registrations
from app.reports import queries
from app.reports.queries import editions
from tests import make

BASE = "/api/v1/consultations/probe"
TEXTS = {
    "ada": ("Publish every subsidy, and who receives it.", "for"),
    "bo": ("Publish every subsidy; ours have been public since 2012.", "for"),
    "chi": ("Every subsidy should be public.", "for"),
    "dia": ("Publish them all, every subsidy there is.", "for"),
    "eli": ("Every subsidy, in a form anyone can check.", "for"),
    "fay": ("Prices in offers are commercial secrets of firms.", "against"),
    "gus": ("Taxes on services from abroad need rules.", "fact"),
}


class Api:
    """A client of the API with one token; answers of unexpected status fail the test."""

    def __init__(self, client, *roles) -> None:
        self.client, self.head = client, make.bearer(*roles)

    def __call__(self, method: str, path: str, body=None, *, expect: int = 200):
        answer = self.client.open(
            f"{BASE}{path}", method=method, headers=self.head, json={} if body is None else body
        )
        assert answer.status_code == expect, (answer.status_code, answer.text)
        return answer.json


def mails(kind: str) -> list[str]:
    """To whom mails of a kind were put, in order."""
    query = select(OutboxMail.to_address).where(OutboxMail.kind == kind)
    return list(db.session.scalars(query.order_by(OutboxMail.id)))


@pytest.fixture
def said(app, clock):
    """What seven people said on the board: their references, and themselves."""
    session = make.online_round(settings={"moderation": "after"})
    people = {
        name: make.participant(
            session, name=f"{name.title()} Quokka", email=f"{name}@example.org", language="en"
        )
        for name in TEXTS
    }
    ideas = {
        name: make.idea(
            session, who=people[name], title="", text=text, guiding_question=1,
            attribution="named" if name == "ada" else "anonymous",
        ).reference
        for name, (text, _stance) in TEXTS.items()
    }  # fmt: skip
    return people, ideas


def test_from_what_was_said_to_what_became_of_it(client, app, clock, said):
    people, ideas = said
    rapporteur, owner = Api(client, Role.RAPPORTEUR), Api(client, Role.OWNER)

    # Coding: every idea is marked with a theme and a stance.
    spending = rapporteur("POST", "/themes", {"guiding_question": 1, "title": "Spending"},
                          expect=201)["id"]  # fmt: skip
    taxes = rapporteur("POST", "/themes", {"guiding_question": 1, "title": "Taxes"},
                       expect=201)["id"]  # fmt: skip
    excerpts = {}
    for name, (text, stance) in TEXTS.items():
        body = {
            "contribution": ideas[name], "start": 0, "end": len(text),
            "theme": taxes if name == "gus" else spending, "stance": stance,
        }  # fmt: skip
        excerpts[name] = rapporteur("POST", "/excerpts", body, expect=201)["id"]

    # Statements: one stands on the five who want it, one has no source.
    asked = rapporteur("POST", "/statements", {
        "theme": spending, "text": "asked that subsidies be published.",
        "cites": [excerpts[name] for name in ("ada", "bo", "chi", "dia", "eli")],
    }, expect=201)  # fmt: skip
    assert (asked["number"], asked["word"], asked["n"], asked["base"]) == ("1.1", "most", 5, 6)
    bare = rapporteur("POST", "/statements", {"theme": spending, "text": "acted soon."},
                      expect=201)["number"]  # fmt: skip
    refused = rapporteur("POST", f"/statements/{bare}/review", expect=422)
    assert refused["code"] == "no_source"

    # The gate refuses and says why; the rapporteur may not freeze at all.
    rapporteur("POST", "/editions", expect=403)
    refused = owner("POST", "/editions", expect=409)
    assert refused["code"] == "not_ready"
    assert {(each["code"], each["field"]) for each in refused["errors"]} == {
        ("statement_not_reviewed", "1.1"), ("statement_without_source", "1.2"),
        ("opposing_view_missing", "1"),
        *(("contribution_without_answer", reference) for reference in ideas.values()),
    }  # fmt: skip
    assert owner("GET", "/editions")["items"] == []

    # Put right: the other view gets its sentence, the bare one goes, everything is answered.
    against = rapporteur("POST", "/statements", {
        "theme": spending, "text": "warned of secrets.",
        "cites": [{"excerpt": excerpts["fay"], "as": "supports"}],
    }, expect=201)["number"]  # fmt: skip
    assert against == "1.3"
    rapporteur("DELETE", f"/statements/{bare}")
    alone = rapporteur("POST", "/statements", {
        "theme": taxes, "text": "spoke of taxes.", "cites": [excerpts["gus"]],
    }, expect=201)["number"]  # fmt: skip
    for number in ("1.1", against, alone):
        assert rapporteur("POST", f"/statements/{number}/review")["reviewed"]
    answers = [
        {"reference": ideas[name], "disposition": "reflected", "statement": "1.1", "publish": True}
        for name in ("ada", "bo", "chi", "dia", "eli")
    ] + [
        {"reference": ideas["fay"], "disposition": "reflected", "statement": "9.9",
         "publish": True},
        {"reference": ideas["gus"], "disposition": "few", "text": "Nobody else", "publish": True},
    ]  # fmt: skip
    wrong = rapporteur("POST", "/answers", {"items": answers}, expect=422)
    assert [(each["field"], each["code"]) for each in wrong["errors"]] == [
        ("items.5.statement", "unknown_statement")
    ]
    answers[5]["statement"] = against
    rapporteur("POST", "/answers", {"items": answers}, expect=201)
    assert mails("answer_published") == ["gus@example.org"]
    assert owner("GET", "/coverage")["blocking"] == []

    # Edition 1: the authors hear of it, each once, with a link to their page.
    clock.go_on(hours=1)
    first = owner("POST", "/editions", expect=201)
    assert (first["number"], first["snapshot_at"]) == (1, "2028-09-01T09:00:00Z")
    assert sorted(mails("answer_published")) == [
        f"{name}@example.org" for name in ("ada", "bo", "chi", "dia", "eli", "fay", "gus")
    ]
    page = client.get(f"/probe/contributions/{ideas['ada']}").text
    for words in ("Reflected in § 1.1", "asked that subsidies be published.",
                  "/probe/document/1#s1.1", "In the document, edition 1"):  # fmt: skip
        assert words in page
    my = client.get(f"/my/{registrations.token(people['ada'], Purpose.MANAGE)}/").text
    assert "Reflected in § 1.1" in my

    # Somebody takes back what they said: it leaves the frozen edition, and nothing else does.
    frozen = editions.values(queries.edition(make.consultation(), 1))
    assert sealing.is_whole(frozen)
    assert "Ada Quokka" in json.dumps(frozen)
    clock.go_on(hours=1)
    owner("POST", f"/contributions/{ideas['ada']}/withdraw")
    now = editions.values(queries.edition(make.consultation(), 1))
    assert sealing.is_whole(now)
    assert now["sha256"] == frozen["sha256"] == first["sha256"]
    said_now = json.dumps(now)
    assert "Ada Quokka" not in said_now
    assert "who receives it" not in said_now
    assert "2028-09-01T10:00:00Z" in said_now
    assert [each["text"] for each in themes_of(now)[0]["statements"]] == [
        each["text"] for each in themes_of(frozen)[0]["statements"]
    ]
    listed = rapporteur("GET", "/statements")["items"]
    assert [(each["number"], each["reviewed"], each["n"], each["base"]) for each in listed] == [
        ("1.1", True, 4, 5), ("1.3", True, 1, 5), ("2.1", True, 0, 1),
    ]  # fmt: skip

    # Edition 2 says what changed; nobody is told twice.
    second = owner("POST", "/editions", expect=201)
    assert second["number"] == 2
    document = editions.document(queries.edition(make.consultation(), 2))
    assert [(each.what, each.object, each.key, each.at) for each in document.changes] == [
        ("changed", "statement", "1.1", None),
        ("changed", "statement", "1.3", None),
        ("withdrawn", "source", ideas["ada"], "2028-09-01T10:00:00Z"),
    ]
    assert len(mails("answer_published")) == 7

    # Not closed before it is known what came of it; then everybody hears, once.
    browser = make.browser(app, Role.OWNER)
    close = {"act": "close"}
    refused = make.send(browser, "/manage/probe/settings/status", close)
    assert refused.status_code == 409
    assert client.get(BASE).json["status"] == "published"
    outcome = {"edition": 2, "body": "The Working Group", "date": "2028-09-20",
               "what": "noted", "text": "It thanked everybody."}  # fmt: skip
    owner("PUT", "/outcome", outcome | {"edition": 3}, expect=422)
    rapporteur("PUT", "/outcome", outcome)
    rapporteur("PUT", "/outcome", outcome | {"text": "It thanked them all."})
    assert sorted(mails("outcome_recorded")) == [f"{name}@example.org" for name in TEXTS]
    assert client.get(f"{BASE}/outcome").json["text"] == "It thanked them all."
    make.send(browser, "/manage/probe/settings/status", close)
    assert client.get(BASE).json["status"] == "closed"


def themes_of(values):
    """The themes of a document's JSON, as printed."""
    return [
        *(theme for question in values["questions"] for theme in question["themes"]),
        *values["views_of_few"],
    ]
