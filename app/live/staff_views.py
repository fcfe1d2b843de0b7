"""A session's console while it runs, and its rehearsal before: for those who run it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from app.consultations.models import Consultation
from app.core.permissions import Permission
from app.live import kinds, operations, panels, queries
from app.live.kinds import Desk
from app.live.panels import FOR_ONE, Parts, document, page
from app.programme import queries as programme
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


# --- Rehearsals -------------------------------------------------------------------------------


@bp.get("/manage/<consultation>/<session>/rehearsal")
@requires(Permission.RUN_LIVE)
def rehearsal(consultation: Consultation, session: Session):
    """Show how far a session's rehearsal was played, and where to look at it."""
    if consultation.is_rehearsal:
        source = programme.by_id(consultation.rehearsal_of or 0)
        return redirect(url_for("portal_staff.dashboard") if source is None else page_of(source))
    found = queries.rehearsal_of(session)
    return render_template(
        "live/rehearsal.html",
        consultation=consultation,
        session=session,
        rehearsal=found,
        steps=operations.steps(found.session) if found else [],
        links=panels.rehearsal_links(found.session) if found else [],
        size=operations.PEOPLE,
        may_start=access.may(Permission.CHANGE_PROGRAMME, consultation, session),
        said=request.args.get("said", ""),
    )


@bp.post("/manage/<consultation>/<session>/rehearsal")
@requires(Permission.RUN_LIVE)
def play(consultation: Consultation, session: Session):
    """Play the steps up to the one that is named."""
    found = queries.rehearsal_of(session)
    if found is not None:
        steps = operations.steps(found.session)
        keys = [step.key for step in steps]
        if request.form.get("step") not in keys:
            abort(422)
        operations.play(found, steps, keys.index(request.form["step"]))
    return redirect(page_of(session), 303)


@bp.post("/manage/<consultation>/<session>/rehearsal/start")
@requires(Permission.CHANGE_PROGRAMME)
def start_rehearsal(consultation: Consultation, session: Session):
    """Make the copy with its invented people."""
    operations.rehearse(session)
    return redirect(page_of(session), 303)


@bp.route("/manage/<consultation>/<session>/rehearsal/wipe", methods=["GET", "POST"])
@requires(Permission.CHANGE_PROGRAMME)
def wipe_rehearsal(consultation: Consultation, session: Session):
    """Ask whether the copy shall go, and delete it."""
    found, back = queries.rehearsal_of(session), page_of(session)
    if found is None:
        return redirect(back, 303)
    if request.method == "GET":
        return render_template(
            "live/rehearsal_wipe.html", consultation=consultation, session=session, back_url=back
        )
    operations.wipe(found)
    return redirect(f"{back}?said=wiped", 303)


def page_of(session: Session) -> str:
    """Return the address of a session's rehearsal."""
    slug = session.consultation.slug
    return url_for("live_staff.rehearsal", consultation=slug, session=session.slug)
