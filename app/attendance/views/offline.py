"""What keeps a desk at work without network: its worker, and a list of tickets to advise by.

The list names nobody and opens nothing: it holds hashes of tickets, each with what the server
would say of it now. What a device says by it is advice; the scan is kept and judged later.
"""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, jsonify, render_template
from flask_babel import gettext as _

from app import clock
from app.attendance import exports, queries
from app.attendance.views.blueprint import bp, desk_number
from app.attendance.views.result import Result, clock_of
from app.consultations.models import Consultation
from app.core import links
from app.core.permissions import Permission
from app.core.timing import isoformat_z
from app.core.vocabulary import Verdict
from app.programme.models import Session
from app.web.access import public_document, requires

PANELS = {
    Verdict.WELCOME: "welcome",
    Verdict.ALREADY_IN: "already",
    Verdict.ON_WAITING_LIST: "desk",
    Verdict.CANCELLED: "desk",
    Verdict.OTHER_MODE: "desk",
    Verdict.UNKNOWN_TICKET: "desk",
}


@bp.get("/door/worker.js")
@public_document
def worker() -> Response:
    """The service worker of the desks: served here, so that it may answer for `/door/`."""
    script = Path(current_app.static_folder or "", "door/worker.js").read_bytes()
    response = Response(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/door/<consultation>/<session>/tickets.json")
@requires(Permission.DOOR)
def tickets(consultation: Consultation, session: Session) -> Response:
    """Return the list of tickets, for as long as the door may be open."""
    now = clock.now()
    salt = session.uid
    known: dict[str, str] = {}
    for who, verdict in exports.on_the_list(session):
        known[links.secret_on_device(salt, who.ticket_secret)] = verdict.value
        known[links.code_on_device(salt, who.ticket_code)] = verdict.value
    made = clock_of(session, now)
    return jsonify(
        made_at=isoformat_z(now),
        ends_at=isoformat_z(session.ends_at + queries.DOOR_CLOSES),
        salt=salt,
        rounds=links.CODE_ROUNDS,
        tickets=known,
        panels={verdict.value: panel(consultation, session, verdict, made) for verdict in PANELS},
    )


def panel(consultation: Consultation, session: Session, verdict: Verdict, made: str) -> str:
    """Return what the desk shows by the list: the word, and that nothing was checked yet."""
    kind = PANELS[verdict]
    words = {
        "welcome": _("Welcome"),
        "already": _("Already in"),
        "desk": _("See the desk"),
    }
    why = {
        Verdict.WELCOME: _("On site"),
        Verdict.ALREADY_IN: _("scanned before"),
        Verdict.ON_WAITING_LIST: _("On the waiting list."),
        Verdict.CANCELLED: _("The registration was cancelled."),
        Verdict.OTHER_MODE: _("Registered online, not on site."),
        Verdict.UNKNOWN_TICKET: _("Not on the list of this device."),
    }
    result = Result(
        kind=kind,
        word=words[kind],
        why=why[verdict],
        about=_("By the list of %(time)s. Saved; the server checks it later.", time=made),
    )
    return render_template(
        "attendance/_result.html",
        consultation=consultation,
        session=session,
        desk=desk_number(),
        result=result,
    )
