"""The forms of an edition: what they are and how they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import current_app

from app.core.document import Document
from app.reports.exports import data, docx, markdown, paper, pdf
from app.reports.exports.parts import Paper, Place


@dataclass(frozen=True)
class Form:
    """One form: its media type, and what writes a document down in one language."""

    media: str
    write: Callable[[Document, str, Place], bytes]


def printed(write: Callable[[Paper], bytes]) -> Callable[[Document, str, Place], bytes]:
    """Return what writes a document down by way of its paper."""
    return lambda document, language, place: write(paper.paper(document, language, place))


def plain(made: Paper) -> bytes:
    """Return a paper as Markdown (UTF-8)."""
    return markdown.markdown(made).encode()


def page(document: Document, language: str, place: Place) -> bytes:
    """Return the paper as part of a page: HTML without the site's frame, its links are paths."""
    made = paper.paper(document, language, replace(place, url=""))
    template = current_app.jinja_env.get_template("reports/_paper.html")
    return template.render(paper=made).encode()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {
    "html": Form("text/html; charset=utf-8", page),
    "json": Form("application/json", data.data),
    "md": Form("text/markdown; charset=utf-8", printed(plain)),
    "docx": Form(WORD, printed(docx.docx)),
    "pdf": Form("application/pdf", printed(pdf.pdf)),
}  # those that are made fast come first


def file(document: Document, form: str, language: str, place: Place) -> tuple[bytes, str]:
    """Return a document in one of `FORMS` and its media type.

    The same document gives the same bytes, whenever and wherever it is asked for. Needs an
    application context for the words. Raises `KeyError` for any other form.
    """
    known = FORMS[form]
    return known.write(document, language, place), known.media
