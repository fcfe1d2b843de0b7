"""Sessions over the API: times as promised and as instants, no join secret, every code."""

from __future__ import annotations

import pytest

from app.core.vocabulary import Role
from app.programme import queries
from tests import make

URL = "/api/v1/consultations/probe/sessions"
CAFE = {
    "slug": "cafe",
    "title": "World Café",
    "format": "world_cafe",
    "starts": "2028-10-10T18:15",
    "ends": "2028-10-10T20:15",
    "timezone": "Europe/Zurich",
}


def shape(**fields):
    """The whole answer about `CAFE` published without a token, but for what a test names."""
    return {
        "consultation": "probe",
        "slug": "cafe",
        "title": "World Café",
        "description": None,
        "format": "world_cafe",
        "status": "draft",
        "cancel_reason": None,
        "starts": "2028-10-10T18:15",
        "ends": "2028-10-10T20:15",
        "timezone": "Europe/Zurich",
        "fold": 0,
        "ends_fold": 0,
        "starts_at": "2028-10-10T16:15:00Z",
        "ends_at": "2028-10-10T18:15:00Z",
        "registration_opens": None,
        "registration_closes": None,
        "registration_opens_at": None,
        "registration_closes_at": {
            "on_site": "2028-10-10T16:15:00Z",
            "online": "2028-10-10T18:15:00Z",
        },
        "to_be_announced": [],
        "venue": None,
        "stream_url": None,
        "recording_url": None,
        "capacity": {"on_site": 50, "online": 20},
        "waiting_list": True,
        "places": {
            "on_site": {"capacity": 50, "left": 50, "waiting": 0},
            "online": {"capacity": 20, "left": 20, "waiting": 0},
        },
        "languages": ["en"],
        "agenda": [
            {"title": "Welcome", "minutes": 15},
            {"title": "Round 1", "minutes": 20},
            {"title": "Round 2", "minutes": 20},
            {"title": "Round 3", "minutes": 20},
            {"title": "Harvest", "minutes": 45},
        ],
        "settings": {
            "attribution": "named",
            "rounds": 3,
            "round_minutes": 20,
            "table_size": 5,
        },
        "sequence": 0,
        "revision": 1,
        "changed_at": "2028-09-01T08:00:00Z",
    } | fields


def without_uid(response):
    """The answer without its UID, which is checked to be one of this site."""
    answer = dict(response.json)
    assert answer.pop("uid").endswith("@talks.example.org")
    return answer


def codes(response):
    """Status and (field, code) of a refusal."""
    assert response.mimetype == "application/problem+json"
    return response.status_code, [(e["field"], e["code"]) for e in response.json["errors"]]


@pytest.fixture
def owner(app, clock):
    make.consultation()
    return make.bearer(Role.OWNER)


def test_what_is_left_out_comes_from_format_and_consultation(client, owner):
    answer = client.post(URL, json=CAFE, headers=owner)

    assert (answer.status_code, without_uid(answer)) == (201, shape(join_url=None))


def test_everything_that_can_be_said(client, owner):
    sent = {
        "title": {"en": "Café", "fr": "Le café"},
        "description": "Bring a friend.",
        "venue": {
            "name": "ICT Discovery",
            "address": "Rue de Varembé 2",
            "city": "Geneva",
            "country": "CH",
            "latitude": 46.22,
            "longitude": 0.0,
        },
        "join_url": "https://meet.example.org/room-secret",
        "capacity": {"on_site": 0, "online": None},
        "waiting_list": False,
        "languages": ["en", "no"],
        "registration_opens": "2028-09-02T09:00",
        "registration_closes": "2028-10-09T18:00",
        "agenda": [{"title": {"en": "All", "fr": "Tout"}, "minutes": 120}],
        "settings": {"rounds": 2},
        "status": "published",
    }

    answer = client.post(URL, json=CAFE | sent, headers=owner)
    public = client.get(f"{URL}/cafe")

    seen = sent | {
        "settings": {
            "attribution": "named",
            "rounds": 2,
            "round_minutes": 20,
            "table_size": 5,
        },
        "places": {
            "on_site": {"capacity": 0, "left": 0, "waiting": 0},
            "online": {"capacity": None, "left": None, "waiting": 0},
        },
        "registration_opens_at": "2028-09-02T07:00:00Z",
        "registration_closes_at": {
            "on_site": "2028-10-09T16:00:00Z",
            "online": "2028-10-09T16:00:00Z",
        },
    }
    got = without_uid(answer)
    assert (answer.status_code, got) == (
        201, shape(**seen) | {name: got[name] for name in ("revision", "changed_at")}
    )  # fmt: skip
    del got["join_url"]
    assert (public.status_code, without_uid(public)) == (200, got)
    assert b"room-secret" not in public.data


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"starts": "2028-03-26T02:30"}, ("starts", "no_such_time")),
        ({"ends": "2028-10-29T02:30"}, ("ends", "ambiguous_time")),
        ({"starts": "2028-10-10T18:15+02:00"}, ("starts", "offset_not_allowed")),
        ({"starts": "2028-10-10T18:15Z"}, ("starts", "offset_not_allowed")),
        ({"starts": "2028-10-10"}, ("starts", "invalid_time")),
        ({"starts": "tomorrow"}, ("starts", "invalid_time")),
        ({"ends": "2028-10-10T18:15"}, ("ends", "ends_before_start")),
        ({"timezone": "posixrules"}, ("timezone", "unknown_timezone")),
        ({"timezone": "Europe"}, ("timezone", "unknown_timezone")),
        ({"timezone": None}, ("timezone", "unknown_timezone")),
        ({"slug": "Café"}, ("slug", "invalid_slug")),
        ({"slug": "register"}, ("slug", "reserved_slug")),
        ({"format": "fishbowl"}, ("format", "unknown_format")),
        ({"colour": "red"}, ("colour", "unknown_field")),
        ({"capacity": {"hall": 3}}, ("capacity.hall", "unknown_field")),
        ({"capacity": {"on_site": -1}}, ("capacity.on_site", "out_of_range")),
        ({"capacity": {"on_site": "50"}}, ("capacity.on_site", "invalid_number")),
        ({"capacity": {"on_site": True}}, ("capacity.on_site", "invalid_number")),
        ({"capacity": {"on_site": 10**30}}, ("capacity.on_site", "out_of_range")),
        ({"capacity": None}, ("capacity", "invalid_value")),
        ({"agenda": [{"title": "x", "minutes": 0}]}, ("agenda.0.minutes", "out_of_range")),
        ({"agenda": [{"title": "x", "minutes": 1}] * 201}, ("agenda", "too_many")),
        ({"agenda": [{"minutes": 5}]}, ("agenda.0.title", "missing_field")),
        ({"settings": {"rounds": 99}}, ("settings.rounds", "invalid_setting")),
        ({"settings": {"volume": 11}}, ("settings.volume", "unknown_field")),
        ({"venue": {"latitude": 91, "longitude": 0}}, ("venue.latitude", "out_of_range")),
        ({"venue": {"country": "Switzerland"}}, ("venue.country", "invalid_country")),
        ({"join_url": "javascript:alert(1)"}, ("join_url", "invalid_url")),
        ({"join_url": "https://"}, ("join_url", "invalid_url")),
        ({"join_url": "https://a b"}, ("join_url", "invalid_url")),
        ({"registration_closes": "2028-03-26T02:30"}, ("registration_closes", "no_such_time")),
        ({"fold": 2}, ("fold", "out_of_range")),
        ({"status": "cancelled"}, ("status", "invalid_status")),
        ({"waiting_list": "yes"}, ("waiting_list", "invalid_value")),
    ],
)
def test_what_a_session_cannot_be(client, owner, fields, error):
    answer = client.post(URL, json=CAFE | fields, headers=owner)

    assert codes(answer) == (422, [error])
    assert answer.json["code"] == error[1]
    assert queries.all_of(make.consultation()) == []


def test_several_impossible_times_are_named_at_once(client, owner):
    sent = {
        "starts": "2028-03-26T02:30",
        "ends": "2028-10-29T02:30",
        "registration_opens": "2028-03-26T02:10",
    }

    assert codes(client.post(URL, json=CAFE | sent, headers=owner)) == (
        422,
        [
            ("starts", "no_such_time"),
            ("ends", "ambiguous_time"),
            ("registration_opens", "no_such_time"),
        ],
    )


def test_a_fold_says_which_of_two(client, owner):
    sent = {"starts": "2028-10-29T02:30", "ends": "2028-10-29T02:45"}

    first = client.post(URL, json=CAFE | sent | {"fold": 0, "ends_fold": 0}, headers=owner)
    second = client.post(
        URL, json=CAFE | sent | {"slug": "two", "fold": 1, "ends_fold": 1}, headers=owner
    )

    assert (first.json["starts_at"], second.json["starts_at"]) == (
        "2028-10-29T00:30:00Z",
        "2028-10-29T01:30:00Z",
    )


def test_an_offset_belongs_to_a_date(client, owner, clock):
    """C01: three sessions, the same wall clock, other instants in summer."""
    days = {"march": "2028-03-21", "july": "2028-07-11", "november": "2028-11-21"}
    for slug, day in days.items():
        sent = {
            "slug": slug,
            "title": slug.title(),
            "format": "town_hall",
            "starts": f"{day}T17:00",
            "ends": f"{day}T18:30",
            "timezone": "Europe/Zurich",
            "status": "published",
        }
        client.post(URL, json=sent, headers=owner)

    in_september = client.get(URL)
    clock.set("2028-01-15T12:00:00+00:00")
    in_january = client.get(URL)

    assert [s["starts_at"] for s in in_september.json["items"]] == [
        "2028-03-21T16:00:00Z",
        "2028-07-11T15:00:00Z",
        "2028-11-21T16:00:00Z",
    ]
    assert in_september.data == in_january.data


def test_a_closing_time_is_read_in_the_sessions_zone(client, owner):
    """C03: the instants that registration closes at."""
    for slug, zone, closes in (
        ("la", "America/Los_Angeles", "2028-10-03T13:00"),
        ("auckland", "Pacific/Auckland", "2028-10-04T08:00"),
    ):
        sent = {"slug": slug, "timezone": zone, "registration_closes": closes}
        client.post(URL, json=CAFE | sent | {"status": "published"}, headers=owner)

    closing = {
        s["slug"]: (s["registration_closes"], s["registration_closes_at"]["on_site"])
        for s in client.get(URL).json["items"]
    }
    assert closing == {
        "la": ("2028-10-03T13:00", "2028-10-03T20:00:00Z"),
        "auckland": ("2028-10-04T08:00", "2028-10-03T19:00:00Z"),
    }


def test_titles_travel_as_they_are(client, owner):
    """C16: no entities in JSON."""
    title = 'Rights & Duties <online>: "Who pays?"'
    description = "See https://www.example.org/p?a=1&b=2 first."

    client.post(
        URL,
        json=CAFE | {"title": title, "description": description, "status": "published"},
        headers=owner,
    )
    answer = client.get(f"{URL}/cafe")

    assert (answer.json["title"], answer.json["description"]) == (title, description)
    assert "&amp;" not in answer.text


def test_control_characters_are_dropped_and_half_characters_refused(client, owner):
    kept = client.post(URL, json=CAFE | {"title": "A\x00 b\x07"}, headers=owner)
    half = client.post(
        URL,
        data=b'{"slug": "half", "title": "\\ud800"}',
        content_type="application/json",
        headers=owner,
    )

    assert (kept.status_code, kept.json["title"]) == (201, "A b")
    assert (half.status_code, half.json["code"]) == (422, "invalid_json")


def test_a_change_replaces_named_fields_whole(client, owner):
    client.post(
        URL, json=CAFE | {"status": "published", "venue": {"city": "Geneva"}}, headers=owner
    )
    before = client.get(f"{URL}/cafe", headers=owner).json

    answer = client.patch(
        f"{URL}/cafe",
        json={
            "venue": {"name": "Hall"},
            "capacity": {"on_site": 5},
            "revision": before["revision"],
        },
        headers=owner,
    )
    late = client.patch(
        f"{URL}/cafe", json={"title": "X", "revision": before["revision"]}, headers=owner
    )

    assert answer.status_code == 200
    assert {name: answer.json[name] for name in ("venue", "capacity", "title")} == {
        "venue": {"name": "Hall"},
        "capacity": {"on_site": 5},
        "title": "World Café",
    }
    assert (answer.json["sequence"], answer.json["revision"]) == (1, before["revision"] + 1)
    assert (late.status_code, late.json["code"]) == (409, "changed_meanwhile")


def test_another_zone_asks_what_stays(client, owner):
    client.post(URL, json=CAFE, headers=owner)

    asked = client.patch(f"{URL}/cafe", json={"timezone": "Africa/Lagos"}, headers=owner)
    instant = client.patch(
        f"{URL}/cafe", json={"timezone": "Africa/Lagos", "keep": "instant"}, headers=owner
    )
    wall_clock = client.patch(
        f"{URL}/cafe", json={"timezone": "US/Eastern", "keep": "wall_clock"}, headers=owner
    )

    assert codes(asked) == (422, [("keep", "keep_missing")])
    assert (instant.json["starts"], instant.json["starts_at"]) == (
        "2028-10-10T17:15",
        "2028-10-10T16:15:00Z",
    )
    assert (wall_clock.json["timezone"], wall_clock.json["starts_at"]) == (
        "America/New_York",
        "2028-10-10T21:15:00Z",
    )


def test_cancel_restore_and_delete(client, owner):
    client.post(URL, json=CAFE | {"status": "published"}, headers=owner)
    client.post(URL, json=CAFE | {"slug": "draft"}, headers=owner)

    cancelled = client.post(f"{URL}/cafe/cancel", json={"reason": "Storm"}, headers=owner)
    by_status = client.patch(f"{URL}/cafe", json={"status": "published"}, headers=owner)
    restored = client.post(f"{URL}/cafe/restore", headers=owner)
    twice = client.post(f"{URL}/cafe/restore", headers=owner)
    seen = client.delete(f"{URL}/cafe", headers=owner)
    draft = client.delete(f"{URL}/draft", headers=owner)
    gone = client.get(f"{URL}/draft", headers=owner)

    assert (cancelled.status_code, cancelled.json["status"], cancelled.json["cancel_reason"]) == (
        200, "cancelled", "Storm",
    )  # fmt: skip
    assert (by_status.status_code, by_status.json["code"]) == (409, "session_cancelled")
    assert (restored.status_code, restored.json["status"]) == (200, "published")
    assert restored.json["sequence"] == cancelled.json["sequence"] + 1
    assert (twice.status_code, twice.json["code"]) == (409, "not_cancelled")
    assert (seen.status_code, seen.json["code"]) == (409, "not_a_draft")
    assert (draft.status_code, draft.json["slug"]) == (200, "draft")
    assert gone.status_code == 404


def test_an_act_with_a_key_is_done_once(client, owner):
    client.post(URL, json=CAFE | {"status": "published"}, headers=owner)
    keyed = owner | {"Idempotency-Key": "storm"}

    first = client.post(f"{URL}/cafe/cancel", json={"reason": "Storm"}, headers=keyed)
    client.post(f"{URL}/cafe/restore", headers=owner)
    again = client.post(f"{URL}/cafe/cancel", json={"reason": "Storm"}, headers=keyed)

    assert (first.status_code, first.json["status"]) == (200, "cancelled")
    assert (again.status_code, again.json["status"]) == (200, "published")


def test_who_may(client, owner):
    client.post(URL, json=CAFE, headers=owner)
    other = make.consultation("other")

    def tried(headers):
        return [
            client.post(URL, json=CAFE | {"slug": "s2"}, headers=headers).status_code,
            client.get(f"{URL}/cafe", headers=headers).status_code,
            client.patch(f"{URL}/cafe", json={"title": "T"}, headers=headers).status_code,
            client.post(f"{URL}/cafe/cancel", headers=headers).status_code,
        ]

    assert tried({}) == [401, 404, 401, 401]
    assert tried(make.bearer(Role.OWNER, inside=other)) == [403, 404, 404, 404]
    assert tried(make.bearer(Role.VIEWER)) == [403, 200, 403, 403]
    assert tried(make.bearer(Role.DOOR)) == [403, 404, 404, 404]
    assert tried(make.bearer(Role.ORGANISER, scopes=["registrations"])) == [403, 200, 403, 403]
    assert tried(make.bearer(Role.ORGANISER, scopes=["programme"])) == [201, 200, 200, 200]


def test_another_consultations_session_is_not_here(client, owner):
    make.cafe()
    make.consultation("other")

    assert client.get("/api/v1/consultations/other/sessions/cafe").status_code == 404
    assert client.get(f"{URL}/cafe").status_code == 200


def test_the_list_is_in_order_of_time_and_costs_the_same_for_one_and_many(client, owner):
    from sqlalchemy import event

    from app.extensions import db

    def statements():
        seen = []

        def note(_c, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        client.get(f"{URL}?limit=200")
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    make.session("later", starts="2028-10-11T18:15", ends="2028-10-11T20:15")
    one = statements()
    for number in range(9):
        make.session(f"s-{number}")
    many = statements()

    listed = client.get(f"{URL}?limit=4").json
    rest = client.get(f"{URL}?after={listed['next']}").json
    assert [s["slug"] for s in listed["items"]] == ["s-0", "s-1", "s-2", "s-3"]
    assert [s["slug"] for s in rest["items"]][-1] == "later"
    assert len(rest["items"]) == 6
    assert many == one


def test_postponed_closed_and_back_to_draft(client, owner):
    client.post(URL, json=CAFE | {"status": "published"}, headers=owner)

    statuses = [
        client.patch(f"{URL}/cafe", json={"status": status}, headers=owner).json["status"]
        for status in ("postponed", "published", "closed", "draft")
    ]

    assert statuses == ["postponed", "published", "closed", "draft"]
    assert client.get(f"{URL}/cafe").status_code == 404


def test_a_loopback_host_never_gets_into_a_uid():
    from config import load

    hosts = {
        url: load({"SITE_URL": url, "DATA_DIR": load()["DATA_DIR"]})["UID_HOST"]
        for url in ("http://127.0.0.1:8000", "http://localhost", "https://talks.example.org")
    }

    assert list(hosts.values()) == [
        "open-talks.invalid", "open-talks.invalid", "talks.example.org",
    ]  # fmt: skip
