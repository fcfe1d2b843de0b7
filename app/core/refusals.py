"""Refusals: the house says no, with a code that never changes and a message for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, ClassVar


def N_(text: str) -> str:
    """Mark ``text`` for translation without translating it here."""
    return text


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field of what was sent.

    ``field`` is its path (``capacity.on_site``, ``agenda.2.minutes``), ``code`` snake_case and
    stable, ``message`` English source text with ``%(name)s`` placeholders for ``values``.
    """

    field: str
    code: str
    message: str
    values: dict[str, Any] = dataclass_field(default_factory=dict)

    def text(self, translate=str) -> str:
        """Return the message, translated by ``translate`` and with its values filled in."""
        message = translate(self.message)
        return message % self.values if self.values else message


class Refusal(Exception):
    """Something the house does not do. Subclasses name the reason, ``status`` the HTTP answer."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[str] = N_("This cannot be done.")

    def __init__(self, *, errors: Iterable[FieldError] = (), **values: Any) -> None:
        self.errors = tuple(errors)
        self.values = values
        super().__init__(self.text())

    def text(self, translate=str) -> str:
        """Return the message, translated by ``translate`` and with its values filled in."""
        message = translate(self.message)
        return message % self.values if self.values else message


class Invalid(Refusal):
    """What was sent has wrong fields; the answer's code is the first field's."""

    code = "invalid"
    status = 422
    message = N_("Some of what was sent cannot be used.")

    @classmethod
    def field(cls, name: str, code: str, message: str, **values: Any) -> Invalid:
        """Refuse because of a single field."""
        return cls(errors=[FieldError(name, code, message, values)])


class NotFound(Refusal):
    """There is no such thing, or not here, or not for you: the answer is the same."""

    code = "not_found"
    status = 404
    message = N_("This does not exist here.")


class ChangedMeanwhile(Refusal):
    """Somebody else saved first; nothing was overwritten."""

    code = "changed_meanwhile"
    message = N_("Somebody else changed this meanwhile. Look at their version, then save again.")
