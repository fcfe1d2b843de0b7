"""Programmes from files by `flask programme import`: whole or not at all, every error named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.consultations import queries as consultations
from app.programme import queries
from tests import make

CASES = Path(__file__).resolve().parents[1] / "cases"
GOOD = """
slug: autumn
title: Autumn
timezone: Europe/Zurich
sessions:
  - slug: cafe
    title: Café
    format: world_cafe
    timezone: Europe/Zurich
    starts: 2028-10-10T18:15
    ends: 2028-10-10T20:15
"""


@pytest.fixture
def run(app, clock, tmp_path):
    """Run `flask programme …`; a text or bytes as the last argument but options is made a file."""
    runner = app.test_cli_runner()

    def command(*arguments, text=None, name="programme.yaml"):
        words = list(arguments)
        if text is not None:
            file = tmp_path / name
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
            words.insert(1, str(file))
        result = runner.invoke(args=["programme", *words])
        result.errors = result.stderr.replace(f"{tmp_path}/", "")
        return result

    return command


def stored():
    """What the database holds, in the words of a test."""
    return {
        c.slug: [
            (s.slug, s.starts.isoformat(" ", "minutes"), s.timezone, f"{s.starts_at:%m-%dT%H:%MZ}")
            for s in queries.all_of(c)
        ]
        for c in consultations.every()
    }


def lines_of(result):
    """The (line, path) of every error."""
    return [
        (int(line), where)
        for line, where in re.findall(r"^[\w.-]+:(\d+):(?: ([^ :]+):)?", result.errors, re.M)
    ]


def test_import_stores_what_the_dry_run_said(run):
    tried = run("import", "--dry-run", text=GOOD)
    before = stored()
    done = run("import", text=GOOD)

    assert (tried.exit_code, done.exit_code) == (0, 0)
    assert tried.stdout == done.stdout == (
        "autumn: Autumn\n"
        "  cafe: Café, World Café, draft, 2028-10-10 18:15 to 2028-10-10 20:15 Europe/Zurich "
        "(2028-10-10T16:15:00Z to 2028-10-10T18:15:00Z)\n"
    )  # fmt: skip
    assert before == {}
    assert stored() == {"autumn": [("cafe", "2028-10-10 18:15", "Europe/Zurich", "10-10T16:15Z")]}


def test_importing_twice_is_refused_by_the_line_of_the_slug(run):
    run("import", text=GOOD)
    again = run("import", text=GOOD)

    assert again.exit_code == 1
    assert lines_of(again) == [(2, "slug")]
    assert len(stored()) == 1


def test_unquoted_yaml_as_people_write_it_is_refused_by_line(run):
    """C07, as it stands."""
    text = (CASES / "times.yaml").read_text()

    refused = run("import", text=text, name="times.yaml")

    assert (refused.exit_code, stored()) == (1, {})
    assert refused.errors.splitlines() == [
        "times.yaml:15: sessions.0.capacity.online: This must be a whole number",
        "times.yaml:23: sessions.1.starts: Write date and time as 2013-10-08T18:15, "
        "in a year from 1970 to 2037.",
        "times.yaml:24: sessions.1.ends: Write the time as the clocks at the place show it, "
        "without an offset.",
        "Error: Nothing was imported.",
    ]


def test_unquoted_yaml_is_read_as_it_is_written(run):
    """C07, without the second session and with plain numbers."""
    text = (CASES / "times.yaml").read_text().replace("1_000", "1000")
    text = text[: text.index("  - slug: hall")]

    run("import", text=text)

    consultation = consultations.by_slug("yaml-times")
    (cafe,) = queries.all_of(consultation)
    assert consultation.languages == ["en", "no"]
    assert (cafe.title, cafe.venue, cafe.capacity) == (
        {"en": "2013"},
        {"name": "Hall", "city": "Oslo", "country": "NO", "latitude": 0.0, "longitude": 32.483333},
        {"on_site": 50, "online": 1000},
    )
    assert [(a.title, a.minutes) for a in cafe.agenda] == [
        ({"en": "18:30"}, 10), ({"en": "on"}, 110),
    ]  # fmt: skip
    assert cafe.starts_at.isoformat() == "2028-10-10T16:15:00+00:00"


def test_a_broken_file_names_everything_that_is_wrong_and_imports_nothing(run):
    text = """slug: autumn
title: Autumn
timezone: Europe/Zuerich
colour: red
sessions:
  - {slug: zone, title: A, format: town_hall, timezone: Mars/Base,
     starts: 2028-10-10T18:15, ends: 2028-10-10T20:15}
  - {slug: gap, title: A, format: town_hall, timezone: Europe/Zurich,
     starts: 2028-03-26T02:30, ends: 2028-03-26T04:00}
  - {slug: back, title: A, format: town_hall, timezone: Europe/Zurich,
     starts: 2028-10-10T18:15, ends: 2028-10-10T17:15}
  - {slug: fishbowl, title: A, format: fishbowl, timezone: Europe/Zurich,
     starts: 2028-10-10T18:15, ends: 2028-10-10T20:15}
  - {slug: back, title: A, format: town_hall, timezone: Europe/Zurich,
     starts: 2028-10-10T18:15, ends: 2028-10-10T20:15}
  - {slug: bare, format: town_hall, timezone: Europe/Zurich,
     starts: 2028-03-26T02:30, ends: 2028-10-10T20:15, settings: {volume: 11}}
  - {slug: mode, title: A, format: online_round, timezone: Europe/Zurich,
     starts: 2028-10-10T18:15, ends: 2028-10-10T20:15, capacity: {on_site: 5}}
"""
    refused = run("import", text=text)

    assert (refused.exit_code, refused.stdout, stored()) == (1, "", {})
    assert lines_of(refused) == [
        (3, "timezone"),
        (4, "colour"),
        (6, "sessions.0.timezone"),
        (9, "sessions.1.starts"),
        (11, "sessions.2.ends"),
        (12, "sessions.3.format"),
        (14, "sessions.4.slug"),
        (16, "sessions.5.title"),
        (17, "sessions.5.starts"),
        (19, "sessions.6.capacity.on_site"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"x: " + b"\xff\xfe garbage " * 150_000, "larger than a programme can be"),
        (GOOD.replace("Autumn", "Été").encode("latin-1"), "programme.yaml:3: The file is not"),
        (GOOD.encode("utf-16"), "programme.yaml:1: The file is not encoded in UTF-8."),
        (b"", "programme.yaml:1: slug: This field is required"),
        (b"- a\n- b\n", "programme.yaml:1: This is no programme file."),
        (b"just words", "programme.yaml:1: This is no programme file."),
        (GOOD + "sessions: []\n", "programme.yaml:12: sessions: This field stands here twice"),
        (GOOD.replace("sessions:", "sessions: none\nx:"), "sessions: This must be a list"),
        ("title: [1\n", "From here on this is not YAML"),
    ],
    ids=["2-mb", "latin-1", "utf-16", "empty", "list", "words", "twice", "no-list", "open"],
)
def test_what_is_no_programme_is_said_in_sentences(run, text, said):
    refused = run("import", text=text)

    assert (refused.exit_code, stored()) == (1, {})
    assert said in refused.errors
    assert "Traceback" not in refused.output
    assert refused.errors.endswith("Error: Nothing was imported.\n")


def test_what_only_the_database_knows_refuses_the_whole_file_too(run):
    make.consultation("other", prefix="AUT")
    refused = run("import", text=GOOD.replace("timezone", "prefix: AUT\ntimezone", 1))

    assert lines_of(refused) == [(4, "prefix")]
    assert list(stored()) == ["other"]


# --- Calendars of others ------------------------------------------------------------------------


def test_a_series_keeps_its_wall_clock_in_winter(run):
    """C02: three sessions, UNTIL included; the dry run lists them and stores nothing."""
    make.consultation()
    text = (CASES / "series.ics").read_bytes()

    tried = run("import", "--dry-run", text=text, name="series.ics")
    before = stored()
    done = run("import", "--consultation", "probe", text=text, name="series.ics")

    assert (tried.exit_code, done.exit_code) == (0, 0)
    assert tried.stdout == done.stdout
    assert len(tried.stdout.splitlines()) == 4
    assert before == {"probe": []}
    assert stored() == {
        "probe": [
            ("evening-round-2028-10-17", "2028-10-17 18:15", "Europe/Zurich", "10-17T16:15Z"),
            ("evening-round-2028-10-24", "2028-10-24 18:15", "Europe/Zurich", "10-24T16:15Z"),
            ("evening-round-2028-10-31", "2028-10-31 18:15", "Europe/Zurich", "10-31T17:15Z"),
        ]
    }


def test_windows_zones_become_iana_zones(run):
    """C04."""
    make.consultation()

    run("import", text=(CASES / "outlook.ics").read_bytes(), name="outlook.ics")

    assert [(s.slug, s.format) for s in queries.all_of(make.consultation())] == [
        ("world-cafe-autumn", "world_cafe"),
        ("town-hall-bogota", "town_hall"),
        ("world-cafe-winter", "world_cafe"),
    ]
    assert stored()["probe"] == [
        ("world-cafe-autumn", "2028-10-10 18:15", "Europe/Berlin", "10-10T16:15Z"),
        ("town-hall-bogota", "2028-10-12 09:00", "America/Bogota", "10-12T14:00Z"),
        ("world-cafe-winter", "2028-12-05 18:15", "Europe/Berlin", "12-05T17:15Z"),
    ]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_zone_definition_never_leaks_into_the_next_file(run, order):
    """C05: in either order, and a file that defines nothing is refused by title."""
    make.consultation()
    for letter in order:
        text = (CASES / f"zone-{letter}.ics").read_bytes()
        run("import", text=text, name=f"zone-{letter}.ics")
    third = run("import", text=(CASES / "zone-c.ics").read_bytes(), name="zone-c.ics")

    at = {slug: instant for slug, _, _, instant in stored()["probe"]}
    assert at == {"from-office-a": "10-10T13:15Z", "from-office-b": "10-10T16:15Z"}
    assert third.exit_code == 1
    assert re.search(r"zone-c\.ics:\d+: From nowhere: ", third.errors)


def test_one_bad_event_refuses_the_whole_calendar(run):
    make.consultation()
    text = (CASES / "outlook.ics").read_text()
    text = text.replace("DTEND;TZID=SA Pacific Standard Time:20281012T103000", "DTEND:rubbish")

    refused = run("import", text=text, name="outlook.ics")

    assert refused.exit_code == 1
    assert "Town Hall Bogotá:" in refused.errors
    assert stored() == {"probe": []}


def test_the_same_calendar_twice_is_refused_by_title(run):
    make.consultation()
    text = (CASES / "zone-a.ics").read_bytes()
    run("import", text=text, name="a.ics")

    again = run("import", text=text, name="a.ics")

    assert again.exit_code == 1
    assert "From office A:" in again.errors
    assert len(stored()["probe"]) == 1


def test_floating_times_need_a_zone(run):
    make.consultation()
    text = (CASES / "zone-c.ics").read_text().replace(";TZID=Customized Time Zone", "")

    asked = run("import", text=text, name="c.ics")
    given = run("import", "--timezone", "Europe/Zurich", text=text, name="c.ics")
    wrong = run("import", "--timezone", "Mars/Base", text=text, name="c.ics")

    assert (asked.exit_code, given.exit_code, wrong.exit_code) == (1, 0, 1)
    assert "From nowhere:" in asked.errors
    assert stored()["probe"][0][1:] == ("2028-10-10 18:15", "Europe/Zurich", "10-10T16:15Z")
    assert "not a time zone" in wrong.errors


def test_a_calendar_asks_which_consultation_it_joins(run):
    make.consultation()
    make.consultation("other")
    text = (CASES / "zone-a.ics").read_bytes()

    unsaid = run("import", text=text, name="a.ics")
    unknown = run("import", "--consultation", "nobody", text=text, name="a.ics")
    with_yaml = run("import", "--consultation", "probe", text=GOOD)

    assert (unsaid.exit_code, unknown.exit_code, with_yaml.exit_code) == (1, 1, 2)
    assert "--consultation SLUG" in unsaid.errors
    assert "There is no consultation “nobody”" in unknown.errors
