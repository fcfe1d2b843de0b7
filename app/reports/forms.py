"""The shape of what rapporteurs type: sentences, marks, answers, words of the paper, outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from app.consultations.models import Consultation
from app.contributions.operations import Given
from app.contributions.panels import BECAME
from app.core.answers import TEXT as ANSWER
from app.core.answers import Disposition
from app.core.synthesis import excerpts
from app.core.synthesis.excerpts import Role, Stance
from app.reports.mails import WHAT
from app.web.staff_forms import Line, Lines, Ruled, StaffForm, calendar_day, choices_of
from app.web.staff_forms import with_languages as spoken

TEXT, TITLE = 2_000, 200
STANCES = {
    Stance.FOR: _l("for"),
    Stance.AGAINST: _l("against"),
    Stance.MIXED: _l("mixed"),
    Stance.QUESTION: _l("a question"),
    Stance.FACT: _l("a fact"),
}
SIDES = {
    "for": _l("Those for it; what is against stands beside it"),
    "against": _l("Those against it; what is for stands beside it"),
    "all": _l("Everybody it cites, whatever their view"),
}
OTHER_SIDE = {Role.SUPPORTS: Role.OPPOSES, Role.OPPOSES: Role.SUPPORTS}
LTR = {"dir": "ltr", "autocomplete": "off"}


def role_on(side: str, stance: str) -> Role:
    """Return what an excerpt does for a sentence that speaks for ``side``."""
    if side == "all":
        return Role.SUPPORTS
    role = excerpts.role(stance)
    return OTHER_SIDE.get(role, role) if side == "against" else role


def side_of(cited: Mapping[str, str] | list[tuple[str, str]]) -> str:
    """Return the side of which all of (stance, role) follow; ``kept`` where none explains them."""
    pairs = list(cited.items()) if isinstance(cited, Mapping) else cited
    for side in SIDES:
        if all(role_on(side, stance) == role for stance, role in pairs):
            return side
    return "kept"


class SentenceForm(StaffForm):
    """A sentence: its words in each language, whom it counts, and the revision it was made from."""

    paths = {"cites": "side"}
    revision = HiddenField()
    side = RadioField(_l("Whom the count counts"), default="for", validate_choice=False)

    def __init__(self, formdata=None, *, is_mixed: bool = False, **kwargs):
        super().__init__(formdata, **kwargs)
        found = [(key, str(words)) for key, words in SIDES.items()]
        if is_mixed:
            found.append(("kept", _("As each excerpt was cited so far")))
        self.side.choices = choices_of(found)

    def made_from(self) -> int | None:
        """Return the revision the form was filled from."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def sentence_form(consultation: Consultation) -> type[SentenceForm]:
    """Return the form of a sentence in the languages of a consultation."""
    words = (
        Lines,
        _l("The rest of the sentence"),
        {"limit": TEXT, "required": _l("Write the rest of the sentence")},
    )
    return spoken(SentenceForm, consultation.languages, text=words)


class ThemeForm(StaffForm):
    """A theme: its title in each language, and the guiding question it belongs to."""

    guiding_question = SelectField(_l("Guiding question"), default="", validate_choice=False)

    def __init__(self, formdata=None, *, consultation: Consultation, **kwargs):
        super().__init__(formdata, **kwargs)
        asked = [(str(each.number), str(each.number)) for each in consultation.guiding_questions]
        self.guiding_question.choices = choices_of(asked or [("", _("None"))])

    def question(self) -> int | None:
        """Return the question that was chosen."""
        text = self.guiding_question.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def theme_form(consultation: Consultation) -> type[ThemeForm]:
    """Return the form of a theme in the languages of a consultation."""
    title = (Line, _l("Theme"), {"limit": TITLE, "required": _l("Name the theme")})
    return spoken(ThemeForm, consultation.languages, title=title)


class MarkForm(StaffForm):
    """A mark: ticked sentences or exact words, a theme or a new one, a stance."""

    theme = SelectField(_l("Theme"), default="", validate_choice=False)
    new_theme = Line(_l("or a new theme"), limit=TITLE, render_kw={"dir": "auto"})
    stance = RadioField(_l("What it says about the theme"), default=Stance.FOR.value)
    words = Lines(
        _l("Exact words"),
        limit=ANSWER,
        description=_l("Copied from the text; they count instead of the ticked sentences"),
        render_kw={"dir": "auto", "rows": 2},
    )

    def __init__(self, formdata=None, *, themes: list[tuple[str, str]], **kwargs):
        super().__init__(formdata, **kwargs)
        self.theme.choices = choices_of([("", _("Choose")), *themes])
        self.stance.choices = choices_of((each.value, str(each_words(each))) for each in Stance)

    def validate_new_theme(self, field):
        """A mark has one theme."""
        if not field.data and not self.theme.data:
            raise ValidationError(_("Choose a theme, or name a new one"))


class CodingForm(StaffForm):
    """Another theme or stance for what is marked already, and what it had on the page sent."""

    theme = SelectField(_l("Theme"), validate_choice=False)
    stance = SelectField(_l("What it says about the theme"), validate_choice=False)
    was_theme = HiddenField()
    was_stance = HiddenField()

    def __init__(self, formdata=None, *, themes: list[tuple[str, str]], key: int, **kwargs):
        super().__init__(formdata, **kwargs)
        for each in self:
            each.id = f"e{key}-{each.id}"  # a page has one such form for each excerpt
        self.theme.choices = choices_of(themes)
        self.stance.choices = choices_of((each.value, each_words(each)) for each in Stance)

    def validate_stance(self, field):
        """A mark has one of the stances there are."""
        for each in (field, self.was_stance):
            if each.data not in list(Stance):
                raise ValidationError(_("Choose what it says about the theme"))


def each_words(stance: Stance | str) -> str:
    """Return a stance in words."""
    return str(STANCES[Stance(stance)])


class AnswerForm(StaffForm):
    """An answer: what became of it, where, why, and whether everybody may read that."""

    disposition = SelectField(_l("What became of it"), validate_choice=False)
    statement = SelectField(
        _l("Sentence"),
        default="",
        validate_choice=False,
        description=_l("Its author is told with the first edition that holds it"),
    )
    publish = BooleanField(_l("Publish it; its author is told once"), default=True)

    def __init__(self, formdata=None, *, numbers: list[tuple[str, str]], **kwargs):
        super().__init__(formdata, **kwargs)
        self.disposition.choices = choices_of(
            (each.value, str(BECAME[each])) for each in Disposition
        )
        self.statement.choices = choices_of([("", _("None")), *numbers])

    def given(self) -> Given:
        """Return the answer as it was typed."""
        return Given(
            self.disposition.data or "",
            self.statement.data or None,
            self.localized("text") or {},
            publish=bool(self.publish.data),
        )


def answer_form(consultation: Consultation) -> type[AnswerForm]:
    """Return the form of an answer in the languages of a consultation."""
    words = (
        Lines,
        _l("In words, to the author"),
        {"limit": ANSWER, "description": _l("Needed where it is not reflected: say why")},
    )
    return spoken(AnswerForm, consultation.languages, text=words)


AROUND = {
    "title": (Line, _l("Title"), 300),
    "meeting": (Line, _l("Meeting, under the receiving body"), 300),
    "source": (Line, _l("Line of origin above the title"), 300),
    "summary": (Lines, _l("Summary"), TEXT),
    "action_required": (Lines, _l("Action required"), TEXT),
    "caution": (Lines, _l("Words of caution before every number"), TEXT),
    "mandate": (Lines, _l("Mandate, questions and scope"), TEXT),
    "method": (Lines, _l("How the consultation was run"), TEXT),
    "proposals": (Lines, _l("What participants proposed as next steps"), TEXT),
    "next_steps": (Lines, _l("Next steps and right of correction"), TEXT),
}


class PaperForm(StaffForm):
    """What the document says around its sentences."""

    revision = HiddenField()
    document_number = Line(_l("Number given by the receiving body"), limit=100, render_kw=LTR)
    prepared_by = Line(_l("Prepared by"), limit=100, render_kw={"dir": "auto"})

    def content(self) -> dict[str, Any]:
        """Return every field as it was typed; empty ones empty what was there."""
        lines = {name: self[name].data or "" for name in ("document_number", "prepared_by")}
        return lines | {name: self.localized(name) or {} for name in AROUND}


def paper_form(consultation: Consultation) -> type[PaperForm]:
    """Return the form of the words around in the languages of a consultation."""
    fields: dict[str, Any] = {
        name: (kind, label, {"limit": limit}) for name, (kind, label, limit) in AROUND.items()
    }
    return spoken(PaperForm, consultation.languages, **fields)


class OutcomeForm(StaffForm):
    """What the receiving body did with an edition, and when."""

    paths = {"date": "on"}
    edition = SelectField(_l("Edition"), validate_choice=False)
    on = Ruled(_l("Date"), calendar_day, required=_l("Say when"), render_kw={"type": "date"})
    what = RadioField(_l("What it did"))

    def __init__(self, formdata=None, *, numbers: list[int], **kwargs):
        super().__init__(formdata, **kwargs)
        self.edition.choices = choices_of((str(each), str(each)) for each in numbers)
        self.what.choices = choices_of((key, str(words)) for key, words in WHAT.items())


def outcome_form(consultation: Consultation) -> type[OutcomeForm]:
    """Return the form of an outcome in the languages of a consultation."""
    return spoken(
        OutcomeForm,
        consultation.languages,
        body=(Line, _l("Body"), {"limit": 300, "required": _l("Name the body")}),
        text=(Lines, _l("In words"), {"limit": TEXT, "required": _l("Say what came of it")}),
    )
