"""A session's console: what its facilitator or moderator sees and does while it runs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from app.consultations.models import Consultation
from app.core.permissions import Permission
from app.live import kinds, operations, queries
from app.live.kinds import Desk
from app.live.panels import FOR_ONE, Parts, document, page
from app.programme.models import Session
from app.web import access
from app.web.access import requires

bp = Blueprint("live_staff", __name__)


@bp.get("/live/<consultation>/<session>/console")
@requires(Permission.SEE_LIVE)
def console(consultation: Consultation, session: Session):
    """Show the console."""
    return shown(desk_of(session), {})


@bp.post("/live/<consultation>/<session>/console")
@requires(Permission.RUN_LIVE)
def run(consultation: Consultation, session: Session):
    """Do what a form of the console asks for."""
    desk = desk_of(session)
    name = request.form.get("act", "")
    if name == "renew_stage":
        operations.renew_stage(session)
        return redirect(f"{desk.home}?said=stage_renewed", 303)
    tool = next((each for each in kinds.of(session) if name in each.desk_acts), None)
    if tool is None:
        abort(422)
    done = tool.run(desk, name)
    if isinstance(done, kinds.Part):
        return shown(desk, {tool.name: done})
    return done


def desk_of(session: Session) -> Desk:
    """Return the desk of whoever acts in this request."""
    consultation = session.consultation
    return Desk(
        session=session,
        home=url_for(".console", consultation=consultation.slug, session=session.slug),
        may_run=access.may(Permission.RUN_LIVE, consultation, session),
    )


def shown(desk: Desk, refused: dict[str, kinds.Part]) -> tuple[str, int]:
    """Render the console; ``refused`` are the parts whose form came back."""
    session, parts = desk.session, parts_of(desk, refused)
    names: dict[str, Any] = {"consultation": session.consultation.slug, "session": session.slug}
    html = page(
        "console",
        session,
        parts,
        0,
        desk=desk,
        stage_url=url_for("live.projector", **names, key=queries.stage_key(session)),
        plain_stage_url=url_for("live.projector", **names),
        public_url=url_for("live.now", **names),
    )
    return html, max((part.status for _tool, part in parts), default=200)


def parts_of(desk: Desk, refused: dict[str, kinds.Part]) -> Parts:
    """Return each tool's part of the console."""
    found: Parts = []
    for tool in kinds.of(desk.session):
        part = refused.get(tool.name) or tool.console(desk)
        if part is not None:
            found.append((tool, part))
    return found


@bp.get("/live/<consultation>/<session>/console/state.json")
@requires(Permission.SEE_LIVE)
def console_state(consultation: Consultation, session: Session) -> Response:
    """Answer with what the console shows."""
    desk = desk_of(session)
    return document(
        ("live", "console", session.id, desk.may_run),
        queries.of_session(session),
        lambda: (session, parts_of(desk, {})),
        FOR_ONE,
        inner=True,
    )
