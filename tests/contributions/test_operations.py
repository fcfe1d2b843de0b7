"""Numbers that never repeat, words that go for good, decisions with reasons, one support each."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text

from app import privacy
from app.audit.models import AuditEntry
from app.contributions import operations, queries
from app.contributions.models import Contribution, Ruling, Support, Version
from app.contributions.operations import ContributionsClosed, NotPublished, Sent
from app.core.contributions import Decision, Kind, Source, Status
from app.core.refusals import Invalid
from app.database import db
from app.live import queries as live
from app.mail.models import OutboxMail
from app.programme import operations as programme
from app.registration import operations as registrations
from tests import make

CANARY = "Quokka Canary"


def at_once(app, calls):
    """Run ``calls`` in threads that start together; return what each returned or raised."""
    db.session.rollback()
    start, results = threading.Barrier(len(calls)), []

    def run(call):
        with app.app_context():
            start.wait()
            try:
                results.append(call())
            except Exception as fault:  # counted by the test
                results.append(repr(fault))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def send(session, kind=Kind.IDEA, text="Words", **more):
    return operations.submit(session, kind, Sent(text=text), participant=make.participant(), **more)


def mails(*kinds):
    rows = db.session.scalars(
        select(OutboxMail).where(OutboxMail.kind.in_(kinds)).order_by(OutboxMail.id)
    )
    return list(rows)


def test_each_kind_is_counted_by_itself_in_the_whole_consultation(app, clock):
    first, second = make.online_round(), make.online_round("second")
    hall = make.town_hall("hall")

    found = [
        send(first).reference, send(second).reference, send(hall, Kind.QUESTION).reference,
        send(hall, Kind.WRITTEN).reference, send(first).reference,
    ]  # fmt: skip

    assert found == [
        "PRO-I-0001", "PRO-I-0002", "PRO-Q-1", "PRO-W-1", "PRO-I-0003",
    ]  # fmt: skip


def test_a_number_is_not_given_again_after_a_withdrawal(app, clock):
    session = make.online_round()
    operations.withdraw(send(session))

    assert send(session).reference == "PRO-I-0002"


def test_twenty_in_the_same_instant_have_twenty_numbers(app, clock):
    session_id, who = make.online_round().id, make.participant().id

    def call():
        from app.programme import queries as sessions
        from app.registration.models import Participant

        participant = db.session.get(Participant, who)
        session = sessions.by_id(session_id)
        return operations.submit(
            session, Kind.IDEA, Sent(text="Words"), participant=participant
        ).reference

    found = at_once(app, [call] * 20)

    assert sorted(found) == [f"PRO-I-{number:04}" for number in range(1, 21)]


def test_fifty_supports_of_one_person_at_once_are_one(app, clock):
    idea_id, who = make.idea().id, make.participant().id

    def call():
        from app.registration.models import Participant

        idea = db.session.get(Contribution, idea_id)
        return operations.support(idea, db.session.get(Participant, who))

    found = at_once(app, [call] * 50)

    assert sorted(map(str, found)) == ["False"] * 49 + ["True"]
    assert queries.supports_of([idea_id]) == {idea_id: 1}


def test_a_support_changes_no_counter_that_the_public_reads(app, clock):
    idea = make.idea()

    def public():
        db.session.expire_all()
        return (
            idea.revision, idea.changed_at, queries.revision_of(idea.session_id),
            live.counted(idea.session)[0],
        )  # fmt: skip

    before = public()
    operations.support(idea, make.participant(idea.session))
    db.session.expire_all()

    assert public() == before
    assert db.session.query(Support).count() == 1


def test_only_what_is_published_is_supported_or_answered(app, clock):
    waiting = make.idea(published=False)
    who = make.participant()

    with pytest.raises(NotPublished):
        operations.support(waiting, who)
    with pytest.raises(NotPublished):
        operations.submit(
            waiting.session, Kind.COMMENT, Sent(text="No"), participant=who, answers=waiting
        )


def test_comments_are_one_level_deep(app, clock):
    session = make.online_round(settings={"moderation": "after"})
    idea = make.idea(session)
    comment = send(session, Kind.COMMENT, answers=idea, stance="against")

    assert (comment.reference, comment.stance, comment.status) == (
        "PRO-K-0001", "against", "published",
    )  # fmt: skip
    assert idea.comments == 1
    with pytest.raises(NotPublished):
        send(session, Kind.COMMENT, answers=comment)


def test_the_board_opens_and_closes_at_its_instants(app, clock):
    session = make.online_round()
    taken = []
    for moment in ("2028-08-25T06:59:59Z", "2028-08-25T07:00:00Z", "2028-09-30T21:58:59Z",
                   "2028-09-30T21:59:00Z"):  # fmt: skip
        clock.set(moment)
        try:
            taken.append(send(session).status)
        except ContributionsClosed:
            taken.append("closed")

    assert taken == ["closed", "submitted", "submitted", "closed"]


def test_an_unknown_guiding_question_is_refused(app, clock):
    session = make.online_round()
    with pytest.raises(Invalid) as refusal:
        operations.submit(
            session, Kind.IDEA, Sent(text="x", guiding_question=2), participant=make.participant()
        )

    assert refusal.value.errors[0].code == "unknown_guiding_question"


def test_moderation_after_publishes_at_once_and_before_does_not(app, clock):
    before = send(make.online_round())
    after = send(make.online_round("after", settings={"moderation": "after"}))

    assert (before.status, after.status) == ("submitted", "published")


# --- Decisions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "status"),
    [(Decision.PUBLISH, "published"), (Decision.HOLD, "held"), (Decision.REJECT, "rejected")],
)
def test_a_decision_is_logged_and_told_to_the_author_with_its_reason(app, clock, decision, status):
    idea = make.idea(published=False)
    operations.moderate(idea, decision, rule=2, reason="Look at the second sentence.")

    assert idea.status == status
    ruling = db.session.scalars(select(Ruling)).one()
    assert (ruling.decision, ruling.rule, ruling.reason) == (
        decision.value, 2, "Look at the second sentence.",
    )  # fmt: skip
    (mail,) = mails("contribution_decided")
    assert mail.facts["decision"] == decision.value
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.action == f"contribution_{decision.value}"
    assert entry.details == {"reference": "PRO-I-0001", "rule": 2}


def test_the_same_decision_twice_is_told_once(app, clock):
    idea = make.idea(published=False)
    for _ in range(2):
        operations.moderate(idea, Decision.HOLD)

    assert len(mails("contribution_decided")) == 1


def test_what_answers_something_rejected_is_hidden_with_it(app, clock):
    session = make.online_round(settings={"moderation": "after"})
    idea = make.idea(session)
    comment = send(session, Kind.COMMENT, answers=idea)

    operations.moderate(idea, Decision.REJECT, rule=2)

    assert (idea.is_public, comment.is_public) == (False, False)
    assert queries.listed(session.consultation, inside=False) == []


def test_a_report_waits_for_a_moderator_and_changes_nothing_public(app, clock):
    idea = make.idea()
    revision = queries.revision_of(idea.session_id)

    operations.report(idea, "Insults me")

    assert [each.reason for each in queries.reports_of(idea)] == ["Insults me"]
    assert queries.revision_of(idea.session_id) == revision
    operations.moderate(idea, Decision.PUBLISH)
    assert queries.reports_of(idea) == []


# --- Changing, withdrawing, erasing -----------------------------------------------------------


def test_a_change_keeps_what_was_said_before_and_waits_to_be_read_again(app, clock):
    who = make.participant()
    idea = make.idea(who=who, text="First")

    operations.change(idea, Sent(text="Second", title="New"), who)

    assert (idea.title, idea.text, idea.status) == ("New", "Second", "submitted")
    assert [(v.number, v.text, v.was_public) for v in idea.versions] == [(1, "First", True)]
    clock.set("2028-09-30T21:59:00Z")
    with pytest.raises(ContributionsClosed):
        operations.change(idea, Sent(text="Third"), who)


def test_a_withdrawal_leaves_reference_kind_date_and_status_in_the_whole_database(app, clock):
    session = make.online_round(settings={"moderation": "after"})
    who = make.participant(session, name=CANARY, email="c@example.org")
    idea = make.idea(session, who=who, attribution="named", title="Quokka one", text="Quokka two")
    operations.change(idea, Sent(text="Quokka three", title="Quokka four"), who)
    operations.report(idea, "Quokka five")
    operations.moderate(idea, Decision.HOLD, reason="Quokka six")

    operations.withdraw(idea)

    assert idea.status == Status.WITHDRAWN
    assert (idea.reference, idea.kind, idea.sent_at) == ("PRO-I-0001", "idea", clock.time)
    assert db.session.query(Version).count() == 0
    for table in ("contribution", "contribution_version", "ruling", "report", "audit_entry"):
        assert "Quokka" not in str(db.session.execute(text(f"SELECT * FROM {table}")).all()), table
    for mail in mails("contribution_received", "contribution_decided"):
        assert "Quokka" not in f"{mail.facts} {mail.subject} {mail.body}"
    assert {m.status for m in mails("contribution_received", "contribution_decided")} == {"dropped"}
    assert operations.withdraw(idea).status == Status.WITHDRAWN


def test_erase_me_makes_what_was_published_anonymous_and_withdraws_the_rest(app, clock):
    who = make.participant(name=CANARY)
    published = make.idea(who=who, attribution="named")
    waiting = make.idea(who=who, attribution="named", published=False)

    privacy.erase(who)

    assert (published.status, published.text != "", published.author) == ("published", True, {})
    assert published.shown_author.name == ""
    assert waiting.status == Status.WITHDRAWN


def test_retention_leaves_what_was_published_under_the_name_its_author_chose(app, clock):
    who = make.participant(name=CANARY, organisation="Net Nordic", country="KE")
    named = make.idea(who=who, attribution="named")
    lesser = make.idea(who=who, attribution="organisation")

    clock.set("2030-01-01T00:00:00Z")
    assert registrations.erase_after_retention() > 0

    assert named.shown_author.name == CANARY
    assert lesser.shown_author.organisation == "Net Nordic"
    assert CANARY not in str(lesser.author)


def test_a_session_that_lowers_its_cap_lowers_what_was_said_before_and_never_raises_it(app, clock):
    who = make.participant(name=CANARY)
    session = make.online_round(settings={"attribution": "anonymous"})
    idea = make.idea(session, who=who, attribution="named")

    programme.change(session, {"settings": {"attribution": "named"}})

    assert idea.shown_author.name == ""
    other = make.idea(session, who=who, attribution="named")
    assert other.shown_author.name == CANARY
    programme.change(session, {"settings": {"attribution": "group_country"}})
    assert other.shown_author.name == ""


def test_staff_enter_what_came_on_paper_after_the_close_and_it_is_marked(app, clock):
    session = make.online_round()
    clock.set("2028-10-20T08:00:00Z")

    made = operations.submit(
        session, Kind.IDEA, Sent(text="From a card", attribution="group_country"),
        source=Source.POST, source_url="https://social.example.org/@quokka/1",
        author={"name": "Quokka \u202eCanary", "country": "KE"},
    )  # fmt: skip

    assert (made.source, made.participant_id) == ("post", None)
    assert made.entered_by
    assert made.author["name"] == "Quokka Canary"
    assert (made.shown_author.name, made.shown_author.country) == ("", "KE")
    assert made.shown_source_url is None


def test_whoever_writes_in_a_long_session_was_there(app, clock):
    from app.attendance.models import Join

    session = make.online_round()
    who = make.participant(session)
    make.idea(session, who=who)

    joins = db.session.scalars(select(Join)).all()
    assert [(join.session_id, join.participant_id) for join in joins] == [(session.id, who.id)]


def test_looking_at_an_author_is_audited(app, clock):
    who = make.participant(name=CANARY)
    idea = make.idea(who=who)

    assert operations.look_at_author(idea).name == CANARY
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.details) == ("author_looked_at", {"reference": idea.reference})
