"""Where the document speaks of a contribution, for its page."""

from __future__ import annotations

import json
from collections.abc import Iterable

from flask import Flask, url_for

from app.consultations.models import Consultation
from app.contributions.panels import InDocument
from app.core import document, plain, timing
from app.reports import queries
from app.reports.exports import synthesis
from app.reports.exports.parts import Line, Run
from app.reports.mails import WHAT
from app.reports.models import Edition
from app.web import viewer


def register(app: Flask) -> None:
    """Let the page of a contribution show where it is in the document."""
    app.extensions["found_in_document"] = found_in_document


def found_in_document(consultation: Consultation, numbers: Iterable[str]) -> dict[str, InDocument]:
    """Return these statements as the newest edition that holds them has them."""
    wanted = set(numbers)
    newest = {
        number: edition
        for edition in (queries.all_editions(consultation) if wanted else ())
        for number in wanted & edition.sentences.keys()
    }
    return {
        number: InDocument(
            number,
            edition.number,
            timing.wall(edition.snapshot_at, consultation.timezone),
            printed(edition, number),
            url_for(
                "reports.edition",
                consultation=consultation.slug,
                edition=edition.number,
                _anchor=f"s{number}",
            ),
        )
        for number, edition in newest.items()
    }


def printed(edition: Edition, number: str) -> Line:
    """Return a sentence of an edition as its page prints it: quantity word, counts and words."""
    whole = json.loads(edition.document)
    original = whole["original"]
    themes = [each for question in whole["questions"] for each in question["themes"]]
    found = next(
        each
        for theme in (*themes, *whole["views_of_few"])
        for each in theme["statements"]
        if each["number"] == number
    )
    language = viewer.language()
    text, spoken = document.say(found["text"], language, original)
    words = (Run(text, language=spoken if spoken != language else ""),)
    return synthesis.sentence_words(plain.build(document.Statement, found), words)


def what_it_did(what: str) -> str:
    """Return what the receiving body did, in words."""
    return str(WHAT[what])
