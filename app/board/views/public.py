"""The board for everybody: ideas, one contribution, files and feed, the form, reports."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from flask import Response, g, make_response, render_template, request, url_for

from app import clock
from app.board import exports, forms, operations, panels, queries
from app.board.views.blueprint import POSTS, bp, page
from app.consultations.models import Consultation
from app.contributions import operations as contributions
from app.contributions import panels as contribution_panels
from app.contributions import queries as contribution_queries
from app.contributions.models import Contribution
from app.core.refusals import NotFound, Refusal
from app.extensions import limiter
from app.programme.models import Session
from app.web import access, documents, pages, public_forms, urls, viewer
from app.web.access import public, public_document


@bp.get("/<consultation>/<session>/ideas")
@pages.document(queries.of_board)
@public
def ideas(consultation: Consultation, session: Session) -> str:
    """Show one page of ideas and, while it is open, the form."""
    return board_page(session, new_form(session))[0]


@bp.post("/<consultation>/<session>/ideas")
@limiter.limit(POSTS)
@public
def send(consultation: Consultation, session: Session):
    """Keep an idea until the owner of the address says yes; the same answer for every address."""
    refuse_other_formats(session)
    public_forms.refuse_other_sites()
    form = forms.AddressedForm(request.form, session=session)
    good = form.validate()
    expired = not public_forms.is_fresh()
    if expired or not good:
        return private(board_page(session, form, expired=expired, status=422))
    try:
        operations.keep(session, details=form.details(), sent=form.sent())
    except Refusal as refusal:
        if not refusal.errors:
            raise
        form.note(refusal)
        return private(board_page(session, form, status=refusal.status))
    sent = page("sent", consultation=consultation, session=session, address=form.email.normalised)
    return private(sent)


@bp.get("/<consultation>/contributions/<reference>")
@pages.document(queries.of_contribution)
@public
def contribution(consultation: Consultation, contribution: Contribution) -> str:
    """Show one contribution and what was said to it; of a withdrawn one that it was there."""
    shows = contribution_queries.supports_are_shown(contribution.session, at=clock.now())
    counts = contribution_queries.supports_of([contribution.id]) if shows else None
    comments = contribution_queries.comments_of(contribution)
    number = contribution.guiding_question
    return render_template(
        "board/contribution.html",
        consultation=consultation,
        session=contribution.session,
        contribution=contribution,
        row=contribution_panels.numbers_of([contribution], counts)[0],
        comments=[contribution_panels.shown(each) for each in comments],
        versions=[each for each in contribution.versions if each.was_public],
        question=dict(panels.questions(contribution.session)).get(number or 0, ""),
        has_board="board" in contribution.session.kind.tools,
        became=contribution_panels.became(contribution),
        shared=panels.shared_contribution(contribution),
    )


@bp.route("/<consultation>/contributions/<reference>/report", methods=["GET", "POST"])
@limiter.limit(POSTS, methods=["POST"])
@public
def report(consultation: Consultation, contribution: Contribution):
    """Let a reader say what is wrong; nobody's name is asked."""
    if not contribution.is_published:
        raise NotFound
    posted = request.method == "POST"
    form = forms.ReportForm(request.form if posted else None)
    context: dict[str, Any] = {
        "consultation": consultation,
        "reference": contribution.reference,
        "form": form,
    }
    if posted:
        public_forms.refuse_other_sites()
        if form.validate() and public_forms.is_fresh():
            contributions.report(contribution, form.said())
            return private(page("reported", **context))
        return private(page("report", 422, expired=not public_forms.is_fresh(), **context))
    state = (
        contribution.revision, consultation.revision, public_forms.current_hour(),
    )  # fmt: skip
    g.query = pages.reader_query(request.args)
    key = pages.key_of(request.path, request.args, g.query)

    def render() -> documents.Document:
        html = page("report", expired=False, **context)[0]
        return documents.make(documents.etag_of(key, *state), html, pages.HEADERS, state=state)

    return documents.respond(key, state, render)


# --- Files and feed ---------------------------------------------------------------------------


@bp.get("/<consultation>/<session>/ideas.csv")
@public_document
def csv(consultation: str, session: str) -> Response:
    """All that is published, as CSV."""
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{consultation}-{session}-ideas.csv"',
    }
    return data(consultation, session, headers, lambda found: exports.as_csv(found))


@bp.get("/<consultation>/<session>/ideas.json")
@public_document
def as_json(consultation: str, session: str) -> Response:
    """All that is published, as JSON."""
    headers = {"Content-Type": "application/json"}
    return data(
        consultation,
        session,
        headers,
        lambda found: json.dumps(exports.as_json(found), ensure_ascii=False),
    )


@bp.get("/<consultation>/<session>/ideas.atom")
@public_document
def atom(consultation: str, session: str) -> Response:
    """The ideas published last, as an Atom feed."""
    headers = {"Content-Type": "application/atom+xml; charset=utf-8"}
    return data(consultation, session, headers, exports.as_atom)


def data(
    consultation: str, session: str, headers: dict[str, str], render: Callable[[Session], str]
) -> Response:
    """Answer with a file of the board: one look-up, and nothing made anew while it is unchanged."""
    state = queries.of_data(consultation, session)
    if state is None:
        raise NotFound
    g.query = {}
    key = ("board", request.path)

    def make() -> documents.Document:
        found = exports.session_of(consultation, session)
        viewer.speak(found.consultation.language)
        moments = state.moments()
        passed = bisect_right(moments, clock.now())
        return documents.make(
            documents.etag_of(*key, *state.version, passed),
            render(found),
            headers | {"Cache-Control": documents.PUBLIC_PAGE},
            last_modified=max(
                each for each in (state.changed_at, *moments[:passed]) if each is not None
            ),
            state=state.version,
            next_change_at=moments[passed] if passed < len(moments) else None,
        )

    return documents.respond(key, state.version, make)


# --- What these pages share -------------------------------------------------------------------


def board_page(
    session: Session, form: forms.AddressedForm, *, expired: bool = False, status: int = 200
):
    """Render a page of the board."""
    refuse_other_formats(session)
    slugs: dict[str, Any] = {"consultation": session.consultation.slug, "session": session.slug}

    def address(query: dict[str, str]) -> str:
        values: dict[str, Any] = slugs | {k: v for k, v in query.items() if v}
        return url_for(".ideas", **values)

    wanted = queries.wanted_of(urls.carried())
    return page(
        "ideas",
        status,
        consultation=session.consultation,
        session=session,
        board=panels.board(session, wanted, address, at=clock.now()),
        form=form,
        expired=expired,
        clocks=session.clocks(viewer.zone()),
        action=address({}),
        carried={name: urls.carried().get(name, "") for name in urls.CARRIED},
        files={each: url_for(f".{name}", **slugs) for each, name in FILES.items()},
        questions=[
            (number, text, address({"question": str(number)}))
            for number, text in panels.questions(session)
        ],
        shared=panels.shared_board(session),
        support_url=url_for("registration.find", consultation=slugs["consultation"]),
    )


FILES = {"CSV": "csv", "JSON": "as_json", "Atom": "atom"}


def new_form(session: Session) -> forms.AddressedForm:
    """Return the empty form."""
    return forms.AddressedForm(session=session, language=viewer.language())


def refuse_other_formats(session: Session) -> None:
    """Refuse a session that has no board, as if nothing was there."""
    if "board" not in session.kind.tools:
        raise NotFound


def private(answer) -> Response:
    """Return the answer to a form: nobody's cache keeps it."""
    return access.private(make_response(answer))
