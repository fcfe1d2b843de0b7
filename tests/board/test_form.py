"""The board's form: kept unopened until the owner of the address says yes; one answer for all."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.board import operations
from app.board.models import KeptIdea
from app.contributions.models import Contribution
from app.core.links import Purpose
from app.database import db
from app.mail.models import OutboxMail
from app.registration import queries as registrations
from app.registration.models import Participant
from app.web import public_forms
from tests import make
from tests.board.crawl import everything

BOARD = "/probe/round/ideas"


@pytest.fixture
def session(app, clock):
    return make.online_round(settings={"moderation": "after"})


def typed(**fields):
    """What somebody types into the form."""
    return {
        "form_hour": public_forms.signed_hour(), "title": "Quokka first",
        "text": "Quokka\r\nwords", "guiding_question": "1", "language": "en",
        "attribution": "named", "name": "Ana Lindqvist", "email": "Ana@example.org",
        "organisation": "", "stakeholder_group": "", "country": "KE", "consent": "1",
    } | fields  # fmt: skip


def send(app, client, **fields):
    with app.test_request_context():
        data = typed(**fields)
    return client.post(BOARD, data=data)


def person(email="ana@example.org") -> Participant:
    return db.session.scalars(select(Participant).where(Participant.email == email)).one()


def live(who) -> str:
    return f"/my/{registrations.token(who, Purpose.MANAGE)}/live/round/"


def test_what_is_sent_is_shown_and_counted_nowhere_until_its_owner_presses_the_button(
    app, client, clock, session
):
    before = client.get(BOARD)
    answer = send(app, client)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert "We wrote to ana@example.org" in answer.text
    assert db.session.query(Contribution).count() == 0
    after = client.get(BOARD)
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    said = everything(client, BOARD, f"{BOARD}.json", f"{BOARD}.csv", f"{BOARD}.atom")
    assert [where for where, text in said.items() if "Quokka" in text] == []

    (mail,) = db.session.scalars(select(OutboxMail)).all()
    assert (mail.kind, mail.to_address) == ("idea_to_confirm", "ana@example.org")
    page = client.get(live(person())).text
    assert "Quokka first" in page
    kept = re.search(r'name="kept" value="(\w+)"', page)[1]
    assert not person().is_opened
    done = client.post(live(person()), data={"act": "confirm", "kept": kept})

    assert done.status_code == 303
    idea = db.session.scalars(select(Contribution)).one()
    assert (idea.reference, idea.text, idea.guiding_question) == ("PRO-I-0001", "Quokka\nwords", 1)
    assert idea.shown_author.name == "Ana Lindqvist"
    assert person().is_opened
    assert "Quokka first" in client.get(BOARD).text
    assert client.post(live(person()), data={"act": "confirm", "kept": kept}).status_code == 303
    assert db.session.query(Contribution).count() == 1


def test_the_answer_is_the_same_for_known_and_unknown_addresses(app, client, clock, session):
    make.participant(session, name="Somebody Else", email="known@example.org")

    known = send(app, client, email="known@example.org")
    unknown = send(app, client, email="wholly@example.org")

    def neutral(answer):
        return answer.text.replace("known@example.org", "X").replace("wholly@example.org", "X")

    assert (known.status_code, neutral(known)) == (unknown.status_code, neutral(unknown))
    assert [name for name, _ in known.headers] == [name for name, _ in unknown.headers]
    assert person("known@example.org").name == "Somebody Else"
    kinds = db.session.scalars(select(OutboxMail.kind).where(OutboxMail.kind.like("idea%"))).all()
    assert kinds == ["idea_to_confirm"] * 2


def test_mail_goes_at_most_once_in_ten_minutes_and_the_page_shows_all(app, client, clock, session):
    for number in range(3):
        send(app, client, title=f"Number {number}")

    assert db.session.query(OutboxMail).count() == 1
    page = client.get(live(person())).text
    assert all(f"Number {number}" in page for number in range(3))


def test_somebody_whose_address_was_used_can_say_no(app, client, clock, session):
    send(app, client)
    kept = db.session.scalars(select(KeptIdea)).one().public_id

    client.post(live(person()), data={"act": "refuse", "kept": kept})

    assert db.session.query(KeptIdea).count() == 0
    assert not person().is_opened


def test_what_was_sent_in_time_is_taken_after_the_close_but_not_after_two_days(
    app, client, clock, session
):
    clock.set("2028-09-30T21:58:00Z")
    send(app, client)
    send(app, client, email="late@example.org")
    clock.go_on(hours=5)
    kept = db.session.scalars(select(KeptIdea).order_by(KeptIdea.id)).all()
    assert operations.confirm(kept[0]).status == "published"

    clock.go_on(hours=44)
    late = client.post(
        live(person("late@example.org")), data={"act": "confirm", "kept": kept[1].public_id}
    )
    assert late.status_code == 410
    assert operations.forget_lapsed() == 1
    assert db.session.query(Participant).where(Participant.erased_at.is_not(None)).count() == 1


def test_a_closed_board_takes_nothing(app, client, clock, session):
    for moment in ("2028-08-25T06:59:59Z", "2028-09-30T21:59:00Z"):
        clock.set(moment)
        assert 'id="add"' not in client.get(BOARD).text
        assert send(app, client).status_code == 409
    assert db.session.query(KeptIdea).count() == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "x" * 91}, "Use 90 characters or fewer"),
        ({"title": ""}, "Enter a title"),
        ({"text": "x" * 4_001}, "Use 4000 characters or fewer"),
        ({"text": " \r\n"}, "Enter your idea"),
        ({"email": "nobody"}, "Enter an email address"),
        ({"name": ""}, "Enter your full name"),
        ({"attribution": ""}, "Not a valid choice"),
        ({"guiding_question": "9"}, "Not a valid choice"),
        ({"consent": ""}, "Confirm that you have read"),
        ({"form_hour": "0.x"}, "This page was open for a long time"),
    ],
)
def test_wrong_fields_come_back_with_everything_typed(app, client, clock, session, fields, words):
    answer = send(app, client, **fields)

    assert answer.status_code == 422
    assert words in answer.text
    assert fields.get("title", "Quokka first") in answer.text
    assert db.session.query(KeptIdea).count() == 0


def test_four_thousand_characters_with_line_ends_fit(app, client, clock, session):
    assert send(app, client, text="a\r\n" * 1_999 + "bb").status_code == 200
    assert send(app, client, text="a\r\n" * 1_999 + "bbbb").status_code == 422


def test_a_megabyte_is_refused_clearly_and_control_characters_are_dropped(
    app, client, clock, session
):
    assert send(app, client, text="x" * 1_100_000).status_code == 413
    assert send(app, client, text="a\x00\x07b\u202ec", title="T\x1bitle").status_code == 200

    words = db.session.scalars(select(KeptIdea)).one().words
    assert (words["title"], words["text"]) == ("Title", "ab\u202ec")


def test_a_form_of_another_site_is_refused(app, client, clock, session):
    with app.test_request_context():
        data = typed()
    answer = client.post(BOARD, data=data, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


def test_a_session_that_names_nobody_offers_no_name(app, client, clock):
    make.online_round(settings={"attribution": "group_country"})
    page = client.get(BOARD).text

    assert 'value="named"' not in page
    assert 'value="group_country"' in page
    assert send(app, client, attribution="named").status_code == 422


def test_a_withdrawn_idea_takes_the_mail_that_asked_for_it_along(app, client, clock, session):
    from app.contributions import operations as contributions

    send(app, client)
    made = operations.confirm(db.session.scalars(select(KeptIdea)).one())
    contributions.withdraw(made)

    assert db.session.query(KeptIdea).count() == 0
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "idea_to_confirm")).one()
    assert (mail.subject, mail.body, mail.status) == (None, None, "dropped")
