"""Print the sums of an edition in every form: run in another process, zone and year to compare."""

from __future__ import annotations

import hashlib
import sys

from flask import g, render_template

from app.core.document import Document
from app.reports.exports import files, paper
from app.reports.exports.parts import Place
from tests.reports import sample

PLACE = Place("https://opentalks.example", "Open Talks")
FORMS = ("docx", "pdf", "md", "json")


def page(app, document: Document, language: str = "en") -> str:
    """Return the page of an edition."""
    path = f"/{document.consultation}/document/{document.edition}"
    with app.app_context(), app.test_request_context(path):
        g.language = language
        made = paper.paper(document, language, Place("", "Open Talks"))
        return render_template("reports/document.html", paper=made)


def file(app, document: Document, form: str, language: str = "en") -> bytes:
    """Return one file of an edition."""
    with app.app_context():
        return files.file(document, form, language, PLACE)[0]


def everything(app, document: Document, language: str = "en") -> dict[str, bytes]:
    """Return the page and all files of an edition."""
    return {
        "html": page(app, document, language).encode(),
        **{form: file(app, document, form, language) for form in FORMS},
    }


def sums(app) -> list[str]:
    """Return form, language and SHA-256 of everything made of the sample."""
    return [
        f"{form} {language} {hashlib.sha256(made).hexdigest()}"
        for language in ("en", "ar", "zh-Hans")
        for form, made in everything(app, sample.edition(), language).items()
    ]


if __name__ == "__main__":
    import time

    time.time = lambda: 4_000_000_000.0
    from app import create_app

    sys.stdout.write("\n".join(sums(create_app())) + "\n")
