"""The catalogues: whole, in step with the English, right in their plurals, used on every page."""

from __future__ import annotations

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from babel.support import Translations
from flask_babel import force_locale, ngettext

from app.core.links import Purpose
from app.registration import queries
from tests import make
from tests.web import pages

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = ("fr", "ar")
ALL = (*COMPLETE, "es", "ru", "zh_Hans_CN")
FORMS = {"fr": 2, "ar": 6, "es": 2, "ru": 3, "zh_Hans_CN": 1}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
TAG = re.compile(r"</?\w+[^>]*>")
ARABIC_LETTER = "[\u0621-\u064a]"


@pytest.fixture(scope="module", autouse=True)
def texts():
    """What `make translations` runs; the binary catalogues are as new as their sources."""
    spec = importlib.util.spec_from_file_location("texts", ROOT / ".make" / "texts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        module.compile_all()
        yield module


@cache
def catalog(language: str):
    source = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as file:
        return read_po(file, locale=language)


def texts_of(language: str):
    """Every text that is translated: (English forms, translated forms)."""
    for message in catalog(language):
        if message.id:
            english = (message.id,) if isinstance(message.id, str) else message.id
            found = message.string
            forms = (found,) if isinstance(found, str) else tuple(found)
            if any(forms):
                yield english, forms


def faults(language: str, is_wrong) -> list[tuple[str, str]]:
    """The forms that ``is_wrong(english, form)`` says are wrong, beside their English."""
    return [
        (english[-1], form)
        for english, forms in texts_of(language)
        for number, form in enumerate(forms)
        if is_wrong(english[min(number, len(english) - 1)], form)
    ]


# --- The files --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_language_has_every_form_of_every_text(language):
    lacking = [
        message.id
        for message in catalog(language)
        if message.id
        and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]

    assert len(list(texts_of(language))) > 1000
    assert lacking == []


@pytest.mark.parametrize("language", ALL)
def test_nothing_is_guessed(language):
    assert [message.id for message in catalog(language) if message.fuzzy and message.id] == []
    assert [message.id for message, _ in catalog(language).check()] == []


@pytest.mark.parametrize("language", ALL)
def test_every_plural_has_as_many_forms_as_its_header_says(language):
    counts = {len(forms) for english, forms in texts_of(language) if len(english) == 2}

    assert catalog(language).num_plurals == FORMS[language]
    assert counts <= {FORMS[language]}


@pytest.mark.parametrize("language", ALL)
def test_placeholders_are_those_of_the_english(language):
    for english, forms in texts_of(language):
        wanted = sorted(PLACEHOLDER.findall(english[-1]))
        for number, form in enumerate(forms):
            found = sorted(PLACEHOLDER.findall(form))
            # Arabic says none, one and two in words.
            in_words = language == "ar" and len(forms) == 6 and number < 3
            assert found == wanted or (in_words and sorted([*found, "%(num)s"]) == wanted), (
                english,
                form,
            )


@pytest.mark.parametrize("language", ALL)
def test_space_at_either_end_is_that_of_the_english(language):
    def ends(text):
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert faults(language, lambda english, form: ends(english) != ends(form)) == []


@pytest.mark.parametrize("language", ALL)
def test_markup_is_that_of_the_english(language):
    assert faults(language, lambda english, form: TAG.findall(english) != TAG.findall(form)) == []


def test_french_is_set_with_its_own_signs():
    wrong = re.compile(r"\w'\w|[^\u202f ]»|«[^\u202f]|[ \u00a0][:;?!»]|\w[;?!](?=\s|$)|[“”\"]")

    assert faults("fr", lambda _, form: wrong.search(form)) == []


def test_arabic_is_set_with_its_own_signs_and_latin_digits():
    wrong = re.compile(rf"{ARABIC_LETTER}\s*[,;?]|[\u0660-\u0669]|[“”\"]")

    assert faults("ar", lambda _, form: wrong.search(form)) == []


TEXT_OF_CALL = {"_": 0, "_l": 0, "N_": 0, "gettext": 0, "field": 2, "FieldError": 2, "refuse": 1}


def words_in_code():
    """Every text that the code marks, or says of a field, as (file, text)."""
    for file in sorted((ROOT / "app").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call):
                name = getattr(call.func, "id", getattr(call.func, "attr", ""))
                for word in call.args[TEXT_OF_CALL.get(name, 99) :][:1]:
                    if isinstance(word, ast.Constant) and isinstance(word.value, str):
                        yield file.name, word.value


def test_every_text_in_the_code_is_collected(texts, tmp_path):
    texts.collect(tmp_path / "messages.pot")
    with (tmp_path / "messages.pot").open("rb") as file:
        collected = {message.id for message in read_po(file)}

    known = collected | {form for text in collected if isinstance(text, tuple) for form in text}
    assert [found for found in words_in_code() if found[1] not in known] == []


# --- Plurals ----------------------------------------------------------------------------------

COUNTED = {
    0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other",
    102: "other", 103: "few", 110: "few", 111: "many", 1000: "other",
}  # fmt: skip
WORDS = {
    "zero": "لا أحد قبلكم.", "one": "قبلكم شخص واحد.", "two": "قبلكم شخصان.",
    "few": "قبلكم {} أشخاص.", "many": "قبلكم {} شخصاً.", "other": "قبلكم {} شخص.",
}  # fmt: skip


def before_you(number: int) -> str:
    return ngettext("%(num)s person is before you.", "%(num)s people are before you.", number)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("number", "form"), COUNTED.items())
def test_people_before_you_are_counted_in_the_form_of_the_language(app, number, form):
    with app.test_request_context():
        with force_locale("en"):
            english = before_you(number)
        with force_locale("fr"):
            french = before_you(number)
        with force_locale("ar"):
            arabic = before_you(number)

    assert english == f"{number} {'person is' if number == 1 else 'people are'} before you."
    assert french.startswith(f"{number} personne{'' if number < 2 else 's'} ")
    assert arabic == WORDS[form].format(number)


@pytest.mark.parametrize("language", ALL)
def test_the_header_and_the_runtime_choose_the_same_form(language):
    said = catalog(language).plural_expr.replace(" ", "")
    loaded = Translations.load(ROOT / "translations", [language])

    assert f"plural={said}" in loaded.info()["plural-forms"].replace(" ", "").rstrip(";")
    if language == "ar":
        assert [loaded.plural(number) for number in (11, 99, 100, 102)] == [4, 4, 5, 5]


# --- The pages --------------------------------------------------------------------------------


def talks():
    """A session of every format; all content is in French and Arabic."""
    where = make.consultation(
        languages=["fr", "ar"], title={"fr": "Essai", "ar": "تجربة"},
        summary={"fr": "Venez parler.", "ar": "تعالوا نتحدث."}, contact_email="a@example.org",
        purpose={"fr": "Écouter.", "ar": "الاستماع."}, controller="—",
        guiding_questions=[{"fr": "Pourquoi ?", "ar": "لماذا؟"}],
    )  # fmt: skip
    both = {"on_site": 50, "online": None}
    formats = {"world_cafe": both, "town_hall": both, "online_round": {"online": None}}
    return [
        make.session(
            format.replace("_", "-"), format=format, inside=where, capacity=capacity,
            languages=["fr", "ar"], title={"fr": "Séance", "ar": "جلسة"},
            description={"fr": "Parler.", "ar": "نتحدث."},
        )
        for format, capacity in formats.items()
    ]  # fmt: skip


PAGES = {
    "home": "/", "programme": "/probe/", "both clocks": "/probe/?tz=Asia/Tokyo",
    "no such zone": "/probe/?tz=Mars/Base", "filtered": "/probe/?format=town_hall&mode=online",
    "cafe": "/probe/world-cafe/?tz=America/New_York", "hall": "/probe/town-hall/",
    "round": "/probe/online-round/", "register": "/probe/register", "find": "/probe/find",
    "help": "/probe/help", "privacy": "/probe/privacy", "changes": "/probe/changes",
    "not found": "/probe/nothing/",
}  # fmt: skip


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("language", COMPLETE)
@pytest.mark.parametrize("name", PAGES)
def test_no_english_word_is_left_on_a_public_page(app, client, clock, language, name):
    talks()
    address = PAGES[name]

    page = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}").text

    assert f'<html lang="{language}"' in page
    assert pages.english_left(page, language, catalog(language)) == []


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("language", COMPLETE)
def test_no_english_word_is_left_on_the_form_sent_empty(app, client, clock, language):
    talks()

    page = client.post(f"/probe/register?lang={language}", data={"name": "", "email": "x"}).text

    assert pages.english_left(page, language, catalog(language)) == []


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("language", COMPLETE)
def test_no_english_word_is_left_on_a_persons_own_pages(app, client, clock, language):
    sessions = talks()
    spoken = {
        "name": "علي",
        "email": "a@example.org",
        "language": language,
        "timezone": "Asia/Tokyo",
    }
    registrations = [make.registration(each, mode="online", **spoken) for each in sessions]
    one = registrations[0]
    here = "https://talks.example.org"
    mine = queries.link(one.participant, Purpose.MANAGE).removeprefix(here)
    paths = [
        mine, f"{mine}change/{one.public_id}", f"{mine}cancel/{one.public_id}",
        f"{mine}details", f"{mine}erase", queries.join_link(one).removeprefix(here),
        queries.link(one.participant, Purpose.UNSUBSCRIBE).removeprefix(here),
        f"/t/{one.participant.ticket_secret}?lang={language}", f"/my/nobody?lang={language}",
    ]  # fmt: skip

    left = {
        path: found
        for path in paths
        if (found := pages.english_left(client.get(path).text, language, catalog(language)))
    }

    assert left == {}
