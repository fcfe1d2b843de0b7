"""The parts of pages: two clocks, places and dots, error summaries."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from jinja2 import StrictUndefined
from wtforms import Form, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.core import clocks, daystrip
from app.core.capacity import Places
from app.web import filters

ROOT = Path(__file__).parents[2]
TOWN_HALL = (datetime(2013, 10, 25, 1, 0, tzinfo=UTC), datetime(2013, 10, 25, 2, 30, tzinfo=UTC))
ROUND = (datetime(2013, 10, 14, 7, 0, tzinfo=UTC), datetime(2013, 11, 1, 22, 59, tzinfo=UTC))


class Words(HTMLParser):
    """The text of some markup, one blank between words."""

    def __init__(self):
        super().__init__()
        self.text = ""

    def handle_data(self, data):
        self.text += data

    @classmethod
    def of(cls, markup):
        """Return the words of ``markup``."""
        reader = cls()
        reader.feed(markup)
        return " ".join(reader.text.split())


@pytest.fixture
def render():
    """Render an expression with the macros of one file."""
    app = Flask(
        "app",
        root_path=str(ROOT),
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    app.jinja_env.undefined = StrictUndefined
    Babel(app)
    filters.register(app)

    def render(file, macro, expression, **values):
        with app.test_request_context():
            source = f'{{% from "{file}" import {macro} %}}{{{{ {expression} }}}}'
            return app.jinja_env.from_string(source).render(**values)

    return render


def town_hall(viewer):
    return clocks.clocks(*TOWN_HALL, "Asia/Makassar", "Bali", viewer)


def test_the_venues_clock_comes_first_and_yours_under_it_with_its_own_date(render):
    markup = render("_parts.html", "clocks", "clocks(c)", c=town_hall("America/New_York"))

    assert Words.of(markup) == (
        "09:00–10:30 Fri 25 Oct Bali (WITA) 21:00–22:30 Thu 24 Oct your time the evening before"
    )
    assert markup.count("clock--you") == 1
    assert (
        re.findall('datetime="([^"]*)"', markup)
        == [
            "2013-10-25T01:00:00Z",
            "2013-10-25T02:30:00Z",
        ]
        * 2
    )


def test_without_a_zone_the_second_clock_is_utc_and_nothing_is_yellow(render):
    markup = render("_parts.html", "clocks", "clocks(c)", c=town_hall(None))

    assert Words.of(markup) == "09:00–10:30 Fri 25 Oct Bali (WITA) 01:00–02:30 Fri 25 Oct UTC"
    assert "clock--you" not in markup


def test_one_line_is_enough_where_the_venues_time_is_yours(render):
    markup = render("_parts.html", "clocks", "clocks(c)", c=town_hall("Asia/Makassar"))

    assert Words.of(markup) == "09:00–10:30 Fri 25 Oct Bali (WITA), the same as your time"
    assert markup.count("clock--you") == 1


def test_a_deadline_says_when_it_closes(render):
    c = clocks.clocks(*ROUND, "Europe/Zurich", "Geneva", "America/New_York", deadline=True)

    assert Words.of(render("_parts.html", "clocks", "clocks(c)", c=c)) == (
        "23:59 Fri 1 Nov closes · Geneva (CET) 18:59 Fri 1 Nov your time"
    )
    assert Words.of(render("_parts.html", "opening", "opening(c)", c=c.venue)) == (
        "Mon 14 Oct, 09:00 Geneva (CEST)"
    )


def test_a_cancelled_session_is_nobodys_time(render):
    c = town_hall("America/New_York")

    assert "clock--you" not in render("_parts.html", "clocks", "clocks(c, off=true)", c=c)


def test_the_day_strip_is_drawn_in_per_cent_and_read_by_nobody(render):
    strip = daystrip.day_strip(*TOWN_HALL, "Asia/Makassar", "America/New_York")
    markup = render("_parts.html", "daystrip", "daystrip(s)", s=strip)

    assert markup.startswith('<svg class="strip" aria-hidden="true">')
    assert markup.count('class="day"') == 2
    assert markup.count('class="yours"') == 1
    assert "style=" not in markup


@pytest.mark.parametrize(
    ("places", "waiting_list", "written", "words"),
    [
        (Places(50, confirmed=44), True, False, "6 places left of 50"),
        (Places(50, confirmed=49), True, False, "1 place left of 50"),
        (Places(50, confirmed=50), True, False, "full, waiting list open"),
        (Places(50, confirmed=50), False, False, "full"),
        (Places(0), True, False, "full, waiting list open"),
        (Places(None), True, False, "places free"),
        (Places(None), False, True, "no limit"),
    ],
)
def test_places_are_said_in_words(render, places, waiting_list, written, words):
    said = render(
        "_parts.html", "places_words", "places_words(p, w, t)", p=places, w=waiting_list, t=written
    )

    assert said == words


@pytest.mark.parametrize(
    ("total", "taken", "all_dots", "free_dots"),
    [(50, 44, 50, 6), (1, 0, 1, 1), (60, 60, 60, 0), (26, 25, 26, 1), (61, 3, 0, 0), (0, 0, 0, 0)],
)
def test_every_place_up_to_sixty_is_one_dot(render, total, taken, all_dots, free_dots):
    markup = render("_parts.html", "dots", "dots(t, k)", t=total, k=taken)
    paths = [
        sum(int(length) // 10 + 1 for length in re.findall(r"h(\d+)\.01", path))
        for path in re.findall(r' d="([^"]*)"', markup)
    ]

    assert paths == [n for n in (all_dots, free_dots) if n]


MODES = [
    SelectChoice(value="on_site", label="On site"),
    SelectChoice(value="online", label="Online"),
]


class Wish(Form):
    """A field and a group."""

    name = StringField("Full name", description="As you want to be called")
    mode = RadioField("World Café", [InputRequired()], choices=MODES)


def test_a_wrong_field_says_so_above_its_input_and_in_a_summary_that_leads_to_it(render):
    form = Wish()
    form.name.errors = ["Enter your full name"]
    form.mode.errors = ["Select how you will take part"]
    field = render("_fields.html", "field", "field(f.name, autocomplete='name')", f=form)
    radios = render("_fields.html", "radios", "radios(f.mode)", f=form)
    summary = render("_fields.html", "error_summary", "error_summary(f)", f=form)

    assert Words.of(field) == "Full name As you want to be called Error: Enter your full name"
    assert 'aria-describedby="name-hint name-error"' in field
    assert 'autocomplete="name"' in field
    assert " required" not in field + radios
    targets = re.findall('href="#([^"]*)"', summary)
    assert targets == ["name", "mode-0"]
    assert all(f'id="{target}"' in field + radios for target in targets)


def test_there_is_no_summary_without_errors(render):
    assert render("_fields.html", "error_summary", "error_summary(f)", f=Wish()).strip() == ""
