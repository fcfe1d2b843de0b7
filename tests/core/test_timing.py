"""Wall clocks and instants, against zoneinfo and the cases from the field."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import timing
from app.core.refusals import Invalid
from app.core.timing import Period

timing.use_one_database()
zones = st.sampled_from(timing.zones())
instants = st.datetimes(datetime(1975, 1, 1), datetime(2037, 12, 30), timezones=st.just(UTC)).map(
    lambda each: each.replace(microsecond=0)
)


def wall(text):
    return datetime.fromisoformat(text)


def refused(call, *args, **kwargs):
    """Return (field, code, message) of the refusal."""
    with pytest.raises(Invalid) as refusal:
        call(*args, **kwargs)
    error = refusal.value.errors[0]
    return error.field, error.code, error.text()


def changes_of(zone):
    """Every change of the years in which sessions are planned, and Apia's skipped day."""
    spans = [(datetime(2011, 12, 1, tzinfo=UTC), datetime(2012, 1, 31, tzinfo=UTC))]
    spans.append((datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC)))
    return [at for start, end in spans for at, _ in timing.changes(start, end, zone)]


def test_the_two_packages_hold_the_same_database():
    assert timing.use_one_database() is None
    assert zoneinfo.TZPATH == ()


def test_a_different_release_is_said(monkeypatch):
    monkeypatch.setattr(timing.tzdata, "IANA_VERSION", "1999z")
    assert timing.use_one_database() == (
        f"pytz has time zone data {timing.tzdata_version()}, tzdata 1999z"
    )


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Europe/Zurich", "Europe/Zurich"),
        ("Asia/Makassar", "Asia/Makassar"),
        ("Europe/Oslo", "Europe/Oslo"),  # a link in the database, but listed
        ("UTC", "UTC"),
        ("Etc/UTC", "Etc/UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("US/Eastern", "America/New_York"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("GMT", "Etc/GMT"),
        ("Zulu", "Etc/UTC"),
        ("EST5EDT", "America/New_York"),
    ],
)
def test_a_zone_is_kept_or_becomes_the_one_it_links_to(sent, stored):
    assert timing.canonical_zone(sent) == stored


@pytest.mark.parametrize(
    "sent",
    ["posixrules", "localtime", "Europe", "right/Europe/Zurich", "posix/UTC", "Factory", "", "CEST",
     "europe/zurich", " UTC", "UTC\n", "../UTC", "/etc/localtime", "Etc/", "Etc/../UTC", "\x00",
     "zone.tab", "UTC+2", "x" * 100_000, None, 2, b"UTC", ["UTC"]],
)  # fmt: skip
def test_anything_else_is_no_zone(sent):
    assert refused(timing.canonical_zone, sent)[:2] == ("timezone", "unknown_timezone")


def test_every_name_of_the_database_but_factory_is_known():
    names = timing.pytz.all_timezones_set - {"Factory"}
    stored = {timing.canonical_zone(name) for name in names}
    kept = {name for name in stored if name == "UTC" or name.startswith("Etc/")}
    assert stored - kept <= set(timing.zones())


def test_every_link_keeps_its_clocks():
    at = datetime(2028, 7, 1, tzinfo=UTC)
    for name in timing.pytz.all_timezones_set - {"Factory"}:
        expected = at.astimezone(zoneinfo.ZoneInfo(name)).utcoffset()
        assert timing.utc_offset(at, timing.canonical_zone(name)) == expected, name


@pytest.mark.parametrize("text", ["2013-10-08T18:15", "2013-10-08T18:15:00"])
def test_a_wall_clock_is_read(text):
    assert timing.parse_wall(text, "starts") == datetime(2013, 10, 8, 18, 15)


@pytest.mark.parametrize("tail", ["Z", "z", "+02:00", "-0330", ":00+02", ":00.000Z", " +02:00"])
def test_a_wall_clock_names_no_offset(tail):
    assert refused(timing.parse_wall, "2013-10-08T18:15" + tail, "ends")[:2] == (
        "ends",
        "offset_not_allowed",
    )


@pytest.mark.parametrize(
    "text",
    ["2013-10-08", "18:15", "2013-10-08 18:15", "2013-02-30T18:15", "2013-10-08T24:00", "",
     "20131008T1815", "2013-10-08T18:15\n", "٢٠١٣-10-08T18:15", "2013-W41-2T18:15", "x" * 100_000,
     None, 1815, True],
)  # fmt: skip
def test_other_forms_of_a_time_are_refused(text):
    assert refused(timing.parse_wall, text, "starts")[:2] == ("starts", "invalid_time")


@given(instants, zones)
def test_wall_clocks_are_those_of_the_other_library(at, zone):
    theirs = at.astimezone(zoneinfo.ZoneInfo(zone))
    assert timing.wall(at, zone) == theirs.replace(tzinfo=None)
    assert timing.utc_offset(at, zone) == theirs.utcoffset()


@given(instants, zones)
def test_there_and_back(at, zone):
    found = timing.instants(timing.wall(at, zone), zone)
    assert at in found
    assert timing.instant(timing.wall(at, zone), zone, fold=found.index(at)) == at


@pytest.mark.parametrize("zone", timing.zones())
def test_around_every_change_gaps_and_overlaps_are_what_brute_force_finds(zone):
    theirs = zoneinfo.ZoneInfo(zone)
    for at in changes_of(zone)[:6]:
        for minutes in (-121, -61, -60, -31, -30, -1, 0, 1, 29, 30, 59, 60, 61, 121):
            clock = timing.wall(at, zone) + timedelta(minutes=minutes)
            brute = {clock.replace(tzinfo=theirs, fold=fold).astimezone(UTC) for fold in (0, 1)}
            shown = sorted(
                each
                for each in brute
                if each.astimezone(theirs).replace(tzinfo=None, fold=0) == clock
            )
            assert timing.instants(clock, zone) == tuple(shown)


@pytest.mark.parametrize(
    ("zone", "text", "before", "after"),
    [
        ("Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:59", "2027-03-28T03:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T01:59", "2026-10-04T02:30"),
        ("Antarctica/Troll", "2027-03-28T02:00", "2027-03-28T00:59", "2027-03-28T03:00"),
        ("Europe/Dublin", "2027-03-28T01:00", "2027-03-28T00:59", "2027-03-28T02:00"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-29T23:59", "2011-12-31T00:00"),
    ],
)
def test_a_time_that_does_not_exist_comes_with_its_neighbours(zone, text, before, after):
    assert refused(timing.instant, wall(text), zone, field="ends") == (
        "ends",
        "no_such_time",
        f"{text} does not exist in {zone}: the clocks jump over it. "
        f"Use {before} or earlier, or {after} or later.",
    )
    for neighbour in (before, after):
        assert timing.wall(timing.instant(wall(neighbour), zone), zone) == wall(neighbour)


def test_a_time_that_happens_twice_is_asked():
    twice = wall("2026-10-25T02:30")
    assert refused(timing.instant, twice, "Europe/Berlin") == (
        "starts",
        "ambiguous_time",
        "2026-10-25T02:30 happens twice in Europe/Berlin on that day: first at CEST (UTC+2), "
        "then at CET (UTC+1). Say which.",
    )
    first, second = (timing.instant(twice, "Europe/Berlin", fold=fold) for fold in (0, 1))
    assert timing.isoformat_z(first) == "2026-10-25T00:30:00Z"
    assert timing.isoformat_z(second) == "2026-10-25T01:30:00Z"


def test_a_fold_elsewhere_means_nothing():
    at = wall("2028-10-10T18:15")
    assert timing.instant(at, "Europe/Zurich", fold=1) == timing.instant(at, "Europe/Zurich")


@pytest.mark.parametrize("year", [1, 1969, 2038, 9999])
def test_years_whose_laws_nobody_knows_are_refused(year):
    at = datetime(year, 7, 1)
    assert refused(timing.instant, at, "Europe/Zurich")[:2] == ("starts", "invalid_time")


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2013-10-08T18:15", "Europe/Zurich", "2013-10-08T16:15:00Z"),
        ("2013-10-25T09:00", "Asia/Makassar", "2013-10-25T01:00:00Z"),
        ("2013-11-01T23:59", "Europe/Zurich", "2013-11-01T22:59:00Z"),
        ("2028-03-21T17:00", "Europe/Zurich", "2028-03-21T16:00:00Z"),  # C01
        ("2028-07-11T17:00", "Europe/Zurich", "2028-07-11T15:00:00Z"),
        ("2028-11-21T17:00", "Europe/Zurich", "2028-11-21T16:00:00Z"),
        ("2028-10-03T13:00", "America/Los_Angeles", "2028-10-03T20:00:00Z"),  # C03
        ("2028-10-04T08:00", "Pacific/Auckland", "2028-10-03T19:00:00Z"),
    ],
)
def test_the_moment_behind_a_promise(text, zone, expected):
    assert timing.isoformat_z(timing.instant(wall(text), zone)) == expected


@pytest.mark.parametrize(
    ("text", "shown", "letters"),
    [
        ("2028-03-21T16:00", "12:00", "UTC−4"),
        ("2028-07-11T15:00", "11:00", "UTC−4"),
        ("2028-11-21T16:00", "11:00", "UTC−5"),
    ],
)
def test_an_offset_belongs_to_a_date(text, shown, letters):
    at = wall(text).replace(tzinfo=UTC)
    assert f"{timing.wall(at, 'America/New_York'):%H:%M}" == shown
    assert timing.offset_label(timing.utc_offset(at, "America/New_York")) == letters


@pytest.mark.parametrize(
    ("zone", "letters"),
    [
        ("Europe/Zurich", "CEST"),
        ("Asia/Makassar", "WITA"),
        ("America/Sao_Paulo", "UTC−3"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("UTC", "UTC"),
        ("Etc/GMT+5", "UTC−5"),
    ],
)
def test_zones_without_letters_show_their_offset(zone, letters):
    assert timing.abbreviation(datetime(2013, 10, 8, tzinfo=UTC), zone) == letters


@pytest.mark.parametrize(
    ("minutes", "label"), [(0, "UTC"), (120, "UTC+2"), (-210, "UTC−3:30"), (345, "UTC+5:45")]
)
def test_offset_labels(minutes, label):
    assert timing.offset_label(timedelta(minutes=minutes)) == label


@pytest.mark.parametrize(
    ("zone", "city"),
    [
        ("America/New_York", "New York"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("Asia/Makassar", "Makassar"),
        ("Etc/GMT-3", "UTC+3"),
        ("UTC", "UTC"),
    ],
)
def test_the_city_of_a_zone(zone, city):
    assert timing.city(zone) == city


def test_a_day_that_begins_at_one_begins_there():
    # Beirut's clocks jump from 00:00 to 01:00 on 28 March 2027.
    begins = timing.midnight(datetime(2027, 3, 28).date(), "Asia/Beirut")
    assert timing.wall(begins, "Asia/Beirut") == datetime(2027, 3, 28, 1)


def test_instants_and_wall_clocks_are_not_mixed_up():
    with pytest.raises(ValueError, match="carries its zone"):
        timing.isoformat_z(datetime(2028, 1, 1))
    with pytest.raises(ValueError, match="carries no zone"):
        timing.instant(datetime(2028, 1, 1, tzinfo=UTC), "UTC")


# --- Periods: what counts as an overlap (C08) -------------------------------------------------


def period(zone, start, end, fold=None):
    return Period(
        timing.instant(wall(f"2028-10-{start}"), zone, fold=fold),
        timing.instant(wall(f"2028-10-{end}"), zone, fold=fold),
    )


ZURICH, MAKASSAR = "Europe/Zurich", "Asia/Makassar"


@pytest.mark.parametrize(
    ("one", "other", "minutes"),
    [
        (("10T10:00", "10T11:00", ZURICH), ("10T11:00", "10T12:00", ZURICH), 0),
        (("10T09:00", "10T12:00", ZURICH), ("10T10:00", "10T10:30", ZURICH), 30),
        (("10T22:00", "11T00:30", ZURICH), ("11T00:00", "11T01:00", ZURICH), 30),
        (("10T22:00", "11T00:30", ZURICH), ("11T00:30", "11T01:30", ZURICH), 0),
        (("25T09:00", "25T10:30", ZURICH), ("25T15:00", "25T16:00", MAKASSAR), 60),
        (("25T09:00", "25T10:30", ZURICH), ("25T09:00", "25T10:30", MAKASSAR), 0),
    ],
)
def test_overlaps_are_those_of_instants(one, other, minutes):
    first, second = (period(zone, start, end) for start, end, zone in (one, other))
    assert first.overlap(second) == second.overlap(first) == timedelta(minutes=minutes)


def test_the_two_halves_past_two_do_not_overlap():
    first, second = (period(ZURICH, "29T02:30", "29T02:45", fold) for fold in (0, 1))
    assert first.overlap(second) == timedelta(0)


def test_a_period_is_half_open_and_counts_real_minutes():
    night = period(ZURICH, "28T21:00", "29T06:00")
    assert night.minutes == 10 * 60  # the clocks go back in it
    assert night.contains(night.starts_at)
    assert not night.contains(night.ends_at)
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(night.starts_at, night.starts_at)
