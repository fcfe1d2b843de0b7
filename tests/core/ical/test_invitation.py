"""Invitations by mail: golden bytes, one person, and a CANCEL that names nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest

from app.core.ical.invitation import Address, cancel, request
from tests.core.ical.readers import read_alike
from tests.core.ical.samples import CAFE
from tests.core.ical.test_feed import assert_well_formed, unfolded

GOLDEN = Path(__file__).parent / "golden"
MADE = datetime(2013, 9, 21, 10, 0, 5, tzinfo=UTC)
SENDER = Address("calendar@talks.example.org", "Open Talks")
ANA = Address("ana+talks@example.org", "Siobhán O’Neill-D'Arcy")
MINE = replace(CAFE, klass="PRIVATE", transp="OPAQUE")


def test_a_request_is_these_bytes():
    assert request(MINE, SENDER, ANA, MADE, 3) == (GOLDEN / "request.ics").read_bytes()


def test_a_cancel_is_these_bytes():
    assert cancel(MINE, SENDER, ANA, MADE, 4) == (GOLDEN / "cancel.ics").read_bytes()


def test_a_cancel_that_names_nobody_is_these_bytes():
    nobody = cancel(MINE, SENDER, None, MADE, 4)
    assert nobody == (GOLDEN / "cancel-nobody.ics").read_bytes()
    assert b"ATTENDEE" not in nobody


def test_everybody_reads_invitation_and_cancellation_as_one_appointment():
    times = ("2013-10-08T16:15:00Z", "2013-10-08T18:15:00Z", MINE.summary)
    assert read_alike(request(MINE, SENDER, ANA, MADE, 3)) == [(MINE.uid, *times, "CONFIRMED", 3)]
    assert read_alike(cancel(MINE, SENDER, ANA, MADE, 4)) == [(MINE.uid, *times, "CANCELLED", 4)]


@pytest.mark.parametrize("make", [request, cancel])
def test_the_recipient_is_the_only_attendee_under_the_envelopes_address(make):
    event = icalendar.Calendar.from_ical(make(MINE, SENDER, ANA, MADE, 3)).walk("VEVENT")[0]
    assert (str(event["ATTENDEE"]), event["ATTENDEE"].params["CN"]) == (
        "mailto:ana+talks@example.org",
        ANA.name,
    )
    assert str(event["ORGANIZER"]) == "mailto:calendar@talks.example.org"
    assert event["DTSTAMP"].dt == MADE


@pytest.mark.parametrize(
    "name", ['Ana "the voice" B', "Ana\r\nATTENDEE:mailto:eve@example.org", "A;B:C,D", "\x00A\x1b"]
)
def test_no_name_breaks_out_of_its_parameter(name):
    data = request(MINE, SENDER, Address("ana@example.org", name), MADE, 3)
    assert_well_formed(data)
    assert sum(line.startswith("ATTENDEE") for line in unfolded(data)) == 1
    event = icalendar.Calendar.from_ical(data).walk("VEVENT")[0]
    assert str(event["ATTENDEE"]) == "mailto:ana@example.org"
    assert '"' not in event["ATTENDEE"].params["CN"]


def test_nobody_without_a_name_gets_an_empty_one():
    data = request(MINE, SENDER, Address("ana@example.org"), MADE, 3)
    assert b"RSVP=FALSE:mailto:ana@example.org" in data.replace(b"\r\n ", b"")
