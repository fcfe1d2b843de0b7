"""From excerpts to editions: nothing half, nothing lost, nothing kept that was taken back."""

from __future__ import annotations

import json
import threading
from collections import Counter

import pytest
from sqlalchemy import func, select, text

from app import privacy
from app.consultations.models import Consultation
from app.contributions import operations as contributions
from app.contributions import queries as said
from app.contributions.models import Contribution
from app.contributions.operations import Given
from app.core.contributions import Kind
from app.core.refusals import Invalid, NotFound
from app.core.synthesis import sealing
from app.database import db
from app.mail.models import OutboxMail
from app.registration import operations as registrations
from app.reports import operations, queries
from app.reports.models import Edition, EditionPart, Excerpt, MergeTrace, Redaction, Statement
from app.reports.operations import editions as freezing
from app.reports.queries import editions
from tests import make
from tests.registration.test_races import at_once

TABLES = (Edition, EditionPart)


@pytest.fixture
def session(app, clock):
    return make.online_round(settings={"moderation": "after"})


@pytest.fixture
def here(session) -> Consultation:
    return session.consultation


def count(model, *conditions) -> int:
    """How many rows there are, read anew."""
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(model).where(*conditions)).one()


def frozen(consultation: Consultation, number: int = 1) -> dict:
    """An edition as it may be read now."""
    db.session.rollback()
    return editions.values(queries.edition(consultation, number))


# --- Coding and writing -----------------------------------------------------------------------


def test_a_passage_is_counted_in_code_points(here, session):
    idea = make.idea(session, title="", text="👩‍👩‍👧 مرحبا, publish all 🙂")
    operations.add_theme(here, title={"en": "T"}, guiding_question=1)
    start = idea.text.index("publish")
    excerpt, is_new = operations.mark(idea, start=start, end=start + 13, theme=1, stance="for")
    again, is_again_new = operations.mark(idea, start=start, end=start + 13, theme=1, stance="for")

    assert (excerpt.quote, is_new, is_again_new) == ("publish all 🙂", True, False)
    assert again.id == excerpt.id
    for start, end in ((0, len(idea.text) + 1), (3, 3), (5, 2), (len(idea.text), 99)):
        with pytest.raises(Invalid):
            operations.mark(idea, start=start, end=end, theme=1, stance="for")


def test_numbers_of_statements_are_never_given_again(here, session):
    make.coded(session)
    first = operations.write(here, theme=1, text={"en": "One."}, cites={})
    operations.remove(first)
    second = operations.write(here, theme=1, text={"en": "Two."}, cites={})

    assert (second.number, count(Statement)) == ("1.2", 1)


def test_twenty_statements_at_once_have_twenty_numbers(app, here, session):
    make.coded(session)
    key = here.id

    def write():
        found = db.session.get(Consultation, key)
        return operations.write(found, theme=1, text={"en": "A sentence."}, cites={}).number

    assert sorted(at_once(app, [write] * 20)) == sorted(f"1.{n}" for n in range(1, 21))


def test_of_two_who_save_at_once_one_is_told_and_both_versions_are_kept(app, here, session):
    make.coded(session)
    statement = operations.write(here, theme=1, text={"en": "First."}, cites={})
    key = statement.id
    lost = []

    def save(words):
        def act():
            found = db.session.get(Statement, key)
            try:
                operations.change(found, text={"en": words}, revision=1)
            except operations.StatementChanged as refusal:
                lost.append(refusal.extra)
                return "refused"
            return words

        return act

    results = at_once(app, [save("Ada's."), save("Bo's.")])
    kept = next(each for each in results if each != "refused")
    other = {"Ada's.": "Bo's.", "Bo's.": "Ada's."}[kept]
    assert sorted(results) == sorted([kept, "refused"])
    assert [(each["theirs"]["text"], each["yours"]["text"]) for each in lost] == [
        ({"en": kept}, {"en": other})
    ]


def test_changing_words_or_sources_ends_a_review_and_a_withdrawal_does_not(here, session):
    ideas, excerpts = make.ready(session)
    statement = queries.statement(here, "1.1")
    operations.move(statement, place=2)
    contributions.withdraw(ideas[0])
    assert queries.statement(here, "1.1").is_reviewed
    operations.change(statement, cites={excerpts[1].id: None})
    assert not queries.statement(here, "1.1").is_reviewed


def test_a_statement_whose_every_source_is_withdrawn_has_none(here, session):
    ideas, _excerpts = make.ready(session)
    contributions.withdraw(ideas[2])
    points = queries.coverage.blocking(queries.material(here))

    assert [(each.code, each.object) for each in points] == [("statement_without_source", "1.2")]
    with pytest.raises(operations.NoSource):
        operations.review(queries.statement(here, "1.2"))


def test_merging_moves_everything_and_loses_no_number_and_no_trace(here, session):
    _ideas, excerpts = make.ready(session)
    second = operations.add_theme(here, title={"en": "Money"}, guiding_question=1)
    third = operations.add_theme(here, title={"en": "All"}, guiding_question=1)
    first = queries.theme(here, 1)
    operations.merge(here, first, second)
    operations.merge(here, second, third)
    with pytest.raises(operations.CannotMerge):
        operations.merge(here, first, third)
    late = operations.write(here, theme=1, text={"en": "Later."}, cites={})

    assert [each.number for each in queries.statements_of(third)] == ["1.1", "1.2", late.number]
    assert late.number == "3.1"
    assert {each.marked_in for each in db.session.scalars(select(Excerpt))} == {1}
    traces = list(db.session.scalars(select(MergeTrace).order_by(MergeTrace.id)))
    assert [(t.theme, t.into, t.excerpts, t.statements) for t in traces] == [
        (1, 2, [each.id for each in excerpts], ["1.1", "1.2"]),
        (2, 3, [each.id for each in excerpts], ["1.1", "1.2"]),
    ]
    operations.remove(late)
    document = queries.document.draft(here, at=here.created_at)
    assert [each.merged for each in document.themes] == [(1, 2)]


# --- Freezing ---------------------------------------------------------------------------------


def test_an_edition_is_whole_and_the_golden_thread_runs_both_ways(here, session):
    ideas, _excerpts = make.ready(session)
    operations.freeze(here)
    document = editions.document(queries.edition(here, 1))
    to_sources = {
        (statement.number, source.reference)
        for statement in document.statements
        for source in statement.sources
    }
    back = {
        (number, entry.reference) for entry in document.contributions for number in entry.cited_in
    }

    assert sealing.is_whole(frozen(here))
    assert to_sources == back
    assert {reference for _number, reference in back} == {each.reference for each in ideas}


def test_a_freeze_that_dies_half_way_leaves_nothing(here, session, monkeypatch):
    make.ready(session)
    before = count(OutboxMail)

    def dies(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(freezing, "tell_authors", dies)
    with pytest.raises(KeyboardInterrupt):
        operations.freeze(here)
    monkeypatch.undo()

    assert [count(model) for model in TABLES] == [0, 0]
    assert count(OutboxMail) == before
    assert operations.freeze(here).number == 1


def test_two_who_freeze_at_once_make_two_editions_and_tell_each_author_once(app, here, session):
    make.ready(session)
    key = here.id

    def freeze():
        return operations.freeze(db.session.get(Consultation, key)).number

    assert Counter(at_once(app, [freeze] * 2)) == {1: 1, 2: 1}
    assert count(OutboxMail, OutboxMail.kind == "answer_published") == 3


@pytest.fixture
def reading(monkeypatch):
    """Set as soon as a freeze has read everything; it then takes its time to write."""
    compose, begun = queries.document.compose, threading.Event()

    def slowly(*given, **named):
        begun.set()
        threading.Event().wait(0.4)
        return compose(*given, **named)

    monkeypatch.setattr(queries.document, "compose", slowly)
    return begun


def test_what_comes_in_while_freezing_is_in_the_next_edition_whole(app, here, session, reading):
    make.ready(session)
    key, at = here.id, session.id
    who = make.participant(session).id

    def freeze():
        return operations.freeze(db.session.get(Consultation, key)).number

    def send():
        from app.programme.models import Session
        from app.registration.models import Participant

        assert reading.wait(10)
        sent = contributions.Sent(text="Imported meanwhile.", guiding_question=1)
        made = contributions.submit(
            db.session.get(Session, at), Kind.IDEA, sent,
            participant=db.session.get(Participant, who),
        )  # fmt: skip
        return made.reference

    found = at_once(app, [freeze, send])
    reference = next(each for each in found if each != 1)
    assert reference not in json.dumps(frozen(here))
    row = said.by_reference(reference)
    contributions.answer(row, Given("few", None, {}, True))
    operations.freeze(here)
    assert reference in json.dumps(frozen(here, 2))


def test_the_gate_refuses_and_writes_nothing(here, session):
    make.coded(session)
    with pytest.raises(operations.NotReady) as refused:
        operations.freeze(here)

    assert {each.code for each in refused.value.errors} == {
        "opposing_view_missing", "contribution_without_answer",
    }  # fmt: skip
    assert [count(model) for model in TABLES] == [0, 0]


def test_an_answer_that_names_what_is_out_already_is_told_at_once(here, session):
    make.edition(session)
    late = make.idea(session)
    contributions.answer(late, Given("reflected", "1.1", {}, True))

    told = OutboxMail.kind == "answer_published"
    assert count(OutboxMail, told, OutboxMail.subject_id == late.id) == 1


def test_a_statement_that_answers_name_stays(here, session):
    make.ready(session)
    with pytest.raises(operations.NamedInAnswers):
        operations.remove(queries.statement(here, "1.1"))


# --- Taking back ------------------------------------------------------------------------------


def test_a_withdrawal_leaves_no_word_of_it_in_any_table(here, session):
    ideas, _excerpts = make.ready(session)
    operations.freeze(here)
    operations.freeze(here)
    sha = [queries.edition(here, n).sha256 for n in (1, 2)]
    words, reference = ideas[0].text, ideas[0].reference
    contributions.withdraw(ideas[0])

    assert count(EditionPart, EditionPart.reference == reference) == 0
    assert words not in "".join(db.session.scalars(select(Edition.document)))
    assert words not in "".join(db.session.scalars(select(Excerpt.quote)))
    for number in (1, 2):
        now = frozen(here, number)
        assert words not in json.dumps(now, ensure_ascii=False)
        assert sealing.is_whole(now)
        assert now["sha256"] == sha[number - 1]
        assert queries.edition(here, number).revision == 2


def test_who_is_erased_at_their_wish_is_nobody_in_every_edition(here, session, clock):
    who = make.participant(session, name="Quokka Canary", organisation="Canary Works")
    idea = make.idea(session, who=who, title="", text="Kept words.", guiding_question=1,
                     attribution="named")  # fmt: skip
    make.ready(session)
    contributions.answer(idea, Given("few", None, {}, True))
    operations.freeze(here)
    assert "Quokka Canary" in json.dumps(frozen(here))
    clock.go_on(hours=1)
    privacy.erase(who)

    now = json.dumps(frozen(here))
    assert "Canary" not in now
    assert "Kept words." in now
    assert sealing.is_whole(frozen(here))
    stored = "".join(map(json.dumps, db.session.scalars(select(EditionPart.said))))
    assert "Canary" not in stored
    operations.freeze(here)
    assert "Canary" not in json.dumps(frozen(here, 2))


def test_words_withdrawn_while_an_edition_is_frozen_are_in_none(app, here, session, reading):
    ideas, _excerpts = make.ready(session)
    key, idea, words = here.id, ideas[0].id, ideas[0].text

    def freeze():
        return operations.freeze(db.session.get(Consultation, key)).number

    def withdraw():
        assert reading.wait(10)
        return contributions.withdraw(db.session.get(Contribution, idea)).status

    assert set(at_once(app, [freeze, withdraw])) == {1, "withdrawn"}
    assert words not in json.dumps(frozen(here))
    assert count(EditionPart, EditionPart.reference == ideas[0].reference) == 0


def test_after_retention_what_was_published_stays_as_it_was(here, session):
    who = make.participant(session, name="Quokka Canary")
    idea = make.idea(session, who=who, title="", text="Kept words.", guiding_question=1,
                     attribution="named")  # fmt: skip
    make.ready(session)
    contributions.answer(idea, Given("few", None, {}, True))
    operations.freeze(here)
    before = frozen(here)
    registrations.erase(who, after_retention=True)

    assert frozen(here) == before
    assert count(Redaction) == 0


def test_a_name_erased_while_an_edition_is_frozen_is_in_none(app, here, session, clock, reading):
    who = make.participant(session, name="Quokka Canary")
    idea = make.idea(session, who=who, title="", text="Kept words.", guiding_question=1,
                     attribution="named")  # fmt: skip
    make.ready(session)
    contributions.answer(idea, Given("few", None, {}, True))
    key, person = here.id, who.id
    clock.set("2028-10-05T08:00:00Z")  # no place is given back, which would hold it as well

    def freeze():
        return operations.freeze(db.session.get(Consultation, key)).number

    def erase():
        from app.registration.models import Participant

        assert reading.wait(10)
        return privacy.erase(db.session.get(Participant, person)) or "erased"

    assert set(at_once(app, [freeze, erase])) == {1, "erased"}
    assert "Canary" not in json.dumps(frozen(here))
    assert "Canary" not in "".join(map(json.dumps, db.session.scalars(select(EditionPart.said))))
    assert count(Contribution, Contribution.participant_id == person) == 1


def test_a_statement_removed_in_the_same_moment_is_not_found(app, session):
    """The row handed in was read before; nobody's page ends in a fault."""
    make.coded(session)
    statement = operations.write(session.consultation, theme=1, text={"en": "asked."}, cites={})
    assert statement.number == "1.1"
    with db.engine.begin() as other:
        other.execute(text("DELETE FROM statement"))

    for act in (
        lambda: operations.change(statement, text={"en": "asked again."}),
        lambda: operations.review(statement),
        lambda: operations.move(statement, place=1),
        lambda: operations.remove(statement),
    ):
        with pytest.raises(NotFound):
            act()
