"""What a person tells of themself, as a form: name, address, organisation, language, zone."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.core import texts, timing
from app.core.refusals import Invalid
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
        _l("Country"),
        default="",
        description=_l("Where you or your organisation is based"),
        widget=choices.LongList(),
    )
    language = SelectField(_l("Language of our messages"))
    timezone = SelectField(
        _l("Your time zone"),
        default="",
        description=_l("Our messages show the times of the place and yours"),
        widget=choices.LongList(),
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
