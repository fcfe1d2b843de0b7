"""The shape of what staff type about contributions."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import ValidationError

from app.contributions.models import cap_of
from app.contributions.panels import KINDS
from app.core.attribution import LADDER, Attribution
from app.core.contributions import REASON, RULES, TEXT, TITLE, TOOLS, Kind, Source
from app.orm import words as words_of
from app.programme.models import Session
from app.web import choices, viewer
from app.web.person_forms import NAME_LIMIT, ORGANISATION_LIMIT
from app.web.staff_forms import Line, Lines, Ruled, StaffForm, choices_of, web_address

ENTERED = (Kind.IDEA, Kind.QUESTION, Kind.CARD, Kind.WRITTEN)
CAME = {
    Source.PAPER: _l("On paper"),
    Source.MAIL: _l("By mail"),
    Source.POST: _l("As a post on a social network"),
}
NAMED = {
    Attribution.NAMED: _l("By name and organisation"),
    Attribution.ORGANISATION: _l("By organisation only"),
    Attribution.GROUP_COUNTRY: _l("By stakeholder group and country only"),
    Attribution.ANONYMOUS: _l("Not at all"),
}


class DecisionForm(StaffForm):
    """A rule and a reason; which button was pressed is the decision."""

    rule = SelectField(_l("Rule"), default="", validate_choice=False)
    reason = Line(_l("Reason, sent to the author"), limit=REASON)

    def __init__(self, formdata=None, **kwargs):
        super().__init__(formdata, **kwargs)
        numbered = [(str(number), f"{number}. {_(text)}") for number, text in enumerate(RULES, 1)]
        self.rule.choices = choices_of([("", _("No rule")), *numbered])

    def number(self) -> int | None:
        """Return the rule's number, if one was chosen."""
        text = self.rule.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None


class EntryForm(StaffForm):
    """Something staff enter for somebody: what, from where, and whose."""

    kind = RadioField(_l("What"))
    source = RadioField(_l("Where it came from"))
    source_url = Ruled(
        _l("Link to the post"),
        web_address,
        description=_l("Shown only where its author is named: the link tells who it is"),
    )
    title = Line(_l("Title"), limit=TITLE)
    text = Lines(_l("Text"), limit=TEXT, required=_l("Enter the text"))
    guiding_question = SelectField(_l("Guiding question"), default="")
    language = SelectField(_l("Language of the text"))
    name = Line(_l("Full name"), limit=NAME_LIMIT)
    organisation = Line(_l("Organisation"), limit=ORGANISATION_LIMIT)
    stakeholder_group = SelectField(_l("Stakeholder group"), default="")
    country = SelectField(_l("Country"), default="")
    attribution = RadioField(
        _l("How its author may be named"),
        description=_l("Only as far as they agreed. Who said nothing about it is not named."),
    )

    def __init__(self, formdata=None, *, session: Session, **kwargs):
        super().__init__(formdata, **kwargs)
        kinds = [kind for kind in ENTERED if TOOLS.get(kind) in (None, *session.kind.tools)]
        self.kind.choices = choices_of((kind.value, str(KINDS[kind])) for kind in kinds)
        self.source.choices = choices_of((each.value, str(words)) for each, words in CAME.items())
        self.guiding_question.choices = choices_of(question_choices(session))
        self.language.choices = choices.spoken()
        self.stakeholder_group.choices = choices.groups()
        self.country.choices = choices.countries()
        allowed = LADDER[LADDER.index(Attribution(cap_of(session))) :]
        self.attribution.choices = choices_of((way.value, str(NAMED[way])) for way in allowed)
        if self.kind.data is None and len(kinds) == 1:
            self.kind.data = kinds[0].value

    def validate_source_url(self, field):
        """A post is named by its address."""
        if self.source.data == "post" and not field.data:
            raise ValidationError(_("Give the address of the post"))

    def author(self) -> dict[str, Any]:
        """Return what is known of whose it is."""
        names = ("name", "organisation", "stakeholder_group", "country")
        return {name: self[name].data or "" for name in names}


def question_choices(session: Session) -> list[tuple[str, str]]:
    """Return the guiding questions to choose from; the first is none of them."""
    consultation = session.consultation
    found = [
        (str(each.number), f"{each.number}. {consultation_words(each.text, consultation.language)}")
        for each in consultation.guiding_questions
    ]
    return [("", _("None of them")), *found]


def consultation_words(text: dict[str, str], first: str) -> str:
    """Return a text in the reader's language, else in the consultation's first."""
    return words_of(text, viewer.language(), first)
