"""Two clocks: the table of our own sessions, and how dates are told apart."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.core import timing
from app.core.clocks import ClockChange, clocks, difference

CAFE = ("2013-10-08T18:15", "2013-10-08T20:15", "Europe/Zurich", "Geneva")
HALL = ("2013-10-25T09:00", "2013-10-25T10:30", "Asia/Makassar", "Bali")
ROUND = ("2013-10-14T09:00", "2013-11-01T23:59", "Europe/Zurich", "Geneva")


def read(session, viewer_zone=None, **options):
    start, end, zone, city = session
    at = [timing.instant(datetime.fromisoformat(text), zone) for text in (start, end)]
    return clocks(*at, zone, city, viewer_zone, **options)


@pytest.mark.parametrize(
    ("session", "zone", "shown", "relation"),
    [
        (CAFE, "UTC", "Tue 8 16:15", "same_day"),
        (CAFE, "America/New_York", "Tue 8 12:15", "same_day"),
        (CAFE, "Africa/Lagos", "Tue 8 17:15", "same_day"),
        (CAFE, "Asia/Kathmandu", "Tue 8 22:00", "same_day"),
        (CAFE, "Pacific/Auckland", "Wed 9 05:15", "next_morning"),
        (HALL, "UTC", "Fri 25 01:00", "same_day"),
        (HALL, "America/New_York", "Thu 24 21:00", "evening_before"),
        (HALL, "Africa/Lagos", "Fri 25 02:00", "same_day"),
        (HALL, "Asia/Kathmandu", "Fri 25 06:45", "same_day"),
        (HALL, "Pacific/Auckland", "Fri 25 14:00", "same_day"),
        (ROUND, "UTC", "Fri 1 22:59", "same_day"),
        (ROUND, "America/New_York", "Fri 1 18:59", "same_day"),
        (ROUND, "Asia/Kathmandu", "Sat 2 04:44", "next_morning"),
        (ROUND, "Pacific/Auckland", "Sat 2 11:59", "next_morning"),
        (HALL, "Asia/Shanghai", "Fri 25 09:00", "same_offset"),
    ],
)
def test_the_readers_clock(session, zone, shown, relation):
    deadline = session is ROUND
    you = read(session, zone, deadline=deadline).you

    counts = you.ends if deadline else you.starts
    assert (f"{counts:%a} {counts.day} {counts:%H:%M}", you.relation) == (shown, relation)
    assert you.other_date is (relation in ("evening_before", "next_morning"))


def test_the_venues_clock_carries_its_own_city_and_letters():
    venue = read(HALL).venue
    assert (venue.city, venue.label, venue.offset_label) == ("Bali", "WITA", "UTC+8")
    assert (venue.starts, venue.ends) == (datetime(2013, 10, 25, 9), datetime(2013, 10, 25, 10, 30))
    assert venue.relation is None
    assert venue.other_date is False


def test_without_a_zone_there_is_venue_and_utc_and_no_you():
    read_by_nobody = read(CAFE)
    assert read_by_nobody.you is None
    assert (read_by_nobody.utc.label, read_by_nobody.utc.starts.hour) == ("UTC", 16)


def test_a_deadline_is_named_by_the_letters_of_its_end():
    assert read(ROUND, deadline=True).venue.label == "CET"
    assert read(ROUND).venue.label == "CEST"


def test_lagos_shares_genevas_closing_but_not_its_opening():
    both = read(ROUND, "Africa/Lagos", deadline=True)
    assert both.you.ends == both.venue.ends
    assert both.you.relation == "same_day"
    assert not both.same


@pytest.mark.parametrize(
    ("viewer", "relation"),
    [
        ("Pacific/Pago_Pago", "day_before"),  # 09:30 on Kiritimati is 08:30 the day before
        ("Pacific/Kiritimati", "same_offset"),
    ],
)
def test_words_for_a_date_follow_the_hour(viewer, relation):
    kiritimati = ("2028-10-10T09:30", "2028-10-10T10:30", "Pacific/Kiritimati", None)
    assert read(kiritimati, viewer).you.relation == relation


def test_two_dates_can_lie_between_two_clocks():
    kiritimati = ("2028-10-10T00:30", "2028-10-10T02:00", "Pacific/Kiritimati", None)
    assert read(kiritimati, "Etc/GMT+12").you.relation == "two_days_before"
    baker = ("2028-10-08T23:00", "2028-10-08T23:30", "Etc/GMT+12", None)
    assert read(baker, "Pacific/Kiritimati").you.relation == "two_days_after"


def test_an_afternoon_on_the_next_date_is_the_next_day():
    evening = ("2028-10-10T20:00", "2028-10-10T21:00", "America/Los_Angeles", None)
    assert read(evening, "Asia/Tokyo").you.relation == "next_day"


def test_a_range_that_crosses_midnight_says_so_where_it_does():
    late = read(("2028-10-10T22:00", "2028-10-11T00:30", "Europe/Zurich", None), "Africa/Lagos")
    assert (late.venue.crosses_midnight, late.you.crosses_midnight) == (True, False)


def test_geneva_changes_its_clocks_on_27_october_and_bali_does_not():
    notice = read(ROUND, "Asia/Makassar", deadline=True).changes
    assert notice == (
        ClockChange(
            zone="Europe/Zurich",
            city="Geneva",
            at=timing.instant(datetime(2013, 10, 27, 2), "Europe/Zurich", fold=1),
            before=datetime(2013, 10, 27, 3),
            after=datetime(2013, 10, 27, 2),
        ),
    )
    assert (notice[0].direction, notice[0].by) == ("back", timedelta(hours=-1))
    assert read(CAFE, "Asia/Makassar").changes == ()


def test_between_two_sessions_the_distance_to_the_reader_may_change():
    before, after = (
        difference(timing.instant(datetime(2013, 10, day, 12), "Europe/Zurich"), *zones)
        for day in (25, 28)
        for zones in [("Europe/Zurich", "Asia/Makassar")]
    )
    assert (before, after) == (timedelta(hours=6), timedelta(hours=7))


def test_both_changes_are_told_where_both_places_change():
    whole_autumn = ("2028-10-10T09:00", "2028-11-20T18:00", "Europe/Zurich", "Geneva")
    told = read(whole_autumn, "America/New_York").changes
    assert [(change.city, change.before.day) for change in told] == [
        ("Geneva", 29),
        ("New York", 5),
    ]
