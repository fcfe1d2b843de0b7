"""The shape of what attendees send: one form a consultation, and the small ones of their page."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.core import texts, timing
from app.core.refusals import Invalid
from app.core.vocabulary import Mode
from app.programme.models import Session
from app.web import choices

NAME_LIMIT, ORGANISATION_LIMIT, ADDRESS_LIMIT = 120, 200, 254


class Line(StringField):
    """One line of text: cleaned, of limited length (looked at before anything is normalised)."""

    def __init__(self, label=None, validators=None, *, limit: int, clean=texts.clean, **kwargs):
        super().__init__(label, validators, **kwargs)
        self.limit = limit
        self.clean = clean

    def process_formdata(self, valuelist):
        """Keep what was typed as it was typed, unless it is clean and short."""
        self.data = valuelist[0] if valuelist else ""
        if len(self.data) <= self.limit * 2:
            self.data = self.clean(self.data)

    def pre_validate(self, form):
        """Refuse what is longer than the limit, counted in characters."""
        if len(self.data or "") > self.limit:
            raise ValidationError(
                _(
                    "%(label)s must be %(limit)s characters or fewer",
                    label=self.label.text,
                    limit=self.limit,
                )
            )


class AddressField(StringField):
    """An e-mail address, kept as typed; ``normalised`` is what is stored."""

    normalised: str = ""

    def pre_validate(self, form):
        """Say what is wrong with it."""
        try:
            self.normalised = texts.address(self.data or "")
        except Invalid as refusal:
            raise ValidationError(refusal.errors[0].text(_)) from refusal


class DetailsForm(Form):
    """Who a person is, and how we speak to them."""

    name = Line(
        _l("Full name"),
        limit=NAME_LIMIT,
        clean=texts.clean_name,
        description=_l("As you want to be called"),
    )
    organisation = Line(
        _l("Organisation"),
        limit=ORGANISATION_LIMIT,
        description=_l("Leave it empty if you take part in a personal capacity"),
    )
    stakeholder_group = SelectField(_l("Stakeholder group"), default="")
    country = SelectField(
        _l("Country"), default="", description=_l("Where you or your organisation is based")
    )
    language = SelectField(_l("Language of our messages"))
    timezone = SelectField(
        _l("Your time zone"),
        default="",
        description=_l("Our messages show the times of the place and yours"),
    )

    def __init__(self, formdata=None, *, at, **kwargs):
        super().__init__(formdata, **kwargs)
        self.stakeholder_group.choices = choices.groups()
        self.country.choices = choices.countries()
        self.language.choices = choices.spoken()
        none = SelectChoice("", _("Only the times of the place, and UTC"))
        self.timezone.choices = [none, *choices.zones(at)]

    def validate_name(self, field):
        """A person is called something."""
        if not field.data:
            raise ValidationError(_("Enter your full name"))

    def validate_timezone(self, field):
        """Keep a zone under its own name."""
        if field.data:
            try:
                field.data = timing.canonical_zone(field.data)
            except Invalid as refusal:
                raise ValidationError(refusal.errors[0].text(_)) from refusal

    def details(self) -> dict:
        """Return what was typed, ready for an operation."""
        return {
            "name": self.name.data,
            "organisation": self.organisation.data,
            "stakeholder_group": self.stakeholder_group.data or None,
            "country": self.country.data or None,
            "language": self.language.data,
            "timezone": self.timezone.data or None,
        }


class Part(RadioField):
    """How somebody takes part in one session; empty is "not this one"."""

    def pre_validate(self, form):
        """Refuse a mode the session does not have."""
        if self.data and self.data not in [choice.value for choice in self.choices]:
            raise ValidationError(_("Select how you will take part, or “Not this one”"))


@dataclass(frozen=True)
class Choice:
    """One session of the form with its two fields (``waits`` is None where it makes no sense)."""

    session: Session
    mode: Part
    waits: BooleanField | None


class ConsultationForm(DetailsForm):
    """The one form of a consultation. Made by `form_for`, which adds two fields a session."""

    email = AddressField(
        _l("Email address"), description=_l("We send your entry code and changes. Nothing else.")
    )
    consent = BooleanField(_l("I have read how my data is used"))
    sessions: tuple[Session, ...] = ()

    def validate_consent(self, field):
        """Nobody registers unread."""
        if not field.data:
            raise ValidationError(_("Confirm that you have read how your data is used"))

    def picks(self) -> list[Choice]:
        """Return the sessions with their fields, in the order of the programme."""
        return [
            Choice(
                session,
                self[f"mode-{session.slug}"],
                self._fields.get(f"waits-{session.slug}"),
            )
            for session in self.sessions
        ]

    def wishes(self) -> list[tuple[Session, Mode, Mode | None]]:
        """Return (session, mode, mode waited for) of every session chosen."""
        return [
            (
                pick.session,
                Mode(pick.mode.data),
                Mode.ON_SITE if pick.waits is not None and pick.waits.data else None,
            )
            for pick in self.picks()
            if pick.mode.data
        ]

    def validate(self, extra_validators=None):
        """Check every field, and that at least one session was chosen."""
        good = super().validate(extra_validators)
        if self.sessions and not any(pick.mode.data for pick in self.picks()):
            first = self.picks()[0].mode
            if not first.errors:
                first.errors = [_("Select at least one session")]
            return False
        for pick in self.picks():
            if pick.waits is not None and pick.waits.data and pick.mode.data != Mode.ONLINE:
                pick.waits.data = False  # somebody on site, or not there, waits for nothing more
        return good


def form_for(sessions, formdata=None, *, at, **defaults) -> ConsultationForm:
    """Return the form for ``sessions``: `ConsultationForm` with their fields."""
    fields: dict[str, object] = {"sessions": tuple(sessions)}
    for session in sessions:
        options = [SelectChoice(mode.value, mode_words(session, mode)) for mode in session.modes]
        fields[f"mode-{session.slug}"] = Part(
            session.slug, choices=[*options, SelectChoice("", _("Not this one"))], default=""
        )
        if set(session.modes) >= {Mode.ON_SITE, Mode.ONLINE} and session.waiting_list:
            fields[f"waits-{session.slug}"] = BooleanField(
                _("Online now, and on the waiting list for the room"),
                false_values=("", "false", "0"),
                render_kw={"value": Mode.ON_SITE.value},
            )
    made = type("ConsultationForm", (ConsultationForm,), fields)
    return made(formdata, at=at, data=defaults)


def mode_words(session: Session, mode: Mode) -> str:
    """Return how one takes part in ``session`` by ``mode``, in words."""
    if session.kind.written:
        return _("In writing")
    return _("On site") if mode is Mode.ON_SITE else _("Online")


class FindForm(Form):
    """Where to send somebody's link."""

    email = AddressField(_l("Email address"), description=_l("The one you registered with"))


class CorrectionForm(Form):
    """The address as it should have been typed."""

    email = AddressField(_l("Right email address"))
