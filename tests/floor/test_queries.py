"""A line of a thousand: as many statements as a line of ten, and one computation a revision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, insert

from app import clock as house_clock
from app.core import floor
from app.core.links import Purpose, new_id
from app.core.vocabulary import Role, StakeholderGroup
from app.database import db, operation
from app.floor import operations, queries
from app.floor.models import FloorRequest
from app.live import operations as live
from app.registration import queries as registrations
from tests import make
from tests.floor.hall import BASE, Hands, hall, person

GROUPS = [None, *StakeholderGroup]


@operation
def fill(session, number: int) -> None:
    """Put so many people into the line at once."""
    now = house_clock.now()
    rows = [
        {
            "public_id": new_id(), "session_id": session.id, "person": f"name:{n}",
            "name": f"Person {n}", "representation": "Net", "attribution": "named",
            "stakeholder_group": GROUPS[n % 9] and GROUPS[n % 9].value, "country": "KE",
            "mode": ("on_site", "online")[n % 2], "kind": ("voice", "text")[n % 5 == 0],
            "text": "Read this." if n % 5 == 0 else "", "needs_time": n % 7 == 0, "hub": "",
            "asked_at": now + timedelta(seconds=n), "paused": n % 50 == 0, "losses": 0,
            "state": "waiting",
        }
        for n in range(number)
    ]  # fmt: skip
    db.session.execute(insert(FloorRequest), rows)
    live.turn(session.id)


@pytest.fixture
def session(app, clock):
    clock.set("2028-09-01T08:50:00Z")
    return hall()


def statements(call) -> int:
    """How many statements ``call`` sends."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert call().status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def test_a_line_of_a_thousand_asks_the_database_no_more_than_one_of_ten(app, client, session):
    browser = make.browser(app, Role.MODERATOR)
    ana = person(session, "Ana")
    operations.ask(session, operations.Wish(), participant=ana)
    mine = f"/my/{registrations.token(ana, Purpose.MANAGE)}/live/hall"
    addresses = {
        "console": lambda: browser.get("/live/probe/hall/console"),
        "console state": lambda: browser.get("/live/probe/hall/console/state.json"),
        "state": lambda: client.get("/live/probe/hall/state.json"),
        "page": lambda: client.get("/live/probe/hall/"),
        "stage": lambda: client.get("/live/probe/hall/projector"),
        "mine": lambda: client.get(f"{mine}/"),
        "my state": lambda: client.get(f"{mine}/state.json"),
        "api": lambda: client.get(BASE),
    }
    fill(session, 10)
    of_ten = {name: statements(call) for name, call in addresses.items()}
    fill_more(session, 990)
    of_thousand = {name: statements(call) for name, call in addresses.items()}

    assert of_thousand == of_ten
    assert max(of_thousand.values()) <= 30, of_thousand


def fill_more(session, number: int) -> None:
    """Put still more people into the line, under names of their own."""

    @operation
    def rename() -> None:
        for row in db.session.query(FloorRequest).filter(FloorRequest.participant_id.is_(None)):
            row.person = f"earlier:{row.id}"

    rename()
    fill(session, number)


def test_everybody_shares_one_computation_a_revision(app, client, session, monkeypatch):
    people = [person(session, f"P{n}") for n in range(5)]
    for each in people:
        operations.ask(session, operations.Wish(), participant=each)
    computed = []
    line = floor.line
    monkeypatch.setattr(floor, "line", lambda *a, **k: computed.append(1) or line(*a, **k))

    def places():
        computed.clear()
        found = []
        for each in people:
            token = registrations.token(each, Purpose.MANAGE)
            found.append(client.get(f"/my/{token}/live/hall/state.json").json["floor"]["mine"])
        return [each["place"] if each else None for each in found]

    assert (places(), len(computed)) == ([1, 2, 3, 4, 5], 1)
    operations.withdraw(queries.open_of(session, people[0]))
    assert (places(), len(computed)) == ([None, 1, 2, 3, 4], 1)


def test_what_an_operation_undoes_is_never_kept(app, client, session):
    ana = person(session, "Ana")

    @operation
    def undone():
        operations.ask(session, operations.Wish(), participant=ana)
        assert len(queries.board(session).waiting) == 1
        raise KeyError

    with pytest.raises(KeyError):
        undone()
    operations.ask(session, operations.Wish(), name="Bo")
    assert [each["name"] for each in Hands(client).floor()["waiting"]] == ["Bo"]
