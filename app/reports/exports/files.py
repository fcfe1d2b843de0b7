"""The files of an edition by the ending of their names: what they are and how they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.core.document import Document
from app.reports.exports import data, docx, markdown, paper, pdf
from app.reports.exports.parts import Paper, Place


@dataclass(frozen=True)
class Form:
    """One form of file: its media type, and what writes a paper down in it."""

    media: str
    write: Callable[[Paper], bytes]


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {
    "docx": Form(WORD, docx.docx),
    "pdf": Form("application/pdf", pdf.pdf),
    "md": Form("text/markdown; charset=utf-8", lambda made: markdown.markdown(made).encode()),
}
JSON = "application/json"


def file(document: Document, form: str, language: str, place: Place) -> tuple[bytes, str]:
    """Return one file of an edition and its media type; ``form`` is docx, pdf, md or json.

    The same document gives the same bytes, whenever and wherever it is asked for. Needs an
    application context for the words. Raises `KeyError` for any other form.
    """
    if form == "json":
        return data.data(document, language, place), JSON
    known = FORMS[form]
    return known.write(paper.paper(document, language, place)), known.media
