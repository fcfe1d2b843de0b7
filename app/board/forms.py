"""The shape of what people send to the board."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.contributions.models import Contribution, cap_of
from app.contributions.operations import Sent
from app.contributions.panels import STANCES, WAYS
from app.core import attribution, texts
from app.core.contributions import REASON, RULES, TEXT, TITLE
from app.core.refusals import Refusal
from app.orm import words
from app.programme.models import Session
from app.web import choices, viewer
from app.web.person_forms import NAME_LIMIT, ORGANISATION_LIMIT, AddressField
from app.web.person_forms import Line as NameLine
from app.web.staff_forms import Line, Lines, Ruled, StaffForm, wall_clock

WORDS = ("title", "text", "guiding_question", "language", "attribution")


class BoardForm(Form):
    """A form that comes back with everything typed; ``session`` says what may be chosen."""

    def __init__(self, formdata=None, *, session: Session, **kwargs):
        super().__init__(formdata, **kwargs)
        self.session = session
        if "attribution" in self:
            self.attribution.choices = ways(session)
        if "language" in self:
            self.language.choices = spoken(self.language.data)

    def done(self, call: Callable[[], Any]) -> Any:
        """Check the form, then return what ``call`` does; ``None`` where the form comes back.

        What is refused of a field stands at the field; any other refusal goes on.
        """
        if not self.validate():
            return None
        try:
            return call()
        except Refusal as refusal:
            if not refusal.errors:
                raise
            self.note(refusal)
            return None

    def note(self, refusal: Refusal) -> None:
        """Put a refusal's errors at their fields."""
        for error in refusal.errors:
            self[error.field].errors = [error.text(_)]


class IdeaForm(BoardForm):
    """An idea: title, text, which question, which language, how its author is named."""

    title = Line(
        _l("Title"), limit=TITLE, required=_l("Enter a title"),
        description=_l("Your idea in one line, 90 characters at most"),
    )  # fmt: skip
    text = Lines(
        _l("Your idea"), limit=TEXT, required=_l("Enter your idea"),
        description=_l("4,000 characters at most"),
    )  # fmt: skip
    guiding_question = SelectField(_l("Which question does it answer?"), default="")
    language = SelectField(_l("Language of your text"))
    attribution = RadioField(
        _l("How may we name you?"),
        description=_l(
            "What is published stays under the name you choose here, also after your own data is "
            "deleted. You can withdraw it at any time."
        ),
    )

    def __init__(self, formdata=None, *, session: Session, **kwargs):
        super().__init__(formdata, session=session, **kwargs)
        first = session.consultation.language
        questions = session.consultation.guiding_questions
        numbered = [
            SelectChoice(str(q.number), f"{q.number}. {words(q.text, viewer.language(), first)}")
            for q in questions
        ]
        self.guiding_question.choices = [SelectChoice("", _("None of them")), *numbered]

    def sent(self) -> Sent:
        """Return what was written."""
        number = self.guiding_question.data
        return Sent(
            text=self.text.data,
            title=self.title.data,
            guiding_question=int(number) if number else None,
            attribution=self.attribution.data,
            language=self.language.data,
        )

    @classmethod
    def of(cls, contribution: Contribution, formdata: Any = None) -> IdeaForm:
        """Return the form in which an author changes what they sent."""
        stored = {name: getattr(contribution, name) for name in WORDS}
        return cls(formdata, session=contribution.session, data=as_typed(stored), prefix="change")


class DraftForm(IdeaForm):
    """An idea that is not sent yet: nothing in it is required."""

    title = Line(_l("Title"), limit=TITLE)
    text = Lines(_l("Your idea"), limit=TEXT)
    attribution = RadioField(_l("How may we name you?"), validate_choice=False)

    def sent(self) -> Sent:
        """Return what was written; who made no choice of a name has made none yet."""
        sent = super().sent()
        chosen = sent.attribution in [choice.value for choice in ways(self.session)]
        return sent if chosen else replace(sent, attribution="")


class AddressedForm(IdeaForm):
    """An idea and whose it is: kept until the owner of the address says yes."""

    name = NameLine(
        _l("Full name"), limit=NAME_LIMIT, clean=texts.clean_name,
        description=_l("Shown only if you choose so"),
    )  # fmt: skip
    email = AddressField(
        _l("Email address"),
        description=_l("We send a button to press. Until then nobody sees your idea."),
    )
    organisation = NameLine(
        _l("Organisation"), limit=ORGANISATION_LIMIT, clean=texts.clean_name,
        description=_l("Leave it empty if you take part in a personal capacity"),
    )  # fmt: skip
    stakeholder_group = SelectField(_l("Stakeholder group"), default="")
    country = SelectField(_l("Country"), default="", widget=choices.LongList())
    consent = BooleanField(_l("I have read how my data is used"))

    def __init__(self, formdata=None, **kwargs):
        super().__init__(formdata, **kwargs)
        self.stakeholder_group.choices = choices.groups()
        self.country.choices = choices.countries()

    def validate_name(self, field):
        """A person is called something."""
        if not field.data:
            raise ValidationError(_("Enter your full name"))

    def validate_consent(self, field):
        """Nobody sends unread."""
        if not field.data:
            raise ValidationError(_("Confirm that you have read how your data is used"))

    def details(self) -> dict[str, Any]:
        """Return who sent it."""
        return {
            "name": self.name.data,
            "email": self.email.normalised,
            "organisation": self.organisation.data,
            "stakeholder_group": self.stakeholder_group.data or None,
            "country": self.country.data or None,
            "language": viewer.language(),
        }


class CommentForm(BoardForm):
    """A comment for, against, or neither."""

    stance = RadioField(
        _l("How do you see it?"),
        choices=[SelectChoice(each.value, words) for each, words in STANCES.items()],
        default="neutral",
    )
    text = Lines(_l("Your comment"), limit=TEXT, required=_l("Enter your comment"))
    language = SelectField(_l("Language of your text"))
    attribution = RadioField(_l("How may we name you?"))

    def sent(self) -> Sent:
        """Return what was written."""
        return Sent(
            text=self.text.data, attribution=self.attribution.data, language=self.language.data
        )


class ReportForm(Form):
    """What a reader finds wrong: a rule, and words."""

    rule = SelectField(_l("Which rule does it break?"), default="")
    reason = Lines(_l("What is wrong?"), limit=REASON - 100, required=_l("Say what is wrong"))

    def __init__(self, formdata=None, **kwargs):
        super().__init__(formdata, **kwargs)
        numbered = [SelectChoice(str(n), f"{n}. {_(rule)}") for n, rule in enumerate(RULES, 1)]
        self.rule.choices = [SelectChoice("", _("None of them")), *numbered]

    def said(self) -> str:
        """Return it as moderators read it: the rule's number, then the words."""
        return f"{self.rule.data}: {self.reason.data}" if self.rule.data else self.reason.data


class ExtensionForm(StaffForm):
    """Until when the round stays open."""

    ends = Ruled(
        _l("New end"), wall_clock, required=_l("Enter the new end"),
        render_kw={"type": "datetime-local", "dir": "ltr"},
    )  # fmt: skip


def as_typed(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return an idea's stored words as the form has them."""
    return {**words, "guiding_question": str(words["guiding_question"] or "")}


def ways(session: Session) -> list[SelectChoice]:
    """Return how one can be named in a session, from the most that it allows to nothing."""
    allowed = attribution.LADDER[attribution.LADDER.index(cap_of(session)) :]
    return [SelectChoice(way.value, str(WAYS[way])) for way in allowed]


def spoken(present: str | None) -> list[SelectChoice]:
    """Return the languages of texts, each in its own; one that is stored stays choosable."""
    found = choices.spoken()
    if present and present not in [choice.value for choice in found]:
        found.append(SelectChoice(present, present))
    return found
