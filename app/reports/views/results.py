"""The figures for everybody: who took part and what they raised, as page and as CSV."""

from __future__ import annotations

from flask import Response, g, render_template, request

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.core import document, languages, timing
from app.core.refusals import NotFound
from app.reports import queries
from app.reports.exports import charts, parts, wording
from app.reports.exports import results as files
from app.reports.queries import published
from app.reports.views.blueprint import bp
from app.web import documents, filters, pages, viewer
from app.web.access import public, public_document

FIRST = "attended_by_group_and_mode"


@bp.get("/<consultation>/results")
@pages.document(published.of_results)
@public
def results(consultation: Consultation) -> str:
    """Show the figures of the latest edition; before it, as they are so far."""
    found = queries.results.results(consultation)
    language, first = viewer.language(), consultation.language
    rtl = languages.nearest(language).direction == "rtl"
    tables = [charts.table(each, language, first, rtl=rtl) for each in found.figures]
    at = timing.wall(found.at, "UTC")
    return render_template(
        "reports/results.html",
        consultation=consultation,
        results=found,
        day=filters.day_long(at),
        time=filters.hhmm(at),
        sums=sums(found),
        first=next(each for each in tables if each.code == FIRST),
        tables=[each for each in tables if each.code != FIRST],
        questions={
            each.number: consultation_words(each.text, consultation)
            for each in consultation.guiding_questions
        },
        words=lambda text: consultation_words(text, consultation),
        channel=wording.channel,
    )


def sums(found: queries.results.Results) -> list[str]:
    """Return registered, in a room and attended, as far as they are shown."""
    totals = (
        found.total("registered_by_group_and_mode"), found.in_the_room(), found.total(FIRST),
    )  # fmt: skip
    return [parts.text(wording.cell(each)) for each in totals]


def consultation_words(text: dict[str, str], consultation: Consultation) -> str:
    """Return a text of the consultation in the reader's language, else in its first."""
    return document.say(text, viewer.language(), consultation.language)[0]


@bp.get("/<consultation>/results.csv")
@public_document
def results_csv(consultation: str) -> Response:
    """Give the same figures as one sheet."""
    state = published.of_results(consultation)
    if state is None:
        raise NotFound
    g.query = {}
    key = published.sheet_key(request.path)

    def make() -> documents.Document:
        row = consultations.by_slug(consultation)
        if row is None:
            raise NotFound
        filed = f'attachment; filename="{consultation}-results.csv"'
        headers = {
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": filed,
            "Cache-Control": documents.PUBLIC_PAGE,
        }
        body = files.as_csv(queries.results.results(row))
        return documents.make(
            documents.etag_of(key, *state.version),
            body,
            headers,
            last_modified=state.changed_at,
            state=state.version,
        )

    return documents.respond(key, state.version, make)
