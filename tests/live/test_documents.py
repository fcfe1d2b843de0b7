"""Live documents: a validator before anything is made, a revision that only grows, one clock."""

from __future__ import annotations

import json

import pytest

from app.attendance.operations import note_join, record_scans
from app.core.links import Purpose
from app.core.vocabulary import Role
from app.database import db, operation
from app.live import kinds, queries
from app.live import operations as live
from app.registration import queries as registration
from app.registration.operations.secrets import revoke
from tests import make
from tests.feeds.test_front_door import counting, picture

PUBLIC = ("/live/probe/cafe/state.json", "/live/probe/cafe/projector/state.json")
SERVER_TIME = "X-Server-Time"


@pytest.fixture
def seated(app, clock):
    """A café with one person registered, an hour after it was published."""
    found = make.registration(make.cafe())
    clock.go_on(hours=1)
    yield found
    app.extensions["front_door"].is_open = True


def addresses(of) -> list[str]:
    """Every live document that somebody without sign-in can follow."""
    manage = registration.token(of.participant, Purpose.MANAGE)
    join = registration.join_token(of)
    return [*PUBLIC, f"/my/{manage}/live/cafe/state.json", f"/join/{join}/live/state.json"]


@operation
def turn(session, *, inner_only: bool = False) -> None:
    """Count a change as any operation does."""
    live.turn(session.id, inner_only=inner_only)


def test_the_document_says_what_session_it_is_and_when(client, seated):
    answer = client.get(PUBLIC[0])

    assert answer.json == {
        "revision": answer.json["revision"],
        "consultation": "probe",
        "session": "cafe",
        "status": "published",
        "phase": "to_come",
        "starts_at": "2028-10-10T16:15:00Z",
        "ends_at": "2028-10-10T18:15:00Z",
        "poll_seconds": 3,
    } | {name: answer.json[name] for name in ("tables",) if name in answer.json}
    assert answer.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("way", ["plain", "gzip", "unchanged"])
@pytest.mark.parametrize("which", range(4))
def test_every_answer_is_the_same_at_the_front_door(client, app, clock, seated, which, way):
    url = addresses(seated)[which]
    door = app.extensions["front_door"]
    door.is_open = False
    etag = client.get(url).headers["ETag"]
    headers = {
        "plain": {},
        "gzip": {"Accept-Encoding": "gzip"},
        "unchanged": {"If-None-Match": etag},
    }
    behind = picture(client.get(url, headers=headers[way]))
    door.is_open = True
    client.get(url, headers=headers[way])

    reached = []
    door._behind, view = counting(door._behind, reached), door._behind
    in_front = picture(client.get(url, headers=headers[way]))
    door._behind = view

    assert in_front == behind
    assert reached == []


def test_the_time_of_the_server_goes_on_while_the_document_stays(client, clock, seated):
    for url in addresses(seated):
        first = client.get(url)
        clock.go_on(seconds=2)
        second = client.get(url, headers={"If-None-Match": first.headers["ETag"]})

        assert second.status_code == 304
        assert second.headers["ETag"] == first.headers["ETag"]
        assert int(second.headers[SERVER_TIME]) - int(first.headers[SERVER_TIME]) == 2000


def test_what_only_one_person_or_the_console_sees_changes_nothing_public(app, client, seated):
    browser = make.browser(app, Role.FACILITATOR)
    urls = [*addresses(seated), "/live/probe/cafe/console/state.json"]

    def seen() -> list[tuple[str, int]]:
        answers = [(browser if "console" in url else client).get(url) for url in urls]
        return [(answer.headers["ETag"], answer.json["revision"]) for answer in answers]

    before = seen()
    turn(seated.session, inner_only=True)
    within = seen()
    turn(seated.session)
    after = seen()

    assert within[:2] == before[:2]
    assert all(new[1] > old[1] for new, old in zip(within[2:], before[2:], strict=True))
    assert all(new[1] > old[1] for new, old in zip(after, within, strict=True))
    assert all(new[0] != old[0] for new, old in zip(after, within, strict=True))


def test_time_alone_moves_it_on_and_ends_the_polling(client, clock, seated):
    seen = []
    for at in ("2028-10-10T16:14:59Z", "2028-10-10T16:15:00Z", "2028-10-10T18:15:00Z",
               "2028-10-10T19:15:00Z"):  # fmt: skip
        clock.set(at)
        seen.append(client.get(PUBLIC[0]).json)

    assert [each["phase"] for each in seen] == ["to_come", "running", "over", "over"]
    assert [each["poll_seconds"] for each in seen] == [3, 3, 3, 0]
    assert [each["revision"] - seen[0]["revision"] for each in seen] == [0, 1, 2, 3]


def test_a_page_names_the_revision_of_the_document_beside_it(app, client, seated):
    turn(seated.session)
    browser = make.browser(app, Role.FACILITATOR)
    manage = registration.token(seated.participant, Purpose.MANAGE)
    join = registration.join_token(seated)
    pages = {
        "/live/probe/cafe/": PUBLIC[0],
        "/live/probe/cafe/projector": PUBLIC[1],
        f"/my/{manage}/live/cafe/": f"/my/{manage}/live/cafe/state.json",
        f"/join/{join}/live": f"/join/{join}/live/state.json",
        "/live/probe/cafe/console": "/live/probe/cafe/console/state.json",
    }
    for page, document in pages.items():
        who = browser if "console" in page else client
        answer = who.get(page)
        number = who.get(document).json["revision"]
        assert f'data-revision="{number}"' in answer.text, page
        assert f'data-live-page="{document}"' in answer.text, page


def test_an_ended_link_opens_nothing_live(client, seated):
    urls = addresses(seated)[2:]
    for url in urls:
        assert client.get(url).status_code == 200  # the front door now holds it

    operation(revoke)(seated.participant)

    assert [client.get(url).status_code for url in urls] == [410, 410]


def test_the_console_is_for_who_may_see_it_and_its_forms_for_who_may_run_it(app, client, seated):
    cafe = "/live/probe/cafe/console"
    rapporteur = make.browser(app, Role.RAPPORTEUR)
    facilitator = make.browser(app, Role.FACILITATOR)

    assert client.get(cafe).status_code == 302
    assert make.browser(app, Role.REGISTRAR).get(cafe).status_code == 403
    assert rapporteur.get(cafe).status_code == 200
    assert "renew_stage" not in rapporteur.get(cafe).text
    assert make.send(rapporteur, cafe, {"act": "renew_stage"}).status_code == 403
    assert make.send(facilitator, cafe, {"act": "nothing"}).status_code == 422
    assert make.send(facilitator, cafe, {"act": "renew_stage"}).status_code == 303


def test_the_projector_key_is_the_consoles_and_can_be_renewed(app, client, seated, monkeypatch):
    asked = []

    class Names(kinds.Tool):
        """A tool that says whether it may name people."""

        name = "tables"

        def stage(self, session, *, named):
            asked.append(named)
            return kinds.Part("errors/bare.html", {"named": named})

    monkeypatch.setitem(kinds._tools, "tables", Names())
    url = PUBLIC[1]
    with_key = f"{url}?key={queries.stage_key(seated.session)}"

    assert client.get(url).json["tables"] == {"named": False}
    assert client.get(f"{url}?key=wrong").json["tables"] == {"named": False}
    assert client.get(with_key).json["tables"] == {"named": True}
    assert client.get(with_key).headers["Cache-Control"] == "private, no-store"

    facilitator = make.browser(app, Role.FACILITATOR)
    make.send(facilitator, "/live/probe/cafe/console", {"act": "renew_stage"})
    db.session.expire_all()

    assert client.get(with_key).json["tables"] == {"named": False}
    renewed = f"{url}?key={queries.stage_key(seated.session)}"
    assert client.get(renewed).json["tables"] == {"named": True}


def test_a_draft_has_no_live_page_but_for_those_who_run_it(app, client, clock):
    make.session("secret", status="draft")
    facilitator = make.browser(app, Role.FACILITATOR)

    for end in ("", "state.json", "projector", "projector/state.json"):
        assert client.get(f"/live/probe/secret/{end}").status_code == 404
    assert facilitator.get("/live/probe/secret/console").status_code == 200
    state = json.loads(facilitator.get("/live/probe/secret/console/state.json").text)
    assert state["status"] == "draft"


def test_the_few_letters_on_the_wall_lead_to_the_live_page(client, seated):
    number = seated.session.id
    draft = make.session("hidden", status="draft")

    assert f"talks.example.org/l/{number}" in client.get("/live/probe/cafe/projector").text
    assert client.get(f"/l/{number}").headers["Location"].endswith("/live/probe/cafe/")
    for wrong in (draft.id, 999, "x", "१", "9" * 30):
        assert client.get(f"/l/{wrong}").status_code == 404


def test_whoever_comes_is_news_for_the_console_alone(app, client, clock, seated):
    other = make.registration(seated.session, mode="online")
    clock.set("2028-10-10T16:20:00Z")
    facilitator = make.browser(app, Role.FACILITATOR)
    console = "/live/probe/cafe/console/state.json"
    scan = {
        "id": "11111111-1111-4111-8111-111111111111",
        "kind": "in",
        "ticket": seated.participant.ticket_code,
        "scanned_at": "2028-10-10T16:20:00Z",
    }

    def seen() -> tuple[str, str]:
        return client.get(PUBLIC[0]).headers["ETag"], facilitator.get(console).headers["ETag"]

    public, first = seen()
    batch = {"device": "desk 1", "scans": [scan]}
    record_scans(seated.session, batch)
    same, second = seen()
    record_scans(seated.session, batch)  # sent again: nothing new
    note_join(other)
    still, third = seen()

    assert (same, still) == (public, public)
    assert len({first, second, third}) == 3
    assert queries.counted(seated.session) == (0, 2)
