"""The shape of what attendees send: one form a consultation, and the small ones beside it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.core.vocabulary import Mode
from app.programme.models import Session
from app.programme.panels import mode_words
from app.web.person_forms import AddressField, DetailsForm


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


class FindForm(Form):
    """Where to send somebody's link."""

    email = AddressField(_l("Email address"), description=_l("The one you registered with"))


class CorrectionForm(Form):
    """The address as it should have been typed."""

    email = AddressField(_l("Right email address"))
