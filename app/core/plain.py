"""Frozen dataclasses as plain values (what JSON has) and back, by their type hints."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union

Reader = Callable[[Any], Any]


def values(thing: Any) -> Any:
    """Return ``thing`` as plain values; mappings keep their order, enums are their values."""
    if isinstance(thing, Enum):
        return thing.value
    if thing is None or isinstance(thing, str | bool | int | float):
        return thing
    if isinstance(thing, Mapping):
        return {str(key): values(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [values(each) for each in thing]
    kind: Any = type(thing)
    return {name: values(getattr(thing, name)) for name in names(kind)}


def build(kind: Any, given: Mapping[str, Any]) -> Any:
    """Return a ``kind`` made of ``given``; raises `ValueError` where a needed value is missing.

    Unknown names are passed over; names that are missing have their default.
    """
    made = {}
    for name, is_needed, read in readers(kind):
        if name in given:
            made[name] = read(given[name])
        elif is_needed:
            raise ValueError(f"{kind.__name__} needs {name}")
    return kind(**made)


@cache
def names(kind: Any) -> tuple[str, ...]:
    """Return the names of a dataclass's fields, in order."""
    return tuple(each.name for each in fields(kind))


@cache
def readers(kind: Any) -> tuple[tuple[str, bool, Reader], ...]:
    """Return for each field its name, whether it is needed, and what reads its plain value."""
    hints = typing.get_type_hints(kind)
    return tuple(
        (
            each.name,
            each.default is MISSING and each.default_factory is MISSING,
            reader(hints[each.name]),
        )
        for each in fields(kind)
    )


def reader(hint: Any) -> Reader:
    """Return what makes a value of type ``hint`` of a plain one."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, UnionType):
        inner = reader(next(part for part in parts if part is not NoneType))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        of_one = reader(parts[0])
        return lambda value: tuple(of_one(each) for each in value)
    if origin is not None:  # a mapping from texts
        of_value = reader(parts[1])
        return lambda value: {key: of_value(each) for key, each in value.items()}
    if is_dataclass(hint):
        return lambda value: build(hint, value)
    if issubclass(hint, Enum):
        return hint
    return lambda value: value
