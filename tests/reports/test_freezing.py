"""Freezing in the background: asked for once, shown as it goes, holding nobody up, never half."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select, update

from app import jobs, privacy
from app.audit.models import AuditEntry
from app.consultations.models import Consultation
from app.contributions import operations as contributions
from app.contributions.models import Contribution
from app.contributions.operations import Given
from app.core.refusals import ChangedMeanwhile
from app.core.synthesis.freezing import MOST_TRIES, PATIENCE, Stage
from app.core.vocabulary import Role
from app.database import db, operation
from app.mail.models import OutboxMail
from app.reports import operations, queries
from app.reports.models import Edition, EditionPart, Freezing
from app.reports.operations import editions as making
from app.reports.operations import freezing
from app.reports.operations.base import FREEZING
from tests import make
from tests.registration.test_races import at_once

HERE = "/manage/probe/document"


@pytest.fixture
def session(app, clock):
    return make.online_round(settings={"moderation": "after"})


@pytest.fixture
def here(session) -> Consultation:
    make.ready(session)
    return session.consultation


def how_far(consultation: Consultation) -> Freezing:
    """The freeze, read anew."""
    db.session.rollback()
    found = queries.freezing(consultation)
    assert found is not None
    return found


def reach(consultation: Consultation, stage: Stage, *files: int) -> None:
    """Say how far it is, and end what this test was reading: the page reads with it."""
    freezing.reach(consultation.id, stage, *files)
    db.session.rollback()


def edition_count() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(Edition)).one()


@operation
def belongs_to(process: str, **values) -> None:
    """Let the freeze be another process's."""
    db.session.execute(update(Freezing).values(process=process, **values))


# --- Asked for and done -----------------------------------------------------------------------


def test_who_asks_is_who_froze_it_and_the_authors_are_told_once(app, here):
    owner = make.browser(app, Role.OWNER)
    assert make.send(owner, f"{HERE}/editions").status_code == 303
    assert edition_count() == 0
    jobs.run(FREEZING)
    jobs.run(FREEZING)

    assert edition_count() == 1
    made = queries.latest(here)
    document = queries.editions.document(made)
    asked = how_far(here)
    assert (asked.stage, asked.edition) == (Stage.DONE, 1)
    assert document.reviewed_by == asked.asked_name != ""
    act = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "edition_frozen")).one()
    assert act.actor == asked.asked_by
    assert asked.asked_by.startswith("person:")
    told = select(func.count()).where(OutboxMail.kind == "answer_published")
    assert db.session.scalar(told) == 3


def test_asking_twice_is_asking_once_and_later_is_asking_again(here):
    operations.ask_to_freeze(here)
    operations.ask_to_freeze(here)
    jobs.run(FREEZING)
    assert edition_count() == 1

    operations.ask_to_freeze(here, compilation=True)
    jobs.run(FREEZING)
    assert edition_count() == 2
    assert queries.latest(here).compilation


def test_what_comes_to_block_it_is_noted_and_nothing_is_frozen(app, here, session):
    owner = make.browser(app, Role.OWNER)
    make.send(owner, f"{HERE}/editions")
    make.idea(session, text="One more, without an answer.")
    jobs.run(FREEZING)

    assert (how_far(here).stage, edition_count()) == (Stage.REFUSED, 0)
    page = owner.get(f"{HERE}/editions?asked=yes").text
    assert "Something came to block it" in page
    assert "1 point blocks it" in page


# --- Shown ------------------------------------------------------------------------------------


def test_the_page_shows_how_far_it_is_and_then_the_edition(app, here):
    owner, reader = make.browser(app, Role.OWNER), make.browser(app, Role.RAPPORTEUR)
    make.send(owner, f"{HERE}/editions")
    waiting = reader.get(f"{HERE}/editions").text
    assert "Edition 1 is being frozen" in waiting
    assert "Waiting for the background work" in waiting
    assert "Nobody has taken it up" not in waiting
    assert "Freeze as a compilation" not in owner.get(f"{HERE}/editions").text

    claim = freezing.take()
    reach(here, Stage.COMPOSING)
    going = reader.get(f"{HERE}/editions").text
    assert 'value="8"' in going
    assert "Putting the document together" in going

    freezing.work(claim)
    reach(here, Stage.FILES, 3, 8)
    assert "Making its files: 3 of 8" in reader.get(f"{HERE}/editions").text
    freezing.end(here.id, Stage.DONE)
    done = owner.get(f"{HERE}/editions?asked=yes").text
    assert "Edition 1 is frozen. It stays as it is." in done
    assert "data-going" not in done


def test_a_freeze_that_nobody_takes_up_says_so(app, here, clock):
    operations.ask_to_freeze(here)
    clock.go_on(minutes=1)

    page = make.browser(app, Role.OWNER).get(f"{HERE}/editions").text
    assert "Background work may not be running" in page


# --- Holding nobody up ------------------------------------------------------------------------


def test_who_writes_while_an_edition_is_made_does_not_wait_for_it(app, here, session, monkeypatch):
    compose, read, written = queries.document.compose, threading.Event(), threading.Event()
    key, at, waited = here.id, session.id, []

    def until_written(*given, **named):
        read.set()
        waited.append(written.wait(20))
        return compose(*given, **named)

    monkeypatch.setattr(queries.document, "compose", until_written)

    def freeze():
        return operations.freeze(db.session.get(Consultation, key)).number

    def write():
        assert read.wait(20)
        idea = make.idea(db.session.get(type(session), at), text="Sent meanwhile.")
        contributions.answer(idea, Given("few", None, {}, True))
        written.set()
        return idea.reference

    found = at_once(app, [freeze, write])

    assert waited == [True]
    reference = next(each for each in found if each != 1)
    first = queries.editions.document(queries.edition(here, 1))
    assert reference not in [each.reference for each in first.contributions]
    monkeypatch.undo()
    second = queries.editions.document(operations.freeze(here))
    assert reference in [each.reference for each in second.contributions]


def test_what_is_taken_back_between_reading_and_freezing_is_not_in_it(here, session):
    who = make.participant(session, name="Quokka Canary")
    idea = make.idea(session, who=who, title="", text="Kept words.", attribution="named")
    contributions.answer(idea, Given("few", None, {}, True))
    first = db.session.scalars(select(Contribution).order_by(Contribution.id)).first()
    words, reference = first.text, first.reference
    made = operations.prepare(here)
    assert words in str(made.parts)
    assert "Quokka" in str(made.parts)

    contributions.withdraw(first)
    privacy.erase(who)
    edition = operations.publish(here, made)

    document = queries.editions.document(edition)
    assert words not in str(document)
    assert "Quokka" not in str(document)
    assert "Kept words." in str(document)
    assert edition.sha256 == made.sha256
    said = {each.reference: str(each.said) for each in db.session.scalars(select(EditionPart))}
    assert reference not in said
    assert "Quokka" not in str(said)
    gone = next(each for each in document.contributions if each.reference == reference)
    assert gone.withdrawn


def test_a_number_that_another_edition_got_meanwhile_is_not_given_twice(here):
    made = operations.prepare(here)
    operations.freeze(here)

    with pytest.raises(ChangedMeanwhile):
        operations.publish(here, made)
    assert edition_count() == 1


# --- Taken over -------------------------------------------------------------------------------


def test_one_process_works_at_it(here):
    operations.ask_to_freeze(here)

    assert freezing.take() is not None
    assert freezing.take() is None


def test_what_an_ended_process_began_is_done_by_the_next(here):
    operations.ask_to_freeze(here)
    freezing.take()
    ended = jobs.this_process().rpartition(":")[0] + ":1"
    belongs_to(ended)

    jobs.run(FREEZING)
    assert (how_far(here).stage, edition_count()) == (Stage.DONE, 1)


def test_a_process_on_another_machine_is_given_time(here, clock):
    operations.ask_to_freeze(here)
    freezing.take()
    belongs_to("elsewhere:7:7")
    assert freezing.take() is None
    clock.go_on(seconds=PATIENCE.total_seconds())

    assert freezing.take() is not None


def test_a_process_that_was_given_up_does_not_freeze_a_second_time(here):
    operations.ask_to_freeze(here)
    claim = freezing.take()
    belongs_to("elsewhere:7:7")

    assert freezing.work(claim) is None
    assert edition_count() == 0


def test_an_edition_whose_files_were_not_made_is_not_frozen_again(here):
    operations.ask_to_freeze(here)
    freezing.work(freezing.take())
    assert how_far(here).stage == Stage.FILES
    belongs_to(jobs.this_process().rpartition(":")[0] + ":1")

    jobs.run(FREEZING)
    assert (how_far(here).stage, edition_count()) == (Stage.DONE, 1)


def test_files_that_end_whoever_makes_them_do_not_keep_an_edition_in_the_making(here):
    operations.ask_to_freeze(here)
    freezing.work(freezing.take())
    belongs_to(jobs.this_process().rpartition(":")[0] + ":1", tries=MOST_TRIES)

    assert freezing.take() is None
    assert (how_far(here).stage, edition_count()) == (Stage.DONE, 1)


def test_a_freeze_that_fails_each_time_is_given_up_and_says_so(app, here, monkeypatch, caplog):
    def fails(*_given, **_named):
        raise OSError("no space left")

    monkeypatch.setattr(making.sealing, "seal", fails)
    operations.ask_to_freeze(here)
    for _ in range(MOST_TRIES + 1):
        jobs.run(FREEZING)

    assert caplog.text.count("could not be frozen") == MOST_TRIES
    assert (how_far(here).stage, edition_count()) == (Stage.FAILED, 0)
    owner = make.browser(app, Role.OWNER)
    assert "Freezing did not succeed, and nothing was frozen" in owner.get(f"{HERE}/editions").text

    monkeypatch.undo()
    make.send(owner, f"{HERE}/editions")
    jobs.run(FREEZING)
    assert edition_count() == 1


def test_one_that_kills_whoever_takes_it_up_is_given_up(here):
    operations.ask_to_freeze(here)
    ended = jobs.this_process().rpartition(":")[0] + ":1"
    for _ in range(MOST_TRIES):
        assert freezing.take() is not None
        belongs_to(ended)

    assert freezing.take() is None
    assert how_far(here).stage == Stage.FAILED
