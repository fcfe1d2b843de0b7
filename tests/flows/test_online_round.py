"""An online round in one story: from before its opening to after its close, moderated, extended."""

from __future__ import annotations

import csv
import io
import re
from email.message import EmailMessage

import icalendar
import pytest

from app.core.vocabulary import Role
from app.mail import tasks
from app.registration import tasks as registrations
from tests import make, smtp
from tests.registration.test_views import TYPED, hour

API = "/api/v1/consultations/probe"
BOARD = "/probe/round/ideas"
CONSOLE = "/live/probe/round/console"
QUEUE = "/manage/probe/round/contributions/"
OPENS, CLOSED_AT_FIRST, CLOSES = (
    "2028-09-04T07:00:00Z", "2028-09-18T21:59:00Z", "2028-09-22T21:59:00Z",
)  # fmt: skip


class Outbox:
    """What arrived by mail, read once."""

    def __init__(self, sink) -> None:
        self.sink, self.read = sink, 0

    def new(self) -> dict[str, EmailMessage]:
        """Return what came since the last time, by address; nobody has two."""
        tasks.send()
        found = self.sink.messages[self.read :]
        self.read = len(self.sink.messages)
        by_address = {message["To"].addresses[0].addr_spec: message for message in found}
        assert len(by_address) == len(found), [str(message["Subject"]) for message in found]
        return by_address


def text_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def link_in(message: EmailMessage, path: str) -> str:
    """Return the first link of a mail that leads below ``path``."""
    return re.search(rf"https://talks\.example\.org({path}[^\s]*)", text_of(message))[1]


def event(client, address: str = "/probe/round/calendar.ics") -> tuple[str, str, int]:
    """Return begin, end and SEQUENCE of the round as a feed says them."""
    (found,) = icalendar.Calendar.from_ical(client.get(address).data).walk("VEVENT")
    begin, end = (found.decoded(name).strftime("%d %H:%M") for name in ("DTSTART", "DTEND"))
    return begin, end, int(found["SEQUENCE"])


def words(client, address: str) -> str:
    """Return a page as it is read."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def idea(act: str = "idea", **fields) -> dict[str, str]:
    return {
        "act": act, "title": "Publish who pays", "text": "Every subsidy.", "language": "en",
        "guiding_question": "1", "attribution": "named",
    } | fields  # fmt: skip


@pytest.fixture
def outbox(app, monkeypatch):
    with smtp.sink() as sink:
        monkeypatch.setitem(app.config, "MAIL_URL", sink.url)
        yield Outbox(sink)


@pytest.fixture
def staff(app, clock):
    """An owner's browser before a round that was made by the API."""
    head = make.bearer(Role.ADMIN)
    client = app.test_client()
    consultation = {
        "slug": "probe", "title": "Open Talks", "timezone": "Europe/Zurich",
        "guiding_questions": [{"text": "What should governments do?"}], "status": "published",
        "contact_email": "talks@example.org", "controller": "Us", "purpose": "To hear you",
    }  # fmt: skip
    session = {
        "slug": "round", "title": "Online round", "format": "online_round",
        "starts": "2028-09-04T09:00", "ends": "2028-09-18T23:59", "timezone": "Europe/Zurich",
        "status": "published",
    }  # fmt: skip
    for address, body in (("/api/v1/consultations", consultation), (f"{API}/sessions", session)):
        answer = client.post(address, json=body, headers=head)
        assert answer.status_code == 201, answer.text
    return make.browser(app, Role.OWNER)


def test_from_before_the_opening_to_after_the_close(app, client, clock, staff, outbox):
    # Before the opening: people register and write drafts; nothing can be sent.
    assert event(client) == ("04 09:00", "18 23:59", 0)
    form = TYPED | {"form_hour": hour(client, "/probe/register"), "mode-round": "online"}
    assert client.post("/probe/register", data=form).status_code == 303
    welcome = outbox.new()["anna@example.org"]
    ana = f"{link_in(welcome, '/my/')}live/round/"
    assert client.post(ana, data=idea("draft")).status_code == 303
    assert client.post(ana, data=idea()).status_code == 409
    assert "Not open yet" in words(client, BOARD)

    # From the opening instant on: the draft is sent, somebody else writes without a link.
    clock.set(OPENS)
    assert "Open for ideas" in words(client, BOARD)
    draft = re.search(r"\?draft=(\w+)", client.get(ana).text)[1]
    done = client.post(ana, data=idea(draft=draft, text="Every subsidy, for all."))
    assert done.headers["Location"].endswith("/PRO-I-0001?said=sent")
    receipt = text_of(outbox.new()["anna@example.org"])
    assert "PRO-I-0001 · Publish who pays" in receipt
    assert "A moderator reads it before it is published" in receipt
    assert "Publish who pays" not in words(client, BOARD)

    typed = idea(title="Buy my book", text="It is cheap.", name="Bo", email="bo@example.org",
                 consent="1", form_hour=hour(client, BOARD))  # fmt: skip
    assert "We wrote to bo@example.org" in client.post(BOARD, data=typed).text
    ask = outbox.new()["bo@example.org"]
    bo = link_in(ask, "/my/")
    kept = re.search(r'name="kept" value="(\w+)"', client.get(bo).text)[1]
    done = client.post(bo, data={"act": "confirm", "kept": kept})
    assert done.headers["Location"].endswith("/PRO-I-0002?said=confirmed")
    assert "PRO-I-0002" in text_of(outbox.new()["bo@example.org"])

    # A moderator reads both: one is published, one is not, by a public rule and with a reason.
    clock.go_on(hours=2)
    staff = make.browser(app, who=staff.person)
    assert "2 waiting" in words(staff, CONSOLE)
    queue = words(staff, QUEUE)
    assert "Publish who pays" in queue
    assert "Buy my book" in queue
    rejection = {"decision": "reject", "rule": "4", "reason": "A book."}
    for number, decision in (("0001", {"decision": "publish"}), ("0002", rejection)):
        one = f"/manage/probe/contributions/PRO-I-{number}"
        assert make.send(staff, one, decision).status_code == 303
    told = outbox.new()
    assert "/probe/contributions/PRO-I-0001" in text_of(told["anna@example.org"])
    assert "Rule 4 of the board: It advertises nothing.\nA book." in text_of(told["bo@example.org"])
    log = words(staff, f"{QUEUE}log")
    assert log.index("reject 4 A book.") < log.index("publish")
    public = words(client, BOARD)
    assert "Publish who pays" in public
    assert "1 idea was not published." in public
    assert "book" not in public
    assert client.get("/probe/contributions/PRO-I-0002").status_code == 404

    # People answer and support; how many support it is nobody's business before the close.
    page = f"{bo}PRO-I-0001"
    comment = {"act": "comment", "stance": "for", "text": "Yes!", "language": "en",
               "attribution": "anonymous"}  # fmt: skip
    assert client.post(page, data=comment).status_code == 303
    assert make.send(
        staff, "/manage/probe/contributions/PRO-K-0001", {"decision": "publish"}
    ).status_code == 303  # fmt: skip
    outbox.new()
    before = client.get(BOARD)
    for _ in range(2):
        assert client.post(page, data={"act": "support"}).status_code == 303
    assert client.get(BOARD).data == before.data
    assert "1 comment" in words(client, BOARD)

    # The extension, in one place, reaches page, feeds, mail and log.
    clock.set("2028-09-11T08:00:00Z")
    staff = make.browser(app, who=staff.person)
    feed = re.search(r"(/calendar/[\w-]+\.ics)", client.get(ana.partition("live/")[0]).text)[1]
    assert event(client, feed)[1] == "18 23:59"
    sequence = event(client)[2]
    extended = make.send(staff, CONSOLE, {"act": "extend", "ends": "2028-09-22T23:59"})
    assert extended.status_code == 303
    for address in ("/probe/", "/probe/round/", BOARD, "/live/probe/round/", ana):
        assert "22 Sep" in words(client, address), address
    assert client.get("/live/probe/round/state.json").json["board"]["closes_at"] == CLOSES
    assert client.get(f"{API}/sessions/round").json["ends_at"] == CLOSES
    assert event(client) == ("04 09:00", "22 23:59", sequence + 1)
    assert event(client, feed)[1:] == ("22 23:59", sequence + 1)
    assert "Online round" in words(client, "/probe/changes")
    clock.go_on(hours=1)
    registrations.minutely()
    told = outbox.new()
    assert list(told) == ["anna@example.org"]
    assert "22 Sep" in text_of(told["anna@example.org"])
    (calendar,) = [p for p in told["anna@example.org"].walk()
                   if p.get_content_type() == "text/calendar"]  # fmt: skip
    assert b"DTEND;TZID=Europe/Zurich:20280922T235900" in calendar.get_payload(decode=True)
    assert "session_changed" in staff.get("/manage/probe/audit").text

    # The first close passes by; at the second everything ends at one instant, for everybody.
    clock.set(CLOSED_AT_FIRST)
    assert "Open for ideas" in words(client, BOARD)
    assert "1 support" not in words(client, BOARD)
    clock.set("2028-09-22T21:58:59Z")
    changed = {f"change-{name}": value for name, value in idea(text="Every one.").items()}
    assert client.post(f"{ana}PRO-I-0001", data=changed | {"act": "change"}).status_code == 303
    staff = make.browser(app, who=staff.person)
    one = "/manage/probe/contributions/PRO-I-0001"
    assert make.send(staff, one, {"decision": "publish"}).status_code == 303
    clock.set(CLOSES)
    assert client.post(ana, data=idea()).status_code == 409
    assert client.post(page, data=comment).status_code == 409
    public = words(client, BOARD)
    assert "Closed" in public
    assert "1 support" in public
    rows = csv.DictReader(io.StringIO(client.get(f"{BOARD}.csv").text.removeprefix("\ufeff")))
    assert [(row["reference"], row["supports"], row["comments"]) for row in rows] == [
        ("PRO-I-0001", "1", "1"), ("PRO-K-0001", "0", "0"),
    ]  # fmt: skip
    one = words(client, "/probe/contributions/PRO-I-0001")
    assert "Every one." in one
    assert "Every subsidy, for all." in one  # what it said before

    # Taking it back works at any time, and takes every word along.
    assert client.post(f"{ana}PRO-I-0001", data={"act": "withdraw"}).status_code == 303
    gone = words(client, "/probe/contributions/PRO-I-0001")
    assert "[withdrawn]" in gone
    assert "Every" not in gone
    assert "1 idea was withdrawn by its author." in words(client, BOARD)
