"""A café of many tables asks the database no more often than one of few."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from app.contributions.operations import Point
from app.core.links import Purpose
from app.core.vocabulary import Role
from app.database import db
from app.programme.models import Session
from app.registration import queries as registrations
from app.tables import operations, queries
from tests import make
from tests.tables.hall import crowd, facilitator


def furnished(slug: str, tables: int) -> Session:
    """A café between two rounds, with notes of every table."""
    session = make.session(slug, capacity={"on_site": 200, "online": 20})
    people = crowd(session, 30)
    make.cafe_tables(session, room=tables, hosts=people[:2], min=1, max=20)
    make.seats(session)
    operations.start_round(session, 1)
    for table in queries.tables(session):
        operations.send_notes(session, [Point("Said")], table=table.number, round=1)
    operations.end_round(session, 1)
    return session


def statements(reader, address: str) -> int:
    """How many statements one page takes."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    db.session.expire_all()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert reader.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def costs(client, browser, session: Session) -> dict[str, int]:
    """Return how many statements each page of a café takes."""
    slug = session.slug
    who = registrations.live_in(session)[-1].participant
    token = registrations.token(who, Purpose.MANAGE)
    key = queries.host_token(queries.by_number(session, 1))
    live, manage = f"/live/probe/{slug}", f"/manage/probe/{slug}/tables"
    pages = {
        "public": (client, f"{live}/"),
        "stage": (client, f"{live}/projector"),
        "person": (client, f"/my/{token}/live/{slug}/"),
        "host": (client, f"{live}/table/{key}"),
        "console": (browser, f"{live}/console"),
        "tables": (browser, manage),
        "names": (browser, f"{manage}/names"),
        "cards": (browser, f"{manage}/cards"),
        "links": (browser, f"{manage}/links"),
    }
    return {name: statements(*page) for name, page in pages.items()}


@pytest.mark.engines("sqlite")
def test_twenty_tables_cost_as_many_statements_as_two(app, client, clock):
    clock.set("2028-10-10T16:10:00Z")
    make.consultation(guiding_questions=[{"en": f"Question {n}?"} for n in (1, 2, 3)])
    browser = facilitator(app, Role.ORGANISER)
    first, few, many = (
        furnished(slug, tables) for slug, tables in (("first", 2), ("few", 2), ("many", 20))
    )
    costs(client, browser, first)  # what is looked up once and kept

    assert costs(client, browser, few) == costs(client, browser, many)
