"""What nobody should send, and somebody does: clear answers, nothing kept, nothing broken."""

from __future__ import annotations

import pytest

from app.board.models import Draft, KeptIdea
from app.contributions.models import Contribution
from app.core.links import Purpose
from app.core.vocabulary import Role
from app.database import db
from app.registration import queries
from tests import make

API = "/api/v1/consultations/probe"
MEGABYTE = "x" * 1_100_000
NUL = "\x00"


def one_idea() -> int:
    return make.idea(make.online_round(settings={"moderation": "after"})).id


@pytest.fixture
def idea(furnished):
    return db.session.get(Contribution, furnished(one_idea))


def home(idea) -> str:
    who = make.participant(idea.session)
    return f"/my/{queries.token(who, Purpose.MANAGE)}/live/round/"


def typed(act="idea", **fields):
    return {
        "act": act, "title": "A title", "text": "Some text", "guiding_question": "",
        "language": "en", "attribution": "named",
    } | fields  # fmt: skip


def counted() -> tuple[int, int, int]:
    return tuple(db.session.query(each).count() for each in (Contribution, Draft, KeptIdea))


@pytest.mark.parametrize("act", ["idea", "draft", "preview", "comment"])
def test_a_megabyte_is_too_large_behind_a_link_too(app, client, clock, idea, act):
    page = home(idea) + (idea.reference if act == "comment" else "")
    answer = client.post(page, data=typed(act, text=MEGABYTE, stance="for"))

    assert answer.status_code == 413
    assert counted() == (1, 0, 0)


@pytest.mark.parametrize("what", ["sessions/round/ideas", "contributions/PRO-I-0001/comments"])
def test_the_api_says_what_is_too_large_and_what_is_too_long(app, client, clock, idea, what):
    head = make.bearer(Role.MODERATOR)
    who = make.participant(idea.session).public_id

    huge, long, title = (
        client.post(f"{API}/{what}", json={"participant": who} | body, headers=head)
        for body in ({"text": MEGABYTE}, {"text": "x" * 4_001}, {"text": "x", "title": "y" * 91})
    )

    assert huge.status_code == 413
    assert huge.mimetype == "application/problem+json"
    assert (long.status_code, long.json["errors"][0]["field"]) == (422, "text")
    assert (title.status_code, title.json["errors"][0]["field"]) == (422, "title")
    assert counted() == (1, 0, 0)


def test_control_characters_go_and_the_rest_stays(app, client, clock, idea):
    sent = typed(text="a\x00b\x07c\u2028d\r\ne\u202ef", title="T\x1bi\x00t\nle")
    assert client.post(home(idea), data=sent).status_code == 303

    kept = db.session.query(Contribution).order_by(Contribution.id.desc()).first()
    assert (kept.title, kept.text) == ("Tit le", "abc\nd\ne\u202ef")
    page = client.get(f"/probe/contributions/{kept.reference}").text
    assert 'dir="ltr">abc\nd\ne\u202ef</p>' in page
    atom = client.get("/probe/round/ideas.atom")
    assert atom.status_code == 200


def test_a_thousand_marks_on_one_letter_do_not_hang_us(app, client, clock, idea):
    assert client.post(home(idea), data=typed(text="e" + "\u0301" * 3_000)).status_code == 303

    kept = db.session.query(Contribution).order_by(Contribution.id.desc()).first()
    assert len(kept.text) < 10


@pytest.mark.parametrize("name", ["draft", "kept", "reference", "act"])
@pytest.mark.parametrize("value", [NUL, "%00", "x" * 5_000, "\ud83d", "' OR 1=1 --"])
def test_what_a_form_names_may_be_anything(app, client, clock, idea, name, value):
    act = {"draft": "discard", "kept": "confirm", "reference": "support", "act": value}[name]
    data = {"act": act.encode("utf-8", "surrogatepass"),
            name: value.encode("utf-8", "surrogatepass")}  # fmt: skip

    answer = client.post(home(idea), data=data)

    assert answer.status_code in (404, 422)


@pytest.mark.parametrize(
    "query",
    [
        "draft=%00", "draft=%ED%A0%80", "page=0", "page=-1", "page=99999999999", "page=%00",
        "sort=%00", "seed=0", "sort=random&seed=99999999999", "question=%00", "language=%00",
        "group=%00", "said=%00", "page=1&page=2",
    ],
)  # fmt: skip
def test_what_an_address_asks_may_be_anything(app, client, clock, idea, query):
    assert client.get(f"{home(idea)}?{query}").status_code == 200
    assert client.get(f"/probe/round/ideas?{query}").status_code == 200


@pytest.mark.parametrize("reference", ["%00", "PRO-I-0001%00", "x" * 300, "PRO-I-9999", "..%5C"])
def test_a_reference_may_be_anything(app, client, clock, idea, reference):
    for address in (
        f"/probe/contributions/{reference}", f"/probe/contributions/{reference}/report",
        f"{API}/contributions/{reference}", f"{home(idea)}{reference}",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_a_name_that_turns_the_direction_is_straightened(app, client, clock, idea):
    who = make.participant(idea.session, name="Ana \u202eevil", organisation="Net\u2067 Nordic")
    made = make.idea(idea.session, who=who, attribution="named")

    for address in ("/probe/round/ideas", f"/probe/contributions/{made.reference}"):
        page = client.get(address).text
        assert "<bdi>Ana evil, Net Nordic</bdi>" in page
        assert "\u202e" not in page
