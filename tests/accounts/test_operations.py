"""What can happen to people, their roles and their tokens."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from app.accounts import operations, queries
from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.core.refusals import Invalid
from app.core.vocabulary import Role
from app.database import db, operation
from tests import make


def codes_of(refusal) -> list[tuple[str, str]]:
    """Return (field, code) of what was refused."""
    return [(error.field, error.code) for error in refusal.value.errors]


def test_an_address_is_one_person_however_it_is_written(app):
    ada = operations.add("Ada@EXAMPLE.org", name="Ada")

    assert operations.add(" ada@example.org ", name="Other").id == ada.id
    assert (ada.email, ada.name) == ("ada@example.org", "Ada")


def test_every_role_but_admin_belongs_to_a_consultation(app):
    ada = operations.add("ada@example.org")

    with pytest.raises(Invalid) as without:
        operations.give(ada, Role.OWNER)
    with pytest.raises(Invalid) as inside:
        operations.give(ada, Role.ADMIN, consultation=make.consultation())

    assert codes_of(without) == codes_of(inside) == [("consultation", "consultation_missing")]


def test_only_some_roles_can_be_limited_to_sessions(app, clock):
    cafe = make.cafe()
    ada = operations.add("ada@example.org")

    with pytest.raises(Invalid) as refusal:
        operations.give(ada, Role.OWNER, consultation=cafe.consultation, session_ids=[cafe.id])

    assert codes_of(refusal) == [("sessions", "unlimited_role")]


def test_the_last_owner_stays(app, clock):
    here = make.consultation()
    first, second = make.person(Role.OWNER), make.person(Role.OWNER)

    operations.take(first, Role.OWNER, consultation=here)
    with pytest.raises(operations.LastOwner):
        operations.take(second, Role.OWNER, consultation=here)

    assert [person.id for person in queries.people_of(here.id)] == [second.id]


def test_narrowing_a_role_ends_the_sessions_of_its_holder(app, clock):
    cafe = make.cafe()
    person = make.person(Role.DOOR)
    before = person.fs_uniquifier

    operations.give(person, Role.DOOR, consultation=cafe.consultation)
    unchanged = person.fs_uniquifier
    operations.give(person, Role.DOOR, consultation=cafe.consultation, session_ids=[cafe.id])

    assert (unchanged == before, person.fs_uniquifier == before) == (True, False)


@pytest.mark.parametrize("password", ["short", "x" * 201, "ﬃ" * 3])
def test_a_password_is_long_enough_and_not_endless(app, password):
    with pytest.raises(Invalid) as refusal:
        operations.set_password(make.person(), password)

    assert codes_of(refusal) == [("password", "password_length")]


def test_audit_rows_hold_ids_and_no_names(app, clock):
    operations.add_with_role(
        "ada@example.org", Role.OWNER, name="Ada", consultation=make.consultation()
    )

    text = str([vars(entry) for entry in db.session.scalars(select(AuditEntry))])
    assert ("role_given" in text, "ada" in text.lower()) == (True, False)


def test_the_first_administrator_is_made_once_and_gets_a_link_until_they_came(app, clock):
    person, secret = operations.first_administrator()
    again, newer = operations.first_administrator()

    assert (person.email, again.id, secret != newer) == ("admin@example.org", person.id, True)
    assert operations.use_link(newer).id == person.id
    operations.sign_in(person, via="link")
    assert operations.first_administrator() is None


def test_one_link_lets_in_one_of_ten_who_press_at_once(app, clock):
    secret = operations.make_link(make.person())
    came_in = []
    ready = threading.Barrier(10)

    def press():
        with app.app_context():
            queries.sign_in_link("")  # connected before the start
            ready.wait()
            try:
                came_in.append(operations.use_link(secret).id)
            except operations.LinkGone:
                pass
            finally:
                db.session.remove()

    in_parallel(10, press)

    assert len(came_in) == 1


def test_everybody_signs_in_while_somebody_writes(app, clock):
    people = [make.person() for _ in range(40)]
    links = [operations.make_link(person) for person in people]
    done = threading.Event()
    written = []

    def write():
        with app.app_context():
            while not done.is_set():
                rename(people[0].id)
                written.append(1)
            db.session.remove()

    writer = threading.Thread(target=write)
    writer.start()
    waiting = iter(links)
    statuses = []

    def sign_in():
        secret = next(waiting)
        statuses.append(app.test_client().post(f"/manage/sign-in/{secret}").status_code)

    try:
        in_parallel(40, sign_in, at_once=8)
    finally:
        done.set()
        writer.join()

    assert (statuses, bool(written)) == ([303] * 40, True)


@operation
def rename(person_id: int) -> None:
    """Write to a person while others sign in."""
    db.session.get(Person, person_id).name += "x"


def in_parallel(times: int, call, *, at_once: int = 20) -> None:
    """Run ``call`` so often, ``at_once`` threads at a time."""
    for start in range(0, times, at_once):
        threads = [threading.Thread(target=call) for _ in range(min(at_once, times - start))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
