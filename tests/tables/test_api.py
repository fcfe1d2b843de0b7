"""Tables, seats, rounds and notes under /api/v1, to the letter of the contract."""

from __future__ import annotations

import pytest

from app.core.links import Purpose
from app.core.vocabulary import Role
from app.registration import queries as registrations
from app.tables import operations, queries
from tests import make

BASE = "/api/v1/consultations/probe/sessions/cafe"
TABLE = {
    "number": 1, "mode": "on_site", "host": None, "guiding_question": 1, "language": "en",
    "min": 3, "max": 6, "twin": 9, "join_url": None, "place": "by the window",
}  # fmt: skip
ONLINE = {
    "number": 9, "mode": "online", "host": None, "guiding_question": 1, "language": "en",
    "min": 2, "max": 4, "twin": 1, "join_url": "https://meet.example.org/nine", "place": "",
}  # fmt: skip


@pytest.fixture
def cafe(app, clock):
    clock.set("2028-10-10T16:00:00Z")
    return make.cafe()


@pytest.fixture
def live(cafe):
    return make.bearer(Role.FACILITATOR)


def put(client, headers, *tables, **more):
    return client.put(f"{BASE}/tables", headers=headers, json={"tables": list(tables)} | more)


def post(client, headers, path, **body):
    return client.post(f"{BASE}/{path}", headers=headers, json=body)


def crowd(session, number, mode="on_site"):
    return [make.registration(session, mode=mode).participant for _ in range(number)]


# --- Tables -----------------------------------------------------------------------------------


def test_tables_are_put_up_all_at_once_and_read_back(client, cafe, live):
    host = make.participant(cafe).public_id
    first = put(client, live, {"number": 7, "mode": "on_site"})
    answer = put(client, live, ONLINE, TABLE | {"host": host})

    assert first.json["tables"][0] == {
        "number": 7, "mode": "on_site", "host": None, "guiding_question": None, "language": None,
        "min": 3, "max": 6, "twin": None, "join_url": None, "place": "",
    }  # fmt: skip
    assert (answer.status_code, answer.json) == (
        200, {"tables": [TABLE | {"host": host}, ONLINE]},
    )  # fmt: skip
    assert client.get(f"{BASE}/tables", headers=live).json == answer.json


def test_without_a_token_nobody_reads_who_hosts_or_the_room(client, cafe, live):
    put(client, live, TABLE | {"host": make.participant(cafe).public_id}, ONLINE)
    answer = client.get(f"{BASE}/tables")

    assert answer.json == {"tables": [TABLE, ONLINE | {"join_url": None}]}
    assert client.get(f"{BASE}/seating").status_code == 401


@pytest.mark.parametrize(
    ("table", "field", "code"),
    [
        ({"number": 0}, "tables.0.number", "out_of_range"),
        ({"mode": "hub"}, "tables.0.mode", "invalid_mode"),
        ({"host": "nobody"}, "tables.0.host", "unknown_participant"),
        ({"guiding_question": 2}, "tables.0.guiding_question", "unknown_guiding_question"),
        ({"guiding_question": 0}, "tables.0.guiding_question", "unknown_guiding_question"),
        ({"language": "Klingon"}, "tables.0.language", "invalid_language"),
        ({"min": 7}, "tables.0.min", "out_of_range"),
        ({"twin": 8}, "tables.0.twin", "unknown_table"),
        ({"twin": 1}, "tables.0.twin", "invalid_twin"),
        ({"join_url": "javascript:alert(1)"}, "tables.0.join_url", "invalid_url"),
        ({"colour": "red"}, "tables.0.colour", "unknown_field"),
    ],
)
def test_a_wrong_table_is_named_by_its_field(client, cafe, live, table, field, code):
    answer = put(client, live, TABLE | {"twin": None} | table)

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["errors"][0]["field"] == field
    assert queries.tables(cafe) == []


def test_nobody_hosts_two_tables_and_no_number_stands_twice(client, cafe, live):
    host = make.participant(cafe).public_id
    twice = put(client, live, *({"number": 1, "mode": "online"} for _ in range(2)))
    both = put(client, live, *({"number": n, "mode": "online", "host": host} for n in (1, 2)))

    assert [(a.status_code, a.json["code"]) for a in (twice, both)] == [(422, "duplicate")] * 2


def test_a_host_of_another_consultation_is_unknown(client, cafe, live):
    stranger = make.participant(make.session("there", inside=make.consultation("elsewhere")))

    answer = put(client, live, TABLE | {"twin": None, "host": stranger.public_id})

    assert (answer.status_code, answer.json["code"]) == (422, "unknown_participant")


def test_ten_thousand_tables_are_refused_by_their_number(client, cafe, live):
    many = put(client, live, *({"number": 1 + n % 9_999, "mode": "online"} for n in range(10_000)))
    bulky = put(client, live, *(TABLE | {"place": "x" * 90} for _ in range(10_000)))

    assert (many.status_code, many.json["code"]) == (422, "too_many")
    assert many.json["errors"][0]["field"] == "tables"
    assert (bulky.status_code, bulky.json["code"]) == (413, "too_large")
    assert queries.tables(cafe) == []


def test_where_no_tables_belong_there_are_none(client, cafe, live):
    make.town_hall("hall")
    hall = BASE.replace("cafe", "hall")
    found = [
        client.get(f"{hall}/tables"), client.get(f"{hall}/rounds"),
        client.get(f"{hall}/seating", headers=live),
        client.put(f"{hall}/tables", headers=live, json={"tables": []}),
        *(
            client.post(f"{hall}/{path}", headers=live, json=body)
            for path, body in (
                ("seating", {}), ("seating/publish", {}), ("seating/patch", {"after_round": 0}),
                ("seating/swap", {"round": 1, "people": ["a", "b"]}), ("rounds/1/start", {}),
                ("rounds/1/extend", {}), ("rounds/1/end", {}),
                ("notes", {"table": 1, "round": 1, "points": [{"text": "x"}]}),
            )
        ),
    ]  # fmt: skip

    assert {answer.status_code for answer in found} == {404}


# --- Seats ------------------------------------------------------------------------------------


def test_seats_are_a_draft_with_their_report(client, cafe, live):
    people = crowd(cafe, 8)
    put(client, live, *({"number": n, "mode": "on_site"} for n in (1, 2)))
    answer = post(client, live, "seating", rounds=2, seed=7, policy="fair", people="confirmed")

    assert answer.status_code == 201
    assert answer.json["status"] == "draft"
    assert set(answer.json["report"]) == {
        "repeats", "repeats_bound", "revisits", "hard_violations", "lost", "lost_bound",
        "max_meet", "mix_ratio", "seed",
    }  # fmt: skip
    assert (answer.json["report"]["seed"], answer.json["report"]["hard_violations"]) == (7, 0)
    assert len(answer.json["rounds"]) == 2
    for seats in answer.json["rounds"]:
        assert [table["table"] for table in seats] == [1, 2]
        seated = sorted(person for table in seats for person in table["people"])
        assert seated == sorted(person.public_id for person in people)
    assert client.get(f"{BASE}/seating", headers=live).json == answer.json


def test_the_same_seed_gives_the_same_seats(client, cafe, live):
    crowd(cafe, 12)
    put(client, live, *({"number": n, "mode": "on_site"} for n in (1, 2, 3)))
    one, same, other = (
        post(client, live, "seating", seed=seed, people="confirmed").json for seed in (3, 3, 4)
    )

    assert one["digest"] == same["digest"]
    assert one["digest"] != other["digest"]


def test_an_impossible_seating_names_people_tables_and_round(client, cafe, live):
    lone = make.registration(cafe, mode="online").participant.public_id
    crowd(cafe, 3)
    put(client, live, {"number": 1, "mode": "on_site"})
    answer = post(client, live, "seating", people="confirmed")

    assert (answer.status_code, answer.json["code"]) == (422, "seating_impossible")
    assert lone in answer.json["errors"][0]["message"]
    assert "round 1" in answer.json["errors"][0]["message"]
    assert client.get(f"{BASE}/seating", headers=live).json == {
        "rounds": [], "report": None, "status": None, "policy": None, "digest": None,
        "version": None, "made_at": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"rounds": 0}, "out_of_range"),
        ({"rounds": 41}, "out_of_range"),
        ({"seed": 2**60}, "out_of_range"),
        ({"policy": "random"}, "invalid_policy"),
        ({"people": "all"}, "invalid_people"),
        ({"together": [["nobody", "no one"]]}, "unknown_participant"),
        ({"apart": [["one"]]}, "too_few"),
        ({"colour": "red"}, "unknown_field"),
    ],
)
def test_wrong_wishes_are_named(client, cafe, live, body, code):
    answer = post(client, live, "seating", **body)

    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_a_draft_can_be_patched_and_swapped_as_if_rounds_had_run(client, cafe, live):
    people = crowd(cafe, 12)
    put(client, live, *({"number": n, "mode": "on_site"} for n in (1, 2, 3)))
    made = post(client, live, "seating", people="confirmed").json
    late = make.registration(cafe).participant.public_id
    gone = people[0].public_id
    patched = post(client, live, "seating/patch", after_round=1, absent=[gone], arrived=[late])

    assert patched.status_code == 200
    assert patched.json["rounds"][0] == made["rounds"][0]
    for seats in patched.json["rounds"][1:]:
        seated = {person for table in seats for person in table["people"]}
        assert late in seated
        assert gone not in seated
    assert patched.json["changed_seats"] <= 2
    one, other = (table["people"][1] for table in patched.json["rounds"][1][:2])
    swapped = post(client, live, "seating/swap", round=2, people=[one, other])
    assert swapped.status_code == 200
    assert other in swapped.json["rounds"][1][0]["people"]
    assert swapped.json["report"]["hard_violations"] == 0
    assert "changed_seats" not in swapped.json


def test_patches_refuse_who_and_what_nobody_knows(client, cafe, live):
    crowd(cafe, 4)
    put(client, live, {"number": 1, "mode": "on_site"})
    early = post(client, live, "seating/patch", after_round=0)
    post(client, live, "seating", people="confirmed")
    answers = [
        post(client, live, "seating/patch", **body)
        for body in (
            {"after_round": 9}, {"after_round": 0, "absent": ["nobody"]},
            {"after_round": 0, "arrived": ["nobody"]}, {"after_round": 0, "closed_tables": [7]},
            {"after_round": 0, "hosts": {"1": "nobody"}}, {"after_round": 0, "hosts": {"x": None}},
        )
    ]  # fmt: skip

    assert (early.status_code, early.json["code"]) == (409, "no_seating")
    assert [(a.status_code, a.json["code"]) for a in answers] == [
        (422, "unknown_round"), (422, "unknown_participant"), (422, "unknown_participant"),
        (422, "unknown_table"), (422, "unknown_participant"), (422, "unknown_table"),
    ]  # fmt: skip


def test_publishing_twice_is_publishing_once(client, cafe, live):
    crowd(cafe, 4)
    put(client, live, {"number": 1, "mode": "on_site"})
    before = post(client, live, "seating/publish")
    post(client, live, "seating", people="confirmed")
    once, twice = post(client, live, "seating/publish"), post(client, live, "seating/publish")

    assert (before.status_code, before.json["code"]) == (409, "no_seating")
    assert once.json["status"] == "published"
    assert (twice.status_code, twice.json) == (200, once.json)


def test_an_idempotency_key_makes_seats_once(client, cafe, live):
    crowd(cafe, 4)
    put(client, live, {"number": 1, "mode": "on_site"})
    headers = live | {"Idempotency-Key": "seats-1"}
    first = post(client, headers, "seating", people="confirmed")
    post(client, live, "seating", people="confirmed", seed=5)
    again = post(client, headers, "seating", people="confirmed")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json["report"]["seed"] == 5  # the key is remembered: nothing was made again


# --- Rounds -----------------------------------------------------------------------------------


def test_rounds_start_grow_and_end_one_after_the_other(client, cafe, live, clock):
    put(client, live, {"number": 1, "mode": "on_site"})
    started = post(client, live, "rounds/1/start")
    clock.go_on(minutes=5)
    extended = post(client, live, "rounds/1/extend", seconds=120)
    ended = post(client, live, "rounds/1/end")
    second = post(client, live, "rounds/2/start")

    assert (started.status_code, started.json) == (
        200,
        {
            "number": 1, "state": "running", "guiding_question": 1,
            "started_at": "2028-10-10T16:00:00Z", "ends_at": "2028-10-10T16:20:00Z",
            "ended_at": None,
        },
    )  # fmt: skip
    assert extended.json["ends_at"] == "2028-10-10T16:22:00Z"
    assert (ended.json["state"], ended.json["ended_at"]) == ("ended", "2028-10-10T16:05:00Z")
    assert second.json["guiding_question"] is None  # the consultation asks one question only
    listed = client.get(f"{BASE}/rounds").json
    assert [(each["number"], each["state"]) for each in listed["items"]] == [
        (1, "ended"), (2, "running"), (3, "to_come"),
    ]  # fmt: skip
    assert listed["next"] is None


def test_rounds_refuse_what_is_not_their_turn(client, cafe, live):
    refused = {
        path: post(client, live, path)
        for path in ("rounds/2/start", "rounds/1/end", "rounds/1/extend", "rounds/4/start",
                     "rounds/0/start")
    }  # fmt: skip
    post(client, live, "rounds/1/start")
    twice = post(client, live, "rounds/1/start")
    early = post(client, live, "rounds/2/start")
    post(client, live, "rounds/1/end")
    late = [post(client, live, f"rounds/1/{act}") for act in ("end", "extend", "start")]

    assert {path: (a.status_code, a.json["code"]) for path, a in refused.items()} == {
        "rounds/2/start": (409, "round_state"), "rounds/1/end": (409, "round_state"),
        "rounds/1/extend": (409, "round_state"), "rounds/4/start": (404, "not_found"),
        "rounds/0/start": (404, "not_found"),
    }  # fmt: skip
    found = [(a.status_code, a.json["code"]) for a in (twice, early, *late)]
    assert found == [(409, "round_state")] * 5
    assert twice.json["detail"] == "Round 1 has begun already."


@pytest.mark.parametrize("seconds", [0, -1, 3_601, "120", None, 1.5])
def test_a_round_grows_by_one_second_to_an_hour(client, cafe, live, seconds):
    post(client, live, "rounds/1/start")

    assert post(client, live, "rounds/1/extend", seconds=seconds).status_code == 422


def test_starting_a_round_publishes_the_draft_and_then_tables_stand(client, cafe, live):
    crowd(cafe, 8)
    put(client, live, *({"number": n, "mode": "on_site"} for n in (1, 2)))
    post(client, live, "seating", people="confirmed")
    post(client, live, "rounds/1/start")
    plan = client.get(f"{BASE}/seating", headers=live).json
    one, other = (table["people"][0] for table in plan["rounds"][0])
    refused = [
        post(client, live, "seating", people="confirmed"),
        put(client, live, TABLE | {"twin": None}),
        post(client, live, "seating/patch", after_round=0, absent=[one]),
        post(client, live, "seating/swap", round=1, people=[one, other]),
    ]

    assert plan["status"] == "published"
    assert [(a.status_code, a.json["code"]) for a in refused] == [(409, "round_state")] * 4
    assert client.get(f"{BASE}/seating", headers=live).json == plan


def test_a_cancelled_session_starts_no_round(client, cafe, live):
    owner = make.bearer(Role.OWNER)
    client.post(f"{BASE}/cancel", headers=owner, json={"reason": "Flood"})
    answer = post(client, live, "rounds/1/start")

    assert (answer.status_code, answer.json["code"]) == (409, "round_state")


# --- Notes ------------------------------------------------------------------------------------


@pytest.fixture
def begun(cafe):
    hosts = crowd(cafe, 2)
    crowd(cafe, 6)
    make.cafe_tables(cafe, hosts=hosts)
    make.seats(cafe)
    operations.start_round(cafe, 1)
    return hosts


def point(text="Competition lowers prices.", tag="agreement"):
    return {"text": text, "tag": tag}


def notes(client, headers, table=1, round=1, points=None):
    body = {"table": table, "round": round, "points": points or [point()]}
    return client.post(f"{BASE}/notes", headers=headers, json=body)


def test_notes_are_published_at_once_under_their_table_and_round(client, live, begun):
    answer = notes(client, live, points=[point(), point("Who pays?", "question")])

    assert (answer.status_code, answer.json) == (
        201, {"items": [{"reference": "PRO-T1-R1-1"}, {"reference": "PRO-T1-R1-2"}]},
    )  # fmt: skip
    shown = client.get("/api/v1/consultations/probe/contributions/PRO-T1-R1-2").json
    assert (shown["kind"], shown["status"], shown["text"]) == ("note", "published", "Who pays?")
    assert (shown["tag"], shown["guiding_question"]) == ("question", 1)
    assert shown["author"] == {
        "name": None, "organisation": None, "stakeholder_group": None, "country": None,
    }  # fmt: skip


def test_five_points_a_table_and_round_whoever_sends_them(client, live, begun):
    first = notes(client, live, points=[point()] * 3)
    more = notes(client, live, points=[point()] * 3)
    rest = notes(client, live, points=[point()] * 2)
    six = notes(client, live, table=2, points=[point()] * 6)

    assert (first.status_code, rest.status_code) == (201, 201)
    assert rest.json["items"][-1] == {"reference": "PRO-T1-R1-5"}
    assert (more.status_code, more.json["code"]) == (409, "notes_full")
    assert (six.status_code, six.json["code"]) == (422, "too_many")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"table": 9}, 422, "unknown_table"),
        ({"round": 4}, 422, "unknown_round"),
        ({"round": 0}, 422, "unknown_round"),
        ({"round": 2}, 409, "round_state"),
        ({"points": [{"text": "x" * 401, "tag": "agreement"}]}, 422, "too_long"),
        ({"points": [{"text": "\x00 \x1b", "tag": "agreement"}]}, 422, "missing_field"),
        ({"points": [{"text": "x", "tag": "for"}]}, 422, "invalid_tag"),
        ({"points": [{"text": "x", "author": "me"}]}, 422, "unknown_field"),
        ({"points": []}, 422, "too_few"),
    ],
)
def test_wrong_notes_are_refused_and_nothing_is_kept(client, cafe, live, begun, body, status, code):
    sent = {"table": 1, "round": 1, "points": [point()]} | body
    answer = client.post(f"{BASE}/notes", headers=live, json=sent)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert queries.note_counts(cafe) == {}


def test_control_characters_go_and_the_rest_stays(client, live, begun):
    notes(client, live, points=[point("Caf\u0065\u0301\x00 \x1b[31mred\x1b[0m\r\nnew line")])
    shown = client.get("/api/v1/consultations/probe/contributions/PRO-T1-R1-1").json

    assert shown["text"] == "Café [31mred[0m\nnew line"


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def test_a_hosts_link_writes_for_its_table_in_its_session_only(client, cafe, live, begun):
    table, other = queries.tables(cafe)
    link = bearer(queries.host_token(table))
    mine, theirs = notes(client, link), notes(client, link, table=2)
    make.session("second")
    away = client.post(
        BASE.replace("cafe", "second") + "/notes",
        headers=link, json={"table": 1, "round": 1, "points": [point()]},
    )  # fmt: skip
    operations.renew_link(table)
    old, new = notes(client, link), notes(client, bearer(queries.host_token(table)))
    nothing_else = [
        client.get(f"{BASE}/seating", headers=link),
        client.post(f"{BASE}/rounds/1/end", headers=link, json={}),
    ]

    assert [mine.status_code, theirs.status_code, away.status_code] == [201, 403, 404]
    assert [old.status_code, new.status_code] == [401, 201]
    assert {answer.status_code for answer in nothing_else} == {401}
    assert other.fingerprint != table.fingerprint


def test_participants_write_for_the_table_they_host(client, cafe, begun):
    host, other = begun
    guest = make.participant(cafe)
    links = [bearer(registrations.token(who, Purpose.MANAGE)) for who in (host, other, guest)]
    answers = [notes(client, link) for link in links]

    assert [answer.status_code for answer in answers] == [201, 403, 403]
    assert queries.notes_at(cafe, 1, 1)[0].participant_id is None


def test_hosts_write_until_a_day_after_the_end_and_staff_later(client, cafe, live, begun, clock):
    link = bearer(queries.host_token(queries.tables(cafe)[0]))
    clock.set("2028-10-11T18:14:59Z")
    in_time = notes(client, link)
    clock.set("2028-10-11T18:15:00Z")
    late, by_staff = notes(client, link), notes(client, make.bearer(Role.FACILITATOR))

    assert (in_time.status_code, by_staff.status_code) == (201, 201)
    assert (late.status_code, late.json["code"]) == (409, "contributions_closed")


# --- Cards ------------------------------------------------------------------------------------


def test_one_card_a_person_and_another_after_it_was_withdrawn(client, cafe, live, clock):
    who, neighbour = crowd(cafe, 2)
    clock.set("2028-10-10T18:00:00Z")
    card = {"participant": who.public_id, "text": "Publish what spectrum costs."}
    first, second = (post(client, live, "cards", **card) for _ in range(2))
    others = post(client, live, "cards", **card | {"participant": neighbour.public_id})
    on_paper = post(client, live, "cards", text="From a card", source="paper")
    client.post(
        f"/api/v1/consultations/probe/contributions/{first.json['reference']}/withdraw",
        headers=live, json={},
    )  # fmt: skip
    again = post(client, live, "cards", **card)

    assert [first.status_code, others.status_code, on_paper.status_code] == [201, 201, 201]
    assert (second.status_code, second.json["code"]) == (409, "already_sent")
    assert again.status_code == 201
