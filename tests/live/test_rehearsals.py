"""Rehearsals: a copy with invented people, listed nowhere, told to nobody, gone without a trace."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.attendance import queries as attendance
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.core.links import Purpose
from app.core.refusals import Invalid
from app.core.vocabulary import Role, StakeholderGroup
from app.database import db, operation
from app.feeds import queries as feeds
from app.live import kinds, operations, queries
from app.live.models import Rehearsal
from app.mail.models import OutboxMail
from app.orm import Base
from app.programme import queries as programme
from app.programme.models import Session
from app.registration import operations as registering
from app.registration import queries as registrations
from app.registration.models import Participant, Registration
from tests import make

BANNER = "Rehearsal: invented people, nothing is sent"
PAGE = "/manage/probe/cafe/rehearsal"


@pytest.fixture
def organiser(app, clock):
    """An organiser's browser, and a café with one real person registered."""
    make.registration(make.cafe(settings={"rounds": 2}, capacity={"on_site": 50, "online": 10}))
    return make.browser(app, Role.ORGANISER)


def start(organiser) -> Session:
    """Start the rehearsal of the café by its page; return the copy."""
    assert make.send(organiser, f"{PAGE}/start").status_code == 303
    return db.session.scalars(select(Rehearsal)).one().session


def real() -> Session:
    """Return the café that is rehearsed."""
    return programme.by_slug(consultations.by_slug("probe"), "cafe")


def present(copy: Session) -> int:
    """Return how many people came, by the door or by their join link."""
    return sum(bool(row.attendance.evidence) for row in attendance.attendance(copy))


def rows() -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def test_a_rehearsal_is_a_copy_that_began_a_minute_ago(organiser, clock):
    clock.set("2028-09-01T08:00:31Z")

    copy = start(organiser)
    source = real()

    assert copy.consultation.rehearsal_of == source.id
    assert copy.starts_at == datetime(2028, 9, 1, 7, 59, tzinfo=UTC)
    assert copy.ends_at - copy.starts_at == source.ends_at - source.starts_at
    assert (copy.slug, copy.format, copy.title) == ("cafe", "world_cafe", source.title)
    assert (copy.settings, copy.capacity, copy.venue) == (
        source.settings, source.capacity, source.venue,
    )  # fmt: skip
    assert [(each.title, each.minutes) for each in copy.agenda] == [
        (each.title, each.minutes) for each in source.agenda
    ]
    assert [each.text for each in copy.consultation.guiding_questions] == [
        each.text for each in source.consultation.guiding_questions
    ]
    assert (copy.join_url, copy.stream_url) == (None, None)
    assert copy.consultation.prefix != source.consultation.prefix
    assert re.fullmatch("rehearsal-[a-z]{10}", copy.consultation.slug)


def test_its_people_are_invented_of_all_groups_and_the_same_for_the_same_seed(organiser):
    first = [each.name for each in people_of(start(organiser))]
    make.send(organiser, f"{PAGE}/wipe")
    again = people_of(start(organiser))

    assert [each.name for each in again] == first
    assert len(set(first)) == 48
    assert {(each.email, each.source) for each in again} == {(None, "sample")}
    assert all(each.is_opened for each in again)
    assert {each.stakeholder_group for each in again} == set(StakeholderGroup)
    assert {"ar", "en", "es", "fr", "ru", "zh-Hans"} == {each.language for each in again}
    copy = db.session.scalars(select(Rehearsal)).one().session
    modes = db.session.execute(
        select(Registration.mode, Registration.status).where(Registration.session_id == copy.id)
    )
    assert Counter(modes.all()) == {("on_site", "confirmed"): 38, ("online", "confirmed"): 10}


def people_of(copy: Session) -> list[Participant]:
    """Return the participants of a copy in the order of registering."""
    query = select(Participant).where(Participant.consultation_id == copy.consultation_id)
    return list(db.session.scalars(query.order_by(Participant.id)))


def test_most_arrive_a_few_are_late_and_some_never_come(organiser):
    copy = start(organiser)

    operations.arrive(copy)
    assert present(copy) == 42
    operations.be_late(copy)
    assert present(copy) == 44


def test_a_session_is_rehearsed_once_at_a_time_and_a_copy_never(organiser):
    copy = start(organiser)

    again = make.send(organiser, f"{PAGE}/start")
    with pytest.raises(operations.NothingToRehearse):
        operations.rehearse(copy)

    assert again.status_code == 409
    assert db.session.scalar(select(func.count()).select_from(Rehearsal)) == 1
    inner = organiser.get(f"/manage/{copy.consultation.slug}/cafe/rehearsal")
    assert (inner.status_code, inner.headers["Location"]) == (302, PAGE)


def test_nothing_public_names_it(organiser, client):
    copy = start(organiser)
    slug = copy.consultation.slug
    owner = make.bearer(Role.OWNER)
    told = {
        path: slug in client.get(path).text
        for path in (
            "/", "/probe/", "/probe/cafe/", "/probe/calendar.ics", "/probe/changes", "/robots.txt",
            "/api/v1/consultations", "/live/probe/cafe/", "/probe/register",
        )
    }  # fmt: skip

    assert set(told.values()) == {False}, told
    assert client.get(f"/l/{copy.id}").status_code == 404
    assert slug not in client.get("/api/v1/consultations", headers=owner).text
    assert slug not in organiser.get("/manage/").text
    assert slug not in organiser.get("/door/").text
    assert [each.slug for each in consultations.published()] == ["probe"]
    assert [each.id for each in feeds.every_session()] == [real().id]
    assert [each.id for each in programme.to_come(at=copy.starts_at)] == [real().id]


def test_its_start_leaves_the_home_page_as_it_was(organiser, client):
    before = client.get("/").headers["ETag"]
    start(organiser)

    assert client.get("/", headers={"If-None-Match": before}).status_code == 304


def test_every_page_of_it_says_what_it_is_and_is_found_by_no_search_engine(organiser, app, client):
    copy = start(organiser)
    somebody = people_of(copy)[0]
    manage = registrations.token(somebody, Purpose.MANAGE)
    slug = copy.consultation.slug
    pages = [
        f"/{slug}/", f"/{slug}/cafe/", f"/{slug}/register", f"/{slug}/find", f"/{slug}/privacy",
        f"/{slug}/changes", f"/live/{slug}/cafe/", f"/live/{slug}/cafe/projector",
        f"/live/{slug}/cafe/projector?key={queries.stage_key(copy)}",
        f"/my/{manage}/", f"/my/{manage}/live/cafe/",
    ]  # fmt: skip
    staff = [
        f"/manage/{slug}/", f"/manage/{slug}/sessions/cafe/", f"/live/{slug}/cafe/console",
        f"/manage/{slug}/registrations/", f"/door/{slug}/cafe/",
    ]  # fmt: skip
    bare = []
    for browser, paths in ((client, pages), (organiser, staff)):
        for path in paths:
            answer = browser.get(path)
            if BANNER not in answer.text or answer.headers.get("X-Robots-Tag") != "noindex":
                bare.append((path, answer.status_code, dict(answer.headers).get("X-Robots-Tag")))

    assert bare == []
    assert BANNER not in client.get("/probe/cafe/").text
    assert "X-Robots-Tag" not in client.get("/probe/cafe/").headers


def test_no_mail_leaves_it_whatever_address_somebody_leaves_there(organiser, client):
    before = db.session.scalar(select(func.count()).select_from(OutboxMail))
    copy = start(organiser)
    make.registration(copy, mode="online", who=people_of(copy)[0])

    registering.walk_in(copy, details={"name": "Real Person", "email": "real@example.org"})

    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == before


def test_nobody_can_register_in_it_by_the_form(organiser, client):
    copy = start(organiser)

    assert not any(copy.takes_registrations(mode, at=copy.starts_at) for mode in copy.modes)


def test_wiping_leaves_no_row_but_two_lines_of_audit(organiser, app):
    make.form_token(organiser)
    before = rows()
    copy = start(organiser)
    operations.play(queries.rehearsal_of(real()), steps := operations.steps(copy), 99)
    assert rows() != before
    assert len(steps) >= 2

    asked = organiser.get(f"{PAGE}/wipe")
    gone = make.send(organiser, f"{PAGE}/wipe", follow_redirects=True)

    assert "Delete the rehearsal of" in asked.text
    assert "The rehearsal is deleted" in gone.text
    after = rows()
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "audit_entry": 2
    }
    assert db.session.scalars(select(Consultation.slug)).all() == ["probe"]


def test_each_step_is_played_once_though_many_press_at_once(organiser, app):
    start(organiser)
    number = db.session.scalars(select(Rehearsal.consultation_id)).one()
    db.session.remove()
    played: list[int] = []
    barrier = threading.Barrier(4)

    def act() -> None:
        time.sleep(0.05)  # long enough for the others to come
        played.append(1)

    def press() -> None:
        with app.app_context():
            found = db.session.get_one(Rehearsal, number)
            assert found.done == 0
            barrier.wait()
            operations.play_next(found, [kinds.Step("count", "", act)], 0)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert played == [1]
    assert db.session.get_one(Rehearsal, number).done == 1


def test_an_unknown_step_is_refused(organiser):
    start(organiser)

    assert make.send(organiser, PAGE, {"step": "nothing"}).status_code == 422
    assert make.send(organiser, PAGE, {}).status_code == 422


def test_a_facilitator_plays_it_but_only_an_organiser_starts_and_deletes_it(organiser, app):
    facilitator = make.browser(app, Role.FACILITATOR)
    assert make.send(facilitator, f"{PAGE}/start").status_code == 403
    copy = start(organiser)

    played = make.send(facilitator, PAGE, {"step": "arrive"})
    console = facilitator.get(f"/live/{copy.consultation.slug}/cafe/console")

    assert played.status_code == 303
    assert console.status_code == 200
    assert facilitator.get(f"{PAGE}/wipe").status_code == 403
    assert make.send(facilitator, f"{PAGE}/wipe").status_code == 403


def test_whoever_works_for_another_session_does_not_work_for_the_copy(organiser, app):
    other = make.town_hall("other")
    stranger = make.person(Role.FACILITATOR)
    limit(stranger, [other.id])
    copy = start(organiser)

    browser = make.browser(app, who=stranger)

    assert browser.get(f"/live/{copy.consultation.slug}/cafe/console").status_code == 403


@operation
def limit(person, session_ids: list[int]) -> None:
    """Limit the only role of ``person`` to some sessions."""
    person.grants[0].session_ids = session_ids


def test_its_kind_of_name_is_kept_for_rehearsals(app, clock):
    with pytest.raises(Invalid) as refusal:
        make.consultation("rehearsal-abcdefghij")

    assert refusal.value.errors[0].code == "reserved_slug"


def test_the_buttons_lead_there(organiser):
    assert PAGE in organiser.get("/manage/probe/").text
    assert PAGE in organiser.get("/manage/probe/sessions/cafe/").text
