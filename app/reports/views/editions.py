"""Editions of the Information Document: the latest one, each one, and its files."""

from __future__ import annotations

from flask import Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.core.refusals import NotFound
from app.reports import queries
from app.reports.exports import files, paper
from app.reports.exports.parts import Place
from app.reports.models import Edition
from app.reports.queries import editions as kept
from app.reports.queries import published
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
    """Show one edition, in the language of the address or its own."""
    document = kept.document(edition)
    made = paper.paper(document, viewer.speak(document.original), Place("", name()))
    return render_template("reports/document.html", consultation=consultation, paper=made)


@bp.get("/<consultation>/document/<edition>.<any(docx,pdf,md,json):form>")
@public_document
def file(consultation: str, edition: str, form: str) -> Response:
    """Give one file of an edition: made once, and again only after somebody took something back."""
    state = published.of_edition(consultation, edition)
    if state is None:
        raise NotFound
    g.query = state.query
    key = published.file_key(request.path, state.query)

    def make() -> documents.Document:
        home = consultations.by_slug(consultation)
        row = queries.edition(home, int(edition)) if home else None
        if row is None:
            raise NotFound
        document = kept.document(row)
        language = viewer.speak(document.original)
        place = Place(current_app.config["SITE_URL"], name())
        body, media = files.file(document, form, language, place)
        filed = f"{consultation}-document-{edition}.{form}"
        way = "attachment" if form in ATTACHED else "inline"
        headers = {
            "Content-Type": media,
            "Content-Disposition": f'{way}; filename="{filed}"',
            "Cache-Control": documents.PUBLIC_PAGE,
        }
        return documents.make(
            documents.etag_of(key, *state.version, place.url, place.name),
            body,
            headers,
            last_modified=state.changed_at,
            state=state.version,
        )

    return documents.respond(key, state.version, make)


def name() -> str:
    """Return what the site is called."""
    return current_app.config["SITE_NAME"]
