"""Pages of organisers about the sessions of a consultation and their running orders."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultations.models import Consultation
from app.core import agenda as agendas
from app.core import texts, timing
from app.core.permissions import Permission
from app.core.refusals import Refusal
from app.programme import operations, queries
from app.programme.forms import (
    AgendaForm,
    SessionForm,
    filled,
    new_form,
    session_form,
    settings_form,
)
from app.programme.models import Session
from app.web import choices, viewer
from app.web.access import requires
from app.web.staff_forms import sent

bp = Blueprint("programme_staff", __name__)


def register(app: Flask) -> None:
    """Let the page of people limit roles to sessions, which it knows nothing of."""
    app.extensions["sessions_of"] = lambda consultation: [
        (session.id, session.words("title", viewer.language()))
        for session in queries.all_of(consultation)
    ]


def page(template: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Render a staff page."""
    return render_template(template, **context), status


@bp.get("/manage/<consultation>/sessions/")
@requires(Permission.CHANGE_PROGRAMME)
def sessions(consultation: Consultation) -> ResponseReturnValue:
    """List every session, drafts too, in order of time."""
    return page(
        "programme/sessions.html",
        consultation=consultation,
        sessions=queries.all_of(consultation),
        language=viewer.language(),
    )


@bp.route("/manage/<consultation>/sessions/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_PROGRAMME)
def new(consultation: Consultation) -> ResponseReturnValue:
    """Add a session: the format fills in places, running order and settings."""
    form = new_form(consultation)(
        sent(), timezone=consultation.timezone, format=request.args.get("format")
    )
    made: list[Session] = []
    if form.is_sent and form.done(
        lambda: made.append(
            operations.create(
                consultation,
                slug=form.slug.value,
                title=form.localized("title") or {},
                format=form.format.data,
                uid_host=current_app.config["UID_HOST"],
                **form.times(),
            )
        )
    ):
        flash(_("The session is a draft. What follows from its format is filled in: check it."))
        return to("session", made[-1])
    return page("programme/new.html", form.status, form=form, consultation=consultation)


@bp.route("/manage/<consultation>/sessions/<session>/", methods=["GET", "POST"])
@requires(Permission.CHANGE_PROGRAMME)
def session(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Show and change everything about a session but its running order."""
    kind = session_form(session)
    settings = settings_form(session, sent())
    form = kind(sent(), data=filled(session), session=session, settings=settings)
    if form.is_sent and form.done(lambda: save(session, form)):
        flash(_("Saved."))
        return to("session", session)
    if form.status == 409 and form.revision.data != str(session.revision):
        saved = kind(data=filled(session), session=session, settings=settings_form(session))
        form.compare(saved)
        form.revision.data = str(session.revision)
    return page(
        "programme/session.html",
        form.status,
        form=form,
        consultation=consultation,
        session=session,
        moves=form.timezone.data != session.timezone or bool(form.keep.errors),
        reasons=[(code, f"reason-{code}") for code in consultation.languages],
        title=session.words("title", viewer.language()),
    )


def save(session: Session, form: SessionForm) -> None:
    """Write what differs from what is stored."""
    content = form.content()
    stored = {name: getattr(session, name) for name in content}
    stored["settings"] = session.kind.settings(session.settings)
    changes = {name: value for name, value in content.items() if value != stored[name]}
    times = form.times()
    moved = {
        name for name in ("starts", "ends", "timezone") if times[name] != getattr(session, name)
    }
    for wall, fold in (("starts", "fold"), ("ends", "ends_fold")):
        if times[fold] is not None and (wall in moved or times[fold] != getattr(session, fold)):
            moved |= {wall, fold}
    changes |= {name: times[name] for name in moved}
    revision = int(form.revision.data) if (form.revision.data or "").isdecimal() else 0
    operations.change(session, changes, revision=revision, keep=form.keep.data or None)


@bp.post("/manage/<consultation>/sessions/<session>/status")
@requires(Permission.CHANGE_PROGRAMME)
def status(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Publish, postpone, cancel with a reason, restore, close, or delete an unseen draft."""
    act = request.form.get("act", "")
    if act == "delete":
        operations.delete(session)
        flash(_("The draft is deleted."))
        return redirect(url_for(".sessions", consultation=consultation.slug), 303)
    if act == "publish":
        operations.publish(session)
    elif act == "cancel":
        operations.cancel(session, reason=typed_reason(consultation))
    elif act == "restore":
        operations.restore(session)
    elif act in ("postponed", "published", "closed"):
        operations.change(session, {"status": act})
    flash(_("Saved."))
    return to("session", session)


def typed_reason(consultation: Consultation) -> dict[str, str] | None:
    """Return the reason of a cancellation, by language."""
    found = {}
    for code in consultation.languages:
        text = request.form.get(f"reason-{code}", "")[:1000]
        if text.strip():
            found[code] = texts.clean(text, lines=True)
    return found or None


# --- The running order ------------------------------------------------------------------------


@bp.route("/manage/<consultation>/sessions/<session>/agenda", methods=["GET", "POST"])
@requires(Permission.CHANGE_PROGRAMME)
def agenda(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Edit the running order: lines move by buttons, starts follow from the lengths."""
    form = AgendaForm(session, sent())
    if request.method == "POST":
        act = request.form.get("act", "save")
        if act != "save":
            form.press(act)
        elif form.is_good() and save_agenda(session, form):
            flash(_("Saved."))
            return to("agenda", session)
    second = second_zone(session, consultation)
    return page(
        "programme/agenda.html",
        form.status,
        form=form,
        consultation=consultation,
        session=session,
        rows=rows(session, form, second),
        second=second,
        zones=choices.zones(session.starts_at),
        title=session.words("title", viewer.language()),
    )


def save_agenda(session: Session, form: AgendaForm) -> bool:
    """Write the running order; say whether it went through."""
    revision = int(form.revision) if form.revision.isdecimal() else 0
    try:
        operations.change(session, {"agenda": form.content()}, revision=revision)
    except Refusal as refusal:
        fresh = AgendaForm(session)
        form.stored = fresh.stored
        form.note(refusal)
        return False
    return True


def second_zone(session: Session, consultation: Consultation) -> str | None:
    """Return the zone of the second column: the one asked for, else the consultation's."""
    asked = request.values.get("also") or viewer.zone()
    if asked is None and consultation.timezone != session.timezone:
        asked = consultation.timezone
    if not asked:
        return None
    try:
        return timing.canonical_zone(asked)
    except Refusal:
        return None


def rows(session: Session, form: AgendaForm, second: str | None) -> list[dict[str, Any]]:
    """Return the lines with the clocks they begin and end at, here and in the second zone."""
    slots = agendas.slots(session.starts_at, [line.length or 0 for line in form.lines])
    return [
        {
            "line": line,
            "starts": timing.wall(slot.starts_at, session.timezone),
            "ends": timing.wall(slot.ends_at, session.timezone),
            "second": timing.wall(slot.starts_at, second) if second else None,
        }
        for line, slot in zip(form.lines, slots, strict=True)
    ]


def to(view: str, session: Session) -> ResponseReturnValue:
    """Lead to a page of ``session``."""
    return redirect(
        url_for(f".{view}", consultation=session.consultation.slug, session=session.slug), 303
    )
