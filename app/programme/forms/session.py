"""What organisers type about a session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from app import clock, formats
from app.consultations.models import Consultation
from app.core import languages, slugs, timing
from app.core.refusals import FieldError, Invalid
from app.core.vocabulary import Mode
from app.programme.models import Session
from app.web import choices
from app.web.staff_forms import (
    CheckedMany,
    Line,
    Lines,
    Ruled,
    StaffForm,
    ZoneField,
    choices_of,
    decimal_number,
    wall_clock,
    web_address,
    whole_number,
    with_languages,
)

LTR = {"dir": "ltr", "autocomplete": "off"}
CLOCK = {"type": "datetime-local", "dir": "ltr"}
VENUE_TEXTS = ("name", "address", "city")
MODES = {Mode.ON_SITE: _l("On site"), Mode.ONLINE: _l("Online")}
FOLDS = choices_of(
    [("0", _l("the first time, before the clocks go back")), ("1", _l("the second time"))]
)


class WhenForm(StaffForm):
    """When a session is: wall clocks and their zone, and which of two where one comes twice."""

    starts = Ruled(
        _l("Starts"),
        wall_clock,
        required=_l("Enter date and time of the start"),
        description=_l("As the clocks at the place show it"),
        render_kw=CLOCK,
    )
    fold = RadioField(_l("This start comes twice that night"), choices=FOLDS, validate_choice=False)
    ends = Ruled(
        _l("Ends"), wall_clock, required=_l("Enter date and time of the end"), render_kw=CLOCK
    )
    ends_fold = RadioField(
        _l("This end comes twice that night"), choices=FOLDS, validate_choice=False
    )
    timezone = ZoneField(_l("Time zone"), zones=lambda: choices.zones(clock.now()))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.timezone.set_choices()

    def comes_twice(self, name: str) -> bool:
        """Say whether the clocks show what was typed into ``name`` twice."""
        try:
            zone = timing.canonical_zone(self.timezone.data or "")
            return len(timing.instants(wall_clock(self[name].data or ""), zone)) == 2
        except Invalid:
            return False

    def chosen_fold(self, name: str, radio: str) -> int | None:
        """Return which of the two was chosen, where there are two."""
        chosen = self[radio].data
        return int(chosen) if chosen in ("0", "1") and self.comes_twice(name) else None

    def times(self) -> dict[str, Any]:
        """Return wall clocks, zone and folds."""
        return {
            "starts": self.starts.value,
            "ends": self.ends.value,
            "timezone": self.timezone.data,
            "fold": self.chosen_fold("starts", "fold"),
            "ends_fold": self.chosen_fold("ends", "ends_fold"),
        }


class NewSessionForm(WhenForm):
    """The least a session needs; the format fills in the rest."""

    format = RadioField(_l("Format"))
    slug = Ruled(
        _l("Short name"),
        slugs.checked,
        required=_l("Enter a short name"),
        description=_l("Part of its address: small letters, digits, hyphens"),
        render_kw=LTR,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.format.choices = choices_of(
            (key, _(kind.name)) for key, kind in formats.every().items()
        )


class SessionForm(WhenForm):
    """Everything about a session but its running order."""

    revision = HiddenField()
    slug = Ruled(_l("Short name"), slugs.checked, required=_l("Enter a short name"), render_kw=LTR)
    keep = RadioField(
        _l("With the other time zone, keep"),
        choices=choices_of(
            [
                ("wall_clock", _l("the time on the clock, at the new place")),
                ("instant", _l("the moment, shown by the clocks of the new place")),
            ]
        ),
        validate_choice=False,
    )
    to_be_announced = CheckedMany(
        _l("Still to be announced"),
        choices=choices_of([("date", _l("Date")), ("place", _l("Place"))]),
    )
    venue_name = Line(_l("Venue"))
    venue_address = Lines(_l("Address"), limit=1000)
    venue_city = Line(_l("City"))
    venue_country = SelectField(_l("Country"))
    venue_latitude = Ruled(_l("Latitude"), decimal_number(-90, 90), render_kw=LTR)
    venue_longitude = Ruled(_l("Longitude"), decimal_number(-180, 180), render_kw=LTR)
    join_url = Ruled(
        _l("Address of the online room"),
        web_address,
        description=_l("Never shown: people reach it through their own link, when it is time"),
        render_kw={"type": "url", "dir": "ltr"},
    )
    stream_url = Ruled(
        _l("Address of the public stream"),
        web_address,
        description=_l("Shown to everybody: whoever watches there takes no place"),
        render_kw={"type": "url", "dir": "ltr"},
    )
    recording_url = Ruled(
        _l("Address of the recording"), web_address, render_kw={"type": "url", "dir": "ltr"}
    )
    waiting_list = BooleanField(_l("Whoever comes too late can wait in line"))
    languages = CheckedMany(_l("Languages spoken"))
    registration_opens = Ruled(
        _l("Registration opens"),
        wall_clock,
        description=_l("Empty: with the publication"),
        render_kw=CLOCK,
    )
    registration_closes = Ruled(
        _l("Registration closes"),
        wall_clock,
        description=_l("Empty: on site at the start, online at the end"),
        render_kw=CLOCK,
    )

    def __init__(self, *args, session: Session, settings: Form, **kwargs):
        super().__init__(*args, **kwargs)
        self.session = session
        self.settings = settings
        self.venue_country.choices = choices.countries()
        known = [(each.code, each.name) for each in languages.ALL]
        known += [(code, code) for code in session.languages if code not in languages.BY_CODE]
        self.languages.choices = choices_of(known)

    def validate(self, extra_validators=None) -> bool:
        """Check the shape, the format's own settings too."""
        good = super().validate(extra_validators)
        if not self.settings.validate():
            for name, messages in self.settings.errors.items():
                self.note_setting(name, str(messages[0]))
            good = False
        self.status = 200 if good else 422
        return good

    def place(self, error: FieldError) -> bool:
        """Attach an error, also to a setting of the format."""
        head, _dot, name = error.field.partition(".")
        if head == "settings" and name in self.settings:
            self.settings[name].errors = [error.text(_)]
            self.note_setting(name, error.text(_))
            return True
        return super().place(error)

    def note_setting(self, name: str, message: str) -> None:
        """Let the summary lead to a setting."""
        self.also_wrong = [*self.also_wrong, (self.settings[name].id, message)]

    def modes(self) -> list[tuple[Mode, Any, Any]]:
        """Return for each mode of the format: whether it is offered, and its places."""
        return [
            (mode, self[f"offer_{mode.value}"], self[f"capacity_{mode.value}"])
            for mode in self.session.kind.modes
        ]

    def capacity(self) -> dict[str, int | None]:
        """Return the places by mode; ``None`` is unlimited."""
        found: dict[str, int | None] = {}
        for mode, offer, places in self.modes():
            if offer.data == "limited":
                found[mode.value] = places.value or 0
            elif offer.data == "unlimited":
                found[mode.value] = None
        return found

    def venue(self) -> dict[str, Any] | None:
        """Return the venue; ``None`` where nothing was typed."""
        typed = {name: self[f"venue_{name}"].data or None for name in (*VENUE_TEXTS, "country")}
        typed |= {name: self[f"venue_{name}"].value for name in ("latitude", "longitude")}
        return {name: value for name, value in typed.items() if value is not None} or None

    def content(self) -> dict[str, Any]:
        """Return what was typed, under the names of the columns; times apart."""
        return {
            "slug": self.slug.value,
            "title": self.kept("title"),
            "description": self.kept("description"),
            "to_be_announced": self.to_be_announced.data or [],
            "venue": self.venue(),
            "join_url": self.join_url.value,
            "stream_url": self.stream_url.value,
            "recording_url": self.recording_url.value,
            "capacity": self.capacity(),
            "waiting_list": self.waiting_list.data,
            "languages": self.languages.data or self.session.languages,
            "registration_opens": self.registration_opens.value,
            "registration_closes": self.registration_closes.value,
            "settings": {field.name.split("-", 1)[1]: field.data for field in self.settings},
        }

    def kept(self, name: str) -> dict[str, str] | None:
        """Return a text as typed, with what is stored in languages this form does not show."""
        shown = {field.name.split("__")[1] for field in self.each(name)}
        stored = getattr(self.session, name) or {}
        hidden = {code: text for code, text in stored.items() if code not in shown}
        return hidden | (self.localized(name) or {}) or None


def new_form(consultation: Consultation) -> type[NewSessionForm]:
    """Return the form of a new session, its title once for each language."""
    return with_languages(
        NewSessionForm,
        consultation.languages,
        title=(Line, _l("Title"), {"required": _l("Enter a title")}),
    )


def session_form(session: Session) -> type[SessionForm]:
    """Return the form of ``session``: its texts by language, its places by mode."""
    form = with_languages(
        SessionForm,
        session.consultation.languages,
        title=(Line, _l("Title"), {"required": _l("Enter a title")}),
        description=(Lines, _l("Description"), {}),
    )
    fields: dict[str, Any] = {}
    for mode in session.kind.modes:
        fields[f"offer_{mode.value}"] = SelectField(
            MODES[mode],
            choices=choices_of(
                [
                    ("limited", _l("a number of places")),
                    ("unlimited", _l("without limit")),
                    ("no", _l("not offered")),
                ]
            ),
        )
        fields[f"capacity_{mode.value}"] = Ruled(
            _l("Places, %(mode)s", mode=MODES[mode]),
            whole_number(0, 1_000_000),
            description=_l("0: everybody waits"),
            render_kw={"inputmode": "numeric", "dir": "ltr"},
        )
    return type("SessionForm", (form,), fields)


def settings_form(session: Session, sent: Any = None) -> Form:
    """Return the format's own form with the settings in force, in the reader's language."""
    stored = session.kind.settings(session.settings)
    form = session.kind.SettingsForm(sent, prefix="settings", data=stored)
    for field in form:
        field.label.text = _(field.label.text)
        if isinstance(field, SelectField):
            field.choices = [SelectChoice(each.value, _(each.label)) for each in field.choices]
    return form


def filled(session: Session) -> dict[str, Any]:
    """Return the stored session as the form's values."""
    venue = session.venue or {}
    values: dict[str, Any] = {
        "revision": str(session.revision),
        "slug": session.slug,
        "starts": shown(session.starts),
        "ends": shown(session.ends),
        "fold": str(session.fold),
        "ends_fold": str(session.ends_fold),
        "timezone": session.timezone,
        "to_be_announced": session.to_be_announced,
        "join_url": session.join_url,
        "stream_url": session.stream_url,
        "recording_url": session.recording_url,
        "waiting_list": session.waiting_list,
        "languages": session.languages,
        "registration_opens": shown(session.registration_opens),
        "registration_closes": shown(session.registration_closes),
    }
    values |= {f"venue_{name}": str(value) for name, value in venue.items() if value is not None}
    for mode in session.kind.modes:
        places = session.capacity.get(mode.value)
        offered = mode.value in session.capacity
        values[f"offer_{mode.value}"] = (
            "no" if not offered else "unlimited" if places is None else "limited"
        )
        values[f"capacity_{mode.value}"] = "" if places is None else str(places)
    for name in ("title", "description"):
        for code, text in (getattr(session, name) or {}).items():
            values[f"{name}__{code}"] = text
    return values


def shown(wall: datetime | None) -> str:
    """Return a wall clock as a ``datetime-local`` input takes it."""
    return wall.isoformat(timespec="minutes") if wall else ""
