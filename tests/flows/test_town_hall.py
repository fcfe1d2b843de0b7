"""A town hall of twenty in one story: asking by page, link and token, the example of the rules, a
lost connection, an override, a turn in writing, questions, the end, the figures, a withdrawal."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core.links import Purpose
from app.core.vocabulary import Role
from app.database import db
from app.registration import queries as registrations
from tests import make
from tests.floor.hall import BASE, ONLINE, ROOM, Hands, by_link, hall, person

API = "/api/v1/consultations/probe"
LIVE = "/live/probe/hall/"
GROUPS = {
    "A": "government", "B": "civil_society", "C": "civil_society", "D": "government",
    "E": "civil_society", "F": "media", "G": "academia",
}  # fmt: skip


class Evening:
    """The session, its twenty people, a moderator with a token and one at the console."""

    def __init__(self, app, client, clock) -> None:
        self.client, self.clock = client, clock
        clock.set("2028-09-01T08:30:00Z")
        self.session = hall()
        names = [chr(ord("A") + n) for n in range(20)]
        self.people = {
            name: person(
                self.session, name, ONLINE if name in "CEFGHIJK" else ROOM,
                stakeholder_group=GROUPS.get(name),
            )
            for name in names
        }  # fmt: skip
        self.hands = Hands(client)
        self.console = make.browser(app, Role.ONLINE_MODERATOR)
        self.requests: dict[str, str] = {}

    def page(self, name: str) -> str:
        """Somebody's own live page."""
        return f"/my/{registrations.token(self.people[name], Purpose.MANAGE)}/live/hall/"

    def send(self, name: str, act: str, **fields):
        """Send a form of somebody's page."""
        return self.client.post(self.page(name), data={"act": f"floor-{act}"} | fields)

    def asks(self, name: str, at: str, mode: str = ROOM) -> None:
        """Somebody asks at ``at`` with their own link."""
        self.clock.set(f"2028-09-01T{at}:00Z")
        status, answer = self.hands.post("/requests", by_link(self.people[name]), mode=mode)
        assert status == 201, answer
        self.requests[name] = answer["id"]

    def speaks(self, name: str, seconds: float, because: str | None = None) -> str:
        """Give somebody the floor for so long; return the reference of the turn."""
        status, answer = self.hands.give(self.requests[name], because)
        assert status == 200, answer
        self.clock.go_on(seconds=seconds)
        status, answer = self.hands.act("done", self.requests[name])
        assert status == 200, answer
        return answer["reference"]

    def state(self) -> dict:
        """What everybody's live document says of the floor."""
        return self.client.get(f"{LIVE}state.json").json["floor"]


@pytest.fixture
def evening(app, client, clock):
    return Evening(app, client, clock)


def test_a_town_hall_from_the_first_hand_to_the_figures(evening, client, clock):
    hands, requests = evening.hands, evening.requests
    # Before: civil society online has 120 s, government in the room 240 s.
    evening.asks("E", "08:40", ONLINE)
    evening.asks("D", "08:41")
    assert evening.speaks("E", 120) == "PRO-TH-1"
    assert evening.speaks("D", 240) == "PRO-TH-2"

    # The example of the rules, word for word.
    evening.asks("D", "09:00")
    evening.asks("A", "09:01")
    evening.asks("B", "09:02")
    evening.asks("C", "09:05", ONLINE)
    spoken = []
    for name, seconds in (("C", 60), ("B", 100), ("A", 60), ("D", 60)):
        spoken.append(hands.suggested())
        evening.speaks(name, seconds)
    assert spoken == [
        "C · online's turn",
        "B · their group was heard least so far",
        "A · has not spoken yet",
        "D · nobody else is waiting",
    ]

    # A written turn by the page, somebody without a device by the console, one who lets others go.
    answer = evening.send("F", "ask", mode=ONLINE, attribution="organisation", text="Read me.")
    assert answer.headers["Location"].endswith("?said=asked")
    answer = make.send(
        evening.console, f"{LIVE}console",
        {"act": "floor-add", "add-name": "Zoe \u202eZ", "add-where": "on_site"},
    )  # fmt: skip
    assert answer.status_code == 303
    evening.asks("G", "09:20", ONLINE)
    waiting = {each["name"]: each for each in hands.floor()["waiting"]}
    assert {name: (each["kind"], each["mode"]) for name, each in waiting.items()} == {
        "F": ("text", "online"), "Zoe Z": ("voice", "on_site"), "G": ("voice", "online"),
    }  # fmt: skip
    assert [each["name"] for each in evening.state()["next"]] == [None, "Zoe Z", "G"]
    assert evening.send("G", "pause").status_code == 303
    assert hands.give(waiting["G"]["id"])[1]["code"] == "reason_needed"

    # The word for another choice is kept; two cannot speak at once.
    requests |= {name: each["id"] for name, each in waiting.items()}
    assert evening.speaks("Zoe Z", 30, "accessibility") == "PRO-TH-7"
    hands.give(requests["F"])
    assert hands.give(requests["G"])[1]["code"] == "floor_taken"
    assert evening.state()["speaking"]["name"] is None
    clock.go_on(seconds=40)

    # The connection breaks; the turn goes on and has one reference.
    assert hands.act("lost", requests["F"])[1]["reference"] == "PRO-TH-8"
    evening.send("G", "resume")
    evening.asks("H", "09:30")
    assert hands.suggested() == "H · the room's turn"
    evening.speaks("H", 20)
    assert hands.suggested() == "F · lost the connection and comes back first"
    assert hands.give(requests["F"])[1]["limit_seconds"] == 80
    clock.go_on(seconds=15)
    assert hands.act("done", requests["F"])[1]["reference"] == "PRO-TH-8"

    # The list closes, questions still come in writing, one is answered.
    assert hands.post("/close")[1]["list"] == "closed"
    answer = evening.send("I", "ask", mode=ONLINE, attribution="named")
    assert (answer.status_code, "list of speakers is closed" in answer.text) == (409, True)
    for name, text in (("I", "Who pays?"), ("J", "Who decides?")):
        sent = {"question-text": text, "question-attribution": "named"}
        assert evening.send(name, "question", **sent).status_code == 303
    for reference in ("PRO-Q-1", "PRO-Q-2"):
        published = client.post(
            f"{API}/contributions/{reference}/moderation", headers=hands.head,
            json={"decision": "publish"},
        )  # fmt: skip
        assert published.json["status"] == "published"
    answered = {"act": "floor-replied", "reference": "PRO-Q-2"}
    assert make.send(evening.console, f"{LIVE}console", answered).status_code == 303

    # After the end nobody asks, and everything is counted.
    clock.set("2028-09-01T10:30:00Z")
    assert hands.post("/open")[0] == 200
    status, answer = hands.post("/requests", by_link(evening.people["K"]))
    assert (status, answer["code"]) == (409, "session_ended")
    figures = client.get(f"{BASE}/figures").json
    assert figures["total"] == {
        "asked": 10, "turns": 9, "answered": 0, "not_reached": 1, "speakers": 8,
        "seconds": 745.0, "minutes": 12.4, "answer_seconds": 0.0,
    }  # fmt: skip
    assert figures["questions"] == {"asked": 2, "read_out": 1, "answered": 1, "not_reached": 1}
    page = client.get(LIVE).text
    assert page.index("Not reached</h3>") < page.index("Who pays?") < page.index("Who decides?")

    # Every override is in the log, every turn is a contribution in the order of speaking.
    logged = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "floor_given_out_of_turn")
    ).all()
    assert [each.details["because"] for each in logged] == ["accessibility"]
    turns = client.get(f"{API}/contributions?kind=turn&limit=20").json["items"]
    assert [(each["reference"], (each["author"] or {})["name"]) for each in turns] == [
        ("PRO-TH-1", "E"), ("PRO-TH-2", "D"), ("PRO-TH-3", "C"), ("PRO-TH-4", "B"),
        ("PRO-TH-5", "A"), ("PRO-TH-6", "D"), ("PRO-TH-7", "Zoe Z"), ("PRO-TH-8", None),
        ("PRO-TH-9", "H"),
    ]  # fmt: skip
    assert (turns[7]["text"], turns[7]["author"]["organisation"]) == ("Read me.", "F and Co")

    # What was said can be taken back; the turn still counts.
    gone = client.post(
        f"{API}/contributions/PRO-TH-8/withdraw", headers=by_link(evening.people["F"])
    )
    assert (gone.status_code, gone.json["text"]) == (200, "[withdrawn]")
    assert "Read me." not in client.get(LIVE).text
    assert client.get(f"{BASE}/figures").json["total"]["turns"] == 9
