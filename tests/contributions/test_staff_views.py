"""Moderators at work: the queue, one contribution, the log, entering for somebody."""

from __future__ import annotations

from app.audit.models import AuditEntry
from app.contributions import operations, queries
from app.core.vocabulary import Role
from app.database import db
from tests import make

QUEUE = "/manage/probe/round/contributions/"
ONE = "/manage/probe/contributions/PRO-I-0001"


def test_what_waits_is_decided_by_one_plain_form(app, clock):
    idea = make.idea(published=False, title="Waiting title")
    browser = make.browser(app, Role.MODERATOR)

    page = browser.get(QUEUE).text
    assert "Waiting title" in page
    assert "<script" not in page.split("</head>")[1].split("<main")[1].split("</main>")[0]
    answer = make.send(browser, ONE, {"decision": "reject", "rule": "2", "reason": "It insults"})

    assert (answer.status_code, answer.headers["Location"]) == (303, QUEUE)
    db.session.expire_all()
    assert idea.status == "rejected"
    assert "Waiting title" not in browser.get(QUEUE).text
    assert "Waiting title" in browser.get(f"{QUEUE}?status=rejected").text
    log = browser.get(f"{QUEUE}log").text
    assert "It insults" in log
    assert browser.person.name in log


def test_a_rejection_without_a_rule_comes_back_with_the_reason_typed(app, clock):
    idea = make.idea(published=False)
    browser = make.browser(app, Role.MODERATOR)

    answer = make.send(browser, ONE, {"decision": "reject", "rule": "", "reason": "Kept words"})

    assert answer.status_code == 422
    assert "Name the rule" in answer.text
    assert "Kept words" in answer.text
    assert idea.status == "submitted"
    assert make.send(browser, ONE, {"decision": "burn"}).status_code == 422


def test_reported_ones_have_a_place_of_their_own(app, clock):
    idea = make.idea()
    operations.report(idea, "Somebody is named")
    browser = make.browser(app, Role.MODERATOR)

    assert idea.reference in browser.get(f"{QUEUE}?status=reported").text
    assert "Somebody is named" in browser.get(ONE).text
    make.send(browser, ONE, {"decision": "publish"})
    assert "Nothing here" in browser.get(f"{QUEUE}?status=reported").text


def test_only_who_sees_authors_looks_behind_and_each_look_is_audited(app, clock):
    who = make.participant(name="Quokka Canary", email="q@example.org")
    make.idea(who=who)
    moderator, owner = make.browser(app, Role.MODERATOR), make.browser(app, Role.OWNER)

    assert make.send(moderator, f"{ONE}/author").status_code == 403
    assert "Quokka" not in owner.get(ONE).text
    assert "Quokka Canary" in make.send(owner, f"{ONE}/author").text
    looks = db.session.query(AuditEntry).filter_by(action="author_looked_at").all()
    assert [(look.actor, look.details) for look in looks] == [
        (f"person:{owner.person.id}", {"reference": "PRO-I-0001"})
    ]


def test_staff_withdraw_for_an_author_and_nothing_is_left_to_look_at(app, clock):
    who = make.participant(name="Quokka Canary")
    make.idea(who=who, text="Quokka words", attribution="named")
    browser = make.browser(app, Role.OWNER)

    assert make.send(browser, f"{ONE}/withdraw").status_code == 303
    page = browser.get(ONE).text
    assert "[withdrawn]" in page
    assert "Quokka" not in page + browser.get(f"{QUEUE}?status=withdrawn").text
    assert "Quokka" not in make.send(browser, f"{ONE}/author").text


def test_staff_enter_from_paper(app, clock):
    make.online_round()
    browser = make.browser(app, Role.ORGANISER)
    path = f"{QUEUE}new"
    typed = {
        "kind": "idea", "source": "paper", "title": "On a card", "text": "By hand",
        "language": "en", "guiding_question": "1", "name": "Ana", "organisation": "",
        "stakeholder_group": "", "country": "KE", "attribution": "named", "source_url": "",
    }  # fmt: skip

    assert browser.get(path).status_code == 200
    wrong = make.send(browser, path, typed | {"source": "post"})
    good = make.send(browser, path, typed)

    assert (wrong.status_code, "Give the address of the post" in wrong.text) == (422, True)
    assert good.status_code == 303
    made = queries.by_reference("PRO-I-0001")
    assert (made.source, made.entered_by) == ("paper", f"person:{browser.person.id}")
    assert made.shown_author.name == "Ana"
    make.send(browser, ONE, {"decision": "publish"})
    assert "entered from paper" in app.test_client().get("/probe/contributions/PRO-I-0001").text


def test_a_pile_of_paper_is_entered_one_after_the_other(app, clock):
    make.online_round(settings={"attribution": "group_country", "moderation": "after"})
    browser = make.browser(app, Role.MODERATOR)
    path = f"{QUEUE}new"
    typed = {
        "kind": "written", "source": "post", "source_url": "https://social.example.org/@quokka/1",
        "title": "", "text": "Word for word", "language": "fr", "guiding_question": "",
        "name": "Quokka", "organisation": "", "stakeholder_group": "media", "country": "",
        "attribution": "group_country", "then": "another",
    }  # fmt: skip

    page = browser.get(path).text
    named = make.send(browser, path, typed | {"attribution": "named"})
    good = make.send(browser, path, typed)

    assert "By name and organisation" not in page
    assert named.status_code == 422
    assert (good.status_code, good.headers["Location"]) == (303, path)
    assert "Entered as PRO-W-1" in browser.get(path).text
    public = app.test_client().get("/probe/contributions/PRO-W-1").text
    assert "entered from a post" in public
    assert "Media" in public
    assert "uokka" not in public


def test_somebody_limited_to_a_session_finds_that_one_alone(app, clock):
    from app.database import operation

    first, second = make.online_round(), make.online_round("second")
    someone = make.person(Role.MODERATOR)

    @operation
    def limit():
        someone.grants[0].session_ids = [first.id]

    limit()
    browser = make.browser(app, who=someone)

    index = browser.get("/manage/probe/contributions/").text
    assert QUEUE in index
    assert "second/contributions" not in index
    assert browser.get(QUEUE).status_code == 200
    other = make.idea(second)
    assert browser.get("/manage/probe/second/contributions/").status_code == 403
    assert browser.get(f"/manage/probe/contributions/{other.reference}").status_code == 403
