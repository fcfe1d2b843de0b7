"""Scans over HTTP: once each, in any order, from several desks; what the desk is told."""

from __future__ import annotations

import csv
import io
import random
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.attendance.models import Scan
from app.core import links
from app.core.permissions import Scope
from app.core.vocabulary import Mode, Role
from app.database import db
from app.registration import operations as registrations
from app.registration.models import Participant, Registration
from tests import make

AT = "2028-10-10T16:0{}:00Z"
SCANS = "/api/v1/consultations/probe/sessions/{}/scans"
LIST = "/api/v1/consultations/probe/sessions/{}/attendance"


def scan(ticket=None, *, kind="in", minute=0, key=None, **fields):
    """One scan of a device."""
    item = {"id": key or str(uuid.uuid4()), "kind": kind, "scanned_at": AT.format(minute)}
    if ticket is not None:
        item["ticket"] = ticket
    return item | fields


def ticket(registration) -> str:
    """The code on somebody's ticket, as printed."""
    return links.shown_code(registration.participant.ticket_code)


class Desk:
    """A device at the door of one session."""

    def __init__(self, client, session="cafe", *, name="d1", headers=None):
        self.client, self.session, self.name = client, session, name
        self.headers = headers or make.bearer(Role.DOOR)

    def post(self, *scans, **fields):
        """Send scans and return the whole answer."""
        body = {"device": self.name, "device_time": AT.format(0), "scans": list(scans)} | fields
        return self.client.post(SCANS.format(self.session), json=body, headers=self.headers)

    def send(self, *scans) -> list[dict]:
        """Send scans and return what is told of each, in their order."""
        answer = self.post(*scans)
        assert answer.status_code == 200, answer.json
        return [answer.json["verdicts"][each["id"]] for each in scans]

    def verdicts(self, *scans) -> list[str]:
        """Send scans and return the bare verdicts."""
        return [told["verdict"] for told in self.send(*scans)]


@pytest.fixture
def desk(app, client, clock):
    """A desk at the café's door."""
    make.cafe()
    return Desk(client)


def cafe():
    """The café, as it is now."""
    from app.programme import queries

    return queries.by_slug(make.consultation(), "cafe")


def attendance(client, session="cafe") -> list[dict]:
    """The whole attendance list."""
    answer = client.get(LIST.format(session), headers=make.bearer(Role.OWNER))
    assert answer.status_code == 200
    return answer.json["items"]


def test_the_same_person_however_their_ticket_is_typed(desk, client):
    registration = make.registration(cafe(), name="Ana")
    code = registration.participant.ticket_code
    plain, printed = code.lower(), links.shown_code(code)
    ways = [
        printed,
        plain,
        f" {code[:5]}\u2011{code[5:]} \r",
        f"{code[:3]} {code[3:7]}\u00a0{code[7:]}",
        printed.replace("0", "O").replace("1", "I"),
        printed.replace("0", "o").replace("1", "l"),
        f"https://talks.example.org/t/{registration.participant.ticket_secret}",
    ]

    told = desk.send(*(scan(way) for way in ways))

    assert [each["verdict"] for each in told] == ["welcome"] + ["already_in"] * 6
    assert {each["participant"]["id"] for each in told} == {registration.participant.public_id}
    assert desk.verdicts(scan(f"{printed[:-1]}U")) == ["unknown_ticket"]


def test_a_ticket_survives_a_change_of_name(desk):
    registration = make.registration(cafe(), name="Ana")
    code = ticket(registration)
    registrations.update_details(registration.participant, name="Ana Maria")

    told = desk.send(scan(code))[0]

    assert told == {
        "verdict": "welcome",
        "participant": {"id": registration.participant.public_id, "name": "Ana Maria"},
        "status": "confirmed",
        "mode": "on_site",
    }


def test_opening_the_address_of_the_qr_records_nothing(desk, client):
    registration = make.registration(cafe())
    address = f"/t/{registration.participant.ticket_secret}"
    pages = [client.get(address), client.head(address), client.post(address)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert db.session.query(Scan).count() == 0
    assert registration.participant.name not in pages[0].text
    assert attendance(client)[0]["checked_in_at"] is None
    nobodys = client.get("/t/AAAAAAAAAAAAAAAAAAAAAA").text
    assert nobodys == pages[0].text.replace(address[3:], "AAAAAAAAAAAAAAAAAAAAAA")


def test_a_second_scan_says_since_when_and_at_which_desk(desk, client):
    registration = make.registration(cafe())
    other = Desk(client, name="desk 2", headers=desk.headers)
    other.send(scan(ticket(registration), minute=2))

    assert desk.send(scan(ticket(registration), minute=5)) == [
        {
            "verdict": "already_in",
            "participant": {
                "id": registration.participant.public_id,
                "name": registration.participant.name,
            },
            "status": "confirmed",
            "mode": "on_site",
            "since": AT.format(2),
            "device": "desk 2",
        }
    ]


def test_a_batch_sent_twice_is_one(desk, client):
    someone = make.registration(cafe())
    batch = [
        scan(ticket(someone)),
        scan(ticket(someone), minute=1),
        scan(kind="walk_in", person={"name": "Walter"}),
        scan("nonsense"),
        {"id": "17", "kind": "in", "ticket": ticket(someone)},
    ]

    first = desk.post(*batch).json
    stored, people = db.session.query(Scan).count(), db.session.query(Participant).count()
    again = desk.post(*batch).json

    assert again == first
    assert (stored, people) == (5, 2)
    assert db.session.query(Scan).count() == stored
    assert db.session.query(Participant).count() == people


def test_a_verdict_stays_when_the_place_changes_meanwhile(desk):
    make.registration(cafe_with(on_site=1))
    second = make.registration(cafe())
    item = scan(ticket(second))
    assert desk.verdicts(item) == ["on_waiting_list"]

    first = db.session.query(Registration).order_by(Registration.id).first()
    registrations.cancel(first, by="staff")

    assert desk.verdicts(item) == ["on_waiting_list"]
    assert desk.verdicts(scan(ticket(second))) == ["already_in"]  # the place makes the scan count


def cafe_with(**capacity):
    """The café with another capacity."""
    from app.programme import operations as programme

    return programme.change(cafe(), {"capacity": {"online": None} | capacity})


def test_what_the_desk_is_told_of_people_without_a_place_in_the_room(desk, client):
    session = cafe_with(on_site=1)
    holder, waiting, gone = (make.registration(session, name=name) for name in "ABC")
    registrations.cancel(gone, by="staff")
    online = make.registration(session, mode=Mode.ONLINE)
    hall = make.town_hall("hall", title={"en": "Hall"}, starts="2028-10-25T09:00",
                          ends="2028-10-25T10:30")  # fmt: skip
    elsewhere = make.registration(hall)

    told = desk.send(*(scan(ticket(each)) for each in (waiting, gone, online, elsewhere)))

    assert [each["verdict"] for each in told] == [
        "on_waiting_list", "cancelled", "other_mode", "other_session",
    ]  # fmt: skip
    assert told[3]["sessions"] == [
        {
            "slug": "hall",
            "title": "Hall",
            "starts": "2028-10-25T09:00",
            "timezone": "Europe/Zurich",
            "starts_at": "2028-10-25T07:00:00Z",
        }
    ]
    assert "@" not in str(told)
    came = {each["participant"]["name"]: each["attended"] for each in attendance(client)}
    assert came == {"A": False, "B": False, "C": False, online.participant.name: True}
    assert holder.status == "confirmed"


def test_nobody_is_welcome_at_a_session_that_was_called_off(desk):
    from app.programme import operations as programme

    registration = make.registration(cafe())
    programme.cancel(cafe())

    walk_in = scan(kind="walk_in", person={"name": "Walter"})

    assert desk.verdicts(scan(ticket(registration)), walk_in) == ["cancelled", "cancelled"]
    assert db.session.query(Participant).count() == 1


def test_one_bad_item_spoils_no_batch_and_is_kept(desk):
    registration = make.registration(cafe())
    good = scan(ticket(registration))
    bad = [
        ({"id": "no-uuid", "kind": "in", "ticket": "X"}, "no-uuid", "invalid_id"),
        ({"kind": "in", "ticket": "X"}, "#1", "invalid_id"),
        (scan("X", kind="dance"), None, "unknown_kind"),
        (scan(), None, "ticket_missing"),
        (scan(kind="undo"), None, "undoes_missing"),
        (scan(kind="walk_in"), None, "person_missing"),
        (scan(kind="walk_in", person={"name": " "}), None, "name_missing"),
        (scan(kind="walk_in", person={"name": "W", "email": "nope"}), None, "email_invalid"),
        (scan("X", scanned_at="at tea time"), None, "invalid_time"),
        (scan("X", scanned_at="2028-10-10T16:00:00"), None, "invalid_time"),
        ("not an object", "#10", "not_an_object"),
        (scan("\x00"), None, "ticket_missing"),
    ]
    bad[-1][0]["ticket"] = None

    answer = desk.post(*(item for item, _, _ in bad), good, device="d\x00esk")

    assert answer.status_code == 200
    assert answer.json["verdicts"] == {
        (name or item["id"]): {"verdict": "invalid", "code": code} for item, name, code in bad
    } | {good["id"]: answer.json["verdicts"][good["id"]]}
    assert answer.json["verdicts"][good["id"]]["verdict"] == "welcome"
    kept = {row.problem for row in db.session.query(Scan).filter(Scan.problem.is_not(None))}
    assert kept == {code for _, _, code in bad}


def test_control_characters_and_wild_clocks_are_no_reason_to_refuse(desk):
    registration = make.registration(cafe())
    items = [
        scan("\x00\x07"),
        scan("x" * 100_000),
        scan(ticket(registration), scanned_at="1970-01-01T00:00:00Z"),
        scan(ticket(registration), scanned_at="9999-12-31T23:59:59+00:00"),
    ]

    answer = desk.post(*items, device_time="0001-01-01T00:00:00Z")

    assert [told["verdict"] for told in answer.json["verdicts"].values()] == [
        "unknown_ticket", "unknown_ticket", "welcome", "already_in",
    ]  # fmt: skip
    assert {row.skew_seconds for row in db.session.query(Scan)} == {-(2**31 - 1)}


def test_only_the_size_of_a_batch_is_refused(desk):
    many = [scan("7KQ4Z0M1XR") for _ in range(501)]

    too_many = desk.post(*many)

    assert (too_many.status_code, too_many.json["code"]) == (413, "too_many_scans")
    assert db.session.query(Scan).count() == 0
    assert set(desk.verdicts(*many[:500])) == {"unknown_ticket"}


def test_a_walk_in_takes_a_free_place_else_waits_and_is_present_either_way(desk, client):
    cafe_with(on_site=1)
    first = scan(kind="walk_in", person={"name": "First", "stakeholder_group": "media"})
    second = scan(kind="walk_in", person={"name": "Second", "email": "Second@Example.org"})

    assert desk.verdicts(first, second) == ["welcome", "on_waiting_list"]
    assert [
        (each["participant"]["name"], each["status"], each["attended"], each["evidence"])
        for each in attendance(client)
    ] == [("First", "confirmed", True, ["scan"]), ("Second", "waiting", True, ["scan"])]
    people = db.session.query(Participant).order_by(Participant.id).all()
    assert [(who.email, who.is_opened, who.source) for who in people] == [
        (None, True, "walk_in"),
        ("Second@example.org".lower(), True, "walk_in"),
    ]


def test_a_walk_in_with_a_known_address_is_that_person(desk):
    ana = make.registration(cafe(), name="Ana", email="ana@example.org")
    walk_in = {"name": "A. Someone", "email": " Ana@Example.ORG "}

    told = desk.send(scan(kind="walk_in", person=walk_in))[0]

    assert (told["verdict"], told["participant"]["name"]) == ("welcome", "Ana")
    assert db.session.query(Registration).one().id == ana.id


def test_a_ticket_at_the_door_opens_its_participant(desk):
    make.submission(cafe())
    participant = db.session.query(Participant).one()
    assert not participant.is_opened

    desk.send(scan(links.shown_code(participant.ticket_code)))

    assert db.session.query(Participant).one().is_opened


def test_a_ticket_of_another_consultation_is_unknown(desk):
    elsewhere = make.registration(make.session(inside=make.consultation("other", prefix="OTHER")))

    assert desk.verdicts(scan(ticket(elsewhere))) == ["unknown_ticket"]


@pytest.mark.parametrize("seed", range(12))
def test_two_desks_in_any_order_twice_with_undos_and_walk_ins_add_up_the_same(
    app, client, clock, seed
):
    results = []
    for order in (None, random.Random(seed), random.Random(seed + 100)):
        session = make.session(f"day-{seed}-{len(results)}", capacity={"on_site": 2})
        here = [make.registration(session, name=name) for name in ("Ana", "Bo", "Chi")]
        keys = [str(uuid.UUID(int=number)) for number in range(9)]
        day = [
            scan(ticket(here[0]), minute=1, key=keys[0]),
            scan(ticket(here[0]), minute=3, key=keys[1]),
            scan(ticket(here[0]), kind="out", minute=8, key=keys[2]),
            scan(ticket(here[1]), minute=2, key=keys[3]),
            scan(kind="undo", undoes=keys[3], key=keys[4], minute=4),
            scan(ticket(here[2]), minute=5, key=keys[5]),  # waits: in vain …
            scan(ticket(here[2]), kind="walk_in", minute=6, key=keys[6]),  # … and is let in
            scan(kind="walk_in", person={"name": "Walter"}, minute=7, key=keys[7]),
            scan(kind="undo", undoes=keys[0], key=keys[8], minute=2),
        ]
        sent = list(day)
        if order:
            sent = day + [item for item in day if order.random() < 0.5]
            order.shuffle(sent)
        headers = make.bearer(Role.DOOR)
        desks = [Desk(client, session.slug, name=name, headers=headers) for name in "ab"]
        for number in range(0, len(sent), 2):
            desks[(number // 2) % 2].send(*sent[number : number + 2])
        results.append(
            sorted(
                (
                    each["participant"]["name"],
                    each["checked_in_at"],
                    each["left_at"],
                    each["attended"],
                    each["evidence"],
                )
                for each in attendance(client, session.slug)
            )
        )

    assert results[0] == [
        ("Ana", AT.format(3), AT.format(8), True, ["scan"]),
        ("Bo", None, None, False, []),
        ("Chi", AT.format(5), None, True, ["scan"]),
        ("Walter", AT.format(7), None, True, ["scan"]),
    ]
    assert results[1:] == [results[0], results[0]]


def test_the_list_comes_in_pages_and_as_csv(desk, client):
    for name in ("Ana", "=1+1", "Chi"):
        make.registration(cafe(), name=name)
    headers = make.bearer(Role.REGISTRAR)
    first = client.get(LIST.format("cafe") + "?limit=2", headers=headers).json
    second = client.get(
        LIST.format("cafe") + f"?limit=2&after={first['next']}", headers=headers
    ).json
    sheet = client.get(LIST.format("cafe"), headers=headers | {"Accept": "text/csv"})

    names = [each["participant"]["name"] for each in first["items"] + second["items"]]
    assert (names, second["next"]) == (["Ana", "=1+1", "Chi"], None)
    assert sheet.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(sheet.text, newline="")))
    assert [row["name"] for row in rows] == ["Ana", "'=1+1", "Chi"]
    assert rows[0] == {
        "id": first["items"][0]["participant"]["id"],
        "name": "Ana",
        "mode": "on_site",
        "status": "confirmed",
        "checked_in_at": "",
        "left_at": "",
        "minutes_online": "0",
        "attended": "false",
        "evidence": "",
    }


@pytest.mark.parametrize(
    ("path", "method", "role", "scopes", "status"),
    [
        (SCANS, "post", None, None, 401),
        (SCANS, "post", Role.VIEWER, None, 403),
        (SCANS, "post", Role.FACILITATOR, None, 403),
        (SCANS, "post", Role.OWNER, [Scope.READ.value], 403),
        (SCANS, "post", Role.DOOR, None, 200),
        (SCANS, "post", Role.OWNER, [Scope.DOOR.value], 200),
        (LIST, "get", None, None, 401),
        (LIST, "get", Role.DOOR, None, 403),
        (LIST, "get", Role.VIEWER, None, 403),
        (LIST, "get", Role.REGISTRAR, None, 200),
    ],
)
def test_who_may(app, client, clock, path, method, role, scopes, status):
    make.cafe()
    headers = {} if role is None else make.bearer(role, scopes=scopes)
    body = {"json": {"scans": []}} if method == "post" else {}

    answer = getattr(client, method)(path.format("cafe"), headers=headers, **body)

    assert answer.status_code == status


def test_another_consultations_session_is_not_there(app, client, clock):
    make.cafe()
    make.consultation("other", prefix="OTHER")

    answer = client.post(
        "/api/v1/consultations/other/sessions/cafe/scans",
        json={"scans": []},
        headers=make.bearer(Role.DOOR, inside=make.consultation("other")),
    )

    assert answer.status_code == 404


def test_an_idempotency_key_answers_again_and_refuses_another_body(desk):
    registration = make.registration(cafe())
    desk.headers["Idempotency-Key"] = "one"
    item = scan(ticket(registration))

    first, again = desk.post(item), desk.post(item)
    other = desk.post(scan(ticket(registration)))

    assert again.json == first.json
    assert (other.status_code, other.json["code"]) == (422, "idempotency_mismatch")


def test_wrong_tickets_hold_up_their_own_device_alone(desk, client, monkeypatch):
    from app.extensions import limiter

    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setattr(limiter, "_limiter", FixedWindowRateLimiter(MemoryStorage()))
    registration = make.registration(cafe())
    desk.send(*(scan("7KQ4Z0M1XR") for _ in range(61)))

    refused = desk.post(scan(ticket(registration)))
    beside_it = Desk(client, name="d2", headers=desk.headers)

    assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
    assert beside_it.verdicts(scan(ticket(registration))) == ["welcome"]


def test_eight_doors_sending_the_same_day_at_once_keep_it_once(app, client, clock):
    session = make.cafe(capacity={"on_site": 10, "online": None})
    people = [make.registration(session) for _ in range(10)]
    day = [scan(ticket(each)) for each in people] + [
        scan(kind="walk_in", person={"name": f"W{number}", "email": f"w{number}@example.org"})
        for number in range(3)
    ]
    headers = make.bearer(Role.DOOR)
    db.session.remove()

    def send(number: int) -> dict:
        mine = day.copy()
        random.Random(number).shuffle(mine)
        body = {"device": f"d{number}", "scans": mine}
        answer = app.test_client().post(SCANS.format("cafe"), json=body, headers=headers)
        assert answer.status_code == 200, answer.json
        return {key: told["verdict"] for key, told in answer.json["verdicts"].items()}

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(send, range(8)))

    assert told == [told[0]] * 8
    assert sorted(told[0].values()) == ["on_waiting_list"] * 3 + ["welcome"] * 10
    assert db.session.query(Scan).count() == 13
    assert db.session.query(Participant).count() == 13
    assert sum(each["attended"] for each in attendance(client)) == 13
