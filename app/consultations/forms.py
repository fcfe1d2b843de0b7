"""What organisers type about a consultation."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from app import clock
from app.consultations.models import Consultation
from app.core import languages, slugs, texts
from app.web import choices
from app.web.staff_forms import (
    CheckedMany,
    Line,
    Lines,
    Ruled,
    StaffForm,
    ZoneField,
    calendar_day,
    choices_of,
    with_languages,
)

MOST_QUESTIONS = 20
SPARE_QUESTIONS = 2
LTR = {"dir": "ltr", "autocomplete": "off"}
TEXTS = ("title", "summary", "purpose", "receiving_body", "scope_note", "convenor")


class ConsultationForm(StaffForm):
    """Everything about a consultation; its texts come once for each of its languages."""

    paths = {"languages": "first_language"}
    revision = HiddenField()
    slug = Ruled(
        _l("Short name"),
        slugs.checked,
        required=_l("Enter a short name"),
        description=_l(
            "Part of every address: small letters, digits, hyphens. It freezes when published"
        ),
        render_kw=LTR,
    )
    prefix = Line(
        _l("Prefix of references"),
        limit=10,
        description=_l(
            "2 to 10 capital letters and digits, such as OT13; made from the short name if empty"
        ),
        render_kw=LTR,
    )
    timezone = ZoneField(_l("Home time zone"), zones=lambda: choices.zones(clock.now()))
    first_language = SelectField(_l("First language"))
    languages = CheckedMany(
        _l("Other languages"), description=_l("Each text below can then be written in each of them")
    )
    document_deadline = Ruled(_l("Document deadline"), calendar_day, render_kw={"type": "date"})
    contact_email = Ruled(
        _l("Contact address"), texts.address, render_kw={"type": "email", "dir": "ltr"}
    )
    hashtag = Ruled(
        _l("Hashtag"),
        texts.hashtag,
        description=_l("Under which people talk about it elsewhere, without the #"),
        render_kw=LTR,
    )
    controller = Line(
        _l("Controller"), description=_l("Who answers for people’s data, as in the privacy notice")
    )

    def __init__(self, *args, consultation: Consultation | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        known = [(each.code, each.name) for each in languages.ALL]
        stored = consultation.languages if consultation else []
        known += [(code, code) for code in stored if code not in languages.BY_CODE]
        self.first_language.choices = choices_of(known)
        self.languages.choices = choices_of(known)
        self.timezone.set_choices()

    def questions(self) -> list[list[Any]]:
        """Return the fields of the guiding questions: one list of languages a question."""
        rows: list[list[Any]] = []
        for number in range(1, MOST_QUESTIONS + 1):
            row = self.each(f"question{number}")
            if row:
                rows.append(row)
        return rows

    def content(self) -> dict[str, Any]:
        """Return what was typed, under the names of the columns."""
        found: dict[str, Any] = {
            "slug": self.slug.value,
            "timezone": self.timezone.data,
            "languages": self.chosen_languages(),
            "document_deadline": self.document_deadline.value,
            "contact_email": self.contact_email.value,
            "hashtag": self.hashtag.value,
            "controller": self.controller.data or None,
            "guiding_questions": self.typed_questions(),
        }
        if self.prefix.data:
            found["prefix"] = self.prefix.data
        for name in TEXTS:
            found[name] = self.kept(name) | (self.localized(name) or {}) or None
        return found

    def kept(self, name: str) -> dict[str, str]:
        """Return the stored text in languages this form does not show."""
        stored = getattr(self.consultation, name, None) or {}
        shown = {field.name.split("__")[1] for field in self.each(name)}
        return {code: text for code, text in stored.items() if code not in shown}

    def chosen_languages(self) -> list[str]:
        """Return the languages, the first one first."""
        first = self.first_language.data
        return [first, *(code for code in self.languages.data or [] if code != first)]

    def typed_questions(self) -> list[dict[str, str]]:
        """Return the guiding questions that have words, in order."""
        found = []
        for row in self.questions():
            words = {field.name.split("__")[1]: field.data for field in row if field.data}
            if words:
                found.append(words)
        return found


def form_for(consultation: Consultation | None, codes: list[str]) -> type[ConsultationForm]:
    """Return the form with one field a language for each text, and for a few more questions."""
    asked = len(consultation.guiding_questions) if consultation else 0
    number = min(asked + SPARE_QUESTIONS, MOST_QUESTIONS) if consultation else 3
    about = _l("Guiding question")
    questions = {
        f"question{each}": (Lines, f"{about} {each}", {"limit": 1000})
        for each in range(1, number + 1)
    }
    return with_languages(
        ConsultationForm,
        codes,
        title=(Line, _l("Title"), {"required": _l("Enter a title")}),
        summary=(
            Lines,
            _l("Summary"),
            {"description": _l("One or two sentences, on top of the programme")},
        ),
        purpose=(Lines, _l("Purpose of the data"), {"description": _l("For the privacy notice")}),
        receiving_body=(Line, _l("Receiving body"), {"description": _l("Who gets the result")}),
        scope_note=(Lines, _l("Scope"), {"description": _l("What the answers can be about")}),
        convenor=(Line, _l("Convenor"), {"description": _l("Who invites")}),
        **questions,
    )


def filled(consultation: Consultation) -> dict[str, Any]:
    """Return the stored consultation as the form's values."""
    values: dict[str, Any] = {
        "revision": str(consultation.revision),
        "slug": consultation.slug,
        "prefix": consultation.prefix,
        "timezone": consultation.timezone,
        "first_language": consultation.language,
        "languages": consultation.languages[1:],
        "document_deadline": str(consultation.document_deadline or ""),
        "contact_email": consultation.contact_email,
        "hashtag": consultation.hashtag,
        "controller": consultation.controller,
    }
    for name in TEXTS:
        for code, text in (getattr(consultation, name) or {}).items():
            values[f"{name}__{code}"] = text
    for question in consultation.guiding_questions:
        for code, text in question.text.items():
            values[f"question{question.number}__{code}"] = text
    return values


def missing(consultation: Consultation) -> list[str]:
    """Return what a consultation should have before it is published, in words."""
    wanted = {
        "guiding_questions": _("no guiding question"),
        "receiving_body": _("no receiving body"),
        "document_deadline": _("no document deadline"),
        "scope_note": _("no scope note"),
        "contact_email": _("no contact address"),
        "controller": _("no controller: the privacy notice names the service instead"),
        "purpose": _("no purpose for the privacy notice"),
    }
    return [words for name, words in wanted.items() if not getattr(consultation, name)]
