"""Pages of organisers about a consultation."""

from __future__ import annotations

import re

import pytest

from app.audit import queries as audits
from app.consultations import operations, queries
from app.core.vocabulary import Role
from tests import make


def typed(page: str) -> dict[str, str]:
    """Return what the form of a page would send, as it stands."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, kind = re.search(r'name="([^"]+)"', tag), re.search(r'type="([^"]+)"', tag)
        if name is None or (kind and kind[1] in ("checkbox", "radio") and "checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        found.setdefault(name[1], value[1] if value else "")
    for name, value in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\s*([^<]*)<', page):
        found[name] = value
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected[^>]* value="([^"]*)"', options)
        chosen = chosen or re.search(r'<option[^>]* value="([^"]*)"[^>]* selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


@pytest.fixture
def owner(app, clock):
    """A browser of the owner of `probe`."""
    make.consultation(languages=["en", "fr"])
    return make.browser(app, Role.OWNER)


def test_an_administrator_makes_a_consultation_that_nobody_sees_yet(app, client, clock):
    admin = make.browser(app, Role.ADMIN)
    page = admin.get("/manage/consultations/new")
    data = typed(page.text) | {
        "slug": "coming", "title__en": "Coming Talks", "question1__en": "Why?",
        "timezone": "Asia/Makassar", "first_language": "en",
    }  # fmt: skip

    answer = admin.post("/manage/consultations/new", data=data)

    made = queries.by_slug("coming")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/manage/coming/settings")
    assert (made.title, made.timezone, made.status) == (
        {"en": "Coming Talks"}, "Asia/Makassar", "draft",
    )  # fmt: skip
    assert [question.text for question in made.guiding_questions] == [{"en": "Why?"}]
    assert client.get("/coming/").status_code == 404


def test_wrong_fields_come_back_with_everything_typed(app, clock):
    admin = make.browser(app, Role.ADMIN)
    make.consultation()

    answer = make.send(
        admin,
        "/manage/consultations/new",
        {"slug": "probe", "title__en": "Überschrift <b>", "timezone": "Europe/Zurich",
         "first_language": "en", "contact_email": "no address", "document_deadline": "2028-11-11"},
    )  # fmt: skip

    assert answer.status_code == 422
    assert "<title>Error: Create a consultation" in answer.text
    assert 'href="#contact_email"' in answer.text
    assert 'value="Überschrift &lt;b&gt;"' in answer.text
    assert 'value="2028-11-11"' in answer.text

    twin = make.send(
        admin,
        "/manage/consultations/new",
        {"slug": "probe", "title__en": "T", "timezone": "Europe/Zurich", "first_language": "en"},
    )
    assert (twin.status_code, 'href="#slug"' in twin.text) == (422, True)


def test_saving_what_is_shown_changes_nothing(owner):
    before = queries.by_slug("probe")
    kept = (before.title, before.guiding_questions[0].text, before.purpose, before.languages)

    data = typed(owner.get("/manage/probe/settings").text) | {"languages": ["fr"]}
    answer = owner.post("/manage/probe/settings", data=data)

    after = queries.by_slug("probe")
    assert answer.status_code == 303
    assert (after.title, after.guiding_questions[0].text, after.purpose, after.languages) == kept
    assert audits.of(after.id)[0].details is None


def test_texts_are_written_in_each_language_and_others_stay(owner):
    probe = queries.by_slug("probe")
    operations.change(probe, {"title": {"en": "Probe", "es": "Sonda"}})
    data = typed(owner.get("/manage/probe/settings").text) | {
        "languages": ["fr"], "title__fr": "Sonde", "question2__en": "Second?",
        "question2__fr": "Deuxième ?", "scope_note__fr": "Portée",
    }  # fmt: skip

    owner.post("/manage/probe/settings", data=data)

    probe = queries.by_slug("probe")
    assert probe.title == {"es": "Sonda", "en": "Probe", "fr": "Sonde"}
    assert [question.text for question in probe.guiding_questions] == [
        {"en": "What should governments do?"}, {"en": "Second?", "fr": "Deuxième ?"},
    ]  # fmt: skip
    assert probe.scope_note == {"fr": "Portée"}


def test_two_organisers_never_overwrite_each_other(owner):
    data = typed(owner.get("/manage/probe/settings").text) | {
        "languages": ["fr"], "title__en": "Mine",
    }  # fmt: skip
    operations.change(queries.by_slug("probe"), {"title": {"en": "Theirs"}})

    answer = owner.post("/manage/probe/settings", data=data)

    assert answer.status_code == 409
    assert queries.by_slug("probe").title == {"en": "Theirs"}
    assert re.search(r">Theirs</td>\s*<td dir=\"auto\"><b>Mine</b>", answer.text)
    again = owner.post("/manage/probe/settings", data=typed(answer.text) | {"languages": ["fr"]})
    assert (again.status_code, queries.by_slug("probe").title) == (303, {"en": "Mine"})


def test_publishing_warns_and_does_not_refuse(app, clock):
    make.consultation("bare", status="draft", contact_email=None, guiding_questions=[])
    owner = make.browser(app, Role.OWNER, inside=queries.by_slug("bare"))
    page = owner.get("/manage/bare/settings").text

    answer = make.send(owner, "/manage/bare/settings/status", {"act": "publish"})

    assert ("no guiding question" in page, "no contact address" in page) == (True, True)
    assert (answer.status_code, queries.by_slug("bare").status) == (303, "published")


def test_a_published_short_name_stays(owner):
    data = typed(owner.get("/manage/probe/settings").text) | {
        "languages": ["fr"], "slug": "other-name", "title__en": "Typed",
    }  # fmt: skip

    answer = owner.post("/manage/probe/settings", data=data)

    assert (answer.status_code, 'value="Typed"' in answer.text) == (409, True)
    assert queries.by_slug("other-name") is None


def test_the_preview_link_works_until_it_is_made_anew(app, client, clock):
    make.consultation("draft", status="draft")
    owner = make.browser(app, Role.OWNER, inside=queries.by_slug("draft"))

    def address() -> str:
        page = owner.get("/manage/draft/settings").text
        return re.search(r'id="preview"[^>]* value="https://talks.example.org([^"]+)"', page)[1]

    old = address()
    assert client.get(old).status_code == 200
    make.send(owner, "/manage/draft/settings/preview")
    assert (address() != old, client.get(old).status_code) == (True, 404)
    assert client.get(address()).status_code == 200
