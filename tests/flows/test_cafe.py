"""A World Café of 48 from the door to the harvest, over HTTP: room and online, three rounds."""

from __future__ import annotations

import itertools
import uuid

import pytest

from app.core.links import Purpose
from app.core.vocabulary import Role
from app.registration import queries as registrations
from app.tables import queries
from tests import make

API = "/api/v1/consultations/probe"
CAFE = f"{API}/sessions/cafe"
GROUPS = ("government", "private_sector", "civil_society", "academia", "technical")
COUNTRIES = ("CH", "KE", "BR", "JP", "EE", "FR", "IN", "ZA")
ROOM, ONLINE = range(1, 7), range(7, 11)
MARK = "Zuleika"  # in every name: found in no public answer


class Cafe:
    """The evening as the people at their devices have it: everything by address and secret."""

    def __init__(self, client) -> None:
        self.client = client
        self.owner = make.bearer(Role.OWNER)
        self.live = make.bearer(Role.FACILITATOR)
        self.people: dict[str, dict] = {}

    def post(self, path, body, headers=None, base=CAFE):
        return self.client.post(f"{base}/{path}", json=body, headers=headers or self.live)

    def done(self, path, body=None, status=200, headers=None):
        answer = self.post(path, body or {}, headers)
        assert answer.status_code == status, answer.text
        return answer.json

    def register(self, number, mode):
        """Register somebody; return their id."""
        body = {
            "name": f"{MARK} {number}", "email": f"p{number}@example.org", "mode": mode,
            "stakeholder_group": GROUPS[number % 5], "country": COUNTRIES[number % 8],
        }  # fmt: skip
        made = self.post("registrations", body, self.owner)
        assert made.status_code == 201, made.text
        who = made.json["participant"]
        self.people[who["id"]] = made.json
        return who["id"]

    def scan(self, ids):
        """Let people through the door."""
        scans = [
            {"id": str(uuid.uuid4()), "kind": "in", "scanned_at": "2028-10-10T16:05:00Z",
             "ticket": self.people[who]["participant"]["ticket"]}
            for who in ids
        ]  # fmt: skip
        body = {"device": "door", "device_time": "2028-10-10T16:05:00Z", "scans": scans}
        told = self.done("scans", body, headers=self.owner)["verdicts"]
        assert {each["verdict"] for each in told.values()} == {"welcome"}

    def join(self, ids):
        """Let people press the button of their join link."""
        for who in ids:
            found = registrations.by_public_id(self.people[who]["id"])
            answer = self.client.post(f"/join/{registrations.join_token(found)}")
            assert answer.status_code in (200, 303), answer.text

    def manage(self, who):
        """The header of somebody's manage link."""
        participant = registrations.participant_by_public_id(who)
        return {"Authorization": f"Bearer {registrations.token(participant, Purpose.MANAGE)}"}

    def host_link(self, session, number):
        """The header of a table's link."""
        table = queries.by_number(session, number)
        return {"Authorization": f"Bearer {queries.host_token(table)}"}


def by_person(seats):
    """Return the table of each person in one round."""
    return {person: each["table"] for each in seats for person in each["people"]}


def meetings(rounds):
    """Return how often each pair meets."""
    found: dict[tuple[str, str], int] = {}
    for seats in rounds:
        for each in seats:
            for pair in itertools.combinations(sorted(each["people"]), 2):
                found[pair] = found.get(pair, 0) + 1
    return found


@pytest.fixture
def session(app, clock):
    questions = [{"en": f"Question {number}?"} for number in (1, 2, 3)]
    make.consultation(guiding_questions=questions)
    return make.cafe(capacity={"on_site": 50, "online": 20})


def test_a_cafe_from_the_door_to_the_harvest(app, client, clock, session):
    cafe = Cafe(client)
    room = [cafe.register(number, "on_site") for number in range(30)]
    online = [cafe.register(number, "online") for number in range(30, 48)]
    no_shows, late = [*room[27:], online[17]], [room[26], online[16]]
    there = [who for who in room + online if who not in no_shows + late]

    # The door opens: 42 of 48 are there.
    clock.set("2028-10-10T16:05:00Z")
    cafe.scan(room[:26])
    cafe.join(online[:16])
    tables = [
        {
            "number": number,
            "mode": "on_site" if number in ROOM else "online",
            "host": room[number - 1] if number in ROOM else online[number - 7],
            "min": 3,
            "max": 6,
            "twin": {1: 7, 7: 1}.get(number),
            "join_url": None if number in ROOM else f"https://meet.example.org/table-{number}",
        }
        for number in (*ROOM, *ONLINE)
    ]
    put = client.put(f"{CAFE}/tables", json={"tables": tables}, headers=cafe.live)
    assert put.status_code == 200, put.text

    # Seats of those present; the no-shows have none.
    plan = cafe.done("seating", {"rounds": 3, "seed": 81_724, "people": "present"}, status=201)
    assert plan["report"]["hard_violations"] == 0
    assert plan["report"]["repeats"] >= plan["report"]["repeats_bound"]
    for seats in plan["rounds"]:
        assert sorted(by_person(seats)) == sorted(there)
        assert {each["people"][0] for each in seats} == {table["host"] for table in tables}
        assert all(len(each["people"]) <= 6 for each in seats)
    found = meetings(plan["rounds"]).values()
    assert sum(times * (times - 1) // 2 for times in found) == plan["report"]["repeats"]
    assert max(found) == plan["report"]["max_meet"]
    cafe.done("seating/publish")

    # Round 1, once; two minutes more; each table but the third sends its notes.
    clock.set("2028-10-10T16:28:00Z")
    first = cafe.done("rounds/1/start")
    assert (first["ends_at"], first["guiding_question"]) == ("2028-10-10T16:48:00Z", 1)
    assert cafe.post("rounds/1/start", {}).json["code"] == "round_state"
    assert cafe.done("rounds/1/extend", {"seconds": 120})["ends_at"] == "2028-10-10T16:50:00Z"
    for number in (*ROOM, *ONLINE):
        if number != 3:
            points = [
                {"text": f"Table {number} agrees", "tag": "agreement"},
                {"text": f"Table {number} asks", "tag": "question"},
            ]
            cafe.done("notes", {"table": number, "round": 1, "points": points}, 201,
                      cafe.host_link(session, number))  # fmt: skip
    assert queries.missing_notes(session) == {1: [3]}
    assert [n.text for n in queries.notes_of_twin(queries.by_number(session, 1), 2)] == [
        "Table 7 agrees", "Table 7 asks",
    ]  # fmt: skip

    # Two come late, the host of table 2 leaves: the later rounds are patched, few move.
    clock.set("2028-10-10T16:45:00Z")
    cafe.scan(late[:1])
    cafe.join(late[1:])
    leaving = tables[1]["host"]
    suggested = {each.participant.public_id: each.table for each in queries.latecomers(session)}
    assert set(suggested) == set(late)
    assert suggested[late[0]] in ROOM
    assert suggested[late[1]] in ONLINE
    patched = cafe.done("seating/patch", {"after_round": 1, "absent": [leaving], "arrived": late})
    assert patched["rounds"][0] == plan["rounds"][0]
    assert patched["changed_seats"] <= 6
    assert patched["report"]["hard_violations"] == 0
    for seats in patched["rounds"][1:]:
        assert sorted(by_person(seats)) == sorted({*there, *late} - {leaving})
    refused = cafe.post("seating", {"people": "present"})
    assert (refused.status_code, refused.json["code"]) == (409, "round_state")

    # Rounds 2 and 3: the start publishes what was patched; the new host writes for table 2.
    cafe.done("rounds/1/end")
    clock.set("2028-10-10T16:52:00Z")
    cafe.done("rounds/2/start")
    current = client.get(f"{CAFE}/seating", headers=cafe.live).json
    assert (current["status"], current["rounds"]) == ("published", patched["rounds"])
    successor = next(e["people"][0] for e in current["rounds"][1] if e["table"] == 2)
    assert successor not in {table["host"] for table in tables}
    listed = client.get(f"{CAFE}/tables", headers=cafe.live).json["tables"]
    assert listed[1]["host"] == successor
    note = {"table": 2, "round": 2, "points": [{"text": "Carried on", "tag": "difference"}]}
    made = cafe.done("notes", note, 201, cafe.manage(successor))
    assert made == {"items": [{"reference": "PRO-T2-R2-1"}]}
    guest = next(e["people"][1] for e in current["rounds"][1] if e["table"] == 2)
    assert cafe.post("notes", note, cafe.manage(guest)).status_code == 403
    cafe.done("rounds/2/end")
    clock.set("2028-10-10T17:15:00Z")
    cafe.done("rounds/3/start")
    assert cafe.post("rounds/4/start", {}).status_code == 404
    clock.set("2028-10-10T17:36:00Z")
    cafe.done("rounds/3/end")
    states = [each["state"] for each in client.get(f"{CAFE}/rounds").json["items"]]
    assert states == ["ended"] * 3

    # One card each, from the room and online.
    clock.set("2028-10-10T17:40:00Z")
    cards = []
    for who in sorted({*there, *late} - {leaving}):
        card = {"text": f"Take this from {len(cards)}", "attribution": "named"}
        cards.append(cafe.done("cards", card, 201, cafe.manage(who))["reference"])
    again = cafe.post("cards", {"text": "Once more"}, cafe.manage(late[0]))
    assert (again.status_code, again.json["code"]) == (409, "already_sent")
    assert (len(cards), cards[0]) == (43, "PRO-C-0001")
    for reference in cards[:5]:
        cafe.post(f"contributions/{reference}/moderation", {"decision": "publish"}, base=API)

    # The host of table 3 finishes a day later; then the harvest is whole.
    clock.set("2028-10-11T17:00:00Z")
    points = [{"text": "Late, but here", "tag": "agreement"}]
    cafe.done("notes", {"table": 3, "round": 1, "points": points}, 201,
              cafe.host_link(session, 3))  # fmt: skip
    assert queries.missing_notes(session)[1] == []
    harvest = queries.harvest(session)
    assert [each.table.number for each in harvest.tables] == [1, 7, 2, 8, 3, 9, 4, 10, 5, 6]
    assert [note.reference for note in harvest.tables[2].notes] == [
        "PRO-T2-R1-1", "PRO-T2-R1-2", "PRO-T2-R2-1",
    ]  # fmt: skip
    assert len(harvest.cards) == 5

    # What everybody reads: the notes without anybody's name, no seat, no host, no room.
    public = client.get(f"{API}/contributions?kind=note&limit=200").json["items"]
    assert len(public) == 20
    assert {each["attribution"] for each in public} == {"anonymous"}
    addresses = (f"{CAFE}/tables", f"{CAFE}/rounds", f"{API}/contributions?kind=note&limit=200")
    for address in (*addresses, "/probe/cafe/"):
        text = client.get(address).text
        assert MARK not in text, address
        assert "meet.example.org/table" not in text, address
        assert not [who for who in cafe.people if who in text], address
