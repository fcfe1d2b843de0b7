"""MIME to the letter, the ways out, and the addresses they are named by."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email.policy import default

import pytest
from icalendar import Calendar

from app.mail import transport
from app.mail.kinds import Words
from tests import make, smtp

ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
    "UID:u@example.org\r\nDTSTAMP:20280901T080000Z\r\nDTSTART:20281010T161500Z\r\n"
    "DTEND:20281010T181500Z\r\nSUMMARY:Café\\, "
    + "ü" * 60
    + "\r\nATTENDEE:mailto:ana@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def letter(**changes) -> transport.Letter:
    words = {
        "subject": "Registered: Café",
        "text": "Hello.\nÜber.\n",
        "html": "<p>Hello.</p>",
        "sender_name": "Open Talks",
    }
    envelope = {
        "sender": "calendar@talks.example.org",
        "to_address": "ana@example.org",
        "to_name": "Ana",
        "language": "fr",
        "message_id": "<abc@talks.example.org>",
        "date": datetime(2028, 9, 1, 8, tzinfo=UTC),
    }
    words |= {name: value for name, value in changes.items() if name in Words.__annotations__}
    envelope |= {name: value for name, value in changes.items() if name in envelope}
    return transport.letter(Words(**words), **envelope)


def parsed(made: transport.Letter):
    return email.message_from_bytes(made.data, policy=default)


def test_the_parts_of_an_invitation_are_in_the_order_clients_want():
    message = parsed(letter(calendar=ICS, method="REQUEST"))

    assert [(p.get_content_type(), p.get_filename()) for p in message.walk()] == [
        ("multipart/mixed", None),
        ("multipart/alternative", None),
        ("text/plain", None),
        ("text/html", None),
        ("text/calendar", None),
        ("application/ics", "invite.ics"),
    ]
    *_, inline, attached = message.walk()
    assert inline["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert inline["Content-Disposition"] is None
    assert attached.get_content_disposition() == "attachment"
    assert inline.get_payload(decode=True) == attached.get_payload(decode=True)
    assert all(
        p["Content-Transfer-Encoding"] == "base64" for p in message.walk() if not p.is_multipart()
    )


def test_a_mail_without_an_invitation_has_two_versions_and_no_more():
    message = parsed(letter())

    assert [p.get_content_type() for p in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert message.get_body(("plain",)).get_content() == "Hello.\r\nÜber.\r\n"


def test_the_calendar_part_is_folded_again_to_75_octets():
    *_, part = parsed(letter(calendar=ICS, method="REQUEST")).walk()
    data = part.get_payload(decode=True)

    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert data.decode().replace("\r\n ", "") == ICS
    assert Calendar.from_ical(data).walk("VEVENT")[0]["SUMMARY"] == "Café, " + "ü" * 60


def test_the_headers_are_ascii_and_complete():
    made = letter(subject="Inscription : Café", sender_name="حوارات مفتوحة", to_name="Siobhán")
    head = made.data.split(b"\r\n\r\n")[0].decode("ascii")
    message = parsed(made)

    assert all(len(line) <= 78 for line in head.split("\r\n"))
    assert message["Subject"] == "Inscription : Café"
    assert message["From"].addresses[0].display_name == "حوارات مفتوحة"
    assert message["To"].addresses[0].addr_spec == "ana@example.org"
    assert message["Date"].datetime == datetime(2028, 9, 1, 8, tzinfo=UTC)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    assert "List-Unsubscribe" not in message
    assert [name for name in message.keys() if name == "Message-ID"] == ["Message-ID"]  # noqa: SIM118


def test_the_same_letter_is_the_same_bytes():
    assert letter(calendar=ICS, method="REQUEST") == letter(calendar=ICS, method="REQUEST")


@pytest.mark.parametrize(
    "text",
    ["a\r\nBcc: all@example.org", "a\x0bb", "a\u2028b", "a\u2029b", "a\x85b", "a\x00b", "a\ud800b"],
)
def test_nothing_breaks_out_of_a_header(text):
    made = letter(subject=text, to_name=text, sender_name=text)
    message = parsed(made)

    assert message.keys().count("Bcc") == 0
    assert message["Subject"] in ("a b", "a Bcc: all@example.org")
    assert message["From"].addresses[0].addr_spec == "calendar@talks.example.org"
    assert message["To"].addresses[0].addr_spec == "ana@example.org"


@pytest.mark.parametrize(
    "address",
    ["ana@example.org\r\nBcc: x@example.org", "a b@example.org", "ana", "a@b@c", "a\x00@b"],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match="no address"):
        letter(to_address=address)


def test_an_address_outside_ascii_stands_on_the_envelope():
    made = letter(to_address="zoë@example.org")

    assert made.to == "zoë@example.org"
    assert made.data.isascii()
    with smtp.sink() as sink, transport.opened(sink.url, helo="talks.example.org") as line:
        line.send(made)
    assert sink.recipients == ["zoë@example.org"]
    assert sink.envelopes[0].mail_options == ["SMTPUTF8"]


def test_what_arrives_is_what_was_made():
    made = letter(calendar=ICS, method="CANCEL", text=".\n..\nFrom x\n")
    with smtp.sink() as sink, transport.opened(sink.url, helo="talks.example.org") as line:
        line.send(made)

    assert sink.raw == [made.data.rstrip(b"\r\n") + b"\r\n"]


def test_a_connection_that_died_between_two_letters_is_made_anew():
    with smtp.sink() as sink, transport.opened(sink.url, helo="talks.example.org") as line:
        line.send(letter())
        line._smtp.sock.shutdown(2)
        line.send(letter(message_id="<two@example.org>"))

    assert [len(sink.raw), sink.connections] == [2, 2]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 587, "starttls", None, None)),
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, "none", None, None)),
        ("smtp://mail.example.org:465", ("mail.example.org", 465, "ssl", None, None)),
        ("smtp://a%40b:p%2Fw@m:25?tls=none", ("m", 25, "none", "a@b", "p/w")),
        ("smtp://[::1]:2525?tls=none", ("::1", 2525, "none", None, None)),
    ],
)
def test_a_mail_url_says_it_all(url, expected):
    server = transport.Server.read(url)

    assert (server.host, server.port, server.tls, server.user, server.password) == expected


def test_a_server_without_starttls_gets_no_password():
    with smtp.sink() as sink:
        url = f"smtp://user:secret@127.0.0.1:{sink.port}?tls=starttls"
        with pytest.raises(transport.NoServer), transport.opened(url, helo="x.example.org") as line:
            line.send(letter())

    assert sink.raw == []


def test_a_folder_holds_one_whole_file_a_letter(tmp_path):
    with transport.opened(f"file://{tmp_path}/my%20mail", helo="x") as line:
        line.send(letter())
        line.send(letter())

    files = list((tmp_path / "my mail").iterdir())
    assert [file.name for file in files] == ["20280901T080000Z-abc.eml"]
    assert files[0].read_bytes() == letter().data


def test_a_folder_that_takes_nothing_loses_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(transport.NoServer, match="the folder takes no mail"),
        transport.opened(f"file://{tmp_path}/file", helo="x") as line,
    ):
        line.send(letter())


def test_c12_the_envelope_and_the_attendee_are_the_exact_address(app, clock, sink):
    from app.mail import tasks

    cafe = make.cafe()
    make.registration(cafe, name="Ana", email=" Ana+Talks@Example.ORG ")
    make.registration(cafe, name="Bo", email="ana@example.org")
    tasks.send()

    assert sink.recipients == ["ana+talks@example.org", "ana@example.org"]
    *_, part = sink.messages[0].walk()
    event = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
    assert event["ATTENDEE"] == "mailto:ana+talks@example.org"
    assert event["ORGANIZER"] == "mailto:calendar@talks.example.org"
