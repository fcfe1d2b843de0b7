"""Drafts and the preview: what is not sent yet is its author's alone, and outlives the close."""

from __future__ import annotations

import re

import pytest

from app import privacy
from app.board.models import Draft
from app.contributions.models import Contribution
from app.core.links import Purpose
from app.database import db
from app.live import queries as live
from app.registration import operations as registrations
from app.registration import queries
from tests import make
from tests.board.crawl import everything


@pytest.fixture
def session(app, clock):
    return make.online_round(settings={"moderation": "after"})


def home(who) -> str:
    return f"/my/{queries.token(who, Purpose.MANAGE)}/live/round/"


def typed(act, **fields):
    return {
        "act": act, "title": "Quokka first", "text": "Half a sentence", "guiding_question": "1",
        "language": "fr", "attribution": "organisation",
    } | fields  # fmt: skip


def kept() -> Draft:
    db.session.expire_all()
    return db.session.query(Draft).one()


def test_a_draft_is_kept_gone_on_with_and_sent(app, client, clock, session):
    who = make.participant(session, organisation="Net Nordic")

    saved = client.post(home(who), data=typed("draft"))
    assert saved.status_code == 303
    page = client.get(saved.headers["Location"]).text
    assert "Your draft is saved" in page
    link = re.search(r'href="([^"]+\?draft=\w+)#add"', page)[1]
    form = client.get(link).text
    assert 'value="Quokka first"' in form
    assert "Half a sentence</textarea>" in form
    assert '<option selected value="fr">' in form
    assert re.search(r'checked id="attribution-\d"[^>]*value="organisation"', form)

    again = typed("draft", draft=kept().public_id, text="A whole sentence.", attribution="")
    assert client.post(home(who), data=again).status_code == 303
    assert (kept().words["text"], kept().words["attribution"]) == ("A whole sentence.", "")

    sent = client.post(home(who), data=typed("idea", draft=kept().public_id, text="All of it."))
    assert sent.status_code == 303
    idea = db.session.query(Contribution).one()
    assert (idea.text, idea.language, idea.attribution) == ("All of it.", "fr", "organisation")
    assert db.session.query(Draft).count() == 0


@pytest.mark.parametrize("empty", [{"title": "", "text": ""}, {"attribution": ""}])
def test_nothing_in_a_draft_is_required(app, client, clock, session, empty):
    who = make.participant(session)

    assert client.post(home(who), data=typed("draft", **empty)).status_code == 303
    answer = client.post(home(who), data=typed("idea", draft=kept().public_id, **empty))

    assert answer.status_code == 422
    assert f'name="draft" value="{kept().public_id}"' in answer.text


def test_a_draft_that_is_too_long_comes_back_as_typed(app, client, clock, session):
    who = make.participant(session)

    answer = client.post(home(who), data=typed("draft", text="x" * 4_001))

    assert answer.status_code == 422
    assert "x" * 4_001 in answer.text
    assert db.session.query(Draft).count() == 0


def test_a_draft_is_shown_to_nobody_else(app, client, clock, session):
    who, other = make.participant(session), make.participant(session)
    before = live.counted(session)[0]
    client.post(home(who), data=typed("draft"))

    page = client.get(home(other)).text
    said = everything(client, "/probe/round/ideas", "/probe/round/ideas.json", "/live/probe/round/")
    theirs = client.post(home(other), data=typed("draft", draft=kept().public_id, title="Mine"))
    gone = client.post(home(other), data={"act": "discard", "draft": kept().public_id})

    assert "Quokka" not in page
    assert [where for where, text in said.items() if "Quokka" in text] == []
    assert "Quokka" not in client.get(f"{home(other)}?draft={kept().public_id}").text
    assert (theirs.status_code, gone.status_code) == (404, 404)
    assert kept().words["title"] == "Quokka first"
    assert live.counted(session)[0] == before


def test_drafts_are_written_before_the_opening_and_stay_till_after_the_close(
    app, client, clock, session
):
    who = make.participant(session)
    clock.set("2028-08-25T06:59:59Z")
    page = client.get(home(who)).text
    assert 'value="draft"' in page
    assert 'value="idea"' not in page
    assert client.post(home(who), data=typed("draft")).status_code == 303
    assert client.post(home(who), data=typed("idea")).status_code == 409

    clock.set("2028-09-30T21:59:00Z")
    page = client.get(home(who)).text
    assert "Half a sentence" in page
    assert 'value="draft"' not in page
    gone = client.post(home(who), data=typed("idea", draft=kept().public_id))
    assert gone.status_code == 409
    assert kept().words["title"] == "Quokka first"


def test_one_deletes_a_draft(app, client, clock, session):
    who = make.participant(session)
    client.post(home(who), data=typed("draft"))

    done = client.post(home(who), data={"act": "discard", "draft": kept().public_id})

    assert done.status_code == 303
    assert db.session.query(Draft).count() == 0


def test_twenty_drafts_are_enough(app, client, clock, session):
    who = make.participant(session)
    answers = [client.post(home(who), data=typed("draft")).status_code for _ in range(21)]

    assert answers == [303] * 20 + [409]


def test_a_draft_is_handed_out_and_erased_with_its_author(app, client, clock, session):
    who = make.participant(session)
    client.post(home(who), data=typed("draft"))

    (draft,) = privacy.export(who)["idea_drafts"]
    assert draft["words"]["title"] == "Quokka first"
    registrations.erase(who)
    assert db.session.query(Draft).count() == 0


def test_a_preview_shows_it_as_it_will_look_and_keeps_nothing(app, client, clock, session):
    who = make.participant(session, name="Ana Lindqvist", organisation="Net Nordic")

    answer = client.post(home(who), data=typed("preview", text="One\r\n<b>two</b>"))

    assert answer.status_code == 200
    shown = answer.text.split("This is how it will look")[1].split("</section>")[0]
    assert "<bdi>Net Nordic</bdi>" in shown
    assert "Ana" not in shown
    assert 'lang="fr" dir="ltr">Quokka first</h3>' in shown
    assert "One\n&lt;b&gt;two&lt;/b&gt;" in shown
    assert 'form="idea-form" name="act" value="idea"' in shown
    assert "One\r\n&lt;b&gt;two" in answer.text.split('id="idea-form"')[1].replace("\n&", "\r\n&")
    assert db.session.query(Contribution).count() == db.session.query(Draft).count() == 0


def test_a_preview_of_something_incomplete_comes_back(app, client, clock, session):
    answer = client.post(home(make.participant(session)), data=typed("preview", title=""))

    assert answer.status_code == 422
    assert "Enter a title" in answer.text
    assert "This is how it will look" not in answer.text
