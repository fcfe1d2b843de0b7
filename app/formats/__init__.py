"""The registry of session formats: every module beside this one that defines a format is found."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from app.core.refusals import Invalid
from app.formats.base import SessionFormat


@cache
def every() -> dict[str, SessionFormat]:
    """Return all formats by key, in the order of their ``rank``."""
    found: list[SessionFormat] = []
    for module in pkgutil.iter_modules(__path__):
        if module.name == "base":
            continue
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found += [
            thing()
            for thing in vars(loaded).values()
            if isinstance(thing, type)
            and issubclass(thing, SessionFormat)
            and thing.__module__ == loaded.__name__
        ]
    return {each.key: each for each in sorted(found, key=lambda each: (each.rank, each.key))}


def of(key: str) -> SessionFormat:
    """Return the format called ``key``; raises `Invalid` (`unknown_format`)."""
    if not isinstance(key, str) or key not in every():
        raise Invalid.field(
            "format",
            "unknown_format",
            "Format must be one of: %(formats)s",
            formats=", ".join(every()),
        )
    return every()[key]
