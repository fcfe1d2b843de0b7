"""Themes, excerpts, statements and editions named in an address, of this consultation, or 404."""

from __future__ import annotations

from typing import Any, TypeVar

from app.core.refusals import NotFound
from app.reports import queries
from app.reports.models import Edition, Excerpt, Statement, Theme
from app.web.loading import SeesDrafts, loads

DIGITS = 9
Row = TypeVar("Row")


@loads("theme")
def theme(number: str, loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> Theme:
    """Find a theme by its number."""
    return found(queries.theme(loaded["consultation"], whole(number)))


@loads("excerpt")
def excerpt(number: str, loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> Excerpt:
    """Find an excerpt by its id."""
    return found(queries.excerpt(loaded["consultation"], whole(number)))


@loads("statement")
def statement(number: str, loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> Statement:
    """Find a statement by its number, such as 3.1."""
    return found(queries.statement(loaded["consultation"], number))


@loads("edition")
def edition(number: str, loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> Edition:
    """Find an edition by its number."""
    return found(queries.edition(loaded["consultation"], whole(number)))


def found(row: Row | None) -> Row:
    """Return ``row``, or raise `NotFound`."""
    if row is None:
        raise NotFound
    return row


def whole(text: str) -> int:
    """Return a number in one spelling, or raise `NotFound`."""
    text = str(text)
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS) or text[0] == "0":
        raise NotFound
    return int(text)
