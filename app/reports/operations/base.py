"""What every verb of the synthesis does first and last: hold the consultation, write the audit."""

from __future__ import annotations

from typing import Any

from app import jobs
from app.accounts import queries as accounts
from app.audit import operations as audit
from app.consultations.models import Consultation
from app.core.refusals import N_, Invalid
from app.database import lock
from app.reports import queries
from app.reports.models import Theme
from app.web import access

NAME = 60
FREEZING = "reports.freeze"  # the background work: freezes that were asked for, and files


def hold(consultation: Consultation) -> None:
    """Hold the consultation: everything said, coded, written and frozen in it goes one by one."""
    lock(consultation)


def note(
    consultation: Consultation, action: str, row: Any, *, actor: str | None = None, **details: Any
) -> None:
    """Write an act into the audit: numbers and field names, nobody's words.

    ``actor`` is the key of who asked for it, where it is done for them later.
    """
    audit.record(action, row, consultation_id=consultation.id, details=details or None, actor=actor)


def ring() -> None:
    """Have freezes that were asked for taken up, and files made that an edition lacks."""
    jobs.ring(FREEZING)


def who() -> str:
    """Return the name of whoever acts, as the document says who reviewed a sentence."""
    actor = access.actor()
    if actor is None:
        return access.actor_key()[:NAME]
    known = accounts.names_of({actor.key})
    return (actor.name or known.get(actor.key) or actor.key)[:NAME]


def standing(consultation: Consultation, number: int, *, field: str = "theme") -> Theme:
    """Return the theme with this number, or the one it went into in the end.

    Raises `Invalid` (`unknown_theme`).
    """
    found = queries.theme(consultation, number)
    if found is None:
        raise Invalid.field(field, "unknown_theme", N_("There is no theme with this number"))
    while found.merged_into is not None:
        found = found.merged_into
    return found
