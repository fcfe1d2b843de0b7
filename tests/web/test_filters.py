"""Dates, numbers and names as pages and mails write them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from markupsafe import Markup

from app.web import filters

TALK = datetime(2013, 10, 25, 9, 5)


@pytest.fixture
def plain_app():
    """An application with nothing but languages and filters."""
    app = Flask("app", root_path=".", static_folder="static", static_url_path="/static")
    Babel(app)
    filters.register(app)
    return app


@pytest.fixture
def write(plain_app):
    """Render an expression over ``value`` in a language."""

    def write(expression, value, language="en"):
        with plain_app.test_request_context(), force_locale(language):
            template = plain_app.jinja_env.from_string("{{ " + expression + " }}")
            return template.render(value=value)

    return write


@pytest.mark.parametrize(
    ("language", "short", "long", "shortest"),
    [
        ("en", "Fri 25 Oct", "Fri 25 October 2013", "Fri 25"),
        ("fr", "ven. 25 oct.", "ven. 25 octobre 2013", "ven. 25"),
        ("ar", "الجمعة 25 أكتوبر", "الجمعة 25 أكتوبر 2013", "الجمعة 25"),
        ("es", "vie, 25 oct", "vie, 25 octubre 2013", "vie 25"),
        ("ru", "пт, 25 окт.", "пт, 25 октября 2013\u202f\u0433.", "пт, 25"),
        ("zh_Hans_CN", "10月25日周五", "2013年10月25日周五", "25日周五"),
    ],
)
def test_dates_follow_the_language_with_latin_digits(write, language, short, long, shortest):
    written = [
        write(f"value | {name}", TALK, language) for name in ("day", "day_long", "day_short")
    ]

    assert written == [short, long, shortest]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Fri 25 Oct / Oct 2013"),
        ("fr", "ven. 25 oct. / oct. 2013"),
        ("ar", "الجمعة 25 أكتوبر / أكتوبر 2013"),
        ("zh_Hans_CN", "周五 25 10月 / 2013年10月"),
    ],
)
def test_a_day_heading_is_weekday_numeral_and_month(write, language, expected):
    heading = "value|weekday ~ ' ' ~ value|daynum ~ ' ' ~ value|month ~ ' / ' ~ value|month_year"

    assert write(heading, date(2013, 10, 25), language) == expected


@pytest.mark.parametrize("language", ["en", "fr", "ar", "ru"])
def test_times_and_numbers_are_the_same_in_every_language(write, language):
    assert write("value | hhmm", TALK, language) == "09:05"
    assert write("1204 | number ~ ' ' ~ 43 | number ~ ' ' ~ 1234567 | number", None, language) == (
        "1\u202f204 43 1\u202f234\u202f567"
    )


def test_machine_readable_instants_are_in_utc(write):
    instant = datetime(2013, 10, 25, 1, 0, tzinfo=UTC)

    assert write("value | isoz", instant) == "2013-10-25T01:00:00Z"
    assert write("value | letters('Asia/Makassar')", instant) == "WITA"
    assert write("value | letters('America/Sao_Paulo')", instant) == "UTC\u22122"


@pytest.mark.parametrize(
    ("zone", "language", "expected"),
    [
        ("America/New_York", "en", "New York"),
        ("Europe/Zurich", "fr", "Zurich"),
        ("America/New_York", "ar", "نيويورك"),
        ("Africa/Cairo", "ar", "القاهرة"),
        ("Asia/Kolkata", "ar", "كالكتا"),
        ("America/Argentina/Buenos_Aires", "fr", "Buenos Aires"),
        ("UTC", "fr", "UTC"),
        ("Etc/GMT-3", "ar", "UTC+3"),
    ],
)
def test_a_zone_is_called_by_its_city_in_the_readers_language(write, zone, language, expected):
    assert write("value | city", zone, language) == expected


def test_languages_and_countries_are_named_in_the_readers_language(write):
    assert write("value | language", "fr") == "French"
    assert write("value | language", "zh-Hans", "fr") == "chinois"
    assert write("value | language", "not a code") == "not a code"
    assert write("value | country", "NP", "ar") == "نيبال"
    assert write("value | country", "??") == "??"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "A, B"), ("ar", "A، B"), ("zh_Hans_CN", "A、B")],
)
def test_lists_use_the_comma_of_the_language(write, language, expected):
    assert write("value | listed", ["A", "B"], language) == expected


def test_bdi_isolates_and_escapes():
    assert filters.bdi("<b>علي</b>") == Markup("<bdi>&lt;b&gt;علي&lt;/b&gt;</bdi>")


def test_an_asset_carries_the_hash_of_its_bytes(plain_app, tmp_path):
    plain_app.static_folder = str(tmp_path)
    file = tmp_path / "a.css"
    with plain_app.test_request_context():
        file.write_text("a{}")
        first = filters.asset("a.css")
        file.write_text("a{color:red}")
        second = filters.asset("a.css")

    assert first == "/static/a.css?v=5f546eb4"
    assert second.startswith("/static/a.css?v=")
    assert second != first


def test_an_asset_we_do_not_have_is_a_mistake(plain_app, tmp_path):
    plain_app.static_folder = str(tmp_path)

    with plain_app.test_request_context(), pytest.raises(FileNotFoundError):
        filters.asset("missing.css")
