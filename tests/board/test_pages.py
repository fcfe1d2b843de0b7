"""The board for everybody: cached, paged, in an order nobody can buy, and silent about people."""

from __future__ import annotations

import csv
import io
import re
from email import message_from_bytes
from email.policy import default
from xml.etree import ElementTree

import pytest
from sqlalchemy import event

from app.board import queries
from app.contributions import operations
from app.contributions.operations import Sent
from app.core.contributions import Decision, Kind
from app.core.vocabulary import Role
from app.database import db
from app.extensions import db as database
from app.mail import tasks
from app.mail.models import OutboxMail
from app.programme import operations as programme
from app.web.documents import shelf
from tests import make
from tests.board.crawl import everything

BOARD = "/probe/round/ideas"
FILES = (f"{BOARD}.csv", f"{BOARD}.json", f"{BOARD}.atom")
API = "/api/v1/consultations/probe/contributions"
CANARY = "Quokka Canary"
ATOM = "{http://www.w3.org/2005/Atom}"


def board(**settings):
    return make.online_round(settings={"moderation": "after"} | settings)


def statements(run) -> list[str]:
    """Return the SQL of what ``run()`` does."""
    found: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        run()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return found


def references(page: str) -> list[str]:
    return re.findall(r'<b class="code">(PRO-I-\d+)</b>', page)


def comment(idea, text="Yes", who=None, **more):
    return operations.submit(
        idea.session, Kind.COMMENT, Sent(text=text, **more),
        participant=who or make.participant(), answers=idea, stance="for",
    )  # fmt: skip


# --- What is shown ----------------------------------------------------------------------------


def test_a_published_idea_stands_on_the_board_on_its_page_and_in_every_file(app, client, clock):
    who = make.participant(
        name="Ana Lindqvist", organisation="Net Nordic", country="KE",
        stakeholder_group="civil_society",
    )  # fmt: skip
    idea = make.idea(board(), who=who, attribution="group_country", guiding_question=1)
    comment(idea, "I agree", who, attribution="named")

    page = client.get(BOARD).text
    one = client.get("/probe/contributions/PRO-I-0001").text
    api = client.get(f"{API}/PRO-I-0001").json

    assert references(page) == ["PRO-I-0001"]
    assert "<bdi>Civil society, Kenya</bdi>" in page
    assert "1 comment" in page
    assert "Every subsidy" in one
    assert "I agree" in one
    assert "<bdi>Ana Lindqvist, Net Nordic</bdi>" in one
    assert api == {
        "reference": "PRO-I-0001", "kind": "idea", "session": "round", "status": "published",
        "date": "2028-09-01", "language": "en", "guiding_question": 1,
        "attribution": "group_country",
        "author": {"name": None, "organisation": None, "stakeholder_group": "civil_society",
                   "country": "KE"},
        "source": "participant", "source_url": None, "title": "Publish who pays",
        "text": "Every subsidy, in a form that anyone can check.", "in_reply_to": None,
        "stance": None, "tag": None, "comments": 1, "supports": None,
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(client.get(FILES[0]).text.removeprefix("\ufeff"))))
    assert [(r["reference"], r["in_reply_to"], r["name"], r["country"]) for r in rows] == [
        ("PRO-I-0001", "", "", "KE"), ("PRO-K-0001", "PRO-I-0001", "Ana Lindqvist", "KE"),
    ]  # fmt: skip
    data = client.get(FILES[1]).json
    assert data["items"][0] == api
    assert data["counts"] == {"ideas": 1, "comments": 1, "withdrawn": 0, "rejected": 0}
    feed = ElementTree.fromstring(client.get(FILES[2]).data)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Publish who pays"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Civil society, Kenya"


def test_an_idea_is_set_in_its_own_language_and_direction(app, client, clock):
    make.idea(board(), title="دعم البنية التحتية", text="ينبغي للحكومات", language="ar")

    page = client.get(BOARD).text

    assert '<h3 lang="ar" dir="rtl"><a class="title"' in page


def test_a_name_cannot_turn_what_stands_beside_it(app, client, clock):
    who = make.participant(name="Ana \u202egnikcatta", organisation="")
    make.idea(board(), who=who, attribution="named")

    page = client.get(BOARD).text

    assert "<bdi>Ana gnikcatta</bdi>" in page
    assert "\u202e" not in page


def test_only_sessions_with_a_board_have_one(app, client, clock):
    make.cafe()

    for address in ("/probe/cafe/ideas", "/probe/cafe/ideas.json", "/probe/none/ideas"):
        assert client.get(address).status_code == 404
    assert client.post("/probe/cafe/ideas", data={}).status_code == 404


@pytest.mark.parametrize("decision", [Decision.HOLD, Decision.REJECT])
def test_held_and_rejected_are_404_and_only_their_number_remains(app, client, clock, decision):
    idea = make.idea(board(), title="Quokka title", text="Quokka text")
    answer = comment(idea, "Quokka comment")
    assert client.get(f"/probe/contributions/{answer.reference}").status_code == 200
    operations.moderate(idea, decision, rule=2)

    addresses = ["/probe/contributions/PRO-I-0001", f"{API}/PRO-I-0001",
                 f"/probe/contributions/{answer.reference}",
                 "/probe/contributions/PRO-I-0001/report"]  # fmt: skip
    assert [client.get(a).status_code for a in addresses] == [404] * 4
    said = everything(client, BOARD, *FILES, API)
    assert [address for address, text in said.items() if "Quokka" in text] == []
    rejected = client.get(FILES[1]).json["counts"]["rejected"]
    assert rejected == (decision is Decision.REJECT)


def test_a_withdrawn_one_answers_200_and_says_so(app, client, clock):
    idea = make.idea(board(), title="Quokka title", text="Quokka text")
    client.get("/probe/contributions/PRO-I-0001")
    operations.withdraw(idea)

    page = client.get("/probe/contributions/PRO-I-0001")
    api = client.get(f"{API}/PRO-I-0001").json

    assert (page.status_code, "[withdrawn]" in page.text) == (200, True)
    assert {name: api[name] for name in ("reference", "kind", "date", "status", "text")} == {
        "reference": "PRO-I-0001", "kind": "idea", "date": "2028-09-01", "status": "withdrawn",
        "text": "[withdrawn]",
    }  # fmt: skip
    said = everything(client, BOARD, *FILES, API)
    assert [address for address, text in said.items() if "Quokka" in text] == []


# --- Cached, in order, in pages ---------------------------------------------------------------


def test_an_unchanged_board_is_304_by_one_look_up(app, client, clock):
    make.idea(board())
    for address in (BOARD, "/probe/contributions/PRO-I-0001", *FILES):
        first = client.get(address)
        known = {"If-None-Match": first.headers["ETag"]}
        sql, again = counted(client, address, known)

        assert (again.status_code, again.data) == (304, b"")
        assert len([each for each in sql if each.startswith("SELECT")]) == 1
        assert first.headers["Cache-Control"] == "public, no-cache"
        assert "Set-Cookie" not in first.headers


def counted(client, address, headers):
    """Return the SQL of one request, and its answer."""
    answers = []
    sql = statements(lambda: answers.append(client.get(address, headers=headers)))
    return sql, answers[0]


def test_spellings_are_one_document_and_unknown_filters_are_none(app, client, clock):
    make.idea(board())
    plain = client.get(BOARD)

    for query in ("sort=least", "sort=&question=&page=1", "seed=7", "question=x&language=tlh"):
        assert client.get(f"{BOARD}?{query}").data == plain.data


def test_pages_hold_fifty_and_statements_do_not_grow(app, client, clock):
    session = board()
    who = make.participant(session)
    make.idea(session, who=who)

    def count() -> int:
        shelf.clear()
        return len([s for s in statements(lambda: client.get(BOARD)) if "SELECT" in s])

    one = count()
    for _ in range(110):
        make.idea(session, who=who)

    assert count() == one
    found = [r for page in (1, 2, 3) for r in references(client.get(f"{BOARD}?page={page}").text)]
    assert len(found) == len(set(found)) == 111
    assert len(references(client.get(BOARD).text)) == 50
    assert "1–50 of 111" in client.get(BOARD).text
    assert references(client.get(f"{BOARD}?page=9").text) == []


def test_the_least_seen_come_first_and_take_turns(app, client, clock):
    session = board()
    for _ in range(6):
        make.idea(session)
    first = references(client.get(BOARD).text)
    comment(session_idea(first[0]))
    second = references(client.get(BOARD).text)

    assert second[-1] == first[0]
    assert references(client.get(BOARD).text) == second
    assert sorted(second) == sorted(first)


def session_idea(reference):
    from app.contributions import queries as contributions

    return contributions.by_reference(reference)


def test_newest_and_random_orders(app, client, clock):
    session = board()
    for _ in range(8):
        make.idea(session)
    newest = references(client.get(f"{BOARD}?sort=newest").text)
    orders = [references(client.get(f"{BOARD}?sort=random&seed={n}").text) for n in (1, 2, 1)]

    assert newest == sorted(newest, reverse=True)
    assert orders[0] == orders[2]
    assert len({tuple(order) for order in [*orders, newest]}) > 1
    assert {tuple(sorted(order)) for order in orders} == {tuple(sorted(newest))}
    shuffled = re.search(r'href="([^"]*seed=\d+[^"]*)"', client.get(f"{BOARD}?sort=random").text)
    assert shuffled


def test_filters_by_question_and_language(app, client, clock):
    session = board()
    make.idea(session, guiding_question=1)
    make.idea(session, language="fr")

    assert references(client.get(f"{BOARD}?question=1").text) == ["PRO-I-0001"]
    assert references(client.get(f"{BOARD}?language=fr").text) == ["PRO-I-0002"]
    assert "No ideas match" in client.get(f"{BOARD}?language=ru").text


# --- Supports ---------------------------------------------------------------------------------


def public(client) -> dict[str, tuple]:
    """What everybody sees of a board: bodies, validators, dates."""
    addresses = (
        BOARD, f"{BOARD}?sort=newest", f"{BOARD}?sort=random", *FILES, "/probe/round/", "/probe/",
        "/probe/contributions/PRO-I-0001", f"{API}/PRO-I-0001", API, "/probe/changes",
    )  # fmt: skip
    found = {}
    for address in addresses:
        shelf.clear()
        answer = client.get(address)
        found[address] = (
            answer.data, answer.headers.get("ETag"), answer.headers.get("Last-Modified"),
        )  # fmt: skip
    return found


def test_before_the_close_nothing_that_the_public_reads_changes_with_a_support(app, client, clock):
    session = board()
    first, _second = make.idea(session), make.idea(session)
    voters = [make.participant(session) for _ in range(3)]
    before = public(client)

    for who in voters:
        operations.support(first, who)

    assert public(client) == before


def test_from_the_closing_instant_on_everybody_sees_the_supports(app, client, clock):
    session = board()
    idea = make.idea(session)
    operations.support(idea, make.participant(session))
    etag = client.get(BOARD).headers["ETag"]

    clock.set("2028-09-30T21:58:59Z")
    assert "1 support<" not in client.get(BOARD).text
    clock.set("2028-09-30T21:59:00Z")
    assert "1 support<" in client.get(BOARD).text
    assert client.get(BOARD).headers["ETag"] != etag
    assert "1 support<" in client.get("/probe/contributions/PRO-I-0001").text
    assert client.get(FILES[1]).json["items"][0]["supports"] == 1
    assert client.get(f"{API}/PRO-I-0001").json["supports"] == 1


def test_staff_see_supports_before_the_close(app, client, clock):
    idea = make.idea(board())
    operations.support(idea, make.participant(idea.session))

    seen = {
        role: client.get(f"{API}/PRO-I-0001", headers=make.bearer(role)).json["supports"]
        for role in (Role.OWNER, Role.MODERATOR, Role.VIEWER, Role.REGISTRAR)
    }
    assert seen == {Role.OWNER: 1, Role.MODERATOR: 1, Role.VIEWER: 1, Role.REGISTRAR: None}


def test_an_extension_keeps_the_supports_hidden(app, client, clock):
    from datetime import datetime

    session = board()
    operations.support(make.idea(session), make.participant(session))
    client.get(BOARD)
    programme.change(session, {"ends": datetime(2028, 10, 15, 23, 59)})

    clock.set("2028-10-01T08:00:00Z")
    page = client.get(BOARD).text
    assert "1 support<" not in page
    assert "Open for ideas" in page


# --- Who may read more ------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ORGANISER, Role.RAPPORTEUR, Role.VIEWER])
def test_staff_without_the_right_read_the_public_form_only(app, client, clock, role):
    who = make.participant(name=CANARY)
    idea = make.idea(board(), who=who, attribution="anonymous", published=False)
    head = make.bearer(role)

    one = client.get(f"{API}/{idea.reference}", headers=head)
    many = client.get(API, headers=head)
    as_csv = client.get(API, headers=head | {"Accept": "text/csv"})

    assert {a.status_code for a in (one, many, as_csv)} == {200}
    assert "Quokka" not in one.text + many.text + as_csv.text
    if role in (Role.MODERATOR, Role.ORGANISER):
        browser = make.browser(app, role)
        for path in ("contributions/PRO-I-0001", "round/contributions/?status=published",
                     "round/contributions/log", "contributions/"):  # fmt: skip
            page = browser.get(f"/manage/probe/{path}")
            assert page.status_code == 200
            assert "Quokka" not in page.text


def test_the_outbox_does_not_say_who_is_behind_an_idea(app, clock, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "MAIL_URL", f"file://{tmp_path}")
    idea = make.idea(board(), title="Nobody knows")
    tasks.empty_outbox()
    rows = db.session.query(OutboxMail).filter(OutboxMail.kind.like("contribution%")).all()

    assert [row.status for row in rows] == ["sent"]
    for row in rows:
        stored = f"{row.facts} {row.subject} {row.body.decode()}"
        assert idea.reference not in stored
        assert "Nobody knows" not in stored
    sent = [message_from_bytes(file.read_bytes(), policy=default) for file in tmp_path.iterdir()]
    said = "".join(mail.get_body(("plain",)).get_content() for mail in sent)
    assert "PRO-I-0001 · Nobody knows" in said


def test_numbers_and_order_come_from_one_place(app, clock):
    session = board()
    make.idea(session)

    found = queries.ideas(session, queries.Wanted(), revision=5)

    assert (found.first, found.last, found.total) == (1, 1, 1)


# --- Groups and countries ---------------------------------------------------------------------


def grouped(session, attribution, group="civil_society", country="KE", **more):
    who = make.participant(
        name="Ana", organisation="Net", stakeholder_group=group, country=country, **more
    )
    return make.idea(session, who=who, attribution=attribution).reference


def test_ideas_are_filtered_by_the_group_their_authors_let_be_said(app, client, clock):
    session = board()
    shown = [grouped(session, each) for each in ("named", "organisation", "group_country")]
    grouped(session, "anonymous")
    other = grouped(session, "named", group="media", country="CH")

    assert sorted(references(client.get(f"{BOARD}?group=civil_society").text)) == shown
    assert references(client.get(f"{BOARD}?group=media").text) == [other]
    assert len(references(client.get(f"{BOARD}?group=nonsense").text)) == 5
    assert '<dt>countries</dt><dd class="fig">2</dd>' in client.get(BOARD).text


def test_where_nobody_is_named_nobody_is_found_by_group(app, client, clock):
    session = board(attribution="named")
    grouped(session, "named")
    programme.change(session, {"settings": {"moderation": "after", "attribution": "anonymous"}})

    page = client.get(f"{BOARD}?group=civil_society").text

    assert references(page) == []
    assert 'name="group"' not in page
    assert "countries" not in page


def test_a_question_heads_its_own_ideas(app, client, clock):
    make.idea(board(), guiding_question=1)

    assert f'href="{BOARD}?question=1"' in client.get(BOARD).text
    page = client.get(f"{BOARD}?question=1").text
    assert "<b>Question 1 of 1</b>" in page


def test_the_board_and_an_idea_are_passed_on_by_cards(app, client, clock):
    make.idea(board(), title="Say & do", text="Line one\nline two")

    page = client.get(f"{BOARD}?sort=newest").text
    one = client.get("/probe/contributions/PRO-I-0001").text

    assert '<link rel="canonical" href="https://talks.example.org/probe/round/ideas">' in page
    assert "QR code of this page" in page
    assert '<meta property="og:title" content="PRO-I-0001: Say &amp; do">' in one
    assert '<meta property="og:description" content="Line one line two">' in one
