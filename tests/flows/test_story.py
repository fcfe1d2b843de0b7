"""The main job in one story: the form, the invitation, the feed, the withdrawal, the next one."""

from __future__ import annotations

import re
from email.message import EmailMessage

import icalendar
import vobject

from app.core.links import Purpose
from app.database import db
from app.mail import tasks
from app.registration import queries
from tests import make, smtp
from tests.core.ical.readers import read_with_all
from tests.registration.test_views import TYPED, hour


def calendar_of(message: EmailMessage) -> bytes:
    """The calendar part of a mail, the one that calendars act upon."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    return parts[0].get_payload(decode=True)


def link_in(message: EmailMessage, path: str) -> str:
    """The first link of the plain text that leads below ``path``."""
    text = message.get_body(("plain",)).get_content()
    return re.search(rf"https://talks\.example\.org({path}\S*)", text).group(1)


def read_alike(calendar: bytes) -> dict:
    """Method, UID, SEQUENCE, attendees: as two parsers of invitations read them, alike."""
    one = icalendar.Calendar.from_ical(calendar)
    event = one.walk("VEVENT")[0]
    other = vobject.readOne(calendar.decode())
    found = {
        "method": str(one["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "attendee": str(event["ATTENDEE"]),
        "status": str(event.get("STATUS", "")),
        "start": event.decoded("DTSTART").timestamp(),
    }
    assert other.method.value == found["method"]
    assert other.vevent.uid.value == found["uid"]
    assert other.vevent.sequence.value == str(found["sequence"])
    return found


def test_from_the_form_to_the_next_in_line(app, client, clock, monkeypatch):
    cafe = make.cafe(capacity={"on_site": 1, "online": None})
    with smtp.sink() as sink:
        monkeypatch.setitem(app.config, "MAIL_URL", sink.url)
        form = TYPED | {"form_hour": hour(client, "/probe/register"), "mode-cafe": "on_site"}
        client.post("/probe/register", data=form)
        waiting = make.registration(cafe, name="Bo", email="bo@example.org")
        tasks.send()

        invited, told_to_wait = sink.messages
        request = read_alike(calendar_of(invited))
        assert invited["To"].addresses[0].addr_spec == "anna@example.org"
        assert request["method"] == "REQUEST"
        assert request["uid"] == cafe.uid
        assert request["attendee"] == "mailto:anna@example.org"
        assert request["start"] == cafe.starts_at.timestamp()
        assert not [p for p in told_to_wait.walk() if p.get_content_type() == "text/calendar"]

        page = link_in(invited, "/my/")
        client.post(page + "open")
        feed_url = queries.link(
            queries.by_email(cafe.consultation, "anna@example.org"), Purpose.FEED
        ).removeprefix("https://talks.example.org")
        feed = read_with_all(client.get(feed_url).data)
        assert len(feed) >= 3
        for reader, events in feed.items():
            assert [event[0] for event in events] == [cafe.uid], reader

        registration = queries.of_participant(
            queries.by_email(cafe.consultation, "anna@example.org")
        )[0]
        client.post(f"{page}cancel/{registration.public_id}")
        tasks.send()

        later = {m["To"].addresses[0].addr_spec: m for m in sink.messages[2:]}
        assert sorted(later) == ["anna@example.org", "bo@example.org"]
        assert len(sink.messages) == 4
        cancelled = read_alike(calendar_of(later["anna@example.org"]))
        promoted = read_alike(calendar_of(later["bo@example.org"]))
        assert cancelled["method"] == "CANCEL"
        assert cancelled["uid"] == request["uid"]
        assert cancelled["sequence"] > request["sequence"]
        assert cancelled["status"] == "CANCELLED"
        assert promoted["method"] == "REQUEST"
        assert promoted["attendee"] == "mailto:bo@example.org"
        db.session.expire_all()
        assert (waiting.status, waiting.mode) == ("confirmed", "on_site")
        assert b"BEGIN:VEVENT" not in client.get(feed_url).data
