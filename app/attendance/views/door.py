"""The desk's own page: scan or type, find by name, let walk-ins in, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.attendance import queries
from app.attendance.forms import WalkInForm
from app.attendance.views.blueprint import bp, desk_number, page, record, record_batch, with_camera
from app.attendance.views.result import desk_of, result_of
from app.consultations.models import Consultation
from app.core.links import read_ticket
from app.core.permissions import Permission
from app.core.refusals import Invalid
from app.programme.models import Session
from app.web import access, api
from app.web.access import requires, signed_in


@bp.get("/door/")
@signed_in
def doors() -> ResponseReturnValue:
    """List the sessions at whose door this person may work."""
    sessions = [
        session
        for session in queries.at_the_door()
        if access.may(Permission.DOOR, session.consultation, session)
    ]
    return page("doors", sessions=sessions)


@bp.get("/door/<consultation>/<session>/")
@requires(Permission.DOOR)
def door(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Show the desk, and what became of the last scan."""
    return shown(session, WalkInForm())


@bp.post("/door/<consultation>/<session>/")
@requires(Permission.DOOR)
def act(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Do what the desk pressed, then show what became of it."""
    acts: dict[str, Callable[[Session], ResponseReturnValue]] = {
        "in": lambda session: recorded(session, kind="in", participant=sent("participant")),
        "let_in": lambda session: recorded(
            session, kind="walk_in", participant=sent("participant")
        ),
        "undo": lambda session: recorded(session, kind="undo", undoes=sent("key")),
        "undo_last": undo_last,
        "walk_in": walk_in,
    }
    return acts.get(sent("act"), find)(session)


@bp.post("/door/<consultation>/<session>/scans")
@requires(Permission.DOOR)
def scans(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Take what the page's own script queued, and answer with what it shows."""
    body = api.json_body()
    if not isinstance(body, dict):
        raise Invalid.field("scans", "invalid_value", "This must be a list")
    verdicts = record_batch(session, body)
    last = next(reversed(verdicts), "")
    state = desk_of(session)
    context: dict[str, Any] = {
        "session": session,
        "consultation": consultation,
        "desk": desk_number(),
        "result": result_of(session, last) if last else None,
        "state": state,
    }
    return jsonify(
        verdicts=verdicts,
        result=render_template("attendance/_result.html", **context),
        last=render_template("attendance/_last.html", **context),
        inside=state.inside,
    )


# --- What the buttons do --------------------------------------------------------------------------


def find(session: Session) -> ResponseReturnValue:
    """Take a ticket that somebody holds; look up a name otherwise.

    Ten letters of a name can look like a code: whoever is called so goes first.
    """
    text = sent("text")
    code, secret = read_ticket(text[:500])
    found = queries.by_name(session, text[:120])
    holders = queries.ticket_holders(
        session.consultation_id,
        codes={code} if code else (),
        secrets={secret} if secret else (),
        ids=(),
    )
    if holders or ((code or secret) and not found):
        return recorded(session, kind="in", ticket=text)
    return shown(session, WalkInForm(), found=found, text=text)


def walk_in(session: Session) -> ResponseReturnValue:
    """Let somebody in who is not registered."""
    form = WalkInForm(request.form)
    if not form.validate():
        return shown(session, form)
    return recorded(session, kind="walk_in", person=form.person())


def undo_last(session: Session) -> ResponseReturnValue:
    """Take back the last scan of this desk."""
    scan = queries.last_undoable(session, f"desk {desk_number()}")
    if scan is None:
        return redirect(here(session), 303)
    return recorded(session, kind="undo", undoes=scan.key)


def recorded(session: Session, **item) -> ResponseReturnValue:
    """Record one scan and show what the desk is told."""
    key, _told = record(session, **item)
    return redirect(here(session, result=key), 303)


def shown(
    session: Session, form: WalkInForm, *, found: list | None = None, text: str = ""
) -> Response:
    """Render the desk."""
    key = request.args.get("result", "")
    return with_camera(
        page(
            "door",
            form.status,
            session=session,
            consultation=g.consultation,
            desk=desk_number(),
            state=desk_of(session),
            result=result_of(session, key, let_in="let_in" in request.args) if key else None,
            found=found,
            text=text,
            form=form,
            walks_in="walk_in" in request.args or form.status != 200,
        )
    )


def here(session: Session, **query: Any) -> str:
    """Return the address of this desk's page."""
    return url_for(
        "attendance.door",
        consultation=session.consultation.slug,
        session=session.slug,
        desk=desk_number(),
        **query,
    )


def sent(name: str) -> str:
    """Return a field of the form."""
    return request.form.get(name, "")
