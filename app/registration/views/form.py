"""The form of a consultation, the answer to it, and "send me my link"."""

from __future__ import annotations

from flask import current_app, make_response, redirect, request, url_for
from flask_babel import gettext as _

from app import clock
from app.consultations.models import Consultation
from app.core.refusals import Refusal
from app.extensions import limiter
from app.programme import queries as programme
from app.programme.models import Session
from app.registration import forms, operations, queries
from app.registration.operations import Wish
from app.registration.views.blueprint import bp, page
from app.web import access, documents, public_forms, urls, viewer

COOKIE = "receipt"
POSTS = "600/minute"  # for one address: a whole venue behind it must get through
AT_ONCE = 20
RECEIPT_SECONDS = 2 * 3600


@bp.get("/<consultation>/register")
@access.public
def register(consultation: Consultation):
    """Ask for places in the open sessions of a consultation."""
    chosen = tuple(dict.fromkeys(request.args.getlist("session")))[:100]
    now = clock.now()
    sessions = programme.open_of(consultation, at=now)
    etag = documents.etag_of(
        "register",
        consultation.id,
        consultation.revision,
        consultation.places_revision,
        [(session.id, takes(session, now)) for session in sessions],
        public_forms.current_hour(),
        viewer.language(),
        request.args.get("tz", "")[:60],
        chosen,
    )
    key = ("register", consultation.id, viewer.language(), request.args.get("tz", "")[:60], chosen)

    def render() -> documents.Document:
        html = form_page(consultation, sessions, chosen, new_form(sessions, chosen))[0]
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "public, no-cache"}
        return documents.make(etag, html, headers)

    return documents.respond(key, etag, render)


@bp.post("/<consultation>/register")
@limiter.limit(POSTS)
@access.public
def submit(consultation: Consultation):
    """Take the form: all of it or nothing, the same answer whoever the address belongs to."""
    public_forms.refuse_other_sites()
    chosen = tuple(dict.fromkeys(request.args.getlist("session")))[:100]
    named = {name[5:] for name in request.form if name.startswith("mode-")}
    shown = set(offered(consultation, chosen))
    sessions = [
        session
        for session in programme.public_of(consultation)
        if session.slug in named or session in shown
    ]
    form = forms.form_for(
        sessions, request.form, at=first_start(sessions), language=viewer.language()
    )
    good = form.validate()
    if not public_forms.is_fresh():
        return form_page(consultation, sessions, chosen, form, expired=True, status=422)
    if not good:
        return form_page(consultation, sessions, chosen, form, status=422)
    details = form.details() | {"email": form.email.normalised, "consent": True}
    wishes = [Wish(*wish) for wish in form.wishes()]
    try:
        receipt = operations.submit(consultation, details=details, wishes=wishes)
    except Refusal as refusal:
        if not refusal.errors:
            raise
        for error in refusal.errors:
            form[error.field].errors = [error.text(_)]
        return form_page(consultation, sessions, chosen, form, status=refusal.status)
    return leave_receipt(consultation, receipt.id)


def leave_receipt(consultation: Consultation, receipt_id: str):
    """Lead to the page after the form; the cookie is the only one an attendee ever gets."""
    target = url_for(".received", consultation=consultation.slug)
    response = redirect(target, 303)
    response.set_cookie(
        COOKIE,
        receipt_id,
        max_age=RECEIPT_SECONDS,
        path=url_for(".received", consultation=consultation.slug).split("?")[0],
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SITE_URL"].startswith("https://"),
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/<consultation>/register/received", methods=["GET", "POST"])
@limiter.limit(POSTS, methods=["POST"])
@access.public
def received(consultation: Consultation):
    """Say what was sent and to whom we wrote, and let a mistyped address be corrected."""
    receipt = queries.receipt(request.cookies.get(COOKIE), consultation=consultation)
    form = forms.CorrectionForm(request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and receipt is not None:
        public_forms.refuse_other_sites()
        if form.validate():
            operations.correct_address(receipt, form.email.normalised)
            return access.private(
                make_response(redirect(url_for(".received", consultation=consultation.slug), 303))
            )
        status = 422
    sessions = {session.id: session for session in programme.public_of(consultation)}
    html = page(
        "received",
        status,
        consultation=consultation,
        receipt=receipt,
        sessions=sessions,
        form=form,
    )
    return access.private(make_response(html))


@bp.route("/<consultation>/find", methods=["GET", "POST"])
@limiter.limit(POSTS, methods=["POST"])
@access.public
def find(consultation: Consultation):
    """Send somebody their link; the answer is the same for every address."""
    form = forms.FindForm(request.form if request.method == "POST" else None)
    if request.method == "POST":
        public_forms.refuse_other_sites()
        if form.validate() and public_forms.is_fresh():
            operations.send_link(consultation, form.email.normalised)
            sent = page("found", consultation=consultation, address=form.email.normalised)
            return access.private(make_response(sent))
        html = page(
            "find",
            422,
            consultation=consultation,
            form=form,
            expired=not public_forms.is_fresh(),
        )
        return access.private(make_response(html))
    etag = documents.etag_of(
        "find",
        consultation.id,
        consultation.revision,
        public_forms.current_hour(),
        viewer.language(),
        request.args.get("tz", "")[:60],
    )

    def render() -> documents.Document:
        html = page("find", consultation=consultation, form=form, expired=False)[0]
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "public, no-cache"}
        return documents.make(etag, html, headers)

    return documents.respond(
        ("find", consultation.id, viewer.language(), request.args.get("tz", "")[:60]), etag, render
    )


def offered(consultation: Consultation, chosen: tuple[str, ...]) -> list[Session]:
    """Return the sessions the form shows: all open ones up to twenty, else those chosen."""
    sessions = programme.open_of(consultation, at=clock.now())
    if len(sessions) <= AT_ONCE:
        return sessions
    return [session for session in sessions if session.slug in chosen]


def takes(session: Session, now) -> list[bool]:
    """Return which modes take registrations now: part of what the page shows."""
    return [session.takes_registrations(mode, at=now) for mode in session.modes]


def first_start(sessions: list[Session]):
    """Return the instant whose offsets the zone chooser shows."""
    return sessions[0].starts_at if sessions else clock.now()


def new_form(sessions: list[Session], chosen: tuple[str, ...]) -> forms.ConsultationForm:
    """Return the empty form, in the reader's zone and language, the session asked for chosen."""
    shown = sessions if len(sessions) <= AT_ONCE else [s for s in sessions if s.slug in chosen]
    return forms.form_for(
        shown,
        at=first_start(shown),
        timezone=viewer.zone() or "",
        language=viewer.language(),
    )


def form_page(consultation, sessions, chosen, form, *, expired: bool = False, status: int = 200):
    """Return the page with the form; with a list to choose from where there are too many."""
    title = _("Register for %(title)s", title=consultation.words("title", viewer.language()))
    return page(
        "register",
        status,
        consultation=consultation,
        title=title,
        form=form,
        places=queries.places_of(list(form.sessions)),
        zone=viewer.zone(),
        expired=expired,
        to_choose=[s for s in sessions if s not in form.sessions],
        chosen=chosen,
        action=urls.here(),
        now=clock.now(),
    )
