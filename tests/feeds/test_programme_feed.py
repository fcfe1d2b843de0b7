"""The public feed: point 2 of the main job, to the second and to the byte."""

import pytest

from app.programme import operations as programme
from tests import make
from tests.core.ical.readers import read_alike

URL = "/open-talks-2013/calendar.ics"
CAFE = ("2013-10-08T16:15:00Z", "2013-10-08T18:15:00Z")
HALL = ("2013-10-25T01:00:00Z", "2013-10-25T02:30:00Z")
ROUND = ("2013-10-14T07:00:00Z", "2013-11-01T22:59:00Z")


@pytest.fixture
def archive(app, clock):
    """The three sessions of 2013, published twelve days before the first."""
    clock.set("2013-09-26T09:00:00Z")
    consultation = make.consultation(
        "open-talks-2013",
        title={"en": "Open Talks", "fr": "Débats ouverts"},
        languages=["en", "fr"],
    )
    sessions = {
        "cafe": make.session(
            "cafe", inside=consultation, starts="2013-10-08T18:15", ends="2013-10-08T20:15"
        ),
        "hall": make.town_hall(
            "hall",
            inside=consultation,
            starts="2013-10-25T09:00",
            ends="2013-10-25T10:30",
            timezone="Asia/Makassar",
            title={"en": "Town Hall", "fr": "Assemblée"},
            venue={"name": "Nusa Dua", "city": "Bali", "country": "ID"},
        ),
        "round": make.session(
            "round",
            format="online_round",
            inside=consultation,
            starts="2013-10-14T09:00",
            ends="2013-11-01T23:59",
            capacity={"online": None},
            venue=None,
            title={"en": "Online round"},
        ),
    }
    clock.go_on(minutes=1)
    return sessions


def read(client, url=URL):
    """What every parser reads of a feed: start → (start, end, summary, status, sequence)."""
    return {event[0]: event[1:] for event in read_alike(client.get(url).data)}


def test_the_feed_holds_exactly_the_three_sessions_of_2013(client, archive):
    uids = {name: session.uid for name, session in archive.items()}

    assert read(client) == {
        uids["cafe"]: (*CAFE, "Cafe", "CONFIRMED", 0),
        uids["hall"]: (*HALL, "Town Hall", "CONFIRMED", 0),
        uids["round"]: (*ROUND, "Online round", "CONFIRMED", 0),
    }


def test_nothing_new_is_the_same_bytes_and_a_304(client, archive, clock):
    first = client.get(URL)
    clock.go_on(days=1)

    again = client.get(URL)
    unchanged = client.get(URL, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data, again.headers["ETag"]) == (
        200, first.data, first.headers["ETag"],
    )  # fmt: skip
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert unchanged.headers["ETag"] == first.headers["ETag"]


def test_another_title_changes_etag_and_body(client, archive, clock):
    first = client.get(URL)
    clock.go_on(hours=1)
    programme.change(archive["hall"], {"title": {"en": "Town Hall in Bali"}})

    second = client.get(URL, headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]
    assert second.headers["Last-Modified"] > first.headers["Last-Modified"]
    assert read(client)[archive["hall"].uid] == (*HALL, "Town Hall in Bali", "CONFIRMED", 0)


def test_a_cancelled_session_stays_struck_through_with_a_higher_sequence(client, archive, clock):
    read(client)
    clock.go_on(hours=1)
    programme.cancel(archive["cafe"], reason={"en": "The room is flooded."})

    assert read(client)[archive["cafe"].uid] == (*CAFE, "CANCELLED: Cafe", "CANCELLED", 1)
    text = client.get(URL).data.decode().replace("\r\n ", "")
    assert "DESCRIPTION:This session is cancelled.\\nThe room is flooded.\\n\\nTue" in text


def test_a_withdrawn_session_is_a_tombstone_for_sixty_days_and_tells_nothing_of_its_draft(
    client, archive, clock
):
    hall = archive["hall"]
    programme.change(hall, {"status": "draft"})
    clock.go_on(hours=1)
    programme.change(
        hall, {"title": {"en": "Secret new title"}, "starts": hall.starts.replace(day=24)}
    )

    assert read(client)[hall.uid] == (*HALL, "CANCELLED: Town Hall", "CANCELLED", 1)
    assert b"Secret" not in client.get(URL).data
    clock.set("2013-12-24T02:29:59Z")
    assert hall.uid in read(client)
    before = client.get(URL)
    clock.set("2013-12-24T02:30:00Z")
    after = client.get(URL, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert hall.uid not in read(client)
    assert after.headers["Last-Modified"] == "Tue, 24 Dec 2013 02:30:00 GMT"


def test_a_draft_nobody_saw_leaves_no_trace(client, archive, clock):
    draft = make.session("draft", status="draft", inside=archive["cafe"].consultation)
    before_publication = make.consultation("later", status="draft")
    seen_by_nobody = make.session("early", inside=before_publication)
    programme.change(seen_by_nobody, {"status": "draft"})
    from app.consultations import operations as consultations

    consultations.publish(before_publication)

    assert draft.uid not in read(client)
    assert read(client, "/later/calendar.ics") == {}
    assert client.get("/open-talks-2013/draft/calendar.ics").status_code == 404
    assert client.get("/later/early/calendar.ics").status_code == 404


def test_an_event_removed_by_a_filter_moves_last_modified(client, archive, clock):
    url = f"{URL}?mode=online"
    first = client.get(url)
    clock.go_on(days=1)
    programme.change(archive["cafe"], {"capacity": {"on_site": 50}})

    second = client.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert second.status_code == 200
    assert archive["cafe"].uid not in read(client, url)
    assert second.headers["Last-Modified"] == "Fri, 27 Sep 2013 09:01:00 GMT"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("format=world_cafe", ["cafe"]),
        ("format=town_hall&mode=online", ["hall"]),
        ("mode=on_site", ["cafe", "hall"]),
        ("language=en", ["cafe", "hall", "round"]),
        ("language=sw", []),
        ("format=<script>", []),
    ],
)
def test_filters_choose_what_the_feed_holds(client, archive, query, names):
    assert set(read(client, f"{URL}?{query}")) == {archive[name].uid for name in names}


def test_a_feed_without_events_defines_the_consultations_zone(client, archive):
    text = client.get(f"{URL}?language=sw").data.decode()

    assert "BEGIN:VEVENT" not in text
    assert text.count("BEGIN:VTIMEZONE\r\nTZID:Europe/Zurich\r\n") == 1


def test_the_language_is_that_of_the_address_never_of_a_header(client, archive):
    plain = client.get(URL, headers={"Accept-Language": "fr"})
    french = client.get(f"{URL}?lang=fr")

    assert plain.data == client.get(URL).data
    assert "X-WR-CALNAME:Débats ouverts\r\n" in french.data.decode()
    assert read(client, f"{URL}?lang=fr")[archive["hall"].uid][2] == "Assemblée"


def test_after_the_last_session_clients_ask_once_a_day(client, archive, clock):
    assert (
        b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n" in client.get(URL).data
    )
    clock.set("2013-11-01T22:59:00Z")

    later = client.get(URL)

    assert b"REFRESH-INTERVAL;VALUE=DURATION:P1D\r\nX-PUBLISHED-TTL:P1D\r\n" in later.data
    assert later.headers["Last-Modified"] == "Fri, 01 Nov 2013 22:59:00 GMT"


def test_the_programme_takes_nobodys_time_and_one_session_does_unless_it_lasts_for_days(
    client, archive
):
    transp = {
        url: client.get(f"/open-talks-2013/{url}calendar.ics").data.count(b"TRANSP:OPAQUE")
        for url in ("", "cafe/", "hall/", "round/")
    }

    assert transp == {"": 0, "cafe/": 1, "hall/": 1, "round/": 0}


def test_a_session_has_the_same_uid_everywhere(client, archive):
    one = read(client, "/open-talks-2013/cafe/calendar.ics")

    assert one == {archive["cafe"].uid: read(client)[archive["cafe"].uid]}


def test_a_moved_session_says_when_it_was_before(client, archive, clock):
    from datetime import datetime

    programme.change(
        archive["cafe"],
        {"starts": datetime(2013, 10, 9, 18, 15), "ends": datetime(2013, 10, 9, 20, 15)},
    )
    text = client.get(URL).data.decode().replace("\r\n ", "")

    assert (
        "DESCRIPTION:Moved. Before: Tue 8 October 2013\\, 18:15\\, Europe/Zurich\\n\\n"
        "Wed 9 October 2013\\, 18:15–20:15 (Europe/Zurich\\, UTC+2)\\n"
        "Wed 9 October 2013\\, 16:15–18:15 (UTC)\\n\\n"
    ) in text


def test_the_text_of_one_entry(client, archive):
    """Golden: every property, in its order."""
    text = client.get("/open-talks-2013/hall/calendar.ics").data.decode().replace("\r\n ", "")
    hall = archive["hall"]
    event = text[text.index("BEGIN:VEVENT") : text.index("END:VEVENT")].split("\r\n")

    assert event == [
        "BEGIN:VEVENT",
        f"UID:{hall.uid}",
        "DTSTAMP:20130926T090001Z",
        "CREATED:20130926T090000Z",
        "LAST-MODIFIED:20130926T090001Z",
        "SEQUENCE:0",
        "DTSTART;TZID=Asia/Makassar:20131025T090000",
        "DTEND;TZID=Asia/Makassar:20131025T103000",
        "SUMMARY:Town Hall",
        "DESCRIPTION:Fri 25 October 2013\\, 09:00–10:30 (Asia/Makassar\\, UTC+8)\\n"
        "Fri 25 October 2013\\, 01:00–02:30 (UTC)\\n\\n"
        "Town Hall · on site and online · English\\, French\\n\\n"
        "On site: Nusa Dua\\, Bali\\, Indonesia\\n"
        "To take part\\, register: https://talks.example.org/open-talks-2013/register?session=hall"
        "\\n\\nhttps://talks.example.org/open-talks-2013/hall/",
        "LOCATION:Nusa Dua\\, Bali\\, Indonesia + online",
        "URL:https://talks.example.org/open-talks-2013/hall/",
        "CATEGORIES:Town Hall,Hybrid",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "CLASS:PUBLIC",
        "COLOR:steelblue",
        "",
    ]


def test_what_people_typed_comes_out_as_typed(client, app, clock):
    """C16: no entities in plain text, each output has its own escape, once."""
    session = make.cafe(
        title={"en": 'Rights & Duties <online>: "Who pays?"'},
        description={"en": "See https://www.example.org/p?a=1&b=2 first."},
    )

    (event,) = read_alike(client.get("/probe/calendar.ics").data)
    text = client.get("/probe/calendar.ics").data.decode().replace("\r\n ", "")

    assert event[:1] + event[3:4] == (session.uid, 'Rights & Duties <online>: "Who pays?"')
    assert "\\n\\nSee https://www.example.org/p?a=1&b=2 first.\r\n" in text


def test_no_public_feed_names_the_room_online(client, archive):
    for url in (URL, "/open-talks-2013/cafe/calendar.ics"):
        assert b"room-secret" not in client.get(url).data
