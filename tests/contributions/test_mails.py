"""What authors are told, word for word: golden files of every kind in three languages.

``GOLDEN=write`` in the environment writes the files anew; then read the difference.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.board import operations as board
from app.contributions import operations
from app.contributions.models import Contribution
from app.contributions.operations import Sent
from app.core.contributions import Decision
from app.database import db
from app.mail import kinds
from app.mail.models import OutboxMail
from app.mail.operations import copy
from tests import make

GOLDEN = Path(__file__).parent / "golden"
TITLE = {"en": "Online round", "fr": "Tour en ligne", "ar": "جولة عبر الإنترنت"}
IDEA = {
    "en": "Publish who pays <always>", "fr": "Publier qui paie", "ar": "انشروا من يدفع",
}  # fmt: skip
PEOPLE = {"en": "Anna Lindqvist", "fr": "Fatou Diop", "ar": "علي حسن"}
ZONES = {"en": "America/New_York", "fr": "Africa/Dakar", "ar": "Asia/Riyadh"}


def person(language: str) -> dict:
    return {
        "name": PEOPLE[language], "email": "anna+talks@example.org", "language": language,
        "timezone": ZONES[language],
    }  # fmt: skip


def session(moderation: str = "before"):
    where = make.consultation(
        "open-talks", languages=["en", "fr", "ar"],
        title={"en": "Open Talks", "fr": "Open Talks", "ar": "حوارات مفتوحة"},
    )  # fmt: skip
    return make.online_round(inside=where, title=TITLE, settings={"moderation": moderation})


def sent(language: str, moderation: str = "before") -> Contribution:
    inside = session(moderation)
    who = make.participant(inside, **person(language))
    return make.idea(inside, who=who, title=IDEA[language], published=False)


def kept(language: str) -> None:
    words = Sent(text="Words", title=IDEA[language], attribution="named", language=language)
    board.keep(session(), details=person(language), sent=words)


def decided(decision: Decision, **why) -> Callable[[str], object]:
    return lambda language: operations.moderate(sent(language), decision, **why)


SCENES: dict[str, Callable[[str], object]] = {
    "idea_to_confirm": kept,
    "contribution_received-waits": sent,
    "contribution_received-published": lambda language: sent(language, "after"),
    "contribution_decided-published": decided(Decision.PUBLISH),
    "contribution_decided-held": decided(Decision.HOLD, reason="We ask somebody who knows more."),
    "contribution_decided-rejected": decided(
        Decision.REJECT, rule=3, reason="The second sentence names\na neighbour."
    ),
}


def words_after(scene: str, language: str) -> kinds.Words:
    """Return the mail as it leaves, with a name for each secret."""
    SCENES[scene](language)
    db.session.expire_all()
    mail = (
        db.session.query(OutboxMail)
        .filter(OutboxMail.kind == scene.partition("-")[0])
        .order_by(OutboxMail.id.desc())
        .first()
    )
    return kinds.fill(kinds.render(copy(mail)), copy(mail))


def without_secrets(text: str) -> str:
    return re.sub(r"/my/[\w-]{20,}/", "/my/SECRET/", text)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("scene", SCENES)
def test_every_mail_says_this_and_nothing_else(app, clock, scene, language):
    words = words_after(scene, language)
    text = f"{words.sender_name}\n{words.subject}\n\n{words.text}".replace("\r\n", "\n")
    text = without_secrets(text)
    file = GOLDEN / f"{scene}.{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")

    assert text == file.read_text("utf-8")
    assert len(words.subject) <= 60
    assert not words.calendar


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scene", SCENES)
def test_the_html_says_the_same_on_one_light_column(app, clock, scene, language):
    words = words_after(scene, language)

    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in words.html
    assert len(gzip.compress(words.html.encode(), 6, mtime=0)) <= 3000
    assert (
        re.search(r"<img|<script|http-equiv|\{\{|\{%|StrictUndefined|<always>", words.html) is None
    )
    assert links(words.html) <= links(words.text)


def links(text: str) -> set[str]:
    return set(re.findall(r"https://talks\.example\.org[^\s\"<)]*", text))
