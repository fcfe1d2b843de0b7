"""What the floor keeps of a person: handed out, and taken out."""

from __future__ import annotations

import json

import pytest

from app import privacy
from app.core.vocabulary import Role
from app.database import db
from app.floor import operations, queries
from app.floor.models import FloorRequest
from app.registration import operations as registrations
from tests import make
from tests.floor.hall import BASE, ONLINE, Hands, hall, person


@pytest.fixture
def session(app, clock):
    clock.set("2028-09-01T08:50:00Z")
    return hall()


def test_a_person_gets_everything_the_floor_keeps(session, client, clock):
    hands = Hands(client)
    ana = person(session, "Ana", ONLINE, organisation="Net", country="KE")
    request = hands.ask(ana, ONLINE, kind="text", text="Read this.", needs_time=True)
    hands.give(request)
    clock.go_on(seconds=60)
    hands.act("done", request)

    assert privacy.export(ana)["floor_requests"] == [
        {
            "session": "hall", "asked_at": "2028-09-01T08:50:00Z", "name": "Ana",
            "representation": "Net", "country": "KE", "stakeholder_group": None,
            "attribution": "named", "mode": "online", "kind": "text", "hub": "",
            "needs_time": True, "text": "Read this.", "state": "done",
            "turns": [
                {"started_at": "2028-09-01T08:50:00Z", "ended_at": "2028-09-01T08:51:00Z"}
            ],
        }
    ]  # fmt: skip


def test_erasing_takes_names_and_words_out_and_leaves_the_figures(session, client, clock):
    hands = Hands(client)
    ana = person(session, "Markedname", organisation="Markedorg", stakeholder_group="media")
    spoken = hands.ask(ana)
    hands.give(spoken)
    clock.go_on(seconds=60)
    hands.act("done", spoken)
    hands.ask(ana, kind="text", text="Markedwords")
    added = hands.ask("Markedname", representation="Elsewhere")
    registrations.erase(ana)

    kept = json.dumps(
        [
            [row.name, row.representation, row.text, row.hub, row.country, row.person]
            for row in db.session.query(FloorRequest).filter(FloorRequest.public_id != added)
        ]
    )
    assert "Marked" not in kept
    assert [each["name"] for each in hands.floor()["waiting"]] == ["Markedname"]
    figures = client.get(f"{BASE}/figures").json
    assert (figures["total"]["turns"], figures["by_group"]["media"]["seconds"]) == (1, 60.0)
    pages = client.get("/live/probe/hall/").text
    assert "Markedorg" not in pages
    assert "Markedwords" not in pages


def test_what_staff_added_under_the_same_name_goes_with_the_person(session, client, clock):
    hands = Hands(client)
    added = hands.ask("Ana", representation="Net")
    hands.give(added)
    hands.act("done", added)
    ana = person(session, "Ana", organisation="Net")
    operations.ask(session, operations.Wish(), participant=ana)
    registrations.erase(ana)

    kept = queries.by_public_id(added)
    db.session.refresh(kept)
    assert (kept.name, kept.representation) == ("", "")


def test_the_console_after_an_erasure_names_nobody(session, client, app):
    hands = Hands(client)
    ana = person(session, "Markedname")
    request = hands.ask(ana)
    hands.give(request)
    registrations.erase(ana)

    page = make.browser(app, Role.MODERATOR).get("/live/probe/hall/console")
    assert (page.status_code, "Markedname" in page.text) == (200, False)
    assert hands.act("done", request)[0] == 200
