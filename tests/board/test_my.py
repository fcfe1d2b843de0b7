"""The board behind a link: write, support, answer, change, withdraw; nobody else's."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.attendance import queries as attendance
from app.contributions import queries
from app.contributions.models import Contribution, Support
from app.core.links import Purpose
from app.database import db
from app.registration import queries as registrations
from tests import make


@pytest.fixture
def session(app, clock):
    return make.online_round(settings={"moderation": "after"})


def manage(who) -> str:
    return f"/my/{registrations.token(who, Purpose.MANAGE)}/live/round/"


def joining(registration) -> str:
    return f"/join/{registrations.join_token(registration)}/live"


def words(act="idea", **fields):
    return {
        "act": act, "title": "A title", "text": "Some text", "guiding_question": "",
        "language": "en", "attribution": "named",
    } | fields  # fmt: skip


@pytest.mark.parametrize("way", ["manage", "join"])
def test_an_idea_is_sent_by_either_link(app, client, clock, session, way):
    registration = make.registration(session, mode="online", name="Ana")
    home = manage(registration.participant) if way == "manage" else joining(registration)

    page = client.get(home)
    sent = client.post(home, data=words())

    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    assert sent.status_code == 303
    assert "said=sent" in sent.headers["Location"]
    idea = db.session.scalars(select(Contribution)).one()
    assert (idea.title, idea.status, idea.shown_author.name) == ("A title", "published", "Ana")
    again = client.get(sent.headers["Location"])
    assert "We have received your idea" in again.text
    assert idea.reference in again.text


def test_wrong_words_come_back_as_typed(app, client, clock, session):
    who = make.participant(session)
    answer = client.post(manage(who), data=words(title="x" * 91, text="Kept text"))

    assert answer.status_code == 422
    assert "Kept text" in answer.text
    assert "Use 90 characters or fewer" in answer.text


def test_support_is_one_and_shown_only_as_ones_own(app, client, clock, session):
    idea, who = make.idea(session), make.participant(session)
    for _ in range(2):
        answer = client.post(manage(who), data={"act": "support", "reference": idea.reference})
        assert answer.status_code == 303

    assert db.session.query(Support).count() == 1
    assert "You support it" in client.get(manage(who)).text
    assert "1 support<" not in client.get(manage(who)).text
    other = make.participant(session)
    assert "You support it" not in client.get(manage(other)).text


def test_a_comment_is_sent_with_its_stance(app, client, clock, session):
    idea, who = make.idea(session), make.participant(session)
    page = f"{manage(who)}{idea.reference}"

    answer = client.post(page, data=words("comment", stance="against", text="Not so"))

    assert answer.status_code == 303
    (comment,) = queries.comments_of(idea)
    assert (comment.text, comment.stance, comment.reference) == ("Not so", "against", "PRO-K-0001")
    assert "Not so" in client.get(page).text


def test_one_changes_and_withdraws_what_is_ones_own(app, client, clock, session):
    who = make.participant(session)
    idea = make.idea(session, who=who, text="First words")
    page = f"{manage(who)}{idea.reference}"
    changed = {f"change-{name}": value for name, value in words(text="Second words").items()}

    assert client.post(page, data=changed | {"act": "change"}).status_code == 303
    public = client.get("/probe/contributions/PRO-I-0001").text
    assert "Second words" in public
    assert "First words" in public  # what it said before, as an earlier version

    assert client.post(page, data={"act": "withdraw"}).status_code == 303
    public = client.get("/probe/contributions/PRO-I-0001").text
    assert "[withdrawn]" in public
    assert "words" not in re.sub(r"<[^>]+>", "", public).split("[withdrawn]")[0].split("Ideas")[-1]


def test_nobody_changes_or_withdraws_what_another_sent(app, client, clock, session):
    idea, other = make.idea(session), make.participant(session)
    page = f"{manage(other)}{idea.reference}"
    changed = {f"change-{name}": value for name, value in words().items()} | {"act": "change"}

    assert client.post(page, data=changed).status_code == 404
    assert client.post(page, data={"act": "withdraw"}).status_code == 404
    assert idea.status == "published"


def test_what_waits_is_read_by_its_author_alone(app, client, clock):
    session = make.online_round()
    who, other = make.participant(session), make.participant(session)
    idea = make.idea(session, who=who, published=False)

    assert client.get(f"{manage(who)}{idea.reference}").status_code == 200
    assert client.get(f"{manage(other)}{idea.reference}").status_code == 404
    assert "Waits for a moderator" in client.get(manage(who)).text


def test_a_get_never_acts_and_a_post_opens_its_person(app, client, clock, session):
    make.submission(session, mode="online", email="new@example.org")
    from app.registration.models import Participant

    who = db.session.scalars(select(Participant)).one()
    client.get(manage(who))
    assert not who.is_opened

    client.post(manage(who), data=words())
    db.session.expire_all()
    assert who.is_opened


def test_a_closed_board_is_read_and_takes_nothing(app, client, clock, session):
    who = make.participant(session)
    idea = make.idea(session, who=who)
    clock.set("2028-09-30T21:59:00Z")

    page = client.get(manage(who)).text
    assert "Send my idea" not in page
    assert client.post(manage(who), data=words()).status_code == 409
    one = f"{manage(who)}{idea.reference}"
    assert client.post(one, data={"act": "support"}).status_code == 409
    assert client.post(one, data=words("comment", stance="for")).status_code == 409
    assert client.post(one, data={"act": "withdraw"}).status_code == 303


def test_only_sessions_with_a_board_and_acts_that_exist(app, client, clock, session):
    cafe = make.registration(make.cafe(), mode="online")
    home = manage(cafe.participant)

    assert "What you sent" not in client.get(home.replace("/round/", "/cafe/")).text
    assert client.post(joining(cafe), data=words()).status_code == 422
    assert client.post(home, data={"act": "dance"}).status_code == 422
    assert (
        client.post(home, data=words(), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    )


def test_my_page_and_the_session_page_lead_to_the_board(app, client, clock, session):
    registration = make.registration(session, mode="online")
    who = registration.participant

    assert manage(who) in client.get(manage(who).replace("live/round/", "")).text
    join = joining(registration)
    assert f'href="{join}"' in client.get(join.removesuffix("/live")).text
    assert "/probe/round/ideas" in client.get("/probe/round/").text


def test_a_reader_reports_and_a_moderator_hears_of_it(app, client, clock, session):
    from app.web import public_forms

    idea = make.idea(session)
    address = f"/probe/contributions/{idea.reference}/report"
    assert client.get(address).status_code == 200
    with app.test_request_context():
        hour = public_forms.signed_hour()

    empty = client.post(address, data={"form_hour": hour, "rule": "2", "reason": ""})
    good = client.post(address, data={"form_hour": hour, "rule": "2", "reason": "It insults"})

    assert (empty.status_code, good.status_code) == (422, 200)
    assert [each.reason for each in queries.reports_of(idea)] == ["2: It insults"]


def test_entering_a_round_is_having_come_and_leads_to_its_board(app, client, clock):
    """A round over 24 hours in writing has no room: its page is the room (contract, "Decided")."""
    session = make.online_round(join_url=None)
    registration = make.registration(session, mode="online", name="Ana")
    link = f"/join/{registrations.join_token(registration)}"

    def came() -> list[bool]:
        db.session.expire_all()
        return [row.attendance.attended for row in attendance.attendance(session)]

    page = client.get(link)
    assert re.findall(r"<button[^>]*>(?:<span>)?([^<]+)", page.text) == ["Enter the round"]
    assert came() == [False]  # looking is no act

    pressed = client.post(link)

    assert (pressed.status_code, pressed.headers["Location"]) == (303, f"{link}/live")
    assert came() == [True]
    clock.set("2028-09-30T22:00:00Z")
    assert "This session is over." in client.get(link).text
    assert client.post(link).status_code == 200
