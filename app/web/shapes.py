"""The shapes of single JSON fields, shared by every `schemas.py`: checked once, coded once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from app.core import slugs, texts, timing
from app.core.refusals import N_, FieldError, Invalid

TITLE, TEXT, ADDRESS = 300, 10_000, 2_000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
SAID_BY_PYDANTIC = {
    "extra_forbidden": ("unknown_field", N_("This field is not known")),
    "missing": ("missing_field", N_("This field is required")),
    "greater_than_equal": ("out_of_range", N_("This number is too small")),
    "less_than_equal": ("out_of_range", N_("This number is too large")),
    "finite_number": ("out_of_range", N_("This number is too large")),
    "int_type": ("invalid_number", N_("This must be a whole number")),
    "float_type": ("invalid_number", N_("This must be a number")),
    "bool_type": ("invalid_value", N_("This must be true or false")),
    "list_type": ("invalid_value", N_("This must be a list")),
    "dict_type": ("invalid_value", N_("This must be a group of fields")),
    "model_type": ("invalid_value", N_("This must be a group of fields")),
    "too_long": ("too_many", N_("There are too many of these")),
    "too_short": ("too_few", N_("There are too few of these")),
}


class Input(BaseModel):
    """What somebody sent: nothing is converted, nothing unknown passes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def named(self) -> dict[str, Any]:
        """Return the fields that were named, and only those."""
        return self.model_dump(exclude_unset=True)


LEFT_OUT: Any = None  # the default of a field that may be left out but not be null
Model = TypeVar("Model", bound=Input)


def checked(model: type[Model], value: Any) -> Model:
    """Return ``value`` as ``model``; raises `Invalid` with every wrong field."""
    try:
        return model.model_validate(value)
    except ValidationError as fault:
        raise Invalid(errors=problems(fault)) from None


def problems(fault: ValidationError) -> list[FieldError]:
    """Return pydantic's findings in the words of the house, in the order of the fields."""
    found = []
    for each in fault.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in each["loc"])
        said = each.get("ctx", {}).get("said")
        if said is not None:
            found.append(FieldError(path, each["type"], said))
        else:
            code, text = SAID_BY_PYDANTIC.get(each["type"], ("invalid_value", each["msg"]))
            found.append(FieldError(path, code, text))
    return found


def refuse(code: str, text: str) -> PydanticCustomError:
    """Return the error of a field; ``text`` is said as it stands."""
    return PydanticCustomError(code, "{said}", {"said": text})


def by(check: Callable[[Any], Any], schema: dict[str, Any]) -> tuple[Any, ...]:
    """Return what makes a type of ``check``, which raises `Invalid`, described by ``schema``."""

    def run(value: Any) -> Any:
        try:
            return check(value)
        except Invalid as refusal:
            error = refusal.errors[0]
            raise refuse(error.code, error.text()) from None

    return PlainValidator(run), WithJsonSchema(schema)


def partial(model: type[Input], name: str, **more: Any) -> type[Input]:
    """Return ``model`` with every field optional (a PATCH names what it replaces)."""
    fields: dict[str, Any] = {
        field: (Annotated[info.annotation, *info.metadata, Field()], Field(default=None))
        for field, info in model.model_fields.items()
    }
    return create_model(name, __base__=Input, __doc__=model.__doc__, **(fields | more))


# --- Text -------------------------------------------------------------------------------------


def text_of(value: Any, limit: int, *, lines: bool, empty: bool = False) -> str:
    """Return ``value`` cleaned; line ends count as one character."""
    if not isinstance(value, str):
        raise refuse("invalid_value", "This must be text")
    value = value.replace("\r\n", "\n")
    if len(value) > limit:
        raise refuse("too_long", f"This must have at most {limit} characters")
    value = texts.clean(value, lines=lines)
    if not value and not empty:
        raise refuse("missing_field", "This must not be empty")
    return value


def text(limit: int, *, lines: bool = False, empty: bool = False) -> tuple[Any, ...]:
    """Return the shape of a text in one language."""
    return (
        PlainValidator(lambda value: text_of(value, limit, lines=lines, empty=empty)),
        WithJsonSchema({"type": "string", "maxLength": limit}),
    )


def localised(limit: int, *, lines: bool = False) -> tuple[Any, ...]:
    """Return the shape of a text in the consultation's first language, or in several."""

    def check(value: Any) -> str | dict[str, str]:
        if not isinstance(value, dict):
            return text_of(value, limit, lines=lines)
        if not value:
            raise refuse("missing_field", "This must not be empty")
        return {
            language_of(tag): text_of(words, limit, lines=lines) for tag, words in value.items()
        }

    words = {"type": "string", "minLength": 1, "maxLength": limit}
    several = {"type": "object", "minProperties": 1, "additionalProperties": words}
    return PlainValidator(check), WithJsonSchema({"anyOf": [words, several]})


def spoken(value: str | dict[str, str] | None, language: str) -> dict[str, str] | None:
    """Return what was sent as it is stored: a text by language."""
    return {language: value} if isinstance(value, str) else value


def plain(stored: dict[str, str] | None, language: str) -> str | dict[str, str] | None:
    """Return a stored text as it is answered: a string where only ``language`` has one."""
    if stored is not None and set(stored) == {language}:
        return stored[language]
    return stored


def language_of(value: Any) -> str:
    """Return a language tag such as ``en``, ``no`` or ``zh-Hans``."""
    if not isinstance(value, str) or not LANGUAGE.fullmatch(value):
        raise refuse("invalid_language", "Name a language as “en”, “fr” or “zh-Hans”")
    return value


def languages_of(value: Any) -> list[str]:
    """Return one to twenty different language tags."""
    if not isinstance(value, list) or not 1 <= len(value) <= 20:
        raise refuse("invalid_language", "Name one to twenty languages")
    tags = [language_of(each) for each in value]
    if len(set(tags)) < len(tags):
        raise refuse("invalid_language", "Name each language once")
    return tags


# --- Addresses, times, numbers ----------------------------------------------------------------


def url_of(value: Any) -> str:
    """Return an http(s) address."""
    if isinstance(value, str) and len(value) <= ADDRESS and value.isprintable():
        try:
            parts = urlsplit(value)
            _ = parts.port  # raises where it is none
            if parts.scheme in ("http", "https") and parts.hostname and " " not in value:
                return value
        except ValueError:
            pass
    raise refuse("invalid_url", "Give a whole address that begins with https:// or http://")


def email_of(value: Any) -> str:
    """Return a normalised e-mail address."""
    return texts.address(value if isinstance(value, str) else "")


def date_of(value: Any) -> date:
    """Return a date written as 2013-11-11."""
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise refuse("invalid_date", "Write the date as 2013-11-11")


def country_of(value: Any) -> str:
    """Return a country's two letters."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{2}", value):
        raise refuse("invalid_country", "Name the country by its two letters, such as CH")
    return value.upper()


def one_of(values: Iterable[str], code: str) -> tuple[Any, ...]:
    """Return the shape of one of a few words."""
    known = list(values)

    def check(value: Any) -> str:
        if value not in known:
            raise refuse(code, f"This must be one of: {', '.join(known)}")
        return str(value)

    return PlainValidator(check), WithJsonSchema({"type": "string", "enum": known})


STRING = {"type": "string"}
Title = Annotated[Any, *localised(TITLE)]
Text = Annotated[Any, *localised(TEXT, lines=True)]
Line = Annotated[str, *text(TITLE)]
Slug = Annotated[str, *by(slugs.checked, STRING | {"pattern": "^[a-z0-9-]{2,60}$"})]
Zone = Annotated[str, *by(timing.canonical_zone, STRING | {"examples": ["Europe/Zurich"]})]
Wall = Annotated[
    Any,
    *by(
        lambda value: timing.parse_wall(value, ""),
        STRING | {"examples": ["2013-10-08T18:15"], "description": "A wall clock, no offset"},
    ),
]
Fold = Annotated[int, Field(ge=0, le=1)]
Url = Annotated[str, *by(url_of, STRING | {"format": "uri", "maxLength": ADDRESS})]
Email = Annotated[str, *by(email_of, STRING | {"format": "email", "maxLength": 254})]
Date = Annotated[date, *by(date_of, STRING | {"format": "date"})]
Country = Annotated[str, *by(country_of, STRING | {"pattern": "^[A-Za-z]{2}$"})]
Language = Annotated[str, *by(language_of, STRING | {"examples": ["en", "zh-Hans"]})]
Languages = Annotated[
    list[str],
    *by(languages_of, {"type": "array", "items": STRING, "minItems": 1, "maxItems": 20}),
]
Revision = Annotated[int, Field(ge=0, description="The revision the change was made from")]
