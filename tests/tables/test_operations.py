"""Tables, plans and rounds: what can happen, in which order, and what is refused."""

from __future__ import annotations

import pytest

from app.contributions.operations import Point
from app.tables import operations, queries
from tests import make


@pytest.fixture
def cafe(app, clock):
    clock.set("2028-10-10T16:00:00Z")
    return make.cafe()


def test_smoke(cafe, clock):
    people = [make.registration(cafe).participant for _ in range(12)]
    make.cafe_tables(cafe, room=3, hosts=people[:3])
    kept = make.seats(cafe, published=False)
    assert kept.report["hard_violations"] == 0
    operations.start_round(cafe, 1)
    assert queries.published(cafe) is not None
    made = operations.send_notes(cafe, [Point("One", "agreement")], table=1, round=1)
    assert made[0].reference == "PRO-T1-R1-1"
    operations.change_note(made[0], Point("Two"))
    assert queries.missing_notes(cafe) == {1: [2, 3]}
    assert queries.harvest(cafe).tables[0].notes == made
    assert len(queries.seats_of(cafe, people[5])) == 3
    operations.patch(cafe, after_round=1, absent=[people[0].public_id])
    assert queries.thin_tables(cafe) == []
    assert len(queries.absentees(cafe)) == 11
    assert queries.latecomers(cafe) == []
