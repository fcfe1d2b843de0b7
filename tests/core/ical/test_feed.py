"""Feeds: golden bytes, and what five independent readers make of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import timing
from app.core.ical import text
from app.core.ical.entry import Conference
from app.core.ical.render import render
from tests.core.ical.readers import read_alike, read_with_all
from tests.core.ical.samples import CAFE, HALL, ROUND, feed_of

GOLDEN = Path(__file__).parent / "golden"
VENDOR = Path(__file__).parents[2] / "vendor"


def unfolded(data):
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


def assert_well_formed(data):
    """CRLF only, the last line ended, at most 75 octets, no control, whole characters."""
    assert data.endswith(b"\r\n")
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", line.decode("utf-8"))


def test_the_vendored_reader_is_the_one_we_vetted():
    for line in (VENDOR / "HASHES").read_text().splitlines():
        digest, name = line.split()
        assert sha256((VENDOR / name).read_bytes()).hexdigest() == digest


def test_the_feed_of_2013_is_these_bytes():
    assert feed_of(CAFE, HALL, ROUND) == (GOLDEN / "feed.ics").read_bytes()


def test_an_empty_feed_is_these_bytes():
    empty = feed_of(source=None, empty_zone="Asia/Makassar")
    assert empty == (GOLDEN / "empty.ics").read_bytes()


def test_everybody_reads_the_same_three_sessions():
    assert read_alike(feed_of(ROUND, HALL, CAFE)) == [
        (CAFE.uid, "2013-10-08T16:15:00Z", "2013-10-08T18:15:00Z", CAFE.summary, "CONFIRMED", 1),
        (HALL.uid, "2013-10-25T01:00:00Z", "2013-10-25T02:30:00Z", HALL.summary, "CONFIRMED", 0),
        (ROUND.uid, "2013-10-14T07:00:00Z", "2013-11-01T22:59:00Z", ROUND.summary, "CANCELLED", 2),
    ]


def test_the_order_in_which_entries_come_changes_no_byte():
    assert feed_of(ROUND, HALL, CAFE) == feed_of(CAFE, HALL, ROUND)


def test_a_feed_has_no_method_and_names_nobody():
    for line in unfolded(feed_of(CAFE, HALL, ROUND)):
        assert not line.startswith(("METHOD", "ORGANIZER", "ATTENDEE", "CONTACT", "RRULE:FREQ=D"))


def test_each_zone_is_defined_once_and_only_where_it_is_used():
    zones = [line for line in unfolded(feed_of(CAFE, HALL, ROUND)) if line.startswith("TZID")]
    assert zones == ["TZID:Asia/Makassar", "TZID:Europe/Zurich"]
    spoken = replace(CAFE, tzid="UTC")
    assert b"VTIMEZONE" not in feed_of(spoken)
    assert read_alike(feed_of(spoken))[0][1] == "2013-10-08T16:15:00Z"


@pytest.mark.parametrize("zone", ["UTC", "Asia/Jerusalem", "Etc/GMT-3"])
def test_an_empty_feed_holds_one_component_whatever_the_zone(zone):
    lines = unfolded(feed_of(empty_zone=zone))
    assert lines.count("BEGIN:VTIMEZONE") == 1
    assert read_alike(feed_of(empty_zone=zone)) == []


def test_a_personal_feed_does_not_spell_out_its_own_address():
    assert b"SOURCE" not in feed_of(CAFE, source=None)


def test_dtstamp_is_the_last_revision_without_a_method():
    assert "DTSTAMP:20130920T083000Z" in unfolded(render(CAFE).body)


@pytest.mark.parametrize("hour", [0, 1])
def test_of_two_equal_wall_clocks_neither_is_written_without_its_offset(hour):
    start = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    twice = replace(CAFE, dtstart=start, dtend=start + timedelta(hours=6))
    assert render(twice).tzid is None
    assert read_alike(feed_of(twice))[0][1] == timing.isoformat_z(start)


def edges():
    """Every zone, an instant just before, at and after its changes in 2013 and 2028."""
    found = [("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC))]
    for zone in timing.zones():
        for year in (2013, 2028):
            span = (datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, tzinfo=UTC))
            found += [(zone, span[0] + timedelta(days=180))]
            found += [(zone, at + timedelta(minutes=m)) for at, _ in timing.changes(*span, zone)
                      for m in (-61, -1, 0, 59)]  # fmt: skip
    return found


def test_readers_who_believe_our_zones_and_readers_who_do_not_agree_around_every_change():
    entries = [
        replace(CAFE, uid=f"{n:05}@x", tzid=zone, dtstart=at, dtend=at + timedelta(hours=2))
        for n, (zone, at) in enumerate(edges()[::2])
    ]
    written = feed_of(*entries)
    answers = read_with_all(written, without=("ics", "recurring_ical_events"))  # both slow
    expected = [timing.isoformat_z(entry.dtstart) for entry in entries]
    assert {name: [event[1] for event in read] for name, read in answers.items()} == dict.fromkeys(
        answers, expected
    )


# Everything a person may paste, controls and halves of characters included.
anything = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from('\\;,:"\n\r\t\x00\x07\x0b\x1b\x7f\x85\u2028\u2029\ud800 éא中😀'),
    ),
    max_size=200,
)


@given(anything, anything, anything, st.lists(anything, max_size=3))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_text_in_any_field_leaves_the_feed_well_formed(one, two, three, words):
    entry = replace(
        CAFE,
        summary=one,
        description=two,
        location=three,
        categories=tuple(words),
        url="https://talks.example.org/" + one,
        conferences=(Conference("https://talks.example.org/" + two, three),),
        color=two[:5],
    )
    data = feed_of(entry, HALL, name=one, description=two, source=three or None, url=three)

    assert_well_formed(data)
    lines = unfolded(data)
    assert [line for line in lines if line.startswith(("BEGIN", "END"))] == [
        line for line in unfolded(feed_of(CAFE, HALL)) if line.startswith(("BEGIN", "END"))
    ]
    assert f"SUMMARY:{text.escape(one)}" in lines


@given(anything.filter(lambda words: "\\" not in text.clean(words)))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_everybody_reads_the_title_as_it_was_typed(words):
    title = f"<{words}>"  # readers differ over blanks at the ends
    assert [event[3] for event in read_alike(feed_of(replace(HALL, summary=title)))] == [
        text.clean(title)
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("half \ud83d a smile", "half  a smile"),
        ("a\x00b\x07c\x1b[0m\x7f\x9b", "abc[0m"),
        ("one\r\ntwo\rthree\x85four\u2028five\u2029", "one\ntwo\nthree\nfour\nfive\n"),
        ("tab\tstop", "tab stop"),
    ],
)
def test_what_has_no_place_in_a_calendar_is_left_out(typed, kept):
    assert text.clean(typed) == kept
    assert_well_formed(feed_of(replace(HALL, summary=typed, url="https://x.example/" + typed)))


def test_a_backslash_stays_one():
    # ics takes \\n for a line break, against RFC 5545 3.3.11.
    answers = read_with_all(feed_of(replace(HALL, summary="C:\\new, \\; x")), without=("ics",))
    assert {read[0][3] for read in answers.values()} == {"C:\\new, \\; x"}


@given(st.text(st.sampled_from("a\\é中😀;"), min_size=60, max_size=300))
def test_a_fold_divides_no_character_and_no_escape_pair(words):
    line = "SUMMARY:" + text.escape(words)
    pieces = text.fold(line).removesuffix(b"\r\n").split(b"\r\n ")

    assert b"".join(pieces) == line.encode()
    for number, piece in enumerate(pieces):
        assert len(piece) + (number > 0) <= 75
        trailing = len(piece) - len(piece.rstrip(b"\\"))
        assert trailing % 2 == 0
        piece.decode("utf-8")
