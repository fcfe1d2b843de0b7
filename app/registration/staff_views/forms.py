"""What staff type about registrations: filters, somebody to add, another mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from app.consultations.models import Consultation
from app.core import people, texts
from app.core.vocabulary import Mode, RegistrationStatus
from app.programme.models import Session
from app.registration.models import Registration
from app.registration.search import Filters
from app.web import choices, viewer
from app.web.staff_forms import Line, Ruled, StaffForm

MODES = {Mode.ON_SITE: _l("On site"), Mode.ONLINE: _l("Online")}
STATES = {
    RegistrationStatus.CONFIRMED: _l("Confirmed"),
    RegistrationStatus.WAITING: _l("Waiting"),
    RegistrationStatus.OFFERED: _l("Place offered"),
    RegistrationStatus.PENDING: _l("To approve"),
    RegistrationStatus.CANCELLED: _l("Cancelled"),
    RegistrationStatus.DECLINED: _l("Declined"),
}


def session_choices(sessions: Sequence[Session]) -> list[SelectChoice]:
    """Return sessions by their short names, in the reader's language."""
    language = viewer.language()
    return [SelectChoice(each.slug, each.words("title", language)) for each in sessions]


class FiltersForm(Form):
    """What the list shows; it travels in the address."""

    q = StringField(_l("Search name, organisation or code"))
    session = SelectField(_l("Session"), validate_choice=False)
    mode = SelectField(_l("Takes part"), validate_choice=False)
    state = SelectField(_l("State"), validate_choice=False)
    group = SelectField(_l("Group"), validate_choice=False)

    def __init__(self, formdata, *, sessions: Sequence[Session]) -> None:
        super().__init__(formdata)
        self.sessions = {each.slug: each for each in sessions}
        everything = SelectChoice("", _("All"))
        self.session.choices = [everything, *session_choices(sessions)]
        self.mode.choices = [everything, *(SelectChoice(k.value, str(v)) for k, v in MODES.items())]
        self.state.choices = [
            SelectChoice("", _("All but cancelled")),
            *(SelectChoice(key.value, str(words)) for key, words in STATES.items()),
            SelectChoice("all", _("All")),
        ]
        self.group.choices = [everything, *choices.groups()[1:]]

    def filters(self, *, addresses: bool) -> Filters:
        """Return what is looked for; what is no choice is not filtered by."""
        return Filters(
            text=self.q.data or "",
            session=self.sessions.get(self.session.data or ""),
            mode=chosen(self.mode),
            state=chosen(self.state),
            group=chosen(self.group),
            addresses=addresses,
        )

    def query(self) -> dict[str, Any]:
        """Return what is set, for the addresses of other pages of the list."""
        return {field.name: field.data for field in self if field.data}


def chosen(field: SelectField) -> str:
    """Return a field's value if it is one of its choices."""
    return field.data if field.data in [each.value for each in field.choices] else ""


class AddForm(StaffForm):
    """Somebody to be registered by staff, opened from the start."""

    session = SelectField(_l("Session"))
    mode = SelectField(_l("Takes part"))
    waits = BooleanField(_l("Online now, and on the waiting list for the room"))
    name = Line(_l("Full name"), limit=people.LONGEST["name"], required=_l("Enter the full name"))
    email = Ruled(
        _l("Email address"),
        texts.address,
        required=_l("Enter the email address"),
        description=_l("We send the confirmation there"),
    )
    organisation = Line(
        _l("Organisation"),
        limit=people.LONGEST["organisation"],
        description=_l("Empty: in a personal capacity"),
    )
    stakeholder_group = SelectField(_l("Stakeholder group"))
    country = SelectField(_l("Country"), widget=choices.LongList())
    language = SelectField(_l("Language of our messages"))

    paths = {"waits_for": "waits"}

    def __init__(
        self, formdata, *, consultation: Consultation, sessions: Sequence[Session], **kwargs: Any
    ) -> None:
        super().__init__(formdata, data={"language": consultation.language}, **kwargs)
        self.sessions = {each.slug: each for each in sessions}
        self.session.choices = session_choices(sessions)
        self.mode.choices = [SelectChoice(key.value, str(words)) for key, words in MODES.items()]
        self.stakeholder_group.choices = choices.groups()
        self.country.choices = choices.countries()
        self.language.choices = choices.spoken()

    @property
    def wanted(self) -> Session:
        """The session chosen."""
        return self.sessions[self.session.data]

    def waits_for(self) -> str | None:
        """Return the mode waited for."""
        online = self.mode.data == Mode.ONLINE
        return Mode.ON_SITE.value if self.waits.data and online else None

    def details(self) -> dict[str, Any]:
        """Return who it is, for the operation."""
        return {
            "name": self.name.data,
            "email": self.email.value,
            "organisation": self.organisation.data,
            "stakeholder_group": self.stakeholder_group.data or None,
            "country": self.country.data or None,
            "language": self.language.data,
        }


class PlaceForm(StaffForm):
    """Another mode for somebody, or another line to stand in."""

    mode = SelectField(_l("Takes part"))
    waits = BooleanField(_l("Online now, and on the waiting list for the room"))
    paths = {"waits_for": "waits"}

    def __init__(self, formdata, *, registration: Registration) -> None:
        present = {"mode": registration.mode, "waits": bool(registration.waits_for)}
        super().__init__(formdata, data=present)
        self.mode.choices = [
            SelectChoice(mode.value, str(MODES[mode])) for mode in registration.session.modes
        ]

    def waits_for(self) -> str | None:
        """Return the mode waited for."""
        online = self.mode.data == Mode.ONLINE
        return Mode.ON_SITE.value if self.waits.data and online else None


class PersonForm(StaffForm):
    """How somebody is called and for whom they speak."""

    name = Line(_l("Full name"), limit=people.LONGEST["name"], required=_l("Enter the full name"))
    organisation = Line(
        _l("Organisation"),
        limit=people.LONGEST["organisation"],
        description=_l("Empty: in a personal capacity"),
    )
    stakeholder_group = SelectField(_l("Stakeholder group"))
    country = SelectField(_l("Country"), widget=choices.LongList())

    def __init__(self, formdata, *, registration: Registration) -> None:
        super().__init__(formdata, obj=registration.participant)
        self.stakeholder_group.choices = choices.groups()
        self.country.choices = choices.countries()

    def fields(self) -> dict[str, Any]:
        """Return what was typed, for the operation."""
        return {
            "name": self.name.data,
            "organisation": self.organisation.data,
            "stakeholder_group": self.stakeholder_group.data or None,
            "country": self.country.data or None,
        }
