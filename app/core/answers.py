"""Answers: the closed list of what may become of a contribution, and what an answer must say."""

from __future__ import annotations

import re
from enum import StrEnum

from app.core.refusals import N_, FieldError

TEXT = 4_000
MOST = 1_000  # in one request
NUMBER = re.compile(r"[1-9]\d{0,4}\.[1-9]\d{0,4}")


class Disposition(StrEnum):
    """What became of a contribution."""

    REFLECTED = "reflected"
    BROUGHT_TOGETHER = "brought_together"
    FEW = "few"
    OUTSIDE_SCOPE = "outside_scope"
    NOT_REFLECTED = "not_reflected"


NEEDS_REASON = frozenset({Disposition.NOT_REFLECTED})
NAMES_NONE = frozenset({Disposition.OUTSIDE_SCOPE, Disposition.NOT_REFLECTED})


def problems(disposition: str, statement: str | None, text: dict[str, str]) -> list[FieldError]:
    """Return what is wrong with an answer, field by field.

    Whoever is not reflected is told why, and what is not reflected names no statement.
    """
    if disposition not in list(Disposition):
        message = N_("This must be one of: %(words)s")
        values = {"words": ", ".join(Disposition)}
        return [FieldError("disposition", "invalid_disposition", message, values)]
    found = []
    if statement is not None and not NUMBER.fullmatch(statement):
        message = N_("A statement is named as 3.1: theme, then sentence")
        found.append(FieldError("statement", "invalid_statement", message))
    elif statement is not None and Disposition(disposition) in NAMES_NONE:
        message = N_("What is not in the document names none of its statements")
        found.append(FieldError("statement", "statement_not_expected", message))
    if Disposition(disposition) in NEEDS_REASON and not any(text.values()):
        found.append(FieldError("text", "reason_needed", N_("Say why it is not reflected")))
    return found


def is_told_alone(statement: str | None) -> bool:
    """Say whether publishing it is what its author is told of.

    An answer that names a statement is told with the first edition that holds the statement.
    """
    return statement is None
