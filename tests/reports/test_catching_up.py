"""Catching up reads what was touched, carries the rest over, and ends where reading anew does."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from app.audit import operations as audit
from app.audit.models import AuditEntry
from app.consultations import operations as consultations
from app.contributions import operations as contributions
from app.contributions.models import Contribution
from app.core.contributions import Decision, Kind
from app.core.refusals import Refusal
from app.core.vocabulary import SessionStatus
from app.database import db, operation
from app.programme import operations as programme
from app.programme.models import Session
from app.registration import operations as registrations
from app.registration.models import Participant
from app.reports import operations, queries
from app.reports.models import Citation, Excerpt
from app.reports.queries import keeping
from tests import make
from tests.reports import looking, test_keeping

STANCES = ("for", "against", "against", "mixed", "question", "fact")
PEOPLE = ({"organisation": "Net Nordic"}, {"organisation": "Secrets Ltd"}, {}, {}, {})
NAMES = ("Ana Grün", "Bo Secrets", "Cy", "Di Many", "Ed")  # one of them stands in a sentence


@pytest.fixture
def session(app, clock):
    """A round that is marked, written and answered; nothing of it is kept yet."""
    keeping.forget()
    session = make.online_round(settings={"moderation": "after"})
    make.ready(session)
    return session


@pytest.fixture
def never_anew(session, monkeypatch):
    """Keep what there is; reading everything again is an error from here on."""
    keeping.kept(session.consultation)

    def refuse(_consultation):
        raise AssertionError("everything was read anew")

    monkeypatch.setattr(keeping, "material", refuse)


# --- Whatever happens -------------------------------------------------------------------------


class Day:
    """A day of everybody at once: each act picks what it is about at random."""

    def __init__(self, session, seed: int) -> None:
        self.session, self.home = session, session.consultation
        self.pick = random.Random(seed)
        self.people = [
            make.participant(session, name=name, **facts)
            for name, facts in zip(NAMES, PEOPLE, strict=True)
        ]

    def said(self):
        query = db.select(Contribution).filter_by(consultation_id=self.home.id)
        return self.pick.choice(list(db.session.scalars(query.order_by(Contribution.id))))

    def excerpt(self):
        return self.pick.choice(queries.excerpts(self.home))

    def theme(self):
        return self.pick.choice(queries.themes(self.home))

    def statement(self):
        return self.pick.choice(queries.statements(self.home))

    def cites(self):
        rows = queries.excerpts(self.home)
        return {each.id: None for each in self.pick.sample(rows, min(len(rows), 3))}

    def words(self):
        name = self.pick.choice([*NAMES, "nobody"])
        return {"en": f"asked {self.pick.randrange(99)} times, with {name}."}

    def mark(self):
        start = self.pick.randrange(20)
        operations.mark(
            self.said(), start=start, end=start + self.pick.randrange(1, 20),
            theme=self.theme().number, stance=self.pick.choice(STANCES),
        )  # fmt: skip

    def recode(self):
        excerpt, stance = self.excerpt(), self.pick.choice(STANCES)
        operations.change_excerpt(self.home, excerpt, theme=self.theme().number, stance=stance)

    def unmark(self):
        operations.unmark(self.home, self.excerpt())

    def list_difference(self):
        operations.list_difference(self.home, self.excerpt(), answered=self.pick.random() < 0.5)

    def add_theme(self):
        operations.add_theme(self.home, title=self.words(), guiding_question=1)

    def rename_theme(self):
        operations.change_theme(self.home, self.theme(), title=self.words(), guiding_question=1)

    def merge(self):
        operations.merge(self.home, self.theme(), self.theme())

    def write(self):
        operations.write(
            self.home, theme=self.theme().number, text=self.words(), cites=self.cites()
        )

    def reword(self):
        operations.change(self.statement(), text=self.words())

    def cite(self):
        operations.change(self.statement(), cites=self.cites())

    def move(self):
        operations.move(self.statement(), place=self.pick.randrange(1, 4))

    def remove(self):
        operations.remove(self.statement())

    def review(self):
        operations.review(self.statement())

    def answer(self):
        number = self.pick.choice([None, self.statement().number])
        disposition = "few" if number is None else "reflected"
        given = contributions.Given(disposition, number, self.words(), self.pick.random() < 0.7)
        contributions.answer(self.said(), given)

    def say(self):
        make.idea(
            self.session, who=self.pick.choice(self.people), title="", text="We want more of it.",
            attribution=self.pick.choice(["named", "organisation", "anonymous"]),
            published=self.pick.random() < 0.8, guiding_question=1,
        )  # fmt: skip

    def comment(self):
        sent = contributions.Sent(text="I do not agree with that.", attribution="named")
        who, parent = self.pick.choice(self.people), self.said()
        contributions.submit(
            self.session, Kind.COMMENT, sent, participant=who, answers=parent, stance="against"
        )

    def change_words(self):
        said = self.said()
        sent = contributions.Sent(text=self.words()["en"], title="Other", attribution="anonymous")
        who = db.session.get(Participant, said.participant_id) if said.participant_id else None
        if who is not None:
            contributions.change(said, sent, who)

    def moderate(self):
        decision = self.pick.choice([Decision.PUBLISH, Decision.HOLD, Decision.REJECT])
        rule = None if decision is Decision.PUBLISH else 1
        contributions.moderate(self.said(), decision, rule=rule, reason="It is one")

    def withdraw(self):
        contributions.withdraw(self.said(), by_staff=self.pick.random() < 0.5)

    def erase(self):
        registrations.erase(self.people.pop())
        self.people.append(make.participant(self.session, name=self.pick.choice(NAMES)))

    def lower_attribution(self):
        cap = self.pick.choice(["named", "organisation", "anonymous"])
        programme.change(self.session, {"settings": {"moderation": "after", "attribution": cap}})

    def rename_consultation(self):
        consultations.change(self.home, {"title": self.words()})


ACTS = sorted(name for name, each in vars(Day).items() if callable(each) and name[0] != "_")
PICKS = {"said", "excerpt", "theme", "statement", "cites", "words"}
OFTEN = ("mark", "mark", "cite", "write", "reword", "answer", "say", "comment")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_the_kept_material_concludes_what_a_fresh_one_does(
    session, clock, monkeypatch, seed
):
    day, anew, done = Day(session, seed), [], 0
    everything = keeping.material
    monkeypatch.setattr(keeping, "material", lambda each: anew.append(each) or everything(each))
    names = [each for each in ACTS if each not in PICKS] * 2 + [*OFTEN] * 2
    day.pick.shuffle(names)
    for name in names:
        clock.go_on(seconds=1)
        try:
            getattr(day, name)()
            done += 1
        except (Refusal, IndexError):
            continue
        assert looking.kept(day.home) == looking.fresh(day.home), (seed, name)
    assert done > len(names) / 2
    assert len(anew) < done / 2  # else nothing of this was about catching up


# --- What it is for ---------------------------------------------------------------------------


def say_again(session):
    who = db.session.scalars(db.select(Participant).order_by(Participant.id)).first()
    contributions.submit(session, Kind.IDEA, contributions.Sent("And more."), participant=who)


QUICK = (
    test_keeping.rename, test_keeping.add_theme, test_keeping.move, test_keeping.reword,
    test_keeping.review_again, test_keeping.remove, test_keeping.write, test_keeping.mark,
    test_keeping.unmark, test_keeping.list_difference, test_keeping.withdraw, test_keeping.reject,
    test_keeping.answer, say_again,
)  # fmt: skip


@pytest.mark.usefixtures("never_anew")
@pytest.mark.parametrize("change", QUICK, ids=lambda each: each.__name__)
def test_after_what_a_rapporteur_does_all_day_only_what_was_touched_is_read(session, change):
    change(session)

    assert looking.kept(session.consultation) == looking.fresh(session.consultation)


def test_what_was_not_touched_is_not_made_again(session):
    before = keeping.kept(session.consultation)
    test_keeping.mark(session)
    after = keeping.kept(session.consultation)

    assert after.voices is before.voices
    assert after.citations is before.citations
    assert all(after.counting[each] is before.counting[each] for each in before.counting)
    assert after.concluded is not before.concluded


# --- What it does not trust -------------------------------------------------------------------


@operation
def behind_its_back(session, action: str, *, number: int | None = None) -> None:
    """List an excerpt as answered without naming it, in an act called ``action``."""
    audit.record(action, session.consultation, consultation_id=session.consultation_id)
    db.session.flush()
    if number is not None:
        last = select(func.max(AuditEntry.id)).scalar_subquery()
        db.session.execute(update(AuditEntry).where(AuditEntry.id == last).values(id=number))
    third = queries.excerpts(session.consultation)[2]
    db.session.execute(update(Excerpt).where(Excerpt.id == third.id).values(answered=True))


def test_after_an_act_it_does_not_know_everything_is_read(session):
    keeping.kept(session.consultation)
    behind_its_back(session, "theme_shuffled")

    assert looking.kept(session.consultation) == looking.fresh(session.consultation)


def test_an_act_committed_late_under_a_lower_number_is_seen(session):
    last = db.session.scalar(select(func.max(AuditEntry.id)))
    behind_its_back(session, "author_looked_at", number=last + 100)
    test_keeping.mark(session)  # PostgreSQL goes on below
    keeping.kept(session.consultation)
    excerpt = queries.excerpts(session.consultation)[2]

    @operation
    def take_off() -> None:
        audit.record("excerpt_listed", excerpt, consultation_id=session.consultation_id)
        db.session.flush()
        latest = select(func.max(AuditEntry.id)).where(AuditEntry.object == f"excerpt:{excerpt.id}")
        number = db.session.scalar(latest)
        db.session.execute(update(AuditEntry).where(AuditEntry.id == number).values(id=last + 50))
        db.session.execute(update(Excerpt).where(Excerpt.id == excerpt.id).values(answered=False))

    take_off()
    assert looking.kept(session.consultation) == looking.fresh(session.consultation)


def test_when_the_counts_do_not_come_out_everything_is_read(session):
    keeping.kept(session.consultation)
    other = queries.statement(session.consultation, "1.2")

    @operation
    def lose_a_citation() -> None:
        audit.record("paper_written", "paper:1", consultation_id=session.consultation_id)
        db.session.execute(delete(Citation).where(Citation.statement_id == other.id))

    lose_a_citation()
    assert looking.kept(session.consultation) == looking.fresh(session.consultation)


def test_when_a_session_moved_everything_is_read(session):
    keeping.kept(session.consultation)

    @operation
    def hide() -> None:
        values = {"status": SessionStatus.DRAFT.value, "revision": Session.revision + 1}
        db.session.execute(update(Session).values(values))

    hide()
    test_keeping.mark(session)
    assert looking.kept(session.consultation) == looking.fresh(session.consultation)


# --- What nobody reads, and still counts ------------------------------------------------------


def test_an_author_who_changes_what_is_held_changes_who_counts(session, clock):
    idea = queries.excerpts(session.consultation)[0].contribution
    author = db.session.get(Participant, idea.participant_id)
    contributions.moderate(idea, Decision.HOLD, rule=1, reason="It is one")
    keeping.kept(session.consultation)
    clock.go_on(seconds=1)

    sent = contributions.Sent(idea.text, title=idea.title, guiding_question=1)
    registrations.update_details(author, organisation="Net Nordic")
    keeping.kept(session.consultation)
    contributions.change(idea, sent, author)

    assert looking.kept(session.consultation) == looking.fresh(session.consultation)


def test_what_waited_for_its_owner_stands_where_it_was_sent(session, clock):
    who = make.participant(session)
    clock.go_on(minutes=1)
    keeping.kept(session.consultation)
    sent, early = contributions.Sent("I was first."), clock.time - timedelta(minutes=5)
    made = contributions.submit(session, Kind.IDEA, sent, participant=who, sent_at=early)

    assert next(iter(keeping.kept(session.consultation).voices)) == made.id
    assert looking.kept(session.consultation) == looking.fresh(session.consultation)
