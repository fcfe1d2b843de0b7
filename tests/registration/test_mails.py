"""What people are told, word for word: golden files of every kind in three languages.

``GOLDEN=write`` in the environment writes the files anew; then read the difference.
"""

from __future__ import annotations

import gzip
import itertools
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from app.core import links
from app.database import db
from app.mail import kinds, tasks
from app.mail.models import OutboxMail
from app.mail.operations import copy
from app.programme import operations as programme
from app.registration import mails, operations
from app.registration.models import Registration
from tests import make

GOLDEN = Path(__file__).parent / "golden"
TITLE = {"en": "World Café", "fr": "Le café du monde", "ar": "المقهى العالمي"}
ABOUT = {"en": "Come & talk <freely>.", "fr": "Venez parler.", "ar": "تعالوا نتحدث."}
PEOPLE = {"en": "Anna Lindqvist", "fr": "Fatou Diop", "ar": "علي حسن"}
ZONES = {"en": "America/New_York", "fr": "Africa/Dakar", "ar": "Asia/Riyadh"}


@pytest.fixture(autouse=True)
def counted_ids(monkeypatch):
    """UIDs and Message-IDs that are the same each time."""
    numbers = itertools.count(1)
    monkeypatch.setattr(links, "new_id", lambda: f"{next(numbers):020}")


def cafe(**fields):
    where = make.consultation(
        "open-talks", languages=["en", "fr", "ar"],
        title={"en": "Open Talks", "fr": "Open Talks", "ar": "حوارات مفتوحة"},
    )  # fmt: skip
    return make.session(
        "cafe", inside=where, title=TITLE, description=ABOUT, languages=["en", "fr"], **fields
    )


def person(language: str) -> dict:
    return {
        "name": PEOPLE[language],
        "email": "anna+talks@example.org",
        "language": language,
        "timezone": ZONES[language],
    }


def registered(language: str, mode: str = "on_site", **fields) -> Registration:
    return make.registration(cafe(**fields), mode=mode, **person(language))


def by_form(language: str, mode: str = "online", **fields) -> Registration:
    make.submission(cafe(**fields), mode=mode, **person(language))
    return db.session.query(Registration).one()


def waits(language: str) -> Registration:
    full = cafe(capacity={"on_site": 1, "online": None})
    for number in range(3):
        make.registration(full, name=f"Early {number}", email=f"early{number}@example.org")
    return make.registration(full, **person(language))


def waits_for_the_room(language: str) -> Registration:
    full = cafe(capacity={"on_site": 1, "online": None})
    make.registration(full, name="Early", email="early@example.org")
    return make.registration(full, mode="online", waits_for="on_site", **person(language))


def moved(language: str) -> None:
    session = registered(language).session
    programme.change(
        session,
        {"starts": datetime(2028, 10, 10, 23, 15), "ends": datetime(2028, 10, 11, 1, 15)},
    )


def called_off(language: str) -> None:
    session = registered(language).session
    programme.cancel(session, reason={"en": "A storm is coming.", "ar": "عاصفة قادمة."})


def restored(language: str) -> None:
    called_off(language)
    programme.restore(db.session.query(Registration).one().session)


def promoted(language: str) -> None:
    registration = waits(language)
    programme.change(registration.session, {"capacity": {"on_site": 9, "online": None}})


def corrected(language: str) -> None:
    receipt = make.submission(cafe(), mode="on_site", **person(language))
    operations.correct_address(receipt, "anna@example.net")


def known(language: str) -> None:
    session = registered(language).session
    other = make.session(
        "hall", format="town_hall", inside=session.consultation,
        title={"en": "Town Hall", "fr": "Assemblée", "ar": "اللقاء العام"},
        starts="2028-10-25T09:00", ends="2028-10-25T10:30", timezone="Asia/Makassar",
        venue={"name": "Centre", "city": "Bali", "country": "ID"},
    )  # fmt: skip
    make.submission(session, other, mode="on_site", **person(language))


def known_again(language: str) -> None:
    make.submission(registered(language).session, mode="on_site", **person(language))


def in_a_transaction(tell: Callable) -> Callable:
    from app.database import operation

    @operation
    def run(language: str) -> None:
        tell(language)

    return run


SCENES: dict[str, Callable[[str], object]] = {
    "registration_confirmed": registered,
    "registration_confirmed-by_form": by_form,
    "registration_confirmed-waits_for_the_room": waits_for_the_room,
    "registration_waiting": waits,
    "registration_promoted": promoted,
    "registration_changed-moved": moved,
    "registration_changed-mode": lambda lang: operations.change(registered(lang), mode="online"),
    "registration_changed-place": lambda lang: programme.change(
        registered(lang).session, {"venue": {"name": "CICG", "city": "Geneva", "country": "CH"}}
    ),
    "registration_changed-postponed": lambda lang: programme.change(
        registered(lang).session, {"status": "postponed"}
    ),
    "registration_cancelled-self": lambda lang: operations.cancel(registered(lang)),
    "registration_cancelled-staff": lambda lang: operations.cancel(registered(lang), by="staff"),
    "registration_cancelled-expired": lambda lang: operations.cancel(by_form(lang), by="expired"),
    "registration_cancelled-waiting": lambda lang: operations.cancel(waits(lang)),
    "session_cancelled": called_off,
    "session_restored": restored,
    "submission_received": known,
    "submission_received-already": known_again,
    "link_requested": lambda lang: operations.send_link(
        registered(lang).session.consultation, "anna+talks@example.org"
    ),
    "reminder_day": in_a_transaction(lambda lang: mails.remind(registered(lang), "day")),
    "reminder_hour": in_a_transaction(
        lambda lang: mails.remind(registered(lang, "online"), "hour")
    ),
    "reminder_to_open": in_a_transaction(
        lambda lang: mails.remind_to_open(by_form(lang, "on_site").participant)
    ),
    "address_corrected": corrected,
}


def last(kind: str) -> OutboxMail:
    """Return the newest mail of ``kind`` to the person of these tests."""
    db.session.expire_all()
    return (
        db.session.query(OutboxMail)
        .filter(OutboxMail.kind == kind, OutboxMail.to_address == "anna+talks@example.org")
        .order_by(OutboxMail.id.desc())
        .first()
    )


def words_after(scene: str, language: str) -> kinds.Words:
    SCENES[scene](language)
    return kinds.render(copy(last(scene.partition("-")[0])))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("scene", SCENES)
def test_every_mail_says_this_and_nothing_else(app, clock, scene, language):
    words = words_after(scene, language)
    calendar = f"\n{words.method}\n{words.calendar}" if words.calendar else ""
    text = f"{words.sender_name}\n{words.subject}\n\n{words.text}{calendar}".replace("\r\n", "\n")
    file = GOLDEN / f"{scene}.{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")

    assert text == file.read_text("utf-8")
    assert len(words.subject) <= 60


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scene", SCENES)
def test_the_html_says_the_same_on_one_light_column(app, clock, scene, language):
    words = words_after(scene, language)

    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in words.html
    assert len(gzip.compress(words.html.encode(), 6, mtime=0)) <= 3000
    assert "max-width: 600px" in words.html
    assert "prefers-color-scheme: dark" in words.html
    assert re.search(r"<img|<script|http-equiv|\{\{|\{%|StrictUndefined", words.html) is None
    assert marks(words.html) == marks(words.text)


def marks(text: str) -> set[str]:
    return set(re.findall(r"\[\[\w+\.\w+\]\]", text))


@pytest.mark.engines("sqlite")
def test_the_seven_letters_of_the_sender_are_the_consultation(app, clock):
    assert words_after("registration_confirmed", "ar").sender_name == "حوارات مفتوحة"


# --- What nobody may do with a name or a title ---------------------------------------------------


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{0.__class__}", "%s %(name)s", "[x](https://evil.example)", "<b>&amp;"]
)
def test_a_users_text_stays_text(app, clock, text):
    session = make.cafe(title={"en": text})
    make.registration(session, name=text, email="ana@example.org")
    words = kinds.render(copy(db.session.query(OutboxMail).one()))

    assert text in words.text
    assert text in words.subject
    assert f"SUMMARY:{text}" in words.calendar.replace("\\;", ";")
    assert "evil.example" not in " ".join(re.findall(r'href="([^"]*)"', words.html))


def test_a_name_that_looks_like_a_link_mark_gets_no_link(app, clock, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", f"file://{tmp_path}")
    registration = make.registration(make.cafe(), name="https://evil.example/?[[manage.x]]")
    tasks.send()
    mail = db.session.query(OutboxMail).one()

    stored = kinds.Words.read(mail.body)
    filled = kinds.fill(stored, copy(mail))
    assert "https://evil.example/?[[manage.x]]" in filled.text
    assert "[[manage." not in filled.text.replace("[[manage.x]]", "")
    assert registration.participant.name in filled.text


def test_what_is_stored_and_shown_to_staff_holds_no_personal_link(app, clock):
    make.registration(make.cafe(), mode="online", email="ana@example.org")
    mail = db.session.query(OutboxMail).one()
    claim = copy(mail)
    stored = kinds.render(claim).stored().decode()
    filled = kinds.fill(kinds.render(claim), claim)
    shown = kinds.for_staff(kinds.render(claim), claim)
    secrets = set(re.findall(r"/(?:my|join)/([\w-]{20,})", filled.text + filled.calendar))

    assert len(secrets) == 2
    assert all(secret not in stored + str(mail.facts) for secret in secrets)
    assert all(secret not in shown.text + shown.html + shown.calendar for secret in secrets)
    assert shown.text.count("[personal link]") == 3
    assert "meet.example.org" not in stored + filled.text + filled.html + filled.calendar


def test_a_link_is_never_sent_to_an_address_that_was_corrected(app, clock, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", f"file://{tmp_path}")
    receipt = make.submission(make.cafe(), email="wrong@example.org")
    operations.correct_address(receipt, "right@example.org")
    tasks.send()

    rows = [
        (mail.kind, mail.to_address, mail.status)
        for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)
    ]
    assert rows == [
        ("registration_confirmed", "wrong@example.org", "dropped"),
        ("address_corrected", "wrong@example.org", "sent"),
        ("registration_confirmed", "right@example.org", "sent"),
    ]


# --- The cases from the field --------------------------------------------------------------------


def test_c06_one_of_many_is_removed_and_hears_of_it(app, clock):
    session = make.cafe()
    ana = make.registration(session, name="Ana", email="ana@example.org")
    bo = make.registration(session, name="Bo", email="bo@example.org")
    first = {mail.to_address: mail.sequence for mail in db.session.query(OutboxMail)}

    operations.cancel(ana, by="staff")
    operations.register(session, participant=ana.participant, mode="on_site", source="staff")
    programme.change(
        session,
        {"starts": datetime(2028, 10, 10, 19, 15), "ends": datetime(2028, 10, 10, 21, 15)},
    )

    told = [
        (mail.to_address, kinds.render(copy(mail)).method, mail.sequence)
        for mail in db.session.query(OutboxMail).order_by(OutboxMail.id).offset(2)
    ]
    hers = [(method, number) for to, method, number in told if to == "ana@example.org"]
    his = [(method, number) for to, method, number in told if to == "bo@example.org"]
    assert [method for method, _ in hers] == ["CANCEL", "REQUEST", "REQUEST"]
    numbers = [first["ana@example.org"], *(number for _, number in hers)]
    assert numbers == sorted(set(numbers))
    assert [method for method, _ in his] == ["REQUEST"]
    assert his[0][1] > first["bo@example.org"]
    assert bo.sequence == his[0][1]


def test_c15_the_mail_speaks_the_persons_language_not_the_clickers(app, clock):
    session = make.cafe(title={"en": "Café", "fr": "Le café"})
    make.registration(session, name="Ali", email="ali@example.org", language="ar")
    make.registration(session, name="Fatou", email="fatou@example.org", language="fr")
    ali, fatou = (
        kinds.render(copy(mail)) for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)
    )

    assert "SUMMARY:Café\r\n" in ali.calendar
    assert 'dir="rtl"' in ali.html
    assert "أكتوبر" in ali.text
    assert "SUMMARY:Le café\r\n" in fatou.calendar
    assert "mar. 10 octobre 2028" in fatou.text


def test_c16_each_output_is_escaped_once(app, clock):
    title = 'Rights & Duties <online>: "Who pays?"'
    link = "See https://www.example.org/p?a=1&b=2 first."
    make.registration(
        make.cafe(title={"en": title}, description={"en": link}), name="Siobhán O'Neill"
    )
    words = kinds.render(copy(db.session.query(OutboxMail).one()))

    assert words.subject == f"Registered: {title}, 10 Oct"
    assert title in words.text
    assert link in words.text
    assert f"SUMMARY:{title}\r\n" in words.calendar
    assert "Siobhán O'Neill" in words.text
    assert "Rights &amp; Duties &lt;online&gt;" in words.html
    assert "&amp;amp;" not in words.html


@pytest.mark.parametrize("name", ["Suharto", "O", "Siobhán O’Neill-D'Arcy", "x" * 120])
def test_c12_names_and_addresses_are_right_as_typed(app, clock, name):
    make.registration(make.cafe(), name=name, email="ana+talks@example.org")
    mail = db.session.query(OutboxMail).one()
    words = kinds.render(copy(mail))

    assert f"You are registered, {name}." in words.text
    assert (mail.to_address, mail.to_name) == ("ana+talks@example.org", name)
    assert words.calendar.count("ATTENDEE") == 1
    assert f'CN="{name}":mailto:ana+talks@example.org\r\n' in words.calendar
