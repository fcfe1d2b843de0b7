"""The files of an edition: made once, kept as they are, and gone when somebody takes words back."""

from __future__ import annotations

import io
import threading
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlencode

import pypdf
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app import create_app, privacy
from app.consultations import operations as consultations
from app.contributions import operations as contributions
from app.contributions.models import Contribution
from app.contributions.operations import Given
from app.database import db, operation
from app.reports import operations, queries
from app.reports.exports.files import FORMS
from app.reports.operations import editions, files
from app.reports.queries import files as kept
from app.web import documents
from tests import make
from tests.registration.test_races import at_once

ONE = "/probe/document/1"
ADDRESSES = [ONE, *(f"{ONE}.{form}" for form in ("docx", "pdf", "md", "json"))]
WORDS = "who receives it"  # what the first who spoke said, and nobody else
SAME = ("TESTING", "DATA_DIR", "SQLALCHEMY_DATABASE_URI", "SITE_URL", "SITE_HOST", "UID_HOST",
        "SITE_IS_LOOPBACK", "MAIL_URL", "MAIL_SENDER", "CHANGE_NOTICE_MINUTES", "SIGN_IN_SECONDS",
        "RATELIMIT_ENABLED", "JOBS_EMBEDDED", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME",
        )  # fmt: skip


@pytest.fixture
def session(app, clock):
    make.consultation(languages=["en", "fr"])
    return make.online_round(settings={"moderation": "after"})


@pytest.fixture
def ideas(session):
    """What people said, in edition 1, an hour ago."""
    found, _excerpts = make.ready(session)
    make.edition(session)
    return found


@pytest.fixture
def key(ideas) -> int:
    """The id of edition 1."""
    return queries.edition(ideas[0].consultation, 1).id


def rows() -> dict[tuple[str, str], bytes]:
    """What stands in the database, by form and language, unpacked; read past the application."""
    db.session.rollback()
    found = db.session.execute(text("SELECT form, language, body FROM edition_file"))
    return {(row[0], row[1]): zlib.decompress(bytes(row[2])) for row in found}


def readable(form: str, made: bytes) -> str:
    """What a curious person can read in a file."""
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(made)) as entries:
            return "\n".join(entries.read(name).decode("latin-1") for name in entries.namelist())
    if form == "pdf":
        pages = pypdf.PdfReader(io.BytesIO(made)).pages
        return "\n".join(" ".join(page.extract_text().split()) for page in pages)
    return made.decode()


def holding(words: str) -> set[tuple[str, str]]:
    """The kept files in which ``words`` can be read."""
    return {key for key, made in rows().items() if words in readable(key[0], made)}


def printing(monkeypatch, form: str, write) -> None:
    """Let ``form`` be written by ``write(document, language, place)``."""
    monkeypatch.setitem(FORMS, form, replace(FORMS[form], write=write))


@contextmanager
def started_again(app):
    """The application in a process that knows nothing but the database."""
    documents.shelf.clear()
    again = create_app(**{name: app.config[name] for name in SAME})
    yield again.test_client()
    with again.app_context():
        db.session.remove()
        db.engine.dispose()
    documents.shelf.clear()


# --- Made once --------------------------------------------------------------------------------


def test_every_form_is_made_in_every_language_and_progress_is_heard(key):
    heard = []
    assert kept.incomplete() == [key]

    files.make_files(key, lambda done, total: heard.append((done, total)))

    assert set(rows()) == {(form, language) for form in FORMS for language in ("en", "fr")}
    assert heard == [(done, 10) for done in range(11)]
    assert kept.incomplete() == []


def test_a_language_that_comes_later_is_made_as_well(ideas, key):
    files.make_files(key)
    before = rows()
    consultations.change(ideas[0].consultation, {"languages": ["fr", "en", "ar"]})
    assert kept.incomplete() == [key]

    files.make_files(key)

    assert {language for _form, language in rows()} == {"en", "fr", "ar"}
    assert before.items() <= rows().items()
    assert kept.find(key, "md", None).language == "en"


def test_a_file_nobody_made_is_made_for_whoever_asks_and_kept(client, ideas):
    asked = [(f"{ONE}.md", {}), (f"{ONE}.md", {"lang": "en"}), (f"{ONE}.md", {"lang": "zh-Hans"}),
             (ONE, {"lang": "ar"}), (ONE, {"lang": "xx"})]  # fmt: skip
    answers = [client.get(f"{path}?{urlencode(query)}") for path, query in asked]

    assert [each.status_code for each in answers] == [200] * 5
    assert answers[0].data == answers[1].data
    assert {*rows()} == {("md", "en"), ("md", "zh-Hans"), ("html", "ar"), ("html", "en")}
    assert rows()["md", "en"] == answers[0].data
    assert rows()["html", "ar"] in answers[3].data
    assert 'dir="rtl"' in answers[3].text


def test_no_program_that_comes_later_changes_a_byte(app, client, ideas, key, monkeypatch):
    addresses = [*ADDRESSES, *(f"{address}?lang=fr" for address in ADDRESSES)]
    first = {address: client.get(address) for address in addresses}
    for form in FORMS:
        printing(monkeypatch, form, lambda *_given: b"printed by another program")

    with started_again(app) as browser:
        for address in addresses:
            again = browser.get(address)
            assert again.data == first[address].data, address
            assert again.headers["ETag"] == first[address].headers["ETag"], address
    files.make_files(key)
    assert b"printed by another program" not in rows().values()


def test_a_page_is_the_same_whether_its_paper_was_kept_or_is_made(client, ideas, key):
    files.make_files(key)
    kept_page = client.get(f"{ONE}?lang=fr").data
    operation(files.drop)([key])
    documents.shelf.clear()

    assert client.get(f"{ONE}?lang=fr").data == kept_page


# --- Taken back -------------------------------------------------------------------------------


def test_a_withdrawal_leaves_no_word_in_any_kept_file(ideas, key):
    operations.freeze(ideas[0].consultation)
    for each in kept.incomplete():
        files.make_files(each)
    everything = {(form, language) for form in FORMS for language in ("en", "fr")}
    assert holding(WORDS) == everything

    contributions.withdraw(ideas[0])

    assert rows() == {}
    assert len(kept.incomplete()) == 2
    for each in kept.incomplete():
        files.make_files(each)
    assert holding(WORDS) == set()
    assert holding("withdrawn") == everything


def test_who_is_erased_at_their_wish_is_in_no_kept_file(session, clock):
    who = make.participant(session, name="Quokka Canary", organisation="Canary Works")
    idea = make.idea(session, who=who, title="", text="Kept words.", guiding_question=1,
                     attribution="named")  # fmt: skip
    make.ready(session)
    contributions.answer(idea, Given("few", None, {}, True))
    operations.freeze(session.consultation)
    everything = {(form, language) for form in FORMS for language in ("en", "fr")}
    files.make_files(kept.incomplete()[0])
    # the page shows who said it only where a sentence cites it, as in every other form
    assert holding("Quokka Canary") >= {(form, "en") for form in ("json", "md", "docx", "pdf")}

    privacy.erase(who)
    assert rows() == {}
    files.make_files(kept.incomplete()[0])
    assert holding("Canary") == set()
    assert set(rows()) == everything


def test_what_is_taken_back_elsewhere_drops_nothing(ideas, key):
    files.make_files(key)
    before = rows()
    other = make.idea(ideas[0].session, text="Said after the edition.")
    contributions.withdraw(other)

    assert rows() == before


def test_words_withdrawn_while_a_file_is_made_are_not_in_it(app, ideas, key, monkeypatch):
    begun, gone, written = threading.Event(), threading.Event(), FORMS["md"].write
    idea, made = ideas[0].id, []

    def slowly(*given):
        begun.set()
        assert gone.wait(10)
        made.append(written(*given))
        return made[-1]

    def withdraw():
        assert begun.wait(10)
        status = contributions.withdraw(db.session.get(Contribution, idea)).status
        gone.set()
        return status

    printing(monkeypatch, "md", slowly)
    found = at_once(app, [lambda: files.give(key, "md").body, withdraw])

    assert "withdrawn" in found
    given = next(each for each in found if each != "withdrawn")
    assert [WORDS.encode() in each for each in made] == [True, False]
    assert given == rows()["md", "en"] == made[1]


def test_a_file_is_not_kept_beside_a_withdrawal_under_way(app, ideas, key, monkeypatch):
    dropped, read, drop = threading.Event(), threading.Event(), files.drop
    written, idea = FORMS["md"].write, ideas[0].id

    def drop_slowly(edition_ids):
        drop(edition_ids)
        dropped.set()
        threading.Event().wait(0.4)  # the transaction is still open

    def after_it(*given):
        read.set()
        assert dropped.wait(10)
        return written(*given)

    def withdraw():
        assert read.wait(10)
        return contributions.withdraw(db.session.get(Contribution, idea)).status

    monkeypatch.setattr(editions.files, "drop", drop_slowly)
    printing(monkeypatch, "md", after_it)
    found = at_once(app, [lambda: files.give(key, "md").body, withdraw])

    assert "withdrawn" in found
    assert WORDS.encode() not in rows()["md", "en"]
    assert rows()["md", "en"] in found


# --- Two at once, and faults ------------------------------------------------------------------


def test_of_two_processes_that_make_a_file_the_first_stays(app, key, monkeypatch):
    both, numbers = threading.Barrier(2), iter((b"one", b"two"))

    def write(*_given):
        both.wait(10)
        return next(numbers)

    printing(monkeypatch, "md", write)
    monkeypatch.setitem(files._presses, "md", Unlocked())
    found = at_once(app, [lambda: files.give(key, "md").body] * 2)

    assert found == [rows()["md", "en"]] * 2


class Unlocked:
    """No lock at all, as between two processes: each has its own."""

    def acquire(self, timeout=0):
        return True

    def release(self):
        return None


def test_a_process_makes_a_file_once_however_many_ask(app, key, monkeypatch):
    written, made = FORMS["md"].write, []

    def write(*given):
        made.append(given)
        threading.Event().wait(0.2)
        return written(*given)

    printing(monkeypatch, "md", write)
    found = at_once(app, [lambda: files.give(key, "md").body] * 6)

    assert found == [rows()["md", "en"]] * 6
    assert len(made) == 1


def test_who_would_wait_long_for_a_file_is_asked_to_come_again(client, ideas, monkeypatch):
    monkeypatch.setattr(files, "WAIT_SECONDS", 0.05)
    with files._presses["pdf"]:
        answer = client.get(f"{ONE}.pdf")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")
    assert "being made" in answer.text
    assert client.get(f"{ONE}.pdf").status_code == 200


def test_a_file_that_cannot_be_kept_is_given_all_the_same(client, ideas, monkeypatch, caplog):
    def full(*_given):
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(files, "keep", full)

    assert client.get(f"{ONE}.md").status_code == 200
    assert rows() == {}
    assert "could not be kept" in caplog.text


def test_nor_is_it_given_with_words_that_were_taken_back(ideas, key, monkeypatch):
    def busy(*_given):
        if not withdrawn:
            withdrawn.append(contributions.withdraw(ideas[0]))
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    withdrawn: list[Contribution] = []
    monkeypatch.setattr(files, "keep", busy)

    assert WORDS.encode() not in files.give(key, "md").body


def test_a_form_that_cannot_be_made_holds_up_no_other(key, monkeypatch, caplog):
    def broken(*_given):
        raise RuntimeError("no ink")

    printing(monkeypatch, "docx", broken)
    files.make_files(key)

    assert {form for form, _language in rows()} == set(FORMS) - {"docx"}
    assert kept.incomplete() == [key]
    assert "has no docx" in caplog.text


def test_an_edition_that_is_gone_lacks_nothing(app):
    files.make_files(99)

    assert rows() == {}
