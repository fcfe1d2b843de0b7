"""Three numbers everywhere: registered, checked in, attended."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from app.attendance import operations, queries
from app.core.scans import Sums
from app.core.vocabulary import Mode, Role
from app.database import db
from app.registration import operations as registrations
from tests import make
from tests.attendance.staff import signed_in


def check_in(session, *people, kind="in"):
    """Let ``people`` (registrations, or names of walk-ins) through the door."""
    items = []
    for number, who in enumerate(people):
        item = {"id": f"00000000-0000-4000-8000-{id(who) % 10**12:012}", "kind": kind,
                "scanned_at": f"2028-10-10T16:{number:02}:00Z"}  # fmt: skip
        if isinstance(who, str):
            item |= {"kind": "walk_in", "person": {"name": who}}
        else:
            item["ticket"] = who.participant.ticket_code
        items.append(item)
    return operations.record_scans(session, {"device": "d", "scans": items})


def figures(page) -> list[str]:
    """The three numbers of a page."""
    return re.findall(r"<dd class=\"fig\">([^<]*)</dd>", page.text)


def test_the_three_numbers_are_the_same_everywhere(app, client, clock):
    session = make.cafe(capacity={"on_site": 2, "online": None})
    here = [make.registration(session, name=name) for name in ("Ana", "Bo", "Chi")]
    online = make.registration(session, mode=Mode.ONLINE, name="Olga")
    make.registration(session, mode=Mode.ONLINE, name="Oscar")
    registrations.cancel(make.registration(session, name="Gone"), by="staff")
    check_in(session, here[0], here[2], online, "Walter")  # Chi waits: in vain

    signed_in(client, Role.OWNER)
    numbers = Sums(registered=4, checked_in=3, attended=3)

    assert queries.sums([session])[session.id] == numbers
    assert figures(client.get("/manage/probe/attendance/")) == ["4", "3", "3"]
    page = client.get("/manage/probe/cafe/attendance/")
    assert figures(page) == ["4", "3", "3"]
    table = [
        re.findall(r"<th scope=\"row\">([^<]*)</th>|<span class=\"fig\">([^<]*)</span>", row)
        for row in re.findall(r"<tr>(?:(?!<tr>).)*?</tr>", page.text, re.S)
        if "The same" not in row
    ]
    rows = ["|".join(a or b for a, b in row) for row in table if row and row[0][0] in (
        "On site", "Online", "Walk-in", "Total")]  # fmt: skip
    assert rows == [
        "On site|2|1|1|1|1|50 %",
        "Online|2|0|1|1|1|50 %",
        "Walk-in|0|0|1|1|0|–",
        "Total|4|1|3|3|1|25 %",
    ]


def test_a_round_of_days_is_attended_by_entering_it(app, client, clock):
    round_ = make.session(
        "round", format="online_round", starts="2028-10-14T09:00", ends="2028-11-01T23:59",
        capacity={"online": None},
    )  # fmt: skip
    hall = make.town_hall("hall", starts="2028-10-14T09:00", ends="2028-10-14T10:30")
    clock.set("2028-10-14T07:05:00Z")
    for session in (round_, hall):
        registration = make.registration(session, mode=Mode.ONLINE, name=session.slug)
        assert registrations.join(registration) == "https://meet.example.org/room-secret"
        make.registration(session, mode=Mode.ONLINE)

    sums = queries.sums([round_, hall])

    assert sums[round_.id] == Sums(registered=2, checked_in=0, attended=1)
    assert sums[hall.id] == Sums(registered=2, checked_in=0, attended=0)
    entered = queries.attendance(round_)[0].attendance
    assert (entered.attended, entered.evidence) == (True, ("join",))


@pytest.mark.engines("sqlite")
def test_sums_cost_as_many_statements_for_many_sessions_as_for_one(app, clock):
    sessions = [make.session() for _ in range(12)]
    for session in sessions:
        check_in(session, make.registration(session))
    db.session.rollback()
    sessions = [db.session.merge(session) for session in sessions]

    def statements(some):
        count = []
        listener = lambda *args: count.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        try:
            sums = queries.sums(some)
        finally:
            event.remove(db.engine, "before_cursor_execute", listener)
        assert set(sums.values()) == {Sums(1, 1, 1)}
        return len(count)

    statements(sessions)  # the rows are loaded now

    assert (statements(sessions[:1]), statements(sessions)) == (3, 3)


def test_the_numbers_and_the_list_agree(app, client, clock):
    session = make.cafe(capacity={"on_site": 3, "online": None})
    people = [make.registration(session) for _ in range(5)]
    check_in(session, *people[2:], "Walter", "Wanda")
    registrations.cancel(people[2], by="staff")  # was there, then lost the place

    rows = queries.attendance(session)
    sums = queries.sums([session])[session.id]

    assert sums.attended == sum(row.attendance.attended for row in rows)
    assert sums.checked_in == sum(row.attendance.checked_in_at is not None for row in rows)
    assert sums.registered == sum(row.registration.status == "confirmed" for row in rows)
    assert rows[2].attendance.attended  # a place lost later takes no presence back


def test_an_erased_person_leaves_a_number_and_no_ticket(app, client, clock):
    from app.attendance.models import Scan

    session = make.cafe()
    ana = make.registration(session, name="Ana")
    check_in(session, ana)

    registrations.erase(ana.participant)

    assert db.session.query(Scan).one().ticket is None
    assert queries.sums([session])[session.id].attended == 1
