"""The session page: when, where, agenda on both clocks, neighbours, calendar, the head."""

from __future__ import annotations

import gzip
import json
import re

from app.programme import operations as programme
from tests import make
from tests.portal.test_programme import words


def test_the_agenda_runs_on_both_clocks(app, client, clock):
    make.town_hall(
        "hall",
        starts="2028-10-25T09:00",
        ends="2028-10-25T10:30",
        timezone="Asia/Makassar",
        venue={"name": "Nusa Dua", "city": "Bali"},
    )

    page = words(client.get("/probe/hall/?tz=America/New_York"))

    assert "Bali Wed 25 You Tue 24 Part Length" in page
    assert (
        "09:00 21:00 Rules and welcome 5 min 09:05 21:05 Opening 10 min "
        "09:15 21:15 Open floor 65 min 10:20 22:20 Reading back 10 min"
    ) in page
    assert "Tue 24 October 2028 your time, New York the evening before" in page


def test_where_names_the_venue_and_a_map_and_never_the_room(app, client, clock):
    make.session(
        "cafe",
        venue={
            "name": "ICT Discovery",
            "address": "Place des Nations",
            "city": "Geneva",
            "country": "CH",
            "latitude": 46.22,
            "longitude": 6.13,
        },
    )

    page = client.get("/probe/cafe/")

    assert "ICT Discovery, Place des Nations, Geneva, Switzerland" in words(page)
    assert "https://www.openstreetmap.org/?mlat=46.22&amp;mlon=6.13#map=17/46.22/6.13" in page.text
    assert "meet.example.org" not in page.text


def test_a_venue_for_a_mode_that_is_not_offered_is_not_shown(app, client, clock):
    make.session("cafe", capacity={"online": None})

    page = client.get("/probe/cafe/")

    assert "ICT Discovery" not in page.text


def test_neighbours_are_before_after_and_at_the_same_time(app, client, clock):
    for slug, hours in (("one", "08-09"), ("two", "10-12"), ("three", "11-13"), ("four", "14-15")):
        first, last = hours.split("-")
        make.session(slug, starts=f"2028-10-10T{first}:00", ends=f"2028-10-10T{last}:00")
    gone = make.session("gone", starts="2028-10-10T10:00", ends="2028-10-10T11:00")
    programme.cancel(gone)

    page = client.get("/probe/two/").text
    found = re.findall(r'<b>([^<]+)</b> · [^<]*</p><a class="link" href="/probe/(\w+)/"', page)

    assert found == [("At the same time", "three"), ("Before", "one"), ("After", "four")]


def test_the_calendar_panel_offers_every_way_in(app, client, clock):
    make.cafe()

    page = client.get("/probe/cafe/?tz=Asia/Tokyo").text

    feed = "https://talks.example.org/probe/cafe/calendar.ics"
    assert f'value="{feed}"' in page
    assert 'href="webcal://talks.example.org/probe/cafe/calendar.ics"' in page
    assert "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Ftalks.example.org" in page
    assert "https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2Ftalks" in page
    assert page.count('class="qr"') == 2  # of the page, of the feed
    for code in page.split('class="qr"')[1:]:
        assert len(re.findall(r"<path[^>]*>", code.split("</svg>")[0])) <= 2


def test_the_programmes_feed_keeps_the_filters_of_the_page(app, client, clock):
    make.cafe()

    page = client.get("/probe/?mode=online&lang=fr&tz=Asia/Tokyo").text

    feed = "https://talks.example.org/probe/calendar.ics?mode=online&amp;lang=fr"
    assert f'value="{feed}"' in page


def test_machines_read_a_schema_org_event(app, client, clock):
    cafe = make.cafe(title={"en": "Café </script><script>alert(1)</script>"})

    page = client.get("/probe/cafe/?tz=Asia/Tokyo").text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    event = json.loads(found[0])

    assert len(found) == 1
    assert event["name"] == cafe.title["en"]
    assert event["startDate"] == "2028-10-10T18:15:00+02:00"
    assert event["endDate"] == "2028-10-10T20:15:00+02:00"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in event["location"]] == ["Place", "VirtualLocation"]
    assert event["location"][1]["url"] == "https://talks.example.org/probe/cafe/"

    programme.cancel(cafe)
    cancelled = client.get("/probe/cafe/").text
    assert "https://schema.org/EventCancelled" in cancelled


def test_the_head_says_what_is_shared(app, client, clock):
    make.cafe(description={"en": "Small tables."})

    page = client.get("/probe/cafe/?tz=Asia/Tokyo").text

    assert '<link rel="canonical" href="https://talks.example.org/probe/cafe/">' in page
    assert '<meta property="og:title" content="Cafe">' in page
    assert '<meta property="og:description" content="Small tables.">' in page
    assert '<meta property="og:url" content="https://talks.example.org/probe/cafe/">' in page


def test_until_when_one_can_register_is_said_for_each_mode(app, client, clock):
    make.cafe()

    page = words(client.get("/probe/cafe/"))
    assert "Registration for the room closes when it starts, online when it ends." in page

    clock.set("2028-10-10T16:15:00Z")
    later = words(client.get("/probe/cafe/"))
    assert "Registration is open until it ends." in later
    assert "On site 50 left" not in later


def test_a_page_is_passed_on_without_scripts(app, client, clock):
    make.consultation(hashtag="OpenTalks")
    make.cafe(title={"en": "Who decides? & why"})

    page = client.get("/probe/cafe/").text

    said = "Who%20decides%3F%20%26%20why%20%23OpenTalks"
    where = "https%3A%2F%2Ftalks.example.org%2Fprobe%2Fcafe%2F"
    assert f"https://wa.me/?text={said}%20{where}" in page
    assert f"mailto:?subject=Who%20decides%3F%20%26%20why&amp;body={where}" in page
    assert '<bdi dir="auto">#OpenTalks</bdi>' in page
    assert "QR code of this page" in page
    assert len(gzip.compress(page.encode())) < 9_000


def test_the_stream_is_shown_until_the_end_and_the_recording_from_then_on(app, client, clock):
    make.cafe(stream_url="https://live.example.org/x", recording_url="https://films.example.org/y")

    clock.set("2028-10-10T18:14:59Z")
    before = client.get("/probe/cafe/").text
    clock.set("2028-10-10T18:15:00Z")
    after = client.get("/probe/cafe/").text

    assert ("live.example.org" in before, "films.example.org" in before) == (True, False)
    assert ("live.example.org" in after, "films.example.org" in after) == (False, True)
