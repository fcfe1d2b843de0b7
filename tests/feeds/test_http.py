"""How feeds speak HTTP: conditional requests, gzip, other methods, the last good copy."""

import gzip
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy.exc import OperationalError

from app.database import db
from app.feeds import exports, queries
from app.programme import operations as programme
from tests import make
from tests.core.ical.readers import read_alike

URL = "/probe/calendar.ics"


@pytest.fixture
def cafe(app, clock):
    """One session, published a minute ago."""
    session = make.cafe()
    clock.go_on(minutes=1)
    return session


def test_the_headers_of_a_public_feed(client, cafe):
    headers = dict(client.get(URL).headers)

    assert {
        name: headers.get(name)
        for name in (
            "Content-Type", "Content-Disposition", "Cache-Control", "Access-Control-Allow-Origin",
            "Vary", "Last-Modified", "X-Content-Type-Options", "Set-Cookie", "X-Robots-Tag",
        )
    } == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": "inline; filename=\"probe.ics\"; filename*=UTF-8''probe.ics",
        "Cache-Control": "public, max-age=300, stale-while-revalidate=3600",
        "Access-Control-Allow-Origin": "*",
        "Vary": "Accept-Encoding",
        "Last-Modified": "Fri, 01 Sep 2028 08:00:02 GMT",
        "X-Content-Type-Options": "nosniff",
        "Set-Cookie": None,
        "X-Robots-Tag": None,
    }  # fmt: skip
    assert headers["ETag"].startswith('W/"')


def test_head_is_get_without_a_body(client, cafe):
    get, head = client.get(URL), client.head(URL)

    assert head.data == b""
    assert sorted(head.headers) == sorted(get.headers)


def test_gzip_has_the_same_etag_and_the_same_text(client, cafe):
    plain = client.get(URL)
    zipped = client.get(URL, headers={"Accept-Encoding": "gzip, deflate"})

    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["ETag"] == plain.headers["ETag"]
    assert gzip.decompress(zipped.data) == plain.data
    assert client.get(URL, headers={"Accept-Encoding": "gzip;q=0"}).data == plain.data


@pytest.mark.parametrize("form", ["{}", "strong", "*", '"other", {}', '{}, W/"other"'])
def test_if_none_match_compares_weakly_and_takes_lists_and_the_star(client, cafe, form):
    etag = client.get(URL).headers["ETag"]
    header = etag.removeprefix("W/") if form == "strong" else form.format(etag)

    assert client.get(URL, headers={"If-None-Match": header}).status_code == 304


def test_a_date_counts_only_without_an_etag_and_only_if_it_is_one(client, cafe):
    first = client.get(URL)
    date = first.headers["Last-Modified"]

    def status(**headers):
        return client.get(
            URL, headers={name.replace("_", "-"): value for name, value in headers.items()}
        ).status_code

    assert status(If_Modified_Since=date) == 304
    assert status(If_Modified_Since="Fri, 01 Sep 2028 08:00:00 GMT") == 200
    assert status(If_Modified_Since="yesterday") == 200
    assert status(If_Modified_Since=date, If_None_Match='"other"') == 200
    assert status(If_Modified_Since="yesterday", If_None_Match=first.headers["ETag"]) == 304


def test_two_changes_within_one_second_are_two_dates_to_whoever_asks_by_date(client, cafe):
    programme.change(cafe, {"title": {"en": "One"}})
    first = client.get(URL)
    programme.change(cafe, {"title": {"en": "Two"}})

    second = client.get(URL, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert second.status_code == 200
    assert b"SUMMARY:Two" in second.data


def test_the_date_never_goes_back_and_never_lies_ahead(client, cafe, clock):
    dates = []
    for title in ("A", "B", "C", "D"):
        programme.change(cafe, {"title": {"en": title}})
        date = parsedate_to_datetime(client.get(URL).headers["Last-Modified"])
        assert date <= clock.time
        dates.append(date)
    clock.go_on(seconds=10)
    dates.append(parsedate_to_datetime(client.get(URL).headers["Last-Modified"]))

    assert dates == sorted(dates)
    assert dates[-1] > dates[0]


@pytest.mark.parametrize("method", ["OPTIONS", "PROPFIND", "PUT", "REPORT", "POST", "DELETE"])
@pytest.mark.parametrize("url", [URL, "/probe/cafe/calendar.ics", "/calendar/x.ics"])
def test_everything_but_reading_is_405(client, cafe, url, method):
    answer = client.open(url, method=method)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_nothing_is_negotiated_and_no_cookie_matters(client, cafe):
    plain = client.get(URL)
    odd = client.get(URL, headers={"Accept": "application/calendar+json", "Cookie": "staff=x"})

    assert (odd.status_code, odd.data) == (200, plain.data)
    assert "Set-Cookie" not in odd.headers


def test_what_does_not_exist_is_404(client, cafe):
    for url in ("/nothing/calendar.ics", "/probe/nothing/calendar.ics", "/calendar/nothing.ics"):
        assert client.get(url).status_code == 404


def broken(*_args, **_values):
    raise OperationalError("SELECT", {}, Exception("the database is away"))


def test_without_database_the_last_good_copy_is_served(app, client, cafe, monkeypatch):
    good = client.get(URL)
    app.extensions["front_door"].is_open = False
    monkeypatch.setattr(queries, "programme_state", broken)

    away = client.get(URL)

    app.extensions["front_door"].is_open = True
    assert (away.status_code, away.data) == (200, good.data)


def test_without_database_and_without_copy_it_is_busy(app, client, cafe, monkeypatch):
    monkeypatch.setattr(queries, "programme_state", broken)

    away = client.get(URL)

    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")


def test_a_session_that_cannot_be_rendered_does_not_take_the_feed_with_it(
    client, cafe, clock, monkeypatch, caplog
):
    other = make.session("other")
    from app.programme import entries

    real = entries.compose

    def faulty(session, language, share):
        if session.id == cafe.id:
            raise ValueError("no words")
        return real(session, language, share)

    before = client.get(URL)
    monkeypatch.setattr(entries, "compose", faulty)
    programme.change(cafe, {"title": {"en": "Faulty"}})
    programme.change(other, {"title": {"en": "Whole"}})

    titles = {event[3] for event in read_alike(client.get(URL).data)}
    assert titles == {"Cafe", "Whole"}  # the last good copy of the faulty one
    assert f"session {cafe.id} cannot be put into a calendar" in caplog.text
    monkeypatch.setattr(entries, "compose", real)
    clock.go_on(minutes=5)
    assert {event[3] for event in read_alike(client.get(URL).data)} == {"Faulty", "Whole"}
    assert before.status_code == 200


def test_a_feed_too_large_for_clients_loses_its_oldest_entries(client, cafe, monkeypatch, caplog):
    make.session("later", starts="2028-10-12T18:15", ends="2028-10-12T20:15")
    monkeypatch.setattr(exports.draft, "LIMIT", 1500)

    assert [event[3] for event in read_alike(client.get(URL).data)] == ["Later"]
    assert "larger than 1500 bytes" in caplog.text


def test_a_poll_about_nothing_new_is_one_statement(app, client, cafe):
    from sqlalchemy import event

    app.extensions["front_door"].is_open = False
    etag = client.get(URL).headers["ETag"]
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    answer = client.get(URL, headers={"If-None-Match": etag})

    app.extensions["front_door"].is_open = True
    assert answer.status_code == 304
    assert len(asked) == 1
