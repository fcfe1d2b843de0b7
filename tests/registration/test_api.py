"""Registrations over the API: the shape to the letter, the line, the windows, who may."""

from __future__ import annotations

import pytest

from app.core.vocabulary import Role
from app.programme import operations as programme
from app.registration import queries
from tests import make

URL = "/api/v1/consultations/probe/sessions/cafe/registrations"
ONE = "/api/v1/registrations"


@pytest.fixture
def cafe(app, clock):
    return make.cafe()


@pytest.fixture
def owner(cafe):
    return make.bearer(Role.OWNER)


def register(client, headers, name, mode="on_site", url=URL, **fields):
    """Register ``name`` by POST."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    sent = {"name": name, "email": email, "mode": mode} | fields
    return client.post(url, json=sent, headers=headers)


def shape(answer, **fields):
    """The whole record, but for its opaque ids and ticket, which are checked to be such."""
    kept = answer.json
    person = kept["participant"]
    assert len(kept["id"]) == len(person["id"]) == 20
    assert len(person["ticket"]) == 11
    assert person["ticket"][5] == "-"
    return {
        "id": kept["id"],
        "status": "confirmed",
        "mode": "on_site",
        "waits_for": None,
        "position": None,
        "participant": {
            "id": person["id"],
            "name": "Ana",
            "ticket": person["ticket"],
            "email": "ana@example.org",
        },
    } | fields


def codes(response):
    """Status and (field, code) of a refusal."""
    assert response.mimetype == "application/problem+json"
    return response.status_code, [(e["field"], e["code"]) for e in response.json["errors"]]


def test_registering_twice_returns_the_record_as_it_is(client, owner):
    first = register(client, owner, "Ana")
    again = register(client, owner, "Ana", mode="online")

    assert (first.status_code, first.json) == (201, shape(first))
    assert (again.status_code, again.json) == (200, first.json)


def test_everything_that_can_be_said_of_a_person(client, owner, cafe):
    answer = register(
        client,
        owner,
        "Ana",
        language="fr",
        timezone="US/Eastern",
        organisation="Ministry",
        country="ch",
        stakeholder_group="government",
        waits_for=None,
        answers={},
    )

    person = queries.by_email(cafe.consultation, "ana@example.org")
    assert answer.status_code == 201
    assert (
        person.language, person.timezone, person.organisation, person.country,
        person.stakeholder_group, person.is_opened,
    ) == ("fr", "America/New_York", "Ministry", "CH", "government", True)  # fmt: skip


def test_a_consultation_in_another_language_takes_registrations(client, owner):
    make.session("norsk", inside=make.consultation("norsk", languages=["no", "en"]))
    headers = make.bearer(Role.ADMIN)
    url = "/api/v1/consultations/norsk/sessions/norsk/registrations"

    assert register(client, headers, "Ana", url=url).status_code == 201


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"name": None}, [("name", "name_missing")]),
        ({"name": " "}, [("name", "name_missing")]),
        ({"name": "x" * 121}, [("name", "too_long")]),
        ({"email": "ana@"}, [("email", "email_invalid")]),
        ({"mode": "hall"}, [("mode", "invalid_mode")]),
        ({"waits_for": "hall"}, [("waits_for", "invalid_mode")]),
        ({"language": "tlh"}, [("language", "unknown_language")]),
        ({"timezone": "Mars"}, [("timezone", "unknown_timezone")]),
        ({"stakeholder_group": "pirates"}, [("stakeholder_group", "unknown_stakeholder_group")]),
        ({"answers": {"diet": "none"}}, [("answers.diet", "unknown_field")]),
        ({"role": "admin"}, [("role", "unknown_field")]),
        (
            {"name": "", "email": "", "role": "admin"},
            [("name", "name_missing"), ("email", "email_missing"), ("role", "unknown_field")],
        ),
    ],
)
def test_what_a_registration_cannot_be(client, owner, cafe, fields, errors):
    sent = {"name": "Ana", "email": "ana@example.org", "mode": "on_site"}

    answer = client.post(URL, json=sent | fields, headers=owner)

    assert codes(answer) == (422, errors)
    assert queries.listed(cafe) == []


def test_names_and_addresses_are_right_as_typed(client, owner):
    """C12: `+` is part of an address; a name may be one word, one letter, 120 characters."""
    names = ["Suharto", "O", "Siobhán O’Neill-D'Arcy", "x" * 120]
    people = [("Ana", "ana@example.org"), ("Ana", "Ana+Talks@EXAMPLE.org")]
    people += [(name, f"p{number}@example.org") for number, name in enumerate(names)]

    for name, email in people:
        client.post(URL, json={"name": name, "email": email, "mode": "online"}, headers=owner)

    listed = client.get(URL, headers=owner).json["items"]
    assert [(r["participant"]["name"], r["participant"]["email"]) for r in listed] == [
        ("Ana", "ana@example.org"),
        ("Ana", "ana+talks@example.org"),
        *((name, f"p{number}@example.org") for number, name in enumerate(names)),
    ]


def test_a_full_room_lines_people_up_and_a_cancellation_promotes_the_first(client, owner, cafe):
    programme.change(cafe, {"capacity": {"on_site": 1, "online": None}})
    ana, bo, chi = (register(client, owner, name) for name in ("Ana", "Bo", "Chi"))

    cancelled = client.post(f"{ONE}/{ana.json['id']}/cancel", headers=owner)

    assert [(r.json["status"], r.json["position"]) for r in (ana, bo, chi)] == [
        ("confirmed", None), ("waiting", 1), ("waiting", 2),
    ]  # fmt: skip
    assert (cancelled.status_code, cancelled.json) == (200, shape(ana, status="cancelled"))
    listed = client.get(URL, headers=owner).json["items"]
    assert [(r["status"], r["position"]) for r in listed] == [
        ("cancelled", None), ("confirmed", None), ("waiting", 1),
    ]  # fmt: skip
    assert client.get(f"{ONE}/{chi.json['id']}", headers=owner).json == listed[2]


def test_places_left_are_part_of_the_session(client, owner, cafe):
    programme.change(cafe, {"capacity": {"on_site": 2, "online": None}})
    for name in ("Ana", "Bo", "Chi"):
        register(client, owner, name)

    assert client.get(URL.rsplit("/", 1)[0]).json["places"] == {
        "on_site": {"capacity": 2, "left": 0, "waiting": 1},
        "online": {"capacity": None, "left": None, "waiting": 0},
    }


def test_without_a_waiting_list_full_is_full(client, owner, cafe):
    programme.change(cafe, {"capacity": {"on_site": 1, "online": None}, "waiting_list": False})
    register(client, owner, "Ana")
    bo = register(client, owner, "Bo")

    assert (bo.status_code, bo.json["code"], bo.json["errors"]) == (409, "session_full", [])


def test_switching_into_a_full_mode_changes_nothing_but_waiting_for_it_does(client, owner, cafe):
    programme.change(cafe, {"capacity": {"on_site": 1, "online": None}})
    register(client, owner, "Ana")
    bo = register(client, owner, "Bo", mode="online")
    url = f"{ONE}/{bo.json['id']}"

    full = client.patch(url, json={"mode": "on_site"}, headers=owner)
    kept = client.get(url, headers=owner)
    waits = client.patch(url, json={"waits_for": "on_site"}, headers=owner)
    no_more = client.patch(url, json={"waits_for": None}, headers=owner)

    assert (full.status_code, full.json["code"]) == (409, "session_full")
    assert kept.json == bo.json
    assert (waits.status_code, waits.json) == (
        200, bo.json | {"waits_for": "on_site", "position": 1},
    )  # fmt: skip
    assert no_more.json == bo.json


def test_a_mode_that_people_hold_stays(client, owner, cafe):
    register(client, owner, "Ana")

    answer = client.patch(URL.rsplit("/", 1)[0], json={"capacity": {"online": None}}, headers=owner)

    assert (answer.status_code, answer.json["code"]) == (409, "mode_in_use")


def test_waiting_for_the_mode_one_is_in_is_nothing_new(client, owner):
    answer = register(client, owner, "Ana", waits_for="on_site")

    assert (answer.status_code, answer.json) == (201, shape(answer))


def test_registration_closes_at_the_instant_of_the_sessions_zone(client, owner, clock):
    """C03: Los Angeles closes at 20:00Z, Auckland closed at 19:00Z of "the day before"."""
    for slug, zone, closes in (
        ("la", "America/Los_Angeles", "2028-10-03T13:00"),
        ("auckland", "Pacific/Auckland", "2028-10-04T08:00"),
    ):
        make.session(slug, timezone=zone, registration_closes=make.datetime.fromisoformat(closes))

    def at(instant, slug):
        clock.set(instant)
        url = URL.replace("cafe", slug)
        name = f"P {instant[11:19].replace(':', '')}"
        answer = register(client, owner, name, url=url)
        return answer.status_code, answer.json.get("code")

    assert at("2028-10-03T19:30:00+00:00", "la") == (201, None)
    assert at("2028-10-03T19:59:59+00:00", "la") == (201, None)
    assert at("2028-10-03T20:00:00+00:00", "la") == (409, "registration_closed")
    assert at("2028-10-03T19:30:00+00:00", "auckland") == (409, "registration_closed")


def test_filters_and_pages(client, owner):
    for name, mode in (("Ana", "on_site"), ("Bo", "online"), ("Chi", "online")):
        register(client, owner, name, mode=mode)

    def names(query):
        page = client.get(f"{URL}?{query}", headers=owner).json
        return [r["participant"]["name"] for r in page["items"]], page["next"]

    first, following = names("mode=online&limit=1")
    assert first == ["Bo"]
    assert names(f"mode=online&limit=1&after={following}") == (["Chi"], None)
    assert names("status=waiting") == ([], None)
    assert codes(client.get(f"{URL}?status=asleep", headers=owner)) == (
        422, [("status", "invalid_status")],
    )  # fmt: skip


def test_the_same_key_registers_once(client, owner, cafe):
    keyed = owner | {"Idempotency-Key": "k"}

    first, again = register(client, keyed, "Ana"), register(client, keyed, "Ana")
    mismatch = register(client, keyed, "Bo")

    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert (mismatch.status_code, mismatch.json["code"]) == (422, "idempotency_mismatch")
    assert len(queries.listed(cafe)) == 1


def test_who_may(client, owner):
    ana = register(client, owner, "Ana").json["id"]
    other = make.consultation("other")

    def tried(headers):
        return [
            register(client, headers, "Bo").status_code,
            client.get(URL, headers=headers).status_code,
            client.get(f"{ONE}/{ana}", headers=headers).status_code,
            client.patch(f"{ONE}/{ana}", json={}, headers=headers).status_code,
            client.get(f"{ONE}/nobody", headers=headers).status_code,
        ]

    assert tried({}) == [401] * 5
    assert tried(make.bearer(Role.OWNER, inside=other)) == [403, 403, 404, 404, 404]
    assert tried(make.bearer(Role.DOOR)) == [403, 403, 403, 403, 404]
    assert tried(make.bearer(Role.VIEWER)) == [403, 403, 403, 403, 404]
    assert tried(make.bearer(Role.OWNER, scopes=["programme"])) == [403, 403, 403, 403, 404]
    assert tried(make.bearer(Role.REGISTRAR)) == [201, 200, 200, 200, 404]
    assert tried(make.bearer(Role.OWNER, scopes=["registrations"])) == [200, 200, 200, 200, 404]
