"""Public pages are documents: one address, one body, for everybody, known by its validator."""

from __future__ import annotations

import gzip
import re
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import event

from app.extensions import db
from app.programme import operations as programme
from app.programme import queries
from app.web.documents import shelf
from tests import make

ANOTHER = {"Accept-Language": "ar,fr;q=0.5", "User-Agent": "Other", "Referer": "http://x/"}
STATIC = Path(__file__).parents[2] / "static"
PAGES = (
    "/", "/probe/", "/probe/cafe/", "/probe/help", "/probe/privacy", "/probe/changes",
    "/probe/?tz=Asia/Tokyo&lang=ar", "/probe/cafe/?tz=Asia/Tokyo", "/probe/?format=town_hall",
)  # fmt: skip


def cafe_and_hall() -> None:
    make.cafe()
    make.town_hall("hall", starts="2028-10-12T09:00", ends="2028-10-12T10:30")


@pytest.fixture
def probe(furnished):
    """A consultation with a café and a town hall."""
    furnished(cafe_and_hall)
    return make.consultation()


def statements(run) -> list[str]:
    """Return the SQL of what ``run()`` does."""
    found: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        run()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return found


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_is_the_same_for_everybody_and_says_so(app, client, probe, address):
    first = client.get(address)
    other = app.test_client()
    other.set_cookie("staff", "anything")
    other.set_cookie("tz", "Asia/Tokyo")
    second = other.get(address, headers=ANOTHER)

    assert first.data == second.data
    for answer in (first, second):
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "Set-Cookie" not in answer.headers
        assert "ETag" in answer.headers
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["Last-Modified"] == second.headers["Last-Modified"]


@pytest.mark.parametrize("address", PAGES)
def test_an_unchanged_page_is_304_by_one_look_up_and_head_has_the_same_headers(
    app, client, probe, address
):
    first = client.get(address)
    etag = {"If-None-Match": first.headers["ETag"]}
    answers = []

    sql = statements(lambda: answers.append(client.get(address, headers=etag)))

    assert (answers[0].status_code, answers[0].data) == (304, b"")
    assert len([each for each in sql if each.startswith("SELECT")]) <= 1
    head = client.head(address)
    assert head.data == b""
    assert {k: v for k, v in head.headers if k != "Date"} == {
        k: v for k, v in first.headers if k != "Date"
    }


def test_the_validator_changes_with_what_is_shown_and_only_then(app, client, clock, probe):
    def etag() -> str:
        return client.get("/probe/").headers["ETag"]

    first = etag()
    clock.go_on(days=3)
    assert etag() == first
    programme.change(make_session(), {"title": {"en": "Another title"}})
    second = etag()
    assert second != first
    clock.set("2028-10-10T16:14:59Z")
    before = client.get("/probe/")
    clock.set("2028-10-10T16:15:00Z")
    after = client.get("/probe/")
    assert before.headers["ETag"] != after.headers["ETag"]
    assert before.data != after.data


def make_session():
    """Return the café of these tests."""
    return queries.by_slug(make.consultation(), "cafe")


def test_spellings_and_strange_parameters_are_one_document(app, client, probe):
    plain = client.get("/probe/?tz=America/New_York")

    for query in (
        "tz=US/Eastern",
        "tz=America/New_York&utm_source=mail",
        "fbclid=1&tz=America/New_York&format=&mode=nothing&language=xx&lang=tlh",
    ):
        same = client.get(f"/probe/?{query}")
        assert same.data == plain.data
        assert same.headers["ETag"] == plain.headers["ETag"]


def test_ten_thousand_odd_addresses_keep_one_document(app, client, probe):
    client.get("/probe/")
    kept = len(shelf._kept)

    for number in range(50):
        client.get(f"/probe/?q={number}&format={number}&tz=")

    assert len(shelf._kept) == kept


@pytest.mark.parametrize("address", ["/probe/", "/probe/session-0/"])
def test_statements_do_not_grow_with_the_programme(app, client, clock, address):
    def count() -> int:
        shelf.clear()
        return len([s for s in statements(lambda: client.get(address)) if "SELECT" in s])

    make.session("session-0")
    one = count()
    for number in range(1, 100):
        make.session(f"session-{number}")

    assert count() == one
    assert one <= 14


def test_a_first_visit_weighs_little(app, client, probe):
    for address in PAGES:
        page = client.get(address)
        files = set(re.findall(r'(?:href|src)="/static/([^"?#]+)', page.text))
        assert all((STATIC / file).exists() for file in files)
        weight = len(gzip.compress(page.data)) + sum(
            len(gzip.compress((STATIC / file).read_bytes()))
            for file in files | {"fonts/figures.woff2"}
        )
        assert weight <= 25_000, f"{address}: {weight} bytes"


def test_every_link_on_public_pages_answers_without_a_cookie(app, client, clock, probe):
    """A crawl as two visitors who differ in everything but the address."""
    programme.change(make_session(), {"starts": datetime(2028, 10, 10, 18, 0)})
    other = app.test_client()
    other.set_cookie("staff", "anything")
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen or len(seen) > 400:
            continue
        seen.add(address)
        with client.get(address) as page, other.get(address, headers=ANOTHER) as twin:
            assert page.status_code == 200, address
            assert "Set-Cookie" not in page.headers, address
            assert "Cookie" not in page.headers.get("Vary", ""), address
            assert page.data == twin.data, address
            if page.mimetype == "text/html":
                found = re.findall(r'(?:href|src|action)="(/[^"#]*)', page.text)
                waiting += [unescape(link) for link in found]

    assert {"/probe/", "/probe/cafe/", "/probe/hall/", "/probe/privacy"} <= seen
