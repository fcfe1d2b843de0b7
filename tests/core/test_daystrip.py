"""The day strip: figures taken from the picture, and what no strip may get wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core import timing
from app.core.daystrip import Bar, Label, Row, Strip, day_strip

zones = st.sampled_from(timing.zones())
starts = st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
lengths = st.integers(1, 30 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


def hall(**options):
    at = datetime(2013, 10, 25, 1, tzinfo=UTC), datetime(2013, 10, 25, 2, 30, tzinfo=UTC)
    return day_strip(*at, "Asia/Makassar", "America/New_York", **options)


def test_the_town_hall_at_bali_read_in_new_york():
    assert hall() == Strip(
        begins_at=datetime(2013, 10, 24, 11, 45, tzinfo=UTC),
        ends_at=datetime(2013, 10, 25, 15, 45, tzinfo=UTC),
        rows=(
            Row(
                zone="Asia/Makassar",
                nights=(Bar(8.04, 28.57), Bar(93.75, 6.25)),
                midnights=(15.18,),
                labels=(Label(15.18, date(2013, 10, 25)),),
            ),
            Row(
                zone="America/New_York",
                nights=(Bar(50.89, 28.57),),
                midnights=(58.04,),
                labels=(Label(0.0, date(2013, 10, 24)), Label(58.04, date(2013, 10, 25))),
            ),
        ),
        mark=Bar(47.32, 5.36),
        open_time=None,
        rtl=False,
    )


def test_right_to_left_is_the_mirror_image():
    strip = hall(rtl=True)
    assert strip.rows[0] == Row(
        zone="Asia/Makassar",
        nights=(Bar(63.39, 28.57), Bar(0.0, 6.25)),
        midnights=(84.82,),
        labels=(Label(84.82, date(2013, 10, 25)),),
    )
    assert strip.mark == Bar(47.32, 5.36)


def test_a_deadline_is_the_middle_with_the_open_time_before_it():
    opens, closes = (
        timing.instant(datetime.fromisoformat(text), "Europe/Zurich")
        for text in ("2013-10-14T09:00", "2013-11-01T23:59")
    )
    strip = day_strip(opens, closes, "Europe/Zurich", "Asia/Kathmandu", deadline=True)
    assert (strip.mark, strip.open_time) == (Bar(50.0, 0.0), Bar(0.0, 50.0))
    assert strip.rows[0].midnights == (50.06,)
    assert strip.rows[1].labels == (Label(0.0, date(2013, 11, 1)),)  # the other is at the mark


def test_a_night_in_which_clocks_change_is_an_hour_longer_or_shorter():
    def width(day):
        at = datetime(2028, *day, 2, tzinfo=UTC)
        strip = day_strip(at, at + timedelta(hours=1), "Europe/Zurich")
        return round(strip.rows[0].nights[0].width * 28 / 100, 1)

    assert [width(day) for day in ((3, 26), (6, 1), (10, 29))] == [7.0, 8.0, 9.0]


def test_one_place_is_one_row():
    noon = datetime(2028, 6, 1, 12, tzinfo=UTC)
    assert len(day_strip(noon, noon + timedelta(hours=1), "UTC").rows) == 1


def test_the_day_that_samoa_skipped_has_no_line():
    at = timing.instant(datetime(2011, 12, 29, 20), "Pacific/Apia")
    row = day_strip(at, at + timedelta(hours=1), "Pacific/Apia").rows[0]
    assert [label.date for label in row.labels] == [date(2011, 12, 29), date(2011, 12, 31)]
    assert len(row.midnights) == 1


@given(starts, lengths, zones, zones, st.booleans())
def test_nothing_leaves_the_strip_and_the_mirror_is_exact(start, length, zone, other, deadline):
    plain = day_strip(start, start + length, zone, other, deadline=deadline)
    mirrored = day_strip(start, start + length, zone, other, deadline=deadline, rtl=True)

    for row, image in zip(plain.rows, mirrored.rows, strict=True):
        for bar, reflection in zip(row.nights, image.nights, strict=True):
            assert 0 <= bar.x <= bar.x + bar.width <= 100.005
            assert abs(100 - bar.x - bar.width - reflection.x) < 0.005
        for x, reflection in zip(row.midnights, image.midnights, strict=True):
            assert abs(100 - x - reflection) < 0.005
        nights = sum(bar.width for bar in row.nights)
        assert nights <= 16.1 / 28 * 100  # two whole nights at most
    if not deadline and length < timedelta(hours=28):
        assert abs(plain.mark.x + plain.mark.width / 2 - 50) < 0.02


@given(starts, lengths, zones, zones)
def test_no_label_runs_into_the_mark_or_past_the_end(start, length, zone, other):
    strip = day_strip(start, start + length, zone, other)
    for row in strip.rows:
        for label in row.labels:
            assert label.x + 19 <= 100.01
            apart = strip.mark.x + strip.mark.width - label.x, strip.mark.x - label.x - 19
            assert apart[0] <= 0.01 or apart[1] >= -0.01
