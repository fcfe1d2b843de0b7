"""What is kept between two changes is never older than the last one, whatever changed."""

from __future__ import annotations

import pytest

from app.consultations import operations as consultations
from app.contributions import operations as contributions
from app.core.contributions import Decision
from app.core.vocabulary import Mode
from app.database import db
from app.registration import operations as registrations
from app.registration.models import Participant
from app.reports import operations, queries
from app.reports.queries import keeping
from tests import make
from tests.reports import looking


@pytest.fixture
def session(app, clock):
    """A round that is marked, written and answered; nothing of it is kept yet."""
    keeping.forget()
    session = make.online_round(settings={"moderation": "after"})
    make.ready(session)
    return session


def rename(session):
    theme = queries.theme(session.consultation, 1)
    operations.change_theme(session.consultation, theme, title={"en": "Else"}, guiding_question=1)


def add_theme(session):
    operations.add_theme(session.consultation, title={"en": "More"}, guiding_question=1)


def merge(session):
    add_theme(session)
    first, second = queries.themes(session.consultation)
    keeping.kept(session.consultation)
    operations.merge(session.consultation, first, second)


def move(session):
    operations.move(queries.statement(session.consultation, "1.2"), place=1)


def reword(session):
    statement = queries.statement(session.consultation, "1.1")
    operations.change(statement, text={"en": "asked otherwise."})


def review_again(session):
    reword(session)
    keeping.kept(session.consultation)
    operations.review(queries.statement(session.consultation, "1.1"))


def remove(session):
    operations.remove(queries.statement(session.consultation, "1.2"))


def write(session):
    operations.write(session.consultation, theme=1, text={"en": "added."}, cites={})


def unmark(session):
    operations.change(queries.statement(session.consultation, "1.2"), cites={})
    keeping.kept(session.consultation)
    operations.unmark(session.consultation, queries.excerpts(session.consultation)[2])


def mark(session):
    idea = queries.excerpts(session.consultation)[0].contribution
    operations.mark(idea, start=0, end=7, theme=1, stance="fact")


def list_difference(session):
    excerpt = queries.excerpts(session.consultation)[2]
    operations.list_difference(session.consultation, excerpt, answered=True)


def withdraw(session):
    contributions.withdraw(queries.excerpts(session.consultation)[0].contribution)


def reject(session):
    idea = queries.excerpts(session.consultation)[0].contribution
    contributions.moderate(idea, Decision.REJECT, rule=1, reason="It is one")


def say_more(session):
    make.idea(session, text="Something new.")


def answer(session):
    idea = queries.excerpts(session.consultation)[0].contribution
    given = contributions.Given("few", None, {"en": "Otherwise."}, publish=False)
    contributions.answer(idea, given)


def erase(session):
    idea = queries.excerpts(session.consultation)[0].contribution
    registrations.erase(db.session.get(Participant, idea.participant_id))


def come(session):
    make.registration(session, mode=Mode.ONLINE)


def rename_consultation(session):
    consultations.change(session.consultation, {"title": {"en": "Renamed"}})


CHANGES = (
    rename, add_theme, merge, move, reword, review_again, remove, write, mark, unmark,
    list_difference, withdraw, reject, say_more, answer, erase, come, rename_consultation,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_after_a_change_everything_is_read_anew(session, change):
    home = session.consultation
    before = keeping.kept(home)
    again = keeping.kept(home)

    change(session)

    assert looking.kept(home) == looking.fresh(home)
    assert again.voices is before.voices  # without a change it is the same


def test_two_consultations_are_kept_apart(session):
    other = make.online_round("elsewhere", inside=make.consultation("other"))
    make.idea(other)

    assert len(keeping.kept(session.consultation).voices) == 3
    assert len(keeping.kept(other.consultation).voices) == 1
    assert len(keeping.kept(session.consultation).voices) == 3
