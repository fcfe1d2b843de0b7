"""A served site with something of everything, and Chromium to look at it."""

from __future__ import annotations

import logging
import re
import shutil
import threading
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.serving import make_server

from tests import make

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]


@dataclass(frozen=True)
class Site:
    """Where it is served, what stands in its addresses, and the way in for somebody who works.

    ``parts`` fills the parts of an address by their names, or a whole rule by itself.
    """

    url: str
    parts: dict[str, str]
    sign_in: str
    rules: list[tuple[str, str]]

    def addresses(self, *permissions: str) -> list[str]:
        """Return every page that says one of ``permissions``, or any other where none is named.

        Raises `KeyError` for a part of an address that this site has nothing for.
        """
        open_to_all = {"public", "link", "-"}
        return sorted(
            self.parts.get(rule) or re.sub(r"<([^>]+)>", lambda part: self.parts[part[1]], rule)
            for rule, permission in self.rules
            if permission in permissions or (not permissions and permission not in open_to_all)
        )


def coming(days: int, time: str) -> str:
    """Return a wall clock so many days from now."""
    return f"{(datetime.now(UTC) + timedelta(days=days)).date().isoformat()}T{time}"


def speech() -> None:
    """A town hall that runs: somebody has the floor, for fifteen minutes at most, others wait."""
    from app.floor import operations as floor

    now = datetime.now(UTC)
    hall = make.town_hall(
        "speech",
        starts=(now - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"),
        ends=(now + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        timezone="UTC",
        settings={"turn_seconds": 900},
    )
    asked = [floor.ask(hall, floor.Wish(), name=name) for name in ("Maria Silva", "علي حسن")]
    floor.give(asked[0])


def furnish(app) -> tuple[dict[str, str], str]:
    """Fill the site; return what stands in its addresses, and a fresh way to sign in."""
    from app.accounts import operations as accounts
    from app.core import links
    from app.core.links import Purpose
    from app.core.vocabulary import Mode, Role
    from app.mail import queries as mails
    from app.programme import operations as programme
    from app.registration import queries
    from app.reports import queries as reports

    probe = make.consultation(
        title={"en": "What should governments do?", "ar": "ماذا ينبغي للحكومات أن تفعل؟"},
        summary={"en": "Anyone, anywhere can answer.", "ar": "يمكن لأي شخص أن يجيب."},
        languages=["en", "ar", "fr"],
        receiving_body={"en": "Council Working Group"},
        convenor={"en": "the Secretary-General"},
    )
    cafe = make.session("cafe", starts=coming(20, "18:15"), ends=coming(20, "20:15"))
    make.town_hall(
        "hall",
        starts=coming(24, "09:00"),
        ends=coming(24, "10:30"),
        timezone="Asia/Makassar",
        capacity={"on_site": 0, "online": None},
        venue={"name": "Nusa Dua", "city": "Bali", "country": "ID"},
    )
    board = make.session(
        "round",
        format="online_round",
        starts=coming(-5, "09:00"),
        ends=coming(200, "23:59"),
        capacity={"online": None},
        venue=None,
    )
    make.edition(board)
    gone = make.session("gone", starts=coming(21, "10:00"), ends=coming(21, "11:00"))
    programme.cancel(gone, reason={"en": "The building is closed."})
    moved = make.session("moved", starts=coming(22, "10:00"), ends=coming(22, "11:00"))
    programme.change(moved, {"ends": datetime.fromisoformat(coming(22, "11:30"))})
    make.session("draft", status="draft", starts=coming(23, "10:00"), ends=coming(23, "11:00"))
    make.session("someday", to_be_announced=["date", "venue"])
    week = make.consultation("week", title={"en": "A week of talks"})
    for number in range(12):
        make.session(
            f"talk-{number}",
            inside=week,
            starts=coming(30 + number % 3, f"{9 + number // 3:02}:00"),
            ends=coming(30 + number % 3, f"{9 + number // 3:02}:45"),
        )
    speech()
    ada = make.registration(cafe, name="علي حسن", email="ali@example.org")
    online = make.registration(cafe, mode=Mode.ONLINE, name="Ada Lovelace")
    for number in range(3):
        make.registration(cafe, name=f"Jean-Baptiste Rakotomalala {number}")
    make.submission(moved, email="ali@example.org")
    writer = make.registration(board, mode=Mode.ONLINE, name="علي حسن")
    idea = make.idea(board, who=writer.participant, title="دعم البنية التحتية", language="ar")
    make.idea(board, published=False)
    report = reports.statements(probe)[0]
    host = furnish_cafe(cafe, ada.participant)
    board_of_join = f"/join/{queries.join_token(writer)}/live"
    owner = make.person(Role.ADMIN, email="owner@example.org")
    colleague = make.person(Role.ORGANISER)
    key = app.config["LINK_KEY"]
    parts = {
        "consultation": "probe",
        "session": "cafe",
        "manage": queries.token(ada.participant, Purpose.MANAGE),
        "join": queries.join_token(online),
        "unsubscribe": queries.token(ada.participant, Purpose.UNSUBSCRIBE),
        "registration": ada.public_id,
        "asked": queries.open_submissions(ada.participant)[0].public_id,
        "token": links.derive(key, Purpose.PREVIEW, "probe", probe.preview_version),
        "int:mail": str(mails.listed(probe.id, status=None, kind=None, page=1, size=1)[0][0].id),
        "int:colleague": str(colleague.id),
        "reference": idea.reference,
        "slug": "round",
        "number": str(cafe.id),
        "named": idea.reference,
        "table_key": host,
        "theme": "1",
        "statement": report.number,
        "edition": "1",
        "/<consultation>/<session>/ideas": "/probe/round/ideas",
        "/manage/<consultation>/<session>/contributions/": "/manage/probe/round/contributions/",
        "/manage/<consultation>/document/": f"/manage/probe/document/?statement={report.number}",
        "/manage/<consultation>/document/coding": "/manage/probe/document/coding?show=all",
        "/join/<join>/live": board_of_join,
        "/join/<join>/live/<named>": f"{board_of_join}/{idea.reference}",
        "secret": accounts.make_link(owner),
        "/t/<secret>": f"/t/{ada.participant.ticket_secret}",
        "/door/t/<secret>": f"/door/t/{ada.participant.ticket_secret}",
    }
    return parts, f"/manage/sign-in/{accounts.make_link(owner)}"


def furnish_cafe(cafe, host) -> str:
    """Put up tables, make seats, start a round, take notes; return the secret of a host's link."""
    from app.contributions.operations import Point
    from app.tables import operations, queries

    make.cafe_tables(cafe, room=1, online=1, hosts=[host])
    make.seats(cafe)
    operations.start_round(cafe, 1)
    points = [Point("Publish who pays.", "agreement"), Point("من يقرر الأسعار؟", "question")]
    operations.send_notes(cafe, points, table=2, round=1)
    return queries.host_token(queries.by_number(cafe, 1))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A site of its own on a port of this machine, furnished."""
    from flask_migrate import upgrade

    from app import create_app
    from app.extensions import db

    data = tmp_path_factory.mktemp("browser")
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    app = create_app(
        DATA_DIR=data,
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{data / 'site.db'}",
        SITE_URL=url,
        SITE_HOST="127.0.0.1",
        MAIL_URL=f"file://{data / 'mail'}",
        RATELIMIT_ENABLED=False,
        JOBS_EMBEDDED=False,
    )
    with app.app_context():
        upgrade()
        parts, sign_in = furnish(app)
        db.session.remove()
    server.app = app
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    rules = [
        (rule.rule, getattr(app.view_functions[rule.endpoint], "permission", "-"))
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and is_page(rule.rule)
    ]
    yield Site(url, parts, sign_in, rules)
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


def is_page(rule: str) -> bool:
    """Whether an address is for people rather than for programs."""
    machines = ("/api", "/static", "/healthz", "/readyz", "/metrics", "/robots", "/.well-known")
    files = (".ics", ".json", ".csv", ".atom", ".js")
    return not rule.startswith(machines) and not rule.endswith(files) and "form>" not in rule


@pytest.fixture(scope="session")
def chromium():
    """The browser itself; without one these tests say loudly that they did not run."""
    if CHROMIUM is None:
        warnings.warn(
            "BROWSER TESTS DID NOT RUN: there is no `chromium` on PATH", UserWarning, stacklevel=1
        )
        pytest.skip("no `chromium` on PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def cookies(chromium, site):
    """What the browser of somebody who has signed in keeps."""
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    page.goto(site.sign_in)
    page.locator("main form button").click()
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture(scope="session")
def parted(chromium, site):
    """Two devices on one countdown; the second has been offline since the first of these tests."""
    from tests.browser.devices import part

    yield from part(chromium, site.url)


@pytest.fixture(autouse=True)
def _a_minute_goes_by(request):
    """Take a device offline before the first of these tests where one will look at it later."""
    if any("parted" in each.fixturenames for each in request.session.items):
        request.getfixturevalue("parted")


@pytest.fixture
def open_window(chromium, site):
    """Open a window on the site; ``bypass_csp`` lets the tests' own script in, nothing else."""
    contexts = []

    def run(**options):
        context = chromium.new_context(
            base_url=site.url,
            bypass_csp=True,
            viewport={"width": 1280, "height": 900},
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        return context.new_page()

    yield run
    for context in contexts:
        context.close()


@pytest.fixture
def window(open_window):
    """A window of somebody without an account."""
    return open_window()


@pytest.fixture
def staff_window(open_window, cookies):
    """A window of somebody who has signed in."""
    return open_window(storage_state=cookies)
