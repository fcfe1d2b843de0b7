"""The list by which a desk advises without network: no names, worth nothing at a door."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import playwright
import pytest

from app.core import links
from app.core.vocabulary import Mode, Role
from app.registration import operations as registrations
from tests import make
from tests.attendance.staff import press, signed_in

ROOT = Path(__file__).parents[2]
NODE = Path(playwright.__file__).parent / "driver/node"
LIST = "/door/probe/cafe/tickets.json"


@pytest.fixture
def door(app, client, clock):
    """The café's door with its staff signed in, and somebody of each standing."""
    session = make.cafe(capacity={"on_site": 2, "online": None})
    people = {
        "welcome": make.registration(session, name="Ana Lindqvist"),
        "already_in": make.registration(session, name="Bo Berg"),
        "on_waiting_list": make.registration(session, name="Cem Ünal"),
        "other_mode": make.registration(session, name="Dora Diallo", mode=Mode.ONLINE),
        "cancelled": make.registration(session, name="Eva Esposito", mode=Mode.ONLINE),
    }
    registrations.cancel(people["cancelled"], by="self")
    signed_in(client, Role.DOOR)
    press(
        client, "/door/probe/cafe/", act="find", text=people["already_in"].participant.ticket_code
    )
    return people


def test_each_ticket_is_on_the_list_with_what_the_server_would_say(door, client):
    answer = client.get(LIST)
    found = answer.json

    assert answer.headers["Cache-Control"] == "private, no-store"
    salt = found["salt"]
    for verdict, of in door.items():
        who = of.participant
        assert found["tickets"][links.secret_on_device(salt, who.ticket_secret)] == verdict
        assert found["tickets"][links.code_on_device(salt, who.ticket_code)] == verdict
    assert len(found["tickets"]) == 2 * len(door)
    assert found["ends_at"] == "2028-10-11T06:15:00Z"


def test_the_list_names_nobody_and_holds_no_ticket(door, client):
    text = client.get(LIST).text

    for of in door.values():
        who = of.participant
        for secret in (who.name, who.public_id, who.ticket_secret, who.ticket_code, who.email):
            assert str(secret) not in text


def test_a_device_finds_a_ticket_as_the_server_wrote_it_down(door, client):
    found = client.get(LIST).json
    who = door["welcome"].participant
    typed = [
        who.ticket_secret,
        f"https://talks.example.org/t/{who.ticket_secret}",
        f" {who.ticket_code[:5]}-{who.ticket_code[5:]}".lower().replace("0", "o"),
    ]
    script = """
      const { Advice } = await import(process.env.ADVICE);
      const { list, typed } = JSON.parse(process.env.GIVEN);
      list.panels = Object.fromEntries(Object.keys(list.panels).map((each) => [each, each]));
      const said = [];
      for (const text of [...typed, "00000-00000", "Ana"]) {
        const desk = new Advice({ now: () => Date.parse(list.made_at) });
        desk.take(list);
        said.push([await desk.panel(text), await desk.panel(text)]);
      }
      const late = new Advice({ now: () => Date.parse(list.ends_at) + 1 });
      late.take(list);
      said.push(await late.panel(typed[0]), await new Advice().panel(typed[0]));
      console.log(JSON.stringify(said));
    """
    run = subprocess.run(
        [NODE, "--input-type=module", "-e", script],
        env={
            "ADVICE": (ROOT / "static/door/advice.js").as_uri(),
            "GIVEN": json.dumps({"list": found, "typed": typed}),
            "PATH": "",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.stderr == ""
    twice = ["welcome", "already_in"]
    unknown = ["unknown_ticket", "unknown_ticket"]
    assert json.loads(run.stdout) == [twice, twice, twice, unknown, unknown, "", ""]


def test_only_the_door_gets_the_list(door, app):
    assert app.test_client().get(LIST).status_code == 302
    assert make.browser(app, Role.FACILITATOR).get(LIST).status_code == 403


def test_the_worker_comes_from_the_doors_own_folder(client, app, clock):
    answer = client.get("/door/worker.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
