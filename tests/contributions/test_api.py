"""Contributions under /api/v1: who may act by which secret, what is answered, what is refused."""

from __future__ import annotations

import pytest

from app.contributions import operations, queries
from app.core.contributions import Decision
from app.core.links import Purpose
from app.core.vocabulary import Role
from app.registration import queries as registrations
from tests import make

BASE = "/api/v1/consultations/probe"
IDEAS = f"{BASE}/sessions/round/ideas"


@pytest.fixture
def session(app, clock):
    return make.online_round(settings={"moderation": "after"})


@pytest.fixture
def live(session):
    return make.bearer(Role.ONLINE_MODERATOR)


def by_link(who):
    return {"Authorization": f"Bearer {registrations.token(who, Purpose.MANAGE)}"}


def by_join(registration):
    return {"Authorization": f"Bearer {registrations.join_token(registration)}"}


def test_a_token_for_live_sends_for_a_participant(client, session, live):
    who = make.participant(session, language="fr")
    answer = client.post(
        IDEAS, headers=live,
        json={"participant": who.public_id, "title": "T", "text": "Text", "guiding_question": 1},
    )  # fmt: skip

    assert (answer.status_code, answer.json) == (
        201, {"reference": "PRO-I-0001", "status": "published"},
    )  # fmt: skip
    made = queries.by_reference("PRO-I-0001")
    assert (made.attribution, made.language, made.participant_id) == ("anonymous", "fr", who.id)


def test_a_manage_link_acts_for_its_own_person_only(client, session):
    who, other = make.participant(session), make.participant(session)

    mine = client.post(IDEAS, headers=by_link(who), json={"text": "Text"})
    theirs = client.post(
        IDEAS, headers=by_link(who), json={"text": "Text", "participant": other.public_id}
    )
    feigned = client.post(IDEAS, headers=by_link(who), json={"text": "Text", "source": "paper"})

    assert [mine.status_code, theirs.status_code, feigned.status_code] == [201, 403, 403]
    assert queries.by_reference("PRO-I-0001").participant_id == who.id


def test_a_join_link_acts_in_its_session_only(client, session):
    second = make.online_round("second", settings={"moderation": "after"})
    registration = make.registration(session, mode="online")
    there = make.idea(second)

    here = client.post(IDEAS, headers=by_join(registration), json={"text": "Text"})
    away = client.post(
        f"{BASE}/sessions/second/ideas", headers=by_join(registration), json={"text": "Text"}
    )
    support = client.post(
        f"{BASE}/contributions/{there.reference}/supports", headers=by_join(registration), json={}
    )

    assert [here.status_code, away.status_code, support.status_code] == [201, 403, 403]


def test_a_link_of_another_consultation_finds_nothing(client, session):
    other = make.session("there", inside=make.consultation("elsewhere"))
    who = make.participant(other)

    assert client.post(IDEAS, headers=by_link(who), json={"text": "x"}).status_code == 404


def test_nobody_and_nonsense_are_401_before_anything_is_looked_at(client, session):
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        for path in (IDEAS, f"{BASE}/contributions/none/supports"):
            answer = client.post(path, headers=headers, json={})
            assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")


def test_the_other_kinds_are_taken_where_their_format_has_them(client, app, clock):
    make.cafe(starts="2028-09-01T09:00", ends="2028-09-01T12:00")
    make.town_hall("hall")
    make.online_round()
    who = make.participant().public_id
    head = make.bearer(Role.MODERATOR)

    found = {
        path: client.post(
            f"{BASE}/sessions/{path}", headers=head, json={"participant": who, "text": "Text"}
        )
        for path in ("cafe/cards", "hall/questions", "round/written", "round/ideas",
                     "cafe/ideas", "round/cards", "round/questions")
    }  # fmt: skip

    assert {path: (a.status_code, a.json.get("reference")) for path, a in found.items()} == {
        "cafe/cards": (201, "PRO-C-0001"), "hall/questions": (201, "PRO-Q-1"),
        "round/written": (201, "PRO-W-1"), "round/ideas": (201, "PRO-I-0001"),
        "cafe/ideas": (404, None), "round/cards": (404, None), "round/questions": (404, None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_field"),
        ({"text": ""}, "missing_field"),
        ({"text": "x" * 4_001}, "too_long"),
        ({"text": "x", "title": "y" * 91}, "too_long"),
        ({"text": "x", "guiding_question": 2}, "unknown_guiding_question"),
        ({"text": "x", "guiding_question": 0}, "unknown_guiding_question"),
        ({"text": "x", "attribution": "pseudonym"}, "invalid_attribution"),
        ({"text": "x", "language": "Klingon"}, "invalid_language"),
        ({"text": "x", "participant": "nobody"}, "unknown_participant"),
        ({"text": "x", "colour": "red"}, "unknown_field"),
        ({"text": "x", "title": 7}, "invalid_value"),
    ],
)
def test_wrong_fields_are_named(client, session, live, body, code):
    who = make.participant(session).public_id
    body = body if "participant" in body else {"participant": who} | body
    answer = client.post(IDEAS, headers=live, json=body)

    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_a_participant_must_be_named_by_a_token(client, session, live):
    answer = client.post(IDEAS, headers=live, json={"text": "x"})

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "participant")


def test_after_the_close_nothing_is_taken(client, session, live, clock):
    idea = make.idea(session)
    who = make.participant(session).public_id
    clock.set("2028-09-30T21:59:00Z")
    one = f"{BASE}/contributions/{idea.reference}"

    answers = [
        client.post(path, headers=live, json={"participant": who} | more)
        for path, more in (
            (IDEAS, {"text": "x"}), (f"{one}/supports", {}), (f"{one}/comments", {"text": "x"}),
        )
    ]  # fmt: skip
    assert [(a.status_code, a.json["code"]) for a in answers] == [(409, "contributions_closed")] * 3


def test_supports_comments_and_reports(client, session, live):
    idea, who = make.idea(session), make.participant(session).public_id
    one = f"{BASE}/contributions/{idea.reference}"

    first = client.post(f"{one}/supports", headers=live, json={"participant": who})
    second = client.post(f"{one}/supports", headers=live, json={"participant": who})
    comment = client.post(
        f"{one}/comments", headers=live,
        json={"participant": who, "stance": "for", "text": "Yes", "attribution": "anonymous",
              "language": "en"},
    )  # fmt: skip
    report = client.post(f"{one}/reports", headers=live, json={"reason": "Insults"})

    assert (first.status_code, first.json["supports"]) == (201, 1)
    assert (second.status_code, second.json["supports"]) == (200, 1)
    assert (comment.status_code, comment.json) == (
        201, {"reference": "PRO-K-0001", "status": "published"},
    )  # fmt: skip
    assert report.status_code == 201
    supporter = make.participant(session)
    mine = client.post(f"{one}/supports", headers=by_link(supporter), json={})
    assert (mine.status_code, mine.json["supports"]) == (201, None)


def test_withdrawing_is_for_its_author_and_for_staff(client, session, live):
    who, other = make.participant(session), make.participant(session)
    first, second = make.idea(session, who=who), make.idea(session, who=who)
    path = f"{BASE}/contributions/{{}}/withdraw"

    refused = client.post(path.format(first.reference), headers=by_link(other))
    mine = client.post(path.format(first.reference), headers=by_link(who))
    staff = client.post(path.format(second.reference), headers=live)

    assert refused.status_code == 403
    assert [(a.status_code, a.json["status"], a.json["text"]) for a in (mine, staff)] == [
        (200, "withdrawn", "[withdrawn]")
    ] * 2


def test_an_author_withdraws_what_nobody_else_sees(client, app, clock):
    session = make.online_round()
    who = make.participant(session)
    idea = make.idea(session, who=who, published=False)
    path = f"{BASE}/contributions/{idea.reference}/withdraw"

    assert client.post(path, headers=by_link(make.participant(session))).status_code == 404
    assert client.post(path, headers=by_link(who)).json["status"] == "withdrawn"


def test_moderation_by_the_api(client, app, clock):
    idea = make.idea(published=False)
    path = f"{BASE}/contributions/{idea.reference}/moderation"
    head = make.bearer(Role.MODERATOR)

    def decide(**body):
        answer = client.post(path, headers=head, json=body)
        return answer.status_code, answer.json.get("code") or answer.json["status"]

    assert decide(decision="reject") == (422, "rule_needed")
    assert decide(decision="reject", rule=77) == (422, "unknown_rule")
    assert decide(decision="burn") == (422, "invalid_decision")
    assert decide(decision="reject", rule=1, reason="Not an answer") == (200, "rejected")
    assert client.get(f"{BASE}/contributions/{idea.reference}").status_code == 404
    assert decide(decision="hold", rule=None, reason=None) == (200, "held")
    assert decide(decision="publish") == (200, "published")
    operations.withdraw(idea)
    assert decide(decision="publish") == (409, "withdrawn")


def test_lists_show_each_what_they_may_see(client, app, clock):
    session = make.online_round()
    shown = make.idea(session)
    hidden = make.idea(session, published=False, guiding_question=1)
    gone = make.idea(session)
    operations.withdraw(gone)
    path = f"{BASE}/contributions"
    staff = make.bearer(Role.VIEWER)

    def listed(query="", **headers):
        return [item["reference"] for item in client.get(f"{path}{query}", **headers).json["items"]]

    assert listed() == [shown.reference, gone.reference]
    assert listed(headers=staff) == [shown.reference, hidden.reference, gone.reference]
    assert listed("?status=submitted", headers=staff) == [hidden.reference]
    assert listed("?status=submitted") == []
    assert listed("?guiding_question=1", headers=staff) == [hidden.reference]
    assert listed("?kind=comment") == listed("?session=round&kind=question") == []
    assert client.get(f"{path}?kind=poem").json["code"] == "invalid_kind"
    assert client.get(f"{path}?session=none").json["code"] == "unknown_session"
    page = client.get(f"{path}?limit=1").json
    assert [i["reference"] for i in page["items"]] == [shown.reference]
    assert listed(f"?after={page['next']}") == [gone.reference]
    sheet = client.get(path, headers={"Accept": "text/csv"})
    assert sheet.mimetype == "text/csv"
    assert sheet.text.splitlines()[0].startswith("reference,kind,session,status,date")
    assert len(sheet.text.splitlines()) == 3


def test_staff_enter_what_came_by_mail_for_somebody(client, session, live, clock):
    clock.set("2028-10-05T08:00:00Z")
    answer = client.post(
        IDEAS, headers=live,
        json={"text": "From a letter", "source": "mail", "attribution": "organisation",
              "author": {"name": "Quokka", "organisation": "=Net Nordic"}},
    )  # fmt: skip
    assert answer.status_code == 201
    item = client.get(f"{BASE}/contributions/{answer.json['reference']}").json
    assert (item["source"], item["author"]["name"], item["author"]["organisation"]) == (
        "mail", None, "=Net Nordic",
    )  # fmt: skip
    sheet = client.get(f"{BASE}/contributions", headers={"Accept": "text/csv"}).text
    assert "'=Net Nordic" in sheet


def test_the_same_key_is_one_idea(client, session, live):
    who = make.participant(session).public_id
    head = live | {"Idempotency-Key": "one"}
    body = {"participant": who, "text": "Once"}

    answers = [client.post(IDEAS, headers=head, json=body) for _ in range(2)]
    by_link_too = client.post(
        IDEAS, headers=by_link(make.participant(session)) | {"Idempotency-Key": "x"},
        json={"text": "x"},
    )  # fmt: skip

    assert [(a.status_code, a.json["reference"]) for a in answers] == [(201, "PRO-I-0001")] * 2
    assert by_link_too.json["code"] == "invalid_key"


def test_a_name_of_any_case_finds_it_and_another_consultations_does_not(client, app, clock):
    idea = make.idea()
    make.consultation("elsewhere")
    operations.moderate(idea, Decision.PUBLISH)

    assert client.get(f"{BASE}/contributions/{idea.reference.lower()}").status_code == 200
    path = f"/api/v1/consultations/elsewhere/contributions/{idea.reference}"
    assert client.get(path).status_code == 404
