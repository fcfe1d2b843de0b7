"""The organisers' feed: drafts and numbers, never names, and only what one may see today."""

import pytest

from app.accounts.models import RoleGrant
from app.core.vocabulary import Role
from app.database import db, operation
from app.feeds import operations
from app.programme import operations as programme
from tests import make
from tests.core.ical.readers import read_alike


def path(person) -> str:
    return operations.staff_link(person).removeprefix("https://talks.example.org")


def titles(client, url) -> dict[str, str]:
    return {event[3]: event[4] for event in read_alike(client.get(url).data)}


@pytest.fixture
def sessions(app, clock):
    """A public session, a draft, and one of another consultation."""
    elsewhere = make.consultation("elsewhere")
    return {
        "cafe": make.cafe(capacity={"on_site": 1, "online": None}),
        "draft": make.session("draft", status="draft"),
        "elsewhere": make.session("other", inside=elsewhere),
    }


def test_it_shows_drafts_of_ones_own_consultations_only(client, sessions):
    assert titles(client, path(make.person(Role.ORGANISER))) == {
        "Cafe": "CONFIRMED", "[draft] Draft": "TENTATIVE",
    }  # fmt: skip
    assert titles(client, path(make.person(Role.ADMIN))) == {
        "Cafe": "CONFIRMED", "[draft] Draft": "TENTATIVE", "Other": "CONFIRMED",
    }  # fmt: skip


def test_a_role_limited_to_sessions_sees_those(client, sessions):
    moderator = make.person(Role.MODERATOR)
    limit(moderator.id, [sessions["cafe"].id])

    assert titles(client, path(moderator)) == {"Cafe": "CONFIRMED"}


@operation
def limit(person_id: int, session_ids: list[int]) -> None:
    grant = db.session.scalar(db.select(RoleGrant).where(RoleGrant.person_id == person_id))
    grant.session_ids = session_ids


@operation
def leave(person_id: int) -> None:
    db.session.execute(db.delete(RoleGrant).where(RoleGrant.person_id == person_id))


def test_what_one_may_see_is_asked_at_every_fetch(client, sessions):
    person = make.person(Role.ORGANISER)
    url = path(person)
    etag = client.get(url).headers["ETag"]
    leave(person.id)

    after = client.get(url, headers={"If-None-Match": etag})

    assert after.status_code == 200
    assert titles(client, url) == {}


def test_it_counts_and_names_nobody(client, sessions, clock):
    url = path(make.person(Role.ORGANISER))
    before = client.get(url).headers["ETag"]
    make.registration(sessions["cafe"], name="Ana Canary", email="ana.canary@example.org")
    make.registration(sessions["cafe"], name="Bo Canary")
    make.registration(sessions["cafe"], mode="online", name="Chi Canary")

    after = client.get(url)
    text = after.data.decode().replace("\r\n ", "")

    assert "Confirmed on site: 1 · confirmed online: 1 · waiting: 1" in text
    assert "canary" not in text.lower()
    assert after.headers["ETag"] != before
    assert client.get(url, headers={"If-None-Match": after.headers["ETag"]}).status_code == 304


def test_a_withdrawn_session_is_a_draft_to_those_who_work_on_it(client, sessions):
    programme.change(sessions["cafe"], {"status": "draft"})
    programme.change(sessions["cafe"], {"title": {"en": "Cafe, again"}})

    assert "[draft] Cafe, again" in titles(client, path(make.person(Role.ORGANISER)))


def test_made_anew_the_old_address_answers_410(client, sessions):
    person = make.person(Role.ORGANISER)
    old = path(person)

    operations.renew_staff_feed(person)

    assert client.get(old).status_code == 410
    assert client.get(path(person)).status_code == 200
    assert path(person) != old


def test_whoever_left_has_no_feed(client, sessions):
    person = make.person(Role.ORGANISER)
    url = path(person)
    deactivate(person.id)

    assert client.get(url).status_code == 410
    assert client.get("/calendar/staff/unknown.ics").status_code == 404


@operation
def deactivate(person_id: int) -> None:
    from app.accounts.models import Person

    db.session.get(Person, person_id).active = False
