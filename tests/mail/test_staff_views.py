"""The outbox as staff see it."""

from __future__ import annotations

import re

from app.core.vocabulary import Role
from app.database import db
from app.mail import tasks
from app.mail.models import OutboxMail
from tests import make

PAGES = ("outbox", "outbox/{id}")
ACTS = ("outbox/{id}/resend", "outbox/resend-failed", "outbox/release")


def a_mail() -> OutboxMail:
    make.registration(make.cafe(), name="Ana <b>", email="ana@example.org")
    return db.session.query(OutboxMail).one()


def reload(mail: OutboxMail) -> OutboxMail:
    db.session.expire_all()
    return mail


def test_the_list_shows_failures_first_with_what_the_server_said(app, clock, sink):
    cafe = make.cafe()
    sink.answers["RCPT"] = lambda to: "550 no such person" if "bad" in to else None
    make.registration(cafe, name="Bad", email="bad@example.org")
    make.registration(cafe, name="Good", email="good@example.org")
    tasks.send()

    client = make.browser(app, Role.REGISTRAR)
    page = client.get("/manage/probe/outbox").text
    assert page.index("bad@example.org") < page.index("good@example.org")
    assert "550 no such person" in page
    assert "1 mail could not be sent" in page

    only_sent = client.get("/manage/probe/outbox?status=sent").text
    assert ("good@example.org" in only_sent, "bad@example.org" in only_sent) == (True, False)
    none = client.get("/manage/probe/outbox?kind=session_cancelled").text
    assert "No mails here" in none


def test_a_long_outbox_has_pages(app, clock, monkeypatch):
    monkeypatch.setattr("app.mail.staff_views.PAGE", 2)
    cafe = make.cafe()
    for number in range(3):
        make.registration(cafe, email=f"p{number}@example.org")
    client = make.browser(app, Role.OWNER)

    first, second = (client.get(f"/manage/probe/outbox?page={n}").text for n in (1, 2))
    assert re.findall(r"p\d@example", first) == ["p2@example", "p1@example"]
    assert re.findall(r"p\d@example", second) == ["p0@example"]


def test_staff_read_a_mail_without_its_personal_links(app, clock, mailbox):
    mail = a_mail()
    client = make.browser(app, Role.OWNER)
    path = f"/manage/probe/outbox/{mail.id}"
    assert "It is written when it is sent." in client.get(path).text

    tasks.send()
    page = client.get(path).text
    assert "You are registered, Ana &lt;b&gt;." in page
    assert "[personal link]" in page
    assert "/my/" not in page
    assert reload(mail).message_id.strip("<>") in page


def test_staff_send_a_mail_again(app, clock, sink):
    mail = a_mail()
    tasks.send()
    client = make.browser(app, Role.OWNER)

    answer = make.send(client, f"/manage/probe/outbox/{mail.id}/resend")
    tasks.send()

    assert answer.status_code == 303
    first, second = sink.raw
    assert first == second


def test_staff_send_all_failed_mails_again(app, clock, sink):
    sink.answers["RCPT"] = "550 closed today"
    mail = a_mail()
    tasks.send()
    assert reload(mail).status == "failed"
    sink.answers.clear()
    client = make.browser(app, Role.OWNER)

    make.send(client, "/manage/probe/outbox/resend-failed")
    tasks.send()

    assert reload(mail).status == "sent"


def test_only_who_may_see_the_outbox_does(app, clock, client, mailbox):
    mail = a_mail()
    other = make.consultation("other")
    paths = [f"/manage/probe/{page.format(id=mail.id)}" for page in PAGES]
    acts = [f"/manage/probe/{act.format(id=mail.id)}" for act in ACTS]

    assert [client.get(path).status_code for path in paths] == [302, 302]
    client = make.browser(app, Role.VIEWER)
    assert [client.get(path).status_code for path in paths] == [403, 403]
    assert [make.send(client, act).status_code for act in acts] == [403, 403, 403]

    elsewhere = make.browser(app, Role.OWNER, inside=other)
    assert elsewhere.get(f"/manage/other/outbox/{mail.id}").status_code == 404
    assert elsewhere.get("/manage/outbox").status_code == 403

    admin = make.browser(app, Role.ADMIN)
    assert admin.get("/manage/outbox").status_code == 200
