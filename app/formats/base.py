"""What every session format must answer; a new format is one new file beside this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, SelectChoice, SelectField

from app.core.attribution import Attribution
from app.core.refusals import N_, FieldError, Invalid
from app.core.vocabulary import Mode

__all__ = ["N_", "AgendaPart", "CommonSettings", "Mode", "SessionFormat", "fill"]


@dataclass(frozen=True)
class AgendaPart:
    """One line of a default agenda: its title (English, with ``values`` to be filled in after
    translation) and its length in minutes."""

    title: str
    minutes: Any
    values: Mapping[str, Any] = field(default_factory=dict)


def fill(minutes: int, parts: Sequence[AgendaPart | tuple[str, Any]]) -> list[AgendaPart]:
    """Share ``minutes`` among ``parts``; the one whose length is ``...`` takes the rest.

    Returns nothing where the session is too short for the fixed parts.
    """
    named = [part if isinstance(part, AgendaPart) else AgendaPart(*part) for part in parts]
    rest = minutes - sum(part.minutes for part in named if part.minutes is not ...)
    if rest <= 0:
        return []
    return [replace(part, minutes=rest) if part.minutes is ... else part for part in named]


class CommonSettings(Form):
    """What every format can be told."""

    attribution = SelectField(
        N_("How people may be named"),
        choices=[
            SelectChoice(Attribution.NAMED.value, N_("By name, if they want")),
            SelectChoice(Attribution.ORGANISATION.value, N_("At most by organisation")),
            SelectChoice(Attribution.GROUP_COUNTRY.value, N_("At most by group and country")),
            SelectChoice(Attribution.ANONYMOUS.value, N_("Not at all (Chatham House Rule)")),
        ],
        default=Attribution.NAMED.value,
    )


class SessionFormat:
    """A kind of session. Subclasses set the class attributes and may answer differently."""

    key: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str] = ""
    rank: ClassVar[int] = 100
    glyph: ClassVar[str] = "format"
    color: ClassVar[str] = "teal"
    modes: ClassVar[tuple[Mode, ...]]
    default_capacity: ClassVar[dict[Mode, int | None]]
    written: ClassVar[bool] = False
    tools: ClassVar[tuple[str, ...]] = ()

    SettingsForm: ClassVar[type[Form]] = CommonSettings

    def agenda(self, minutes: int, settings: dict[str, Any]) -> list[AgendaPart]:
        """Return the default running order of a session of ``minutes``."""
        return []

    def defaults(self) -> dict[str, Any]:
        """Return every setting with its default."""
        return dict(self._defaults)

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        """The defaults, read from the form once: every line of a board asks for them."""
        return {field.name: field.data for field in self.SettingsForm()}

    def settings(self, stored: dict[str, Any] | None) -> dict[str, Any]:
        """Return the settings in force: the defaults overlaid with what was stored."""
        known = self.defaults()
        return known | {name: value for name, value in (stored or {}).items() if name in known}

    def checked_settings(self, given: dict[str, Any], *, path: str = "settings") -> dict[str, Any]:
        """Return ``given`` validated by the format's own form.

        Raises `Invalid` naming each field that is unknown or wrong.
        """
        if unknown := sorted(set(given) - set(self.defaults())):
            raise Invalid(
                errors=[
                    FieldError(f"{path}.{name}", "unknown_field", "This field is not known")
                    for name in unknown
                ]
            )
        form = self.SettingsForm(MultiDict(self._as_typed(given)))
        if not form.validate():
            raise Invalid(
                errors=[
                    FieldError(f"{path}.{name}", "invalid_setting", str(messages[0]))
                    for name, messages in form.errors.items()
                ]
            )
        return {name: form[name].data for name in given}

    def _as_typed(self, given: dict[str, Any]) -> list[tuple[str, str]]:
        """Return ``given`` as a browser would send it, the defaults standing for what is absent."""
        form = self.SettingsForm()
        pairs = []
        for name, value in (self.defaults() | given).items():
            if isinstance(form[name], BooleanField):
                if value not in (False, None):
                    pairs.append((name, "1" if value is True else str(value)))
            elif value is not None:
                pairs.append((name, str(value)))
        return pairs
