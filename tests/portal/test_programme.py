"""The programme page: both times with both dates, filters, states, and what it never shows."""

from __future__ import annotations

import re
from datetime import date, datetime
from html.parser import HTMLParser

import pytest

from app.programme import operations as programme
from app.programme import queries
from app.web.documents import shelf
from tests import make


class Text(HTMLParser):
    """The words of a page, decoded once; what is only drawn is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag, attrs):
        self.skipping += tag in ("script", "svg", "select")

    def handle_endtag(self, tag):
        self.skipping -= tag in ("script", "svg", "select")

    def handle_data(self, data):
        if not self.skipping:
            self.words.append(data)


def words(response) -> str:
    """Return what is read on a page, blanks counted once."""
    assert response.status_code == 200
    reader = Text()
    reader.feed(response.text)
    return " ".join(" ".join(reader.words).split())


def open_talks_2013():
    """The archive as the source dates it: café, online round, town hall in Bali."""
    talks = make.consultation(
        "open-talks-2013",
        title={"en": "Open Talks"},
        document_deadline=date(2013, 11, 5),
        receiving_body={"en": "Council Working Group"},
        convenor={"en": "the Secretary-General"},
    )
    make.session("world-cafe", starts="2013-10-08T18:15", ends="2013-10-08T20:15", inside=talks)
    make.session(
        "online-round",
        format="online_round",
        starts="2013-10-14T09:00",
        ends="2013-11-01T23:59",
        capacity={"online": None},
        inside=talks,
        venue=None,
    )
    make.town_hall(
        "town-hall",
        starts="2013-10-25T09:00",
        ends="2013-10-25T10:30",
        timezone="Asia/Makassar",
        inside=talks,
        venue={"name": "Nusa Dua", "city": "Bali", "country": "ID"},
    )
    return talks


def test_new_york_reads_the_evening_before_for_bali_and_18_59_for_the_closing(app, client, clock):
    open_talks_2013()
    clock.set("2013-10-01T08:00:00Z")

    page = words(client.get("/open-talks-2013/?tz=America/New_York"))

    assert "18:15 – 20:15 Tue 8 Oct Geneva ( CEST ) 12:15 – 14:15 Tue 8 Oct your time" in page
    assert "09:00 – 10:30 Fri 25 Oct Bali ( WITA ) 21:00 – 22:30 Thu 24 Oct your time" in page
    assert "your time the evening before" in page
    assert "opens Mon 14 Oct, 09:00 Geneva ( CEST )" in page
    assert "23:59 Fri 1 Nov closes · Geneva ( CET ) 18:59 Fri 1 Nov your time" in page
    assert "In Geneva the clocks go back on Sun 27 Oct, before this ends." in page


def test_without_a_zone_the_venue_and_utc_are_shown(app, client, clock):
    open_talks_2013()

    page = words(client.get("/open-talks-2013/"))

    assert "09:00 – 10:30 Fri 25 Oct Bali ( WITA ) 01:00 – 02:30 Fri 25 Oct UTC" in page
    assert "your time" not in page
    assert "clock--you" not in client.get("/open-talks-2013/").text


def test_a_zone_that_is_none_shows_the_page_without_it_and_says_so(app, client, clock):
    open_talks_2013()

    page = client.get("/open-talks-2013/?tz=Mars/Olympus")

    assert "That is not a time zone we know." in words(page)
    assert "Mars" not in page.text
    assert "01:00 – 02:30 Fri 25 Oct UTC" in words(page)
    assert client.get("/open-talks-2013/?tz=Venus/Ishtar").data == page.data


def test_where_clocks_change_between_sessions_the_page_says_in_which_places(app, client, clock):
    make.session("before", starts="2013-10-26T10:00", ends="2013-10-26T11:00")
    make.session(
        "after",
        starts="2013-10-28T17:00",
        ends="2013-10-28T18:00",
        timezone="Asia/Makassar",
        venue={"name": "Hall", "city": "Bali"},
    )
    clock.set("2013-10-01T08:00:00Z")

    page = words(client.get("/probe/?tz=Europe/Zurich"))

    assert "The clocks change in Geneva on Sun 27 Oct, but not in Bali." in page
    assert "10:00 – 11:00 Sat 26 Oct Geneva ( CEST ), the same as your time" in page
    assert "17:00 – 18:00 Mon 28 Oct Bali ( WITA ) 10:00 – 11:00 Mon 28 Oct your time" in page


SEASONS = (("march", "2028-03-21"), ("july", "2028-07-11"), ("november", "2028-11-21"))


def test_offsets_are_those_of_the_event_in_january_as_in_july(app, client, clock):
    """C01: the offset belongs to the date of the session, not to today's."""
    clock.set("2027-01-10T12:00:00Z")
    for slug, day in SEASONS:
        make.town_hall(slug, starts=f"{day}T17:00", ends=f"{day}T18:30")
    in_january = client.get("/probe/?tz=America/New_York")
    shelf.clear()
    clock.set("2027-07-10T12:00:00Z")
    in_july = client.get("/probe/?tz=America/New_York")

    assert in_january.data == in_july.data
    assert re.findall(r'<time datetime="([^"]+)">17:00</time>', in_july.text) == [
        "2028-03-21T16:00:00Z", "2028-07-11T15:00:00Z", "2028-11-21T16:00:00Z",
    ]  # fmt: skip
    page = words(in_july)
    assert re.findall(r"(\d\d:\d\d) – \d\d:\d\d \w+ \d+ (\w+) your time", page) == [
        ("12:00", "Mar"), ("11:00", "Jul"), ("11:00", "Nov"),
    ]  # fmt: skip
    assert "Geneva ( CET )" in page
    assert "Geneva ( CEST )" in page
    assert ">New York (UTC−4, UTC−5)<" in in_july.text
    assert ">Geneva (UTC+1, UTC+2)<" in in_july.text


HOSTILE = 'Rights & Duties <online>: "Who pays?"'
LINK = "See https://www.example.org/p?a=1&b=2 first."


@pytest.mark.parametrize("address", ["/probe/", "/probe/hostile/", "/"])
def test_what_people_wrote_is_escaped_once(app, client, clock, address):
    """C16: each output has its own escape, applied once."""
    make.consultation(title={"en": HOSTILE}, summary={"en": LINK})
    make.session("hostile", title={"en": HOSTILE}, description={"en": LINK})

    page = client.get(address)

    assert "&amp;amp;" not in page.text
    assert "<online>" not in page.text
    assert HOSTILE in words(page)
    assert LINK in words(page)
    if address != "/":
        title = re.search(r"<title>(.*?)</title>", page.text, re.DOTALL)
        assert title is not None
        assert title[1].startswith("Rights &amp; Duties &lt;online&gt;: &#34;Who pays?&#34;")


def test_a_draft_is_nowhere(app, client, clock):
    make.cafe()
    make.session("secret", title={"en": "Quokka"}, status="draft")
    make.consultation("hidden", title={"en": "Numbat"}, status="draft")

    public = [
        client.get(address).text
        for address in ("/", "/probe/", "/probe/cafe/", "/probe/changes", "/sitemap.xml")
    ]

    assert [page for page in public if "Quokka" in page or "Numbat" in page] == []
    assert client.get("/probe/secret/").status_code == 404
    assert client.get("/hidden/").status_code == 404


def test_a_session_taken_back_keeps_its_name_to_itself(app, client, clock):
    make.session("gone", title={"en": "Quokka"})
    programme.change(queries.by_slug(make.consultation(), "gone"), {"status": "draft"})

    page = client.get("/probe/changes")

    assert "Withdrawn" in words(page)
    assert "Quokka" not in page.text


def test_the_room_address_is_on_no_page(app, client, clock):
    make.cafe()

    for address in ("/probe/", "/probe/cafe/", "/probe/help", "/probe/changes"):
        assert "room-secret" not in client.get(address).text


def test_filters_leave_what_they_name_and_say_what_they_hide(app, client, clock):
    make.cafe(languages=["en"])
    make.town_hall("hall", languages=["fr"], capacity={"on_site": 5})

    def titles(query: str) -> list[str]:
        return re.findall(r"<h3[^>]*><a[^>]*>([^<]+)<", client.get(f"/probe/?{query}").text)

    assert titles("") == ["Cafe", "Hall"]
    assert titles("format=town_hall") == ["Hall"]
    assert titles("mode=online") == ["Cafe"]
    assert titles("language=fr") == ["Hall"]
    assert titles("format=unheard_of&mode=by_post") == ["Cafe", "Hall"]
    nothing = client.get("/probe/?format=world_cafe&language=fr")
    assert "No sessions match 2 sessions are hidden by your filters." in words(nothing)
    assert 'href="/probe/">' in nothing.text


def test_an_empty_programme_says_so(app, client, clock):
    make.consultation()

    assert "No sessions yet" in words(client.get("/probe/"))


def test_the_first_page_lists_what_is_published(app, client, clock):
    assert "No consultation yet" in words(client.get("/"))

    make.cafe()

    page = words(client.get("/"))
    assert "Probe" in page
    assert "Begins on Tue 10 October 2028" in page


def test_places_are_words_and_dots(app, client, clock):
    make.cafe(capacity={"on_site": 50, "online": None})

    page = client.get("/probe/")

    assert "On site 50 left of 50" in words(page)
    assert "Online places free" in words(page)
    assert page.text.count('<svg class="dots"') == 1


def test_a_full_session_without_waiting_list_offers_no_button(app, client, clock):
    make.cafe(capacity={"on_site": 0}, waiting_list=False)

    page = client.get("/probe/")

    assert "On site full" in words(page)
    assert "/probe/register?session=cafe" not in page.text


def test_a_full_session_with_a_waiting_list_offers_it(app, client, clock):
    make.cafe(capacity={"on_site": 0})

    page = client.get("/probe/")

    assert "full, waiting list open" in words(page)
    assert "/probe/register?session=cafe" in page.text


def test_the_button_waits_for_the_opening_and_says_when(app, client, clock):
    make.cafe(registration_opens=datetime(2028, 9, 2, 9, 0))

    page = words(client.get("/probe/?tz=America/New_York"))
    assert "Register opens Sat 2 Sep, 09:00 Geneva (CEST) · Sat 2 Sep, 03:00 your time" in page

    clock.set("2028-09-02T07:00:00Z")
    assert "/probe/register?session=cafe" in client.get("/probe/").text


def test_states_follow_the_clock(app, client, clock):
    make.cafe()

    def state(instant: str) -> str:
        clock.set(instant)
        page = client.get("/probe/").text
        found = re.search(r'<span class="tag[^>]*>.*?<span>([^<]*)</span>', page)
        return found[1] if found else ""

    assert state("2028-10-10T16:14:59Z") == ""
    assert state("2028-10-10T16:15:00Z") == "Live now, until 20:15 Geneva"
    assert state("2028-10-10T18:15:00Z") == "Ended"


def test_a_cancelled_session_is_struck_with_its_reason(app, client, clock):
    cafe = make.cafe()
    programme.cancel(cafe, reason={"en": "The building is closed."})

    page = client.get("/probe/")

    assert "Cancelled" in words(page)
    assert "The building is closed." in words(page)
    assert "session--off" in page.text
    assert "clocks--off" in page.text
    assert "/probe/register?session=cafe" not in page.text


def test_a_moved_session_shows_the_old_time_struck_for_a_fortnight(app, client, clock):
    cafe = make.cafe()
    programme.change(
        cafe, {"starts": datetime(2028, 10, 10, 18, 45), "ends": datetime(2028, 10, 10, 20, 45)}
    )

    page = client.get("/probe/")
    assert "Changed: another time" in words(page)
    assert re.search(r'<s class="was">.*?18:15.*?</s>', page.text)

    clock.go_on(days=14)
    later = client.get("/probe/")
    assert "Changed" not in words(later).replace("What changed", "")
    assert later.headers["ETag"] != page.headers["ETag"]


def test_what_is_to_be_announced_is_said_and_comes_last(app, client, clock):
    make.session("first", to_be_announced=["date", "venue"])
    make.session("second", starts="2028-12-10T10:00", ends="2028-12-10T11:00")

    page = client.get("/probe/").text

    assert page.index("Date to be announced") > page.index(">Second<")
    assert "The place will be announced." in page
    assert "18:15" not in page


def test_above_eight_sessions_rows_are_lines_with_one_strip_a_day(app, client, clock):
    for number in range(9):
        make.session(
            f"talk-{number}", starts=f"2028-10-1{number % 2}T0{number}:00",
            ends=f"2028-10-1{number % 2}T0{number}:30",
        )  # fmt: skip

    page = client.get("/probe/?tz=Asia/Tokyo").text

    assert page.count('<svg class="strip"') == 2
    assert page.count('<li class="slot__row') == 9
    assert page.count('name="session" value="talk-') == 9
    assert 'name="tz" value="Asia/Tokyo"' in page


def test_arabic_runs_from_right_to_left(app, client, clock):
    make.consultation(languages=["en", "ar"], title={"en": "Probe", "ar": "تجربة"})
    make.cafe()

    page = client.get("/probe/?lang=ar")

    assert '<html lang="ar" dir="rtl">' in page.text
    assert "تجربة" in page.text
    assert 'href="/probe/cafe/?lang=ar"' in page.text


def test_zone_and_language_are_carried_on_by_every_link_inside(app, client, clock):
    make.cafe()

    page = client.get("/probe/?tz=US/Eastern&lang=fr&utm_source=x").text
    inside = re.findall(r'href="(/probe/[^"#]*)"', page)

    assert inside
    assert [link for link in inside if "tz=America" not in link or "lang=" not in link] == []
    assert "utm_source" not in page
    assert "US/Eastern" not in page
