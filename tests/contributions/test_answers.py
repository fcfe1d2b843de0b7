"""Answers: one each, singly or in bulk, published or not; the author is told once, with a link."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select

from app import privacy
from app.audit.models import AuditEntry
from app.contributions import operations, queries
from app.contributions.operations import Given
from app.core.vocabulary import Role
from app.database import db, operation
from app.mail import kinds, tasks
from app.mail import operations as outbox
from app.mail.models import OutboxMail
from tests import make

BASE = "/api/v1/consultations/probe"
KIND = "answer_published"


@pytest.fixture
def session(app, clock):
    return make.online_round(settings={"moderation": "after"})


@pytest.fixture
def rapporteur(session):
    return make.bearer(Role.RAPPORTEUR)


def told() -> list[OutboxMail]:
    """The mails that tell authors of answers, in order."""
    return list(
        db.session.scalars(
            select(OutboxMail).where(OutboxMail.kind == KIND).order_by(OutboxMail.id)
        )
    )


def put(client, head, idea, **body):
    """Answer one idea by the API."""
    path = f"{BASE}/contributions/{idea.reference}/answer"
    return client.put(path, headers=head, json={"disposition": "few"} | body)


def test_an_answer_is_kept_whole_and_answered_as_it_is(client, session, rapporteur):
    idea = make.idea(session)
    made = put(
        client, rapporteur, idea,
        disposition="outside_scope", text={"en": "Passed on", "fr": "Transmis"}, publish=True,
    )  # fmt: skip
    assert (made.status_code, made.json) == (200, {
        "reference": idea.reference, "disposition": "outside_scope", "statement": None,
        "text": {"en": "Passed on", "fr": "Transmis"}, "published": True,
        "published_at": "2028-09-01T08:00:00Z", "told_at": "2028-09-01T08:00:00Z",
    })  # fmt: skip

    again = put(client, rapporteur, idea, text="Two others said so")
    assert (again.json["disposition"], again.json["text"], again.json["published"]) == (
        "few", "Two others said so", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"disposition": "burnt"}, "disposition", "invalid_disposition"),
        ({"disposition": "not_reflected"}, "text", "reason_needed"),
        ({"disposition": "outside_scope", "statement": "3.1"}, "statement",
         "statement_not_expected"),
        ({"disposition": "reflected", "statement": "three"}, "statement", "invalid_statement"),
        ({"disposition": "few", "publish": "yes"}, "publish", "invalid_value"),
        ({"disposition": "few", "colour": 1}, "colour", "unknown_field"),
        ({"disposition": "few", "text": "x" * 4001}, "text", "too_long"),
    ],
)  # fmt: skip
def test_wrong_fields_are_named_and_nothing_is_kept(client, session, rapporteur, body, field, code):
    idea = make.idea(session)
    answer = put(client, rapporteur, idea, **body)

    assert (answer.status_code, answer.json["errors"][0]["field"], answer.json["code"]) == (
        422, field, code,
    )  # fmt: skip
    assert queries.answer_to(idea) is None


def test_the_author_is_told_once_when_it_is_first_published(client, session, rapporteur, clock):
    who = make.participant(session, language="fr")
    idea = make.idea(session, who=who)

    put(client, rapporteur, idea, text="A draft", publish=False)
    assert told() == []
    put(client, rapporteur, idea, text="Final", publish=True)
    assert [(mail.person, mail.language) for mail in told()] == [(who.person, "fr")]
    clock.go_on(hours=1)
    put(client, rapporteur, idea, text="Better", publish=True)
    put(client, rapporteur, idea, publish=False)
    put(client, rapporteur, idea, publish=True)
    assert len(told()) == 1


def test_an_answer_that_names_a_statement_waits_for_the_edition_that_holds_it(app, session):
    first, second, third = (make.idea(session) for _ in range(3))

    @operation
    def give(idea, number, publish):
        row = operations.answer(idea, Given("few", None, {}, False))
        row.statement = number
        row.published_at = row.changed_at if publish else None

    give(first, "3.1", True)
    give(second, "3.2", True)
    give(third, "3.1", False)
    assert told() == []

    @operation
    def edition(numbers):
        return operations.tell(queries.untold(session.consultation, numbers))

    assert edition({"3.1"}) == 1
    assert [mail.subject_id for mail in told()] == [first.id]
    assert edition({"3.1", "3.2"}) == 1
    assert edition({"3.1", "3.2"}) == 0
    assert [mail.subject_id for mail in told()] == [first.id, second.id]


def letters() -> dict[str, Any]:
    """Every mail that is due, written and filled in, by kind."""
    found = {}
    while (mail := outbox.claim()) is not None:
        found[mail.kind] = kinds.fill(tasks.stored(mail), mail)
        outbox.mark_sent(mail.id, mail.attempts)
    return found


def test_the_mail_says_what_became_of_it_in_the_readers_language(app, session):
    who = make.participant(session, language="en", email="ada@example.org")
    idea = make.idea(session, who=who, title="Publish who pays")
    operations.answer(idea, Given("not_reflected", None, {"en": "It repeats rule 3."}, True))
    letter = letters()[KIND]
    assert letter.subject == "What became of what you said: Round"

    for words in (
        f"{idea.reference} · Publish who pays", "Not reflected", "It repeats rule 3.",
        f"https://talks.example.org/probe/contributions/{idea.reference}",
    ):  # fmt: skip
        assert words in letter.text
        assert words in letter.html
    stored = told()[0].body.decode()
    assert idea.reference not in stored
    assert "rule 3" not in stored


def test_a_withdrawal_takes_the_answer_and_the_mail_along(app, session):
    idea = make.idea(session)
    operations.answer(idea, Given("few", None, {"en": "Quoting every subsidy"}, True))
    operations.withdraw(idea)

    assert queries.answer_to(idea) is None
    assert [(mail.status, mail.body) for mail in told()] == [("dropped", None)]


def test_nobody_is_told_of_a_sample(app, session):
    from app.core.contributions import Kind, Source

    made = operations.submit(
        session, Kind.IDEA, operations.Sent(text="Invented"), participant=make.participant(session),
        source=Source.SAMPLE,
    )  # fmt: skip
    operations.answer(made, Given("few", None, {}, True))

    assert told() == []


# --- Several at once --------------------------------------------------------------------------


def test_several_are_answered_in_one_go(client, session, rapporteur):
    ideas = [make.idea(session) for _ in range(3)]
    body = {"items": [
        {"reference": each.reference, "disposition": "few", "publish": True} for each in ideas
    ]}  # fmt: skip
    first = client.post(f"{BASE}/answers", headers=rapporteur, json=body)
    again = client.post(f"{BASE}/answers", headers=rapporteur, json=body)

    assert [first.status_code, again.status_code] == [201, 200]
    assert [item["reference"] for item in first.json["items"]] == [e.reference for e in ideas]
    assert len(told()) == 3


def test_one_wrong_item_keeps_all_out_and_each_error_stands_at_its_index(
    client, session, rapporteur
):
    good, other, hidden = make.idea(session), make.idea(session), make.idea(session)
    operations.withdraw(hidden)
    items = [
        {"reference": good.reference, "disposition": "few", "publish": True},
        {"reference": "PRO-I-9999", "disposition": "few"},
        {"reference": other.reference.lower(), "disposition": "not_reflected"},
        {"reference": good.reference, "disposition": "few"},
        {"reference": hidden.reference, "disposition": "few"},
    ]
    answer = client.post(f"{BASE}/answers", headers=rapporteur, json={"items": items})

    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json["errors"]] == [
        ("items.1.reference", "unknown_contribution"), ("items.2.text", "reason_needed"),
        ("items.3.reference", "named_twice"), ("items.4.reference", "not_published"),
    ]  # fmt: skip
    assert queries.count_answers(session.consultation) == 0
    assert told() == []


def test_an_answer_to_many_reads_a_constant_number_of_times(app, session):
    def cost(count):
        items = [(make.idea(session).reference, Given("few", None, {}, True)) for _ in range(count)]
        db.session.rollback()
        consultation = session.consultation
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_more):
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            operations.answer_many(consultation, items)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len([each for each in seen if each.startswith("SELECT")])

    cost(1)
    assert cost(30) == cost(5)


# --- Who may, and what is read ----------------------------------------------------------------


def test_only_who_writes_the_document_answers(client, session):
    idea = make.idea(session)
    codes = {
        role: put(client, make.bearer(role), idea, publish=True).status_code
        for role in (Role.RAPPORTEUR, Role.ORGANISER, Role.OWNER, Role.MODERATOR, Role.VIEWER)
    }
    assert codes == {
        Role.RAPPORTEUR: 200, Role.ORGANISER: 200, Role.OWNER: 200, Role.MODERATOR: 403,
        Role.VIEWER: 403,
    }  # fmt: skip
    assert put(client, {}, idea).status_code == 401


def test_answering_is_written_into_the_audit_without_words(client, session, rapporteur):
    idea = make.idea(session)
    put(client, rapporteur, idea, text="Secret words", publish=True)
    row = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "contribution_answered")
    ).one()

    assert row.details == {
        "reference": idea.reference, "disposition": "few", "published": True,
    }  # fmt: skip


def test_the_page_shows_the_answer_once_it_is_published(client, session, rapporteur):
    idea = make.idea(session)
    page = f"/probe/contributions/{idea.reference}"
    before = client.get(page)
    put(client, rapporteur, idea, text="Nobody else said so", publish=False)
    draft = client.get(page)
    put(client, rapporteur, idea, text="Nobody else said so", publish=True)
    after = client.get(page)

    assert "What happens with what you say" in before.text
    assert (draft.headers["ETag"], draft.text) == (before.headers["ETag"], before.text)
    assert after.headers["ETag"] != before.headers["ETag"]
    for words in ("Listed among the views held by few", "Nobody else said so", "Its way so far"):
        assert words in after.text


def test_ones_own_page_lists_what_became_of_what_one_said(client, session):
    from app.core.links import Purpose
    from app.registration import queries as known

    who = make.participant(session)
    idea, waiting = make.idea(session, who=who), make.idea(session, who=who)
    operations.answer(idea, Given("outside_scope", None, {}, True))
    page = client.get(f"/my/{known.token(who, Purpose.MANAGE)}/").text

    assert "What became of what you said" in page
    assert "Noted; outside the scope" in page
    assert waiting.reference in page
    assert "Published; not answered yet" in page


def test_a_person_gets_the_answers_with_their_data(app, session):
    who = make.participant(session)
    operations.answer(make.idea(session, who=who), Given("few", None, {"en": "Why"}, True))

    assert privacy.export(who)["contributions"][0]["answer"] == {
        "disposition": "few", "statement": None, "text": {"en": "Why"},
    }  # fmt: skip
