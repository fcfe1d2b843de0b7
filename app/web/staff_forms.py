"""What the forms of staff pages share: fields that know the house's rules, saving, conflicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import Field
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core import languages, texts, timing
from app.core.refusals import Invalid, Refusal

LINE, TEXT, ADDRESS = 300, 10_000, 2_000


def sent() -> Any:
    """Return what this request sends; ``None`` where it only shows the form.

    An empty form would read as one in which every box was unticked.
    """
    return request.form if request.method == "POST" else None


class StaffForm(Form):
    """A form that comes back with everything typed, whatever was refused."""

    status = 200
    refused: str = ""  # what the whole form was refused for, in words
    also_wrong: list[tuple[str, str]] = []  # (id, message) of wrong inputs beside the fields
    theirs: list[tuple[str, str, str]] = []  # after a conflict: (label, their version, yours)
    paths: Mapping[str, str] = {}  # names of refused fields that are called otherwise here

    @property
    def is_sent(self) -> bool:
        """Whether this request sends the form."""
        return request.method == "POST"

    def validate(self, extra_validators=None) -> bool:
        """Check the shape; a form that does not fit is answered with 422."""
        good = super().validate(extra_validators)
        self.status = 200 if good else 422
        return good

    def done(self, call: Callable[[], Any]) -> bool:
        """Check the form and run ``call``; say whether it went through.

        What the house refuses is kept for the page: wrong fields at their fields, a conflict as
        `conflict`, anything else as `refused`.
        """
        if not self.validate():
            return False
        try:
            call()
        except Refusal as refusal:
            self.note(refusal)
            return False
        return True

    def note(self, refusal: Refusal) -> None:
        """Put a refusal where the page shows it."""
        self.status = refusal.status
        unplaced = [error for error in refusal.errors if not self.place(error)]
        if unplaced:
            self.refused = " ".join(error.text(_) for error in unplaced)
        elif not refusal.errors:
            self.refused = refusal.text(_)

    def place(self, error: Any) -> bool:
        """Attach an error to the field it names, the first of a text in several languages."""
        name = self.paths.get(error.field, error.field.replace(".", "_"))
        candidates = [name, *(each for each in self._fields if each.startswith(f"{name}__"))]
        for candidate in candidates:
            if candidate in self._fields:
                field = self._fields[candidate]
                field.errors = [*field.errors, error.text(_)]
                return True
        return False

    def localized(self, name: str) -> dict[str, str] | None:
        """Return the text typed into the fields of ``name``, by language; ``None`` if empty."""
        found = {
            field.name.split("__", 1)[1]: field.data
            for field in self.each(name)
            if field.data
        }  # fmt: skip
        return found or None

    def each(self, name: str) -> list[Field]:
        """Return the fields of a text in several languages."""
        return [field for field in self if field.name.startswith(f"{name}__")]

    def compare(self, theirs: Form) -> None:
        """Keep where the saved version (``theirs``) differs from what was typed."""
        self.theirs = [
            (str(field.label.text), shown(theirs[field.name]), shown(field))
            for field in self
            if field.name in theirs and not isinstance(field, HiddenField)
            and shown(theirs[field.name]) != shown(field)
        ]  # fmt: skip


def shown(field: Field) -> str:
    """Return a field's value as a person reads it."""
    value = field.data
    if isinstance(field, SelectField | SelectMultipleField):
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(str(each.label) for each in field.choices or () if each.value in chosen)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return "" if value is None else str(value)


def choices_of(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return (value, words) as WTForms wants to be told what there is to choose."""
    return [SelectChoice(value, words) for value, words in pairs]


class Line(StringField):
    """One line of text, cleaned; its length is looked at before anything is normalised."""

    lines = False

    def __init__(self, label=None, validators=None, *, limit: int = LINE, required="", **kwargs):
        super().__init__(label, validators, **kwargs)
        self.limit = limit
        self.required = required

    def process_formdata(self, valuelist):
        """Clean what was typed, unless it is far too long."""
        if not valuelist:
            return
        self.data = valuelist[0]
        if len(self.data) <= self.limit * 2:
            self.data = texts.clean(self.data, lines=self.lines)

    def pre_validate(self, form):
        """Refuse what is too long, or missing."""
        if len(self.data or "") > self.limit:
            raise ValidationError(_("Use %(limit)s characters or fewer", limit=self.limit))
        if self.required and not self.data:
            raise ValidationError(str(self.required))


class Lines(Line, TextAreaField):
    """A text of several lines."""

    lines = True

    def __init__(self, label=None, validators=None, *, limit: int = TEXT, **kwargs):
        super().__init__(label, validators, limit=limit, **kwargs)


class Ruled(StringField):
    """A field whose text a rule of the house turns into its value.

    ``rule`` takes the text and raises `Invalid`; what was typed comes back as it was typed.
    """

    def __init__(self, label=None, rule: Callable[[str], Any] = str, *, required="", **kwargs):
        super().__init__(label, **kwargs)
        self.rule = rule
        self.required = required
        self.value: Any = None

    def pre_validate(self, form):
        """Apply the rule."""
        text = (self.data or "").strip()
        self.value = None
        if not text:
            if self.required:
                raise ValidationError(str(self.required))
            return
        if len(text) > ADDRESS:
            raise ValidationError(_("Use %(limit)s characters or fewer", limit=ADDRESS))
        try:
            self.value = self.rule(text)
        except Invalid as refusal:
            raise ValidationError(refusal.errors[0].text(_)) from refusal


class CheckedMany(SelectMultipleField):
    """Several of a few, as check boxes."""

    type = "SelectMultipleCheckField"
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ZoneField(SelectField):
    """A time zone of the chooser; one that is stored under another name stays choosable."""

    data: Any

    def __init__(self, label=None, *, zones: Callable[[], Any], empty="", **kwargs):
        super().__init__(label, validate_choice=False, **kwargs)
        self.zones = zones
        self.empty = empty

    def set_choices(self) -> None:
        """Fill the chooser, by region."""
        zones = self.zones()
        known = {choice.value for choice in zones}
        first = [SelectChoice("", str(self.empty))] if self.empty else []
        if self.data and self.data not in known and is_zone(self.data):
            first.append(SelectChoice(self.data, self.data))
        self.choices = [*first, *zones]

    def pre_validate(self, form):
        """Refuse what is no zone."""
        if not self.data and self.empty:
            return
        try:
            self.data = timing.canonical_zone(self.data or "")
        except Invalid as refusal:
            raise ValidationError(refusal.errors[0].text(_)) from refusal


def is_zone(name: str) -> bool:
    """Whether ``name`` is a time zone of the house."""
    try:
        timing.canonical_zone(name)
    except Invalid:
        return False
    return True


def wall_clock(text: str) -> datetime:
    """Return what a ``datetime-local`` input sent; raises `Invalid`."""
    return timing.parse_wall(text.replace(" ", "T"), "")


def web_address(text: str) -> str:
    """Return a whole http(s) address; raises `Invalid`."""
    try:
        parts = urlsplit(text)
        _port = parts.port
        if parts.scheme in ("http", "https") and parts.hostname and not set(text) & set(" \t\n"):
            return text
    except ValueError:
        pass
    raise Invalid.field(
        "url", "invalid_url", "Give a whole address that begins with https:// or http://"
    )


def calendar_day(text: str) -> date:
    """Return what a ``date`` input sent; raises `Invalid`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid.field("date", "invalid_date", "Write the date as 2013-11-11") from None


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return a rule for whole numbers from ``least`` to ``most``."""

    def rule(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
            return int(text)
        raise Invalid.field(
            "number", "invalid_number", "Give a whole number from %(least)s to %(most)s",
            least=least, most=most,
        )  # fmt: skip

    return rule


def decimal_number(least: float, most: float) -> Callable[[str], float]:
    """Return a rule for decimal numbers from ``least`` to ``most``."""

    def rule(text: str) -> float:
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = float("nan")
        if least <= value <= most:
            return value
        raise Invalid.field(
            "number", "invalid_number", "Give a number from %(least)s to %(most)s",
            least=least, most=most,
        )  # fmt: skip

    return rule


def with_languages(
    form: type[StaffForm], codes: Iterable[str], **fields: tuple[type[Line], Any, dict[str, Any]]
) -> type[StaffForm]:
    """Return ``form`` with one field a language for each of ``fields``: (kind, label, options).

    The first language may be required by ``required=``; the others never are.
    """
    added: dict[str, Any] = {}
    for name, (kind, label, options) in fields.items():
        for position, code in enumerate(codes):
            language = languages.BY_CODE.get(code)
            words = _l("%(label)s, %(language)s", label=label,
                       language=language.name if language else code)  # fmt: skip
            more = dict(options)
            if position:
                more.pop("required", None)
            render = {"lang": code, "dir": language.direction if language else "auto"}
            added[f"{name}__{code}"] = kind(words, render_kw=render, **more)
    return type(form.__name__, (form,), added)
