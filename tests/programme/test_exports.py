"""`flask programme export`: imports again identically, and no other reader can misread it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from app.consultations import operations as consultations
from app.consultations import queries as consultation_queries
from app.programme import exports, imports, operations, queries
from tests import make

CASES = Path(__file__).resolve().parents[1] / "cases"
TRAPS = ["18:30", "050", "NO", "on", "1_000", "~", "null", "", "0x1F", "1e3", "yes", "2013-10-08"]


@pytest.fixture
def rich(app, clock):
    """A consultation that says everything, in words that YAML readers stumble over."""
    consultation = make.consultation(
        "rich",
        title={"en": "2013", "no": "NO"},
        languages=["en", "no", "fr"],
        summary={"en": "a: b\n# c\n- d\ttab “q” 'x' \\ مرحبا 🙂"},
        guiding_questions=[{"en": "on"}, {"en": "y", "fr": "=1+1"}],
        document_deadline=date(2028, 11, 11),
        controller="null",
        prefix="E10",
    )
    cafe = make.cafe(
        inside=consultation,
        title={"en": "18:30"},
        description={"en": "---\n...\n# x"},
        venue={"name": "off", "country": "NO", "latitude": 0.0, "longitude": 1e-05},
        capacity={"on_site": 0, "online": None},
        agenda=[{"title": {"en": word or "x"}, "minutes": 5, "who": "No"} for word in TRAPS],
        settings={"rounds": 2},
        registration_opens=datetime(2028, 9, 2, 9, 0),
        waiting_list=False,
    )
    make.session("empty", inside=consultation, agenda=[], venue=None, status="draft")
    make.session(
        "fold", inside=consultation, starts="2028-10-29T02:30", fold=1, ends="2028-10-29T04:00"
    )
    operations.cancel(cafe, reason={"en": "Storm"})
    operations.change(make.session("late", inside=consultation), {"status": "postponed"})
    return consultation


def again(text):
    """Delete the consultation and import ``text``; return what is exported then."""
    from app.extensions import db
    from tests.rows import empty

    db.session.rollback()
    empty(db.engine)
    plan = imports.from_yaml(text.encode())
    imports.store(plan, dry_run=False)
    return exports.to_yaml(consultation_queries.every()[0])


def test_export_and_import_are_each_others_inverse(rich):
    text = exports.to_yaml(rich)
    wanted = {s.slug: (s.status, s.starts_at, s.venue, s.capacity) for s in queries.all_of(rich)}

    assert again(text) == text
    kept = queries.all_of(consultation_queries.by_slug("rich"))
    assert {s.slug: (s.status, s.starts_at, s.venue, s.capacity) for s in kept} == wanted
    assert wanted["fold"][1].isoformat() == "2028-10-29T01:30:00+00:00"


def test_closed_stays_closed(app, clock):
    consultation = make.consultation()
    consultations.was_closed(consultation)

    text = exports.to_yaml(consultation)

    assert "status: closed" in text
    assert again(text) == text


def test_a_reader_of_yaml_1_1_sees_the_same_values(rich):
    """PyYAML's own loader reads 18:30 as 1110 and NO as false, unless they are quoted."""
    value = yaml.safe_load(exports.to_yaml(rich))

    cafe = next(s for s in value["sessions"] if s["slug"] == "cafe")
    assert value["title"] == {"en": "2013", "no": "NO"}
    assert value["languages"] == ["en", "no", "fr"]
    assert value["document_deadline"] == "2028-11-11"
    assert (cafe["title"], cafe["starts"]) == ("18:30", "2028-10-10T18:15")
    assert [line["title"] for line in cafe["agenda"]] == [word or "x" for word in TRAPS]
    assert cafe["capacity"] == {"on_site": 0, "online": None}


def test_times_yaml_survives_the_round_trip(app, clock):
    """C07's last sentence."""
    text = (CASES / "times.yaml").read_text().replace("1_000", "1000")
    text = text[: text.index("  - slug: hall")]
    imports.store(imports.from_yaml(text.encode()), dry_run=False)

    exported = exports.to_yaml(consultation_queries.by_slug("yaml-times"))

    assert again(exported) == exported


def test_export_by_command(app, clock):
    make.cafe()
    runner = app.test_cli_runner()

    written = runner.invoke(args=["programme", "export", "probe"])
    unknown = runner.invoke(args=["programme", "export", "nobody"])

    assert (written.exit_code, written.stdout) == (0, exports.to_yaml(make.consultation()))
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "There is no consultation “nobody”" in unknown.stderr
