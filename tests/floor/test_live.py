"""The floor on live pages: for everybody, for one person, on the console and on the stage."""

from __future__ import annotations

import re

import pytest

from app.contributions import operations as contributions
from app.contributions import queries as contribution_queries
from app.core.contributions import Decision, Kind
from app.core.links import Purpose
from app.core.vocabulary import Role
from app.floor import operations, queries
from app.live import queries as live
from app.registration import queries as registrations
from tests import make
from tests.floor.hall import ONLINE, ROOM, Hands, hall, person

PUBLIC = "/live/probe/hall/"
CONSOLE = "/live/probe/hall/console"
STAGE = "/live/probe/hall/projector"


@pytest.fixture
def session(app, clock):
    clock.set("2028-09-01T08:50:00Z")
    return hall()


@pytest.fixture
def hands(client, session):
    return Hands(client)


def my(participant) -> str:
    """Somebody's own live page."""
    return f"/my/{registrations.token(participant, Purpose.MANAGE)}/live/hall/"


def send(client, who, act, **fields):
    """Send one of the forms of somebody's page."""
    return client.post(my(who), data={"act": f"floor-{act}"} | fields)


# --- Everybody ---------------------------------------------------------------------------------


def test_the_public_page_prints_every_rule_and_says_who_speaks(session, hands, client, clock):
    from app.core.floor import RULES

    first = hands.ask(person(session, "Ana", ONLINE, organisation="Net Nordic"), ONLINE)
    hands.ask(person(session, "Bo"))
    hands.give(first)

    page = client.get(PUBLIC)
    assert page.status_code == 200
    assert [rule for rule in RULES.values() if rule not in page.text] == []
    text = re.sub(r"<[^>]+>", " ", page.text)
    assert "Speaking now" in text
    assert "Ana" in text
    assert "Net Nordic" in text
    assert "1 in the room" in text
    assert "List open" in text
    state = client.get(f"{PUBLIC}state.json").json["floor"]
    assert (state["list"], state["speaking"]["name"], state["speaking"]["ends_at"]) == (
        "open", "Ana", "2028-09-01T08:52:00Z",
    )  # fmt: skip
    assert [each["name"] for each in state["next"]] == ["Bo"]


def test_after_the_end_the_page_shows_figures_and_what_was_not_reached(
    session, hands, client, clock
):
    ana = person(session, "Ana", stakeholder_group="media")
    asked = question(session, ana, "Who pays?")
    reached = question(session, ana, "Who decides?")
    make.browser(client.application, Role.MODERATOR)
    operations.mark_question(reached, answered=True)
    request = hands.ask(ana)
    hands.give(request)
    clock.go_on(seconds=90)
    hands.act("done", request)
    clock.set("2028-09-01T10:30:00Z")

    text = client.get(PUBLIC).text
    assert "The floor in figures" in text
    assert ">1.5<" in text
    missed = text[text.index("Not reached</h3>") : text.index("Read out or answered")]
    assert (asked.reference in missed, reached.reference in missed) == (True, False)
    assert client.get("/api/v1/consultations/probe/sessions/hall/floor/figures").json == {
        "total": row(), "by_group": {"media": row()}, "by_mode": {"on_site": row()},
        "questions": {"asked": 2, "read_out": 1, "answered": 1, "not_reached": 1},
    }  # fmt: skip


def row():
    """One line of the figures: one turn of ninety seconds."""
    return {"asked": 1, "turns": 1, "answered": 0, "not_reached": 0, "speakers": 1,
            "seconds": 90.0, "minutes": 1.5, "answer_seconds": 0.0}  # fmt: skip


def question(session, who, text, published=True):
    """A question in writing, published by a moderator."""
    sent = contributions.Sent(text=text)
    made = contributions.submit(session, Kind.QUESTION, sent, participant=who)
    if published:
        contributions.moderate(made, Decision.PUBLISH)
    return made


def test_supports_of_questions_are_blind_until_the_session_ends(session, hands, client, clock):
    ana = person(session, "Ana")
    asked = question(session, ana, "Who pays?")
    before = [client.get(PUBLIC), client.get(f"{PUBLIC}state.json")]
    send(client, ana, "support", reference=asked.reference)
    after = [client.get(PUBLIC), client.get(f"{PUBLIC}state.json")]

    assert [each.data for each in before] == [each.data for each in after]
    assert [each.headers["ETag"] for each in before] == [each.headers["ETag"] for each in after]
    assert "1 support" not in after[0].text
    assert "1 support" in make.browser(client.application, Role.MODERATOR).get(CONSOLE).text
    clock.set("2028-09-01T10:30:00Z")
    assert "1 support" in client.get(PUBLIC).text


# --- One person --------------------------------------------------------------------------------


def test_a_person_asks_waits_and_leaves_without_a_script(session, hands, client, clock):
    ana = person(session, "Ana", ONLINE)
    for name in ("Bo", "Cy", "Di"):
        hands.ask(person(session, name, ONLINE), ONLINE)
        clock.go_on(seconds=1)
    page = client.get(my(ana)).text
    assert re.search(r'<input checked[^>]*name="mode"[^>]*value="online"', page)

    answer = send(client, ana, "ask", mode=ONLINE, attribution="named")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{my(ana)}?said=asked")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(my(ana)).text))
    assert "You are 4 in the queue about 6 minutes" in text
    state = client.get(f"{my(ana)}state.json").json["floor"]["mine"]
    assert (state["place"], state["seconds_before"], state["state"]) == (4, 360, "waiting")

    assert send(client, ana, "pause").headers["Location"].endswith("said=paused")
    assert "Your place is kept" in client.get(my(ana)).text
    assert send(client, ana, "resume").headers["Location"].endswith("said=resumed")
    assert send(client, ana, "mode", mode=ROOM).headers["Location"].endswith("said=moved")
    assert send(client, ana, "time", needs_time="1").headers["Location"].endswith("said=time")
    written = {"write-text": "Please read this."}
    assert send(client, ana, "write", **written).headers["Location"].endswith("said=written")
    kept = queries.open_of(session, ana)
    assert (kept.mode, kept.needs_time, kept.kind, kept.text) == (
        ROOM, True, "text", "Please read this.",
    )  # fmt: skip
    assert send(client, ana, "withdraw").headers["Location"].endswith("said=withdrawn")
    assert queries.open_of(session, ana) is None


def test_a_form_that_is_refused_comes_back_with_what_was_typed(session, hands, client):
    ana = person(session, "Ana")
    long = "x" * 4_001
    answer = send(client, ana, "ask", mode=ROOM, attribution="named", text=long)
    assert (answer.status_code, long in answer.text) == (422, True)

    hands.post("/close")
    answer = send(client, ana, "ask", mode=ROOM, attribution="named")
    assert (answer.status_code, "The list of speakers is closed." in answer.text) == (409, True)
    answer = send(client, ana, "question", **{"question-text": "Why?"})
    assert (answer.status_code, "Why?</textarea>" in answer.text) == (422, True)
    answer = send(client, ana, "withdraw")
    assert (answer.status_code, "not in the line any more" in answer.text) == (409, True)


def test_a_person_asks_in_writing_and_reads_why_it_was_not_published(session, hands, client):
    ana = person(session, "Ana")
    answer = send(
        client, ana, "question",
        **{"question-text": "Is it private?", "question-attribution": "anonymous"},
    )  # fmt: skip
    assert answer.headers["Location"].endswith("said=question")
    made = contribution_queries.by_reference("PRO-Q-1")
    assert (made.status, made.attribution) == ("submitted", "anonymous")

    contributions.moderate(made, Decision.REJECT, rule=3, reason="It names your neighbour.")
    page = client.get(my(ana)).text
    assert "It names your neighbour." in page
    assert "It gives away nothing private about anybody else." in page
    assert "1 question was not published." in client.get(PUBLIC).text


def test_whoever_is_not_registered_follows_but_is_not_offered_the_floor(session, hands, client):
    make.cafe()
    stranger = make.participant(make.session("other"))

    page = client.get(my(stranger))
    assert (page.status_code, "not registered for this session" in page.text) == (200, True)
    answer = send(client, stranger, "ask", mode=ROOM, attribution="named")
    assert answer.status_code == 409


# --- The console -------------------------------------------------------------------------------


def test_a_moderator_runs_the_floor_from_the_console(session, hands, client, clock):
    clock.set("2028-09-01T09:00:00Z")
    browser = make.browser(client.application, Role.MODERATOR)
    ana = person(session, "Ana", ONLINE, organisation="Net", stakeholder_group="media")
    bo = person(session, "Bo", ONLINE)
    first = hands.ask(ana, ONLINE)
    clock.go_on(seconds=1)
    second = hands.ask(bo, ONLINE, kind="text", text="Read me aloud")
    clock.set("2028-09-01T09:06:30Z")

    def run(act, request="", **fields):
        answer = make.send(browser, CONSOLE, {"act": f"floor-{act}", "request": request} | fields)
        return answer.status_code

    page = browser.get(CONSOLE).text
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "Suggested next · has waited longest" in text
    assert text.count("waiting over 5 minutes") == 2
    assert "06:30" in text
    assert "Read me aloud" in text
    assert "about 31 turns" in text
    assert run("give", second) == 409
    assert run("give", second, because="topic") == 303
    assert run("extend", second) == 303
    assert client.get(f"{PUBLIC}state.json").json["floor"]["speaking"]["limit_seconds"] == 150
    clock.go_on(seconds=60)
    assert run("answer", second) == 303
    assert client.get(f"{PUBLIC}state.json").json["floor"]["answer"]["ends_at"] == (
        "2028-09-01T09:10:00Z"
    )
    clock.go_on(seconds=20)
    assert [run("answered", second), run("follow", second)] == [303, 303]
    clock.go_on(seconds=15)
    assert run("done", second) == 303
    assert run("follow", second) == 409
    assert run("add", **{"add-name": "Cy", "add-where": "hub"}) == 303
    assert run("add", **{"add-name": "", "add-where": "hub"}) == 422
    assert run("note", second, text="What was read.") == 303
    assert run("close") == 303
    assert run("remove", first) == 303

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser.get(CONSOLE).text))
    assert "Bo · topic" in text
    assert "List closed" in text
    assert "What was read." in text
    assert "hub" in text
    assert "Not stated 1:15 100 %" in text
    figures = hands.client.get("/api/v1/consultations/probe/sessions/hall/floor/figures").json[
        "total"
    ]
    assert (figures["turns"], figures["answered"], figures["answer_seconds"]) == (1, 1, 20.0)


def test_those_who_only_look_see_no_more_names_than_everybody(app, client, clock):
    clock.set("2028-09-01T08:50:00Z")
    session = hall(settings={"attribution": "anonymous"})
    Hands(client).ask(person(session, "Marked"))

    viewer = make.browser(app, Role.VIEWER)
    assert "Marked" not in viewer.get(CONSOLE).text
    assert "Marked" not in viewer.get(f"{CONSOLE}/state.json").text
    assert make.send(viewer, CONSOLE, {"act": "floor-close"}).status_code == 403
    assert "Marked" in make.browser(app, Role.MODERATOR).get(CONSOLE).text


# --- Nobody is named against the session's rule -------------------------------------------------


def test_a_session_under_the_chatham_house_rule_names_nobody_anywhere(app, client, clock):
    clock.set("2028-09-01T08:50:00Z")
    session = hall(settings={"attribution": "anonymous"})
    hands = Hands(client)
    requests = [
        hands.ask(person(session, f"Markedname{n}", organisation="Markedorg", country="KE"))
        for n in range(4)
    ]
    hands.ask("Markedadded", representation="Markedorg")
    hands.give(requests[0])
    clock.go_on(seconds=30)
    hands.act("done", requests[0])
    hands.give(requests[1])
    api = "/api/v1/consultations/probe"
    addresses = [
        PUBLIC, f"{PUBLIC}state.json", STAGE, f"{STAGE}/state.json",
        f"{api}/sessions/hall/floor", f"{api}/sessions/hall/floor/figures",
        f"{api}/contributions", f"{api}/contributions/PRO-TH-1",
        "/probe/contributions/PRO-TH-1", my(person(session, "Other")),
    ]  # fmt: skip
    shown = {address: client.get(address) for address in addresses}

    assert {each.status_code for each in shown.values()} == {200}
    found = [address for address, each in shown.items() if "Marked" in each.text]
    assert found == []
    assert "Kenya" not in "".join(e.text for e in shown.values())
    keyed = client.get(STAGE, query_string={"key": live.stage_key(session)})
    assert "Markedname1" in keyed.text


def test_each_person_is_named_as_they_chose(session, hands, client):
    ana = person(session, "Markedname", organisation="Net Nordic")
    hands.ask(ana, attribution="organisation")
    bo = person(session, "Markedtoo", stakeholder_group="media", country="KE")
    hands.ask(bo, attribution="group_country")

    text = client.get(PUBLIC).text + client.get(f"{PUBLIC}state.json").text
    assert "Marked" not in text
    assert "Net Nordic" in text
    assert "Media, Kenya" in text


# --- The stage ---------------------------------------------------------------------------------


def test_the_stage_shows_the_speaker_the_clock_and_the_next_three(session, hands, client, clock):
    requests = []
    for n in range(5):
        requests.append(hands.ask(person(session, f"Person{n}")))
        clock.go_on(seconds=1)
    hands.give(requests[0])

    page = client.get(STAGE).text
    assert re.findall(r"<bdi>(Person\d)</bdi>", page) == [f"Person{n}" for n in range(4)]
    assert 'data-until="2028-09-01T08:52:05Z"' in page
    assert "more than 1 minute left" in page
    clock.go_on(seconds=70)
    assert "less than 1 minute left" in client.get(STAGE).text
    clock.go_on(seconds=60)
    assert "time is up" in client.get(STAGE).text
