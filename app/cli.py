"""Every `flask …` command: each feature's `cli.py` lists its own, refusals become a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask import Flask

from app.core.refusals import Refusal

HERE = Path(__file__).resolve().parent


def register(app: Flask) -> None:
    """Add the commands of every feature that has some."""
    for file in sorted(HERE.glob("*/cli.py")):
        for command in import_module(f"app.{file.parent.name}.cli").commands:
            app.cli.add_command(spoken(command))


def spoken(command: click.Command) -> click.Command:
    """Return ``command`` so that what the house refuses is one sentence and exit code 1."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            spoken(each)
    elif command.callback is not None and not hasattr(command.callback, "spoken"):
        command.callback = refusing(command.callback)
    return command


def refusing(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``callback`` with refusals turned into click's own errors."""

    @wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return callback(*args, **kwargs)
        except Refusal as refusal:
            raise click.ClickException(sentence(refusal)) from refusal

    run.spoken = True  # type: ignore[attr-defined]
    return run


def sentence(refusal: Refusal) -> str:
    """Return what is wrong: the fields' own words where there are some."""
    if refusal.errors:
        return "; ".join(f"{error.field}: {error.text()}" for error in refusal.errors)
    return refusal.text()
