"""Rows named in the address: each feature's `loaders.py` says how they are found, or 404."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SeesDrafts = Callable[[int], bool]


@dataclass(frozen=True)
class Loader:
    """How one part of an address becomes a row; ``name`` is the argument the view gets."""

    name: str
    find: Callable[[str, dict[str, Any], SeesDrafts], Any]


_loaders: dict[str, Loader] = {}
_order = ("consultation", "session")


def loads(argument: str, *, name: str | None = None) -> Callable[[Callable], Callable]:
    """Register ``find(value, loaded, sees_drafts)`` for the address part called ``argument``.

    It raises `NotFound` for what is not there, not here or not to be seen; ``name`` renames the
    argument the view receives.
    """

    def decorate(find: Callable) -> Callable:
        _loaders[argument] = Loader(name or argument, find)
        return find

    return decorate


def load(arguments: dict[str, Any], *, sees_drafts: SeesDrafts) -> dict[str, Any]:
    """Return the view's arguments with every registered part replaced by its row."""
    loaded: dict[str, Any] = {}
    names = sorted(arguments, key=lambda name: _order.index(name) if name in _order else 9)
    for argument in names:
        loader = _loaders.get(argument)
        if loader is None:
            loaded[argument] = arguments[argument]
        else:
            loaded[loader.name] = loader.find(arguments[argument], loaded, sees_drafts)
    return loaded
