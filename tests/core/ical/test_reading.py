"""Calendar files of others: the cases from the field, bombs, and what must not leak."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import timing
from app.core.ical import apart, zonenames
from app.core.ical.reading import MAX_BYTES, read
from app.core.refusals import Invalid
from tests.core.ical.samples import CAFE, HALL, ROUND, feed_of

CASES = Path(__file__).parents[2] / "cases"


def case(name):
    return read((CASES / name).read_bytes())


def file(*lines, zones=""):
    """Return a calendar of one event: the usual lines, and those given in their place."""
    usual = {"UID": "UID:x@example.org", "SUMMARY": "SUMMARY:Hearing"}
    given = {line.partition(":")[0].partition(";")[0] for line in lines}
    body = [line for name, line in usual.items() if name not in given] + list(lines)
    parts = ["BEGIN:VCALENDAR", *([zones] if zones else []), "BEGIN:VEVENT", *body]
    return "\r\n".join([*parts, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def zone(tzid, *lines):
    offset = ("TZOFFSETFROM:+0530", "TZOFFSETTO:+0530", "DTSTART:20200101T000000")
    body = ("BEGIN:STANDARD", *offset, *lines, "END:STANDARD", "END:VTIMEZONE")
    return "\r\n".join(["BEGIN:VTIMEZONE", f"TZID:{tzid}", *body])


def times(reading):
    """(instant of start, instant of end, zone) of every event; fails if there are problems."""
    assert reading.problems == ()
    return [
        (
            timing.isoformat_z(timing.instant(each.starts, each.timezone, fold=each.fold)),
            timing.isoformat_z(timing.instant(each.ends, each.timezone, fold=each.ends_fold)),
            each.timezone,
        )
        for each in reading.events
    ]


def problems(reading):
    return [(each.title, each.code) for each in reading.problems]


def test_names_of_windows_become_iana_names():  # C04
    assert times(case("outlook.ics")) == [
        ("2028-10-10T16:15:00Z", "2028-10-10T18:15:00Z", "Europe/Berlin"),
        ("2028-12-05T17:15:00Z", "2028-12-05T19:15:00Z", "Europe/Berlin"),
        ("2028-10-12T14:00:00Z", "2028-10-12T15:30:00Z", "America/Bogota"),
    ]


def test_a_series_keeps_its_wall_clock_and_its_last_date():  # C02
    series = case("series.ics")
    assert times(series) == [
        ("2028-10-17T16:15:00Z", "2028-10-17T18:15:00Z", "Europe/Zurich"),
        ("2028-10-24T16:15:00Z", "2028-10-24T18:15:00Z", "Europe/Zurich"),
        ("2028-10-31T17:15:00Z", "2028-10-31T19:15:00Z", "Europe/Zurich"),
    ]
    assert [each.uid for each in series.events] == [
        "series-1@example.org#2028-10-17",
        "series-1@example.org#2028-10-24",
        "series-1@example.org#2028-10-31",
    ]


@pytest.mark.parametrize("order", [("a", "b", "c"), ("b", "a", "c"), ("c", "b", "a")])
def test_a_definition_never_leaks_into_the_next_file(order):  # C05
    found = {name: case(f"zone-{name}.ics") for name in order}

    assert times(found["a"]) == [("2028-10-10T13:15:00Z", "2028-10-10T15:15:00Z", "Etc/GMT-5")]
    assert times(found["b"]) == [("2028-10-10T16:15:00Z", "2028-10-10T18:15:00Z", "Etc/GMT-2")]
    assert problems(found["c"]) == [("From nowhere", "undefined_timezone")]
    assert [(each.title, each.code) for each in found["a"].notes] == [
        ("From office A", "fixed_offset")
    ]


def test_a_zone_nobody_defines_can_be_given_by_the_caller_who_is_told():
    reading = read((CASES / "zone-c.ics").read_bytes(), "Asia/Kathmandu")
    assert times(reading)[0][::2] == ("2028-10-10T12:30:00Z", "Asia/Kathmandu")
    assert reading.notes[0].text() == "“Customized Time Zone” is read as Asia/Kathmandu."


def test_our_own_feed_comes_back_as_it_went_out():
    reading = read(feed_of(CAFE, HALL, ROUND))
    assert times(reading) == [
        (timing.isoformat_z(entry.dtstart), timing.isoformat_z(entry.dtend), entry.tzid)
        for entry in (CAFE, ROUND, HALL)
    ]
    cafe = reading.events[0]
    assert (cafe.uid, cafe.title, cafe.description, cafe.location, cafe.url, cafe.status) == (
        CAFE.uid, CAFE.summary, CAFE.description, CAFE.location, CAFE.url, "CONFIRMED",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tzid", "expected"),
    [
        ("Europe/Zurich", "Europe/Zurich"),
        ("US/Eastern", "America/New_York"),
        ("/freeassociation.sourceforge.net/Europe/Zurich", "Europe/Zurich"),
        ("/citadel.org/20210210_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("w. europe standard time", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("Customized Time Zone", None),
        ("Europe", None),
        ("x" * 10_000, None),
        ("", None),
    ],
)
def test_the_zone_behind_a_name(tzid, expected):
    assert zonenames.iana_zone(tzid) == expected


@pytest.mark.parametrize(
    ("tzid", "instant", "stored"),
    [
        ('"UTC+02:00"', "2028-10-10T16:15:00Z", "Etc/GMT-2"),
        ("GMT-0300", "2028-10-10T21:15:00Z", "Etc/GMT+3"),
        ('"UTC+05:30"', "2028-10-10T12:45:00Z", "UTC"),
    ],
)
def test_a_plain_offset_is_stored_as_one_and_reported(tzid, instant, stored):
    reading = read(file(f"DTSTART;TZID={tzid}:20281010T181500", "DURATION:PT2H"))
    assert times(reading)[0][::2] == (instant, stored)
    assert [each.code for each in reading.notes] == ["fixed_offset"]


def test_a_zone_of_the_file_that_says_which_it_is_is_that_one():
    definition = zone("Mine").replace("TZID:Mine", "TZID:Mine\r\nX-LIC-LOCATION:Europe/Zurich")
    reading = read(file("DTSTART;TZID=Mine:20281010T181500", "DURATION:PT2H", zones=definition))
    assert times(reading)[0][::2] == ("2028-10-10T16:15:00Z", "Europe/Zurich")
    assert reading.notes == ()


@pytest.mark.parametrize("tzid", ["Mine", "Factory"])  # zoneinfo would open the second one
def test_half_hours_of_an_unknown_zone_are_stored_in_utc(tzid):
    lines = (f"DTSTART;TZID={tzid}:20281010T181500", f"DTEND;TZID={tzid}:20281010T201500")
    reading = read(file(*lines, zones=zone(tzid)))
    assert times(reading) == [("2028-10-10T12:45:00Z", "2028-10-10T14:45:00Z", "UTC")]
    assert reading.events[0].starts == datetime(2028, 10, 10, 12, 45)


@pytest.mark.parametrize("start", ["DTSTART:20281010T181500", "DTSTART;VALUE=DATE:20281010"])
def test_floating_and_whole_days_need_a_zone(start):
    written = file(start, "DURATION:P1D")
    assert problems(read(written)) == [("Hearing", "needs_timezone")]
    assert len(read(written, "Europe/Zurich").events) == 1


def test_a_whole_day_lasts_from_midnight_to_midnight():
    reading = read(file("DTSTART;VALUE=DATE:20281029"), "Europe/Zurich")
    assert times(reading) == [("2028-10-28T22:00:00Z", "2028-10-29T23:00:00Z", "Europe/Zurich")]


def test_utc_is_shown_in_the_callers_zone_if_there_is_one():
    written = file("DTSTART:20281029T013000Z", "DTEND:20281029T020000Z")
    assert times(read(written))[0][2] == "UTC"
    zurich = read(written, "Europe/Zurich").events[0]
    assert (zurich.starts, zurich.fold) == (datetime(2028, 10, 29, 2, 30), 1)


def test_hours_of_a_duration_really_pass_and_days_follow_the_calendar():
    start = "DTSTART;TZID=Europe/Zurich:20281028T200000"
    assert times(read(file(start, "DURATION:PT12H")))[0][1] == "2028-10-29T06:00:00Z"
    assert times(read(file(start, "DURATION:P1D")))[0][1] == "2028-10-29T19:00:00Z"


def test_an_end_in_another_zone_is_the_same_instant():
    start = "DTSTART;TZID=Europe/Zurich:20281010T090000"
    end = "DTEND;TZID=Asia/Makassar:20281010T163000"
    reading = read(file(start, end))
    assert times(reading) == [("2028-10-10T07:00:00Z", "2028-10-10T08:30:00Z", "Europe/Zurich")]


SERIES = ("DTSTART;TZID=Europe/Zurich:20281017T181500", "DTEND;TZID=Europe/Zurich:20281017T201500")


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["RRULE:FREQ=WEEKLY;COUNT=3"], [17, 24, 31]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20281031"], [17, 24, 31]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20281031T171459Z"], [17, 24]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20281024T161500Z"], [17, 31]),
        (["RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE;VALUE=DATE:20281024"], [17]),
        (["RDATE;TZID=Europe/Zurich:20281018T181500,20281020T181500"], [17, 18, 20]),
        (["RDATE:20281031T171500Z"], [17, 31]),
    ],
)
def test_the_dates_of_a_series(lines, days):
    reading = read(file(*SERIES, *lines))
    assert reading.problems == ()
    assert [(each.starts.day, each.starts.hour, each.starts.minute) for each in reading.events] == [
        (day, 18, 15) for day in days
    ]


def test_a_series_in_the_files_own_zone_is_worked_out_there():
    lines = ("DTSTART;TZID=Mine:20281010T181500", "DTEND;TZID=Mine:20281010T201500")
    rule = "RRULE:FREQ=DAILY;UNTIL=20281012T124500Z"
    reading = read(file(*lines, rule, "EXDATE:20281011T124500Z", zones=zone("Mine")))
    assert [start for start, _, _ in times(reading)] == [
        "2028-10-10T12:45:00Z",
        "2028-10-12T12:45:00Z",
    ]


def test_one_changed_date_replaces_that_of_the_series():
    series = file(*SERIES, "RRULE:FREQ=WEEKLY;COUNT=2").decode()
    changed = file(
        "SUMMARY:Hearing, moved",
        "RECURRENCE-ID;TZID=Europe/Zurich:20281024T181500",
        "DTSTART;TZID=Europe/Zurich:20281025T091500",
        "DTEND;TZID=Europe/Zurich:20281025T101500",
    ).decode()
    reading = read((series + changed).encode())
    assert [(each.title, each.starts.day) for each in reading.events] == [
        ("Hearing", 17),
        ("Hearing, moved", 25),
    ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["RRULE:FREQ=SECONDLY;COUNT=3"], "series_too_fine"),
        (["RRULE:FREQ=MINUTELY;COUNT=3"], "series_too_fine"),
        (["RRULE:FREQ=HOURLY;COUNT=3"], "series_too_fine"),
        (["RRULE:FREQ=DAILY;COUNT=3;BYSECOND=1,2,3"], "series_too_fine"),
        (["RRULE:COUNT=3"], "series_too_fine"),
        (["RRULE:FREQ=DAILY"], "series_endless"),
        (["RRULE:FREQ=DAILY;COUNT=367"], "series_too_long"),
        (["RRULE:FREQ=DAILY;UNTIL=20371231"], "series_too_long"),
        (["RRULE:FREQ=DAILY;UNTIL=tomorrow"], "invalid_time"),
        (["RRULE:FREQ=DAILY;COUNT=x"], "unreadable"),
        (["RRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=DAILY;COUNT=3"], "unsupported"),
        (["RDATE;VALUE=PERIOD:20281018T160000Z/PT1H"], "unsupported"),
        (["RECURRENCE-ID;RANGE=THISANDFUTURE:20281017T161500Z"], "unsupported"),
    ],
)
def test_what_is_no_series_we_import(lines, code):
    assert problems(read(file(*SERIES, *lines))) == [("Hearing", code)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTEND:20281010T100000Z"], ("Hearing", "no_start")),
        (["DTSTART:20281010T100000Z"], ("Hearing", "no_end")),
        (["DTSTART:20281010T100000Z", "DTEND:20281010T100000Z"], ("Hearing", "ends_before_start")),
        (["DTSTART:20281010T100000Z", "DURATION:-PT1H"], ("Hearing", "ends_before_start")),
        (["DTSTART:20281010T100000Z", "DURATION:soon"], ("Hearing", "invalid_time")),
        (["DTSTART:20281010T100000Z", "DURATION:P999999999999D"], ("Hearing", "invalid_time")),
        (["DTSTART:20281310T100000Z", "DURATION:PT1H"], ("Hearing", "invalid_time")),
        (["DTSTART:16010101T100000Z", "DURATION:PT1H"], ("Hearing", "invalid_time")),
        (["SUMMARY: ", "DTSTART:20281010T100000Z", "DURATION:PT1H"], ("", "no_title")),
        (
            ["DTSTART;TZID=Europe/Zurich:20280326T023000", "DURATION:PT1H"],
            ("Hearing", "no_such_time"),
        ),
    ],
)
def test_what_is_wrong_with_an_event_is_said_under_its_title(lines, expected):
    assert problems(read(file(*lines))) == [expected]


def test_every_bad_event_is_named_with_its_line():
    good = file("DTSTART:20281010T100000Z", "DURATION:PT1H").decode()
    bad = file("SUMMARY:No start").decode()
    found = read((bad + good + bad).encode()).problems
    assert [(each.line, each.title, each.code) for each in found] == [
        (2, "No start", "no_start"),
        (16, "No start", "no_start"),
    ]


@pytest.mark.parametrize(
    ("data", "line", "code"),
    [
        (b"", 1, "not_a_calendar"),
        (b"PK\x03\x04 garbage", 1, "not_a_calendar"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", 1, "no_events"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", 3, "not_a_calendar"),
        (b"BEGIN:VCALENDAR\nwhat is this\nEND:VCALENDAR\n", 2, "not_a_calendar"),
        (b"BEGIN:VCARD\nEND:VCARD\n", 1, "not_a_calendar"),
        (b"BEGIN:A\n" * 100_000, 6, "not_a_calendar"),
        ("BEGIN:VCALENDAR\nNAME:Zürich\n".encode("latin-1"), 2, "not_utf8"),
        ("BEGIN:VCALENDAR\n".encode("utf-16"), 1, "not_utf8"),
        (b"x" * (MAX_BYTES + 1), 1, "too_large"),
    ],
)
def test_what_is_no_calendar_is_said_with_its_line(data, line, code):
    reading = read(data)
    assert [(each.line, each.code) for each in reading.problems] == [(line, code)]
    assert reading.events == ()


def test_a_byte_order_mark_and_bare_line_feeds_do_no_harm():
    written = (CASES / "series.ics").read_bytes().replace(b"\r\n", b"\n")
    assert len(times(read(b"\xef\xbb\xbf" + written))) == 3


def test_a_zone_that_never_ends_costs_seconds_and_is_named(monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 2)
    other = "BEGIN:DAYLIGHT\r\nDTSTART:20200601T000000\r\nTZOFFSETFROM:+0530\r\nTZOFFSETTO:+0630"
    bomb = zone("Bomb", "RRULE:FREQ=SECONDLY").replace(
        "BEGIN:STANDARD", f"{other}\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD"
    )
    events = [
        file("SUMMARY:Before", *SERIES, "RRULE:FREQ=WEEKLY;COUNT=2"),
        file(
            "SUMMARY:Bomb", "DTSTART;TZID=Bomb:20281010T181500", "DTEND;TZID=Bomb:20281010T201500",
            zones=bomb,
        ),
        file("SUMMARY:After", *SERIES, "RRULE:FREQ=WEEKLY;COUNT=2"),
    ]  # fmt: skip
    began = time.monotonic()
    reading = read(b"".join(events))

    assert time.monotonic() - began < 10
    assert problems(reading) == [("Bomb", "too_costly")]


def test_a_rule_that_never_comes_true_ends_all_the_same(monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 2)
    never = read(file(*SERIES, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=2"))
    assert problems(never) == [("Hearing", "too_costly")]


def test_the_zone_given_must_be_one():
    with pytest.raises(Invalid):
        read(b"", "Europe")


def test_controls_in_a_text_are_gone_and_its_breaks_are_kept():
    reading = read(file("SUMMARY:He\x07ar\\, ing", "DESCRIPTION:one\\ntwo\\\\n", *SERIES))
    assert (reading.events[0].title, reading.events[0].description) == ("Hear, ing", "one\ntwo\\n")


@given(st.binary(max_size=300), st.integers(0, 600))
def test_no_damage_to_a_file_is_more_than_a_problem(noise, at):
    whole = (CASES / "outlook.ics").read_bytes()
    read(noise)
    read(whole[:at] + noise + whole[at + len(noise) :])
