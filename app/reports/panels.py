"""Where the document speaks of a contribution, for its page."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from app.consultations.models import Consultation
from app.contributions.panels import InDocument
from app.core import timing
from app.reports import queries
from app.reports.mails import WHAT, address


def register(app: Flask) -> None:
    """Let the page of a contribution show where it is in the document."""
    app.extensions["found_in_document"] = found_in_document


def found_in_document(consultation: Consultation, numbers: Iterable[str]) -> dict[str, InDocument]:
    """Return these statements as the newest edition that holds them has them."""
    wanted = set(numbers)
    found: dict[str, InDocument] = {}
    for edition in queries.all_editions(consultation) if wanted else ():
        for number in wanted & edition.sentences.keys():
            found[number] = InDocument(
                number,
                edition.number,
                timing.wall(edition.snapshot_at, consultation.timezone),
                edition.sentences[number],
                address(consultation.slug, edition.number, number),
            )
    return found


def what_it_did(what: str) -> str:
    """Return what the receiving body did, in words."""
    return str(WHAT[what])
