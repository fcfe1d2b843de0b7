"""Our VTIMEZONE: one STANDARD, at most one DAYLIGHT, right wherever we use it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import timing
from app.core.ical.vtimezone import agrees_with_iana, rule, vtimezone

ZURICH = """BEGIN:VTIMEZONE
TZID:Europe/Zurich
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
"""
BALI = """BEGIN:VTIMEZONE
TZID:Asia/Makassar
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
TZNAME:WITA
END:STANDARD
END:VTIMEZONE
"""


def text_of(zone):
    return vtimezone(zone).decode().replace("\r\n", "\n")


@pytest.mark.parametrize(("zone", "text"), [("Europe/Zurich", ZURICH), ("Asia/Makassar", BALI)])
def test_the_two_zones_of_2013(zone, text):
    assert text_of(zone) == text


def test_dublins_summer_is_daylight_time_although_its_law_says_otherwise():
    lines = text_of("Europe/Dublin").splitlines()
    assert lines[lines.index("BEGIN:DAYLIGHT") + 5] == "TZNAME:IST"


@pytest.mark.parametrize("zone", timing.zones())
def test_every_zone_is_said_with_rules_that_outlook_reads(zone):
    lines = text_of(zone).splitlines()
    assert lines.count("BEGIN:STANDARD") == 1
    assert lines.count("BEGIN:DAYLIGHT") <= 1
    assert lines[1] == f"TZID:{zone if rule(zone) else 'UTC'}"
    rules = [line for line in lines if line.startswith("RRULE")]
    assert len(rules) in (0, 2)
    assert all("BYDAY=" in each and "BYMONTHDAY" not in each for each in rules)
    assert not any(line.startswith(("RDATE", "COMMENT", "X-")) for line in lines)


def test_only_zones_whose_onset_slips_past_its_weekday_cannot_be_said():
    unsaid = {zone for zone in timing.zones() if rule(zone) is None}
    assert unsaid <= {
        "Africa/Cairo", "America/Nuuk", "America/Santiago", "America/Scoresbysund",
        "Asia/Gaza", "Asia/Hebron", "Asia/Jerusalem",
    }  # fmt: skip
    assert "Asia/Jerusalem" in unsaid


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2036, 12, 30), timezones=st.just(UTC)),
    st.sampled_from(timing.zones()),
)
def test_where_we_say_it_agrees_the_offset_is_ianas(at, zone):
    at = at.replace(second=0, microsecond=0)
    if agrees_with_iana(zone, at):
        assert rule(zone).offset(at) == timing.utc_offset(at, zone)


@pytest.mark.parametrize("zone", ["Europe/Zurich", "America/New_York", "Asia/Makassar"])
def test_the_venues_of_2013_are_said_in_their_own_zone_all_year(zone):
    days = [datetime(2013, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(365)]
    assert all(agrees_with_iana(zone, day) for day in days)


def test_a_zone_that_changed_its_law_since_is_said_in_utc_for_the_time_before():
    # Turkey kept its summer time for good in 2016.
    january, today = datetime(2013, 1, 15, tzinfo=UTC), datetime(2025, 1, 15, tzinfo=UTC)
    assert not agrees_with_iana("Europe/Istanbul", january)
    assert agrees_with_iana("Europe/Istanbul", today)
