"""The promises of the house: names in three places, closed lists, arrows that point down."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
FEATURES = {
    "accounts", "attendance", "audit", "board", "consultations", "contributions", "feeds", "floor",
    "live", "mail", "portal", "programme", "registration", "reports", "tables",
}  # fmt: skip
FILES = {
    "__init__", "models", "announcements", "queries", "entries", "mails", "operations", "forms",
    "schemas", "views", "staff_views", "api", "tasks", "loaders", "kinds", "transport", "front",
    "panels", "privacy", "search", "exports", "imports", "cli", "permissions", "keys", "security",
    "tools",
}  # fmt: skip
PUBLIC = {
    "models", "queries", "operations", "entries", "announcements", "panels", "privacy", "search",
    "kinds", "loaders", "permissions", "keys", "tasks", "schemas",
}  # fmt: skip
LINES = 400


def modules() -> list[Path]:
    """Every Python file of the application."""
    return sorted(APP.rglob("*.py"))


def imports(file: Path) -> list[tuple[str, str]]:
    """(feature, module) pairs of other features' modules that ``file`` imports."""
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "app" and len(parts) > 2 and parts[1] in FEATURES:
                found.append((parts[1], parts[2]))
    return found


def feature_of(file: Path) -> str:
    """The room a file stands in."""
    return file.relative_to(APP).parts[0]


def test_every_module_opens_with_a_sentence():
    silent = [
        str(file.relative_to(ROOT))
        for file in modules()
        if not (ast.get_docstring(ast.parse(file.read_text())) or "").strip()
    ]

    assert silent == []


def test_features_have_only_files_of_the_closed_list():
    strangers = [
        str(file.relative_to(ROOT))
        for feature in sorted(FEATURES)
        for file in (APP / feature).glob("*")
        if file.name != "__pycache__"
        and (file.stem if file.suffix == ".py" else file.name) not in FILES
    ]

    assert strangers == []


def test_a_feature_has_one_name_in_three_places():
    nameless = [
        folder.name
        for place in ("templates", "tests")
        for folder in (ROOT / place).iterdir()
        if folder.is_dir()
        and folder.name
        not in FEATURES
        | {"core", "formats", "web", "flows", "browser", "vendor", "cases", "errors", "checks"}
        | {"__pycache__", "upkeep"}
    ]

    assert nameless == []


def test_features_meet_only_through_their_public_modules():
    trespassers = sorted(
        {
            f"{file.relative_to(ROOT)} -> {feature}.{name}"
            for file in modules()
            if feature_of(file) in FEATURES
            for feature, name in imports(file)
            if feature != feature_of(file)
            and (APP / feature / f"{name}.py").exists() | (APP / feature / name).is_dir()
            and name not in PUBLIC
        }
    )

    assert trespassers == []


def test_no_room_is_crowded():
    crowded = {
        str(file.relative_to(ROOT)): lines
        for file in modules()
        if (lines := len(file.read_text().splitlines())) > LINES
    }

    assert crowded == {}


@pytest.mark.engines("sqlite")
def test_every_view_says_who_may_use_it(app):
    silent = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not hasattr(view, "permission")
    ]

    assert silent == []


def test_every_column_about_a_person_is_claimed_by_a_privacy_module():
    from app.attendance import models as attendance
    from app.board import models as board
    from app.contributions import models as contributions
    from app.floor import models as floor
    from app.mail import models as mail
    from app.registration import models as registration
    from app.tables import models as tables

    claims = "\n".join(file.read_text() for file in APP.rglob("privacy*.py"))
    personal = {
        registration.Participant: {"name", "email", "organisation", "search_name", "country"},
        registration.Submission: {"details"},
        registration.Receipt: {"typed"},
        registration.Secret: {"user_agent"},
        mail.OutboxMail: {"to_address", "to_name", "body", "subject", "facts"},
        attendance.Scan: {"raw"},
        contributions.Contribution: {"author", "title", "text"},
        board.KeptIdea: {"words"},
        floor.FloorRequest: {"name", "representation", "country", "text", "hub", "person"},
        tables.CafeTable: {"host_id"},
        tables.Seating: {"document", "problem"},
    }
    unclaimed = [
        f"{model.__tablename__}.{column}"
        for model, columns in personal.items()
        for column in sorted(columns)
        if column not in model.__table__.columns or column not in claims
    ]

    assert unclaimed == []


FISHBOWL = '''"""Fishbowl: five chairs in the middle, one of them always free."""

from app.formats.base import Mode, SessionFormat, fill


class Fishbowl(SessionFormat):
    """A circle within a circle."""

    key = "fishbowl"
    name = "Fishbowl"
    rank = 9
    modes = (Mode.ON_SITE,)
    default_capacity = {Mode.ON_SITE: 40}
    tools = ("floor", "tables")

    def agenda(self, minutes, settings):
        """The circle takes what the opening leaves."""
        return fill(minutes, [("Opening", 10), ("Circle", ...)])
'''


def it_runs_live(app, client, clock, session) -> list[str]:
    """Run the new format with the tools it names; return which speak in its live document."""
    from tests import make

    api, live = "/api/v1/consultations/probe/sessions/circle", make.bearer("facilitator")
    hosts = [make.registration(session).participant for _ in range(6)]
    clock.set("2028-10-10T16:20:00Z")
    asked = client.post(f"{api}/floor/requests", json={"name": "Ana"}, headers=live)
    client.post(f"{api}/floor/requests/{asked.json['id']}/give", json={}, headers=live)
    make.cafe_tables(session, room=2, hosts=hosts[:2])
    make.seats(session)
    started = client.post(f"{api}/rounds/1/start", headers=live)
    console = make.browser(app, "facilitator").get("/live/probe/circle/console")
    state = client.get("/live/probe/circle/state.json").json

    assert started.status_code == console.status_code == 200
    assert client.get(f"{api}/floor").json["speaking"] is not None
    for page in ("/live/probe/circle/", "/live/probe/circle/projector"):
        assert client.get(page).status_code == 200
    return [name for name in ("floor", "tables", "board") if name in state]


@pytest.mark.engines("sqlite")
def test_a_fourth_format_is_one_new_file(app, client, clock, tmp_path):
    from app import formats
    from tests import make

    (tmp_path / "fishbowl.py").write_text(FISHBOWL)
    formats.__path__.append(str(tmp_path))
    formats.every.cache_clear()
    importlib.invalidate_caches()
    try:
        session = make.session("circle", format="fishbowl", capacity={"on_site": 40})
        page = client.get("/probe/circle/")

        assert [(item.title["en"], item.minutes) for item in session.agenda] == [
            ("Opening", 10), ("Circle", 110),
        ]  # fmt: skip
        assert page.status_code == 200
        assert "Fishbowl" in page.text
        assert client.get("/probe/circle/calendar.ics").text.count("BEGIN:VEVENT") == 1
        assert it_runs_live(app, client, clock, session) == ["floor", "tables"]
    finally:
        formats.__path__.remove(str(tmp_path))
        sys.modules.pop("app.formats.fishbowl", None)
        formats.every.cache_clear()
