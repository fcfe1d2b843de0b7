"""Editions of the Information Document: the latest one, each one, and its files."""

from __future__ import annotations

import hashlib

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.consultations.models import Consultation
from app.core import languages
from app.core.refusals import NotFound
from app.reports import queries
from app.reports.exports.parts import Run
from app.reports.models import Edition
from app.reports.operations import files
from app.reports.queries import published
from app.reports.queries.files import Kept
from app.reports.views.blueprint import bp
from app.web import documents, pages, viewer
from app.web.access import public, public_document

ATTACHED = ("docx",)


@bp.get("/<consultation>/document/")
@public
def latest(consultation: Consultation) -> ResponseReturnValue:
    """Lead to the latest edition."""
    found = queries.latest(consultation)
    if found is None:
        raise NotFound
    address = url_for(".edition", consultation=consultation.slug, edition=found.number)
    answer = redirect(address, 302)
    answer.headers["Cache-Control"] = documents.PUBLIC_PAGE
    return answer


@bp.get("/<consultation>/document/<edition>")
@pages.document(published.of_edition)
@public
def edition(consultation: Consultation, edition: Edition) -> str:
    """Show one edition, in the language of the address or its own: its paper as it was kept."""
    number = edition.number
    kept = taken(edition.id, "html")
    spoken = viewer.speak(kept.language)
    other = None if kept.is_original else spoken
    paper = {
        "title": (Run(kept.title),),
        "edition": _("Edition %(number)s", number=number),
        "latest": url_for(".latest", consultation=consultation.slug, lang=other),
    }
    content = Markup(kept.body.decode())  # noqa: S704  (ours, escaped when it was made)
    return render_template(
        "reports/document.html", consultation=consultation, paper=paper, content=content
    )


@bp.get("/<consultation>/document/<edition>.<any(docx,pdf,md,json):form>")
@public_document
def file(consultation: str, edition: str, form: str) -> Response:
    """Give one file of an edition as it was kept; only what somebody takes back changes it."""
    state = published.of_edition(consultation, edition)
    if state is None:
        raise NotFound
    g.query = state.query
    key = published.file_key(request.path, state.query)

    def make() -> documents.Document:
        kept = taken(state.version[0], form)
        filed = f"{consultation}-document-{edition}.{form}"
        way = "attachment" if form in ATTACHED else "inline"
        headers = {
            "Content-Type": kept.media,
            "Content-Disposition": f'{way}; filename="{filed}"',
            "Cache-Control": documents.PUBLIC_PAGE,
        }
        return documents.make(
            f'W/"{hashlib.sha256(kept.body).hexdigest()[:24]}"',  # whichever process made them
            kept.body,
            headers,
            last_modified=state.changed_at,
            state=state.version,
        )

    return documents.respond(key, state.version, make)


def taken(edition_id: int, form: str) -> Kept:
    """Return a form of an edition in the language of the address, or in its own."""
    asked = languages.known(request.args.get("lang"))
    return files.give(edition_id, form, asked.code if asked else None)
