"""Pages of organisers about the consultation itself: make one, change it, publish it, show it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultations import operations
from app.consultations.forms import ConsultationForm, filled, form_for, missing
from app.consultations.models import Consultation
from app.core import languages, links
from app.core.permissions import Permission
from app.web import access
from app.web.access import requires
from app.web.staff_forms import sent
from app.web.urls import external

bp = Blueprint("consultations_staff", __name__)


def page(template: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Render a staff page."""
    return render_template(template, **context), status


@bp.route("/manage/consultations/new", methods=["GET", "POST"])
@requires(Permission.INSTALLATION)
def new() -> ResponseReturnValue:
    """Make a consultation; it is a draft until somebody publishes it."""
    asked = languages.known(request.form.get("first_language")) or languages.ALL[0]
    form = form_for(None, [asked.code])(sent(), first_language=asked.code, timezone="Europe/Zurich")
    made: list[Consultation] = []
    if form.is_sent and form.done(lambda: made.append(operations.create(**form.content()))):
        flash(_("The consultation is made. Nobody but you and your colleagues sees it yet."))
        return redirect(url_for(".settings", consultation=made[-1].slug), 303)
    return page("consultations/new.html", form.status, form=form)


@bp.route("/manage/<consultation>/settings", methods=["GET", "POST"])
@requires(Permission.CHANGE_PROGRAMME)
def settings(consultation: Consultation) -> ResponseReturnValue:
    """Show and change everything about a consultation."""
    kind = form_for(consultation, consultation.languages)
    form = kind(sent(), data=filled(consultation), consultation=consultation)
    if form.is_sent and form.done(lambda: save(consultation, form)):
        flash(_("Saved."))
        return redirect(url_for(".settings", consultation=consultation.slug), 303)
    if form.status == 409:
        form.compare(kind(data=filled(consultation), consultation=consultation))
        form.revision.data = str(consultation.revision)
    return page(
        "consultations/settings.html",
        form.status,
        form=form,
        consultation=consultation,
        missing=missing(consultation),
        preview=preview_address(consultation),
        may_see_audit=access.may(Permission.SEE_AUDIT, consultation),
    )


def save(consultation: Consultation, form: ConsultationForm) -> None:
    """Write what differs from what is stored."""
    content = form.content()
    stored = {name: getattr(consultation, name) for name in content}
    stored["guiding_questions"] = [each.text for each in consultation.guiding_questions]
    changes = {name: value for name, value in content.items() if value != stored[name]}
    revision = int(form.revision.data) if (form.revision.data or "").isdecimal() else 0
    operations.change(consultation, changes, revision=revision)


@bp.post("/manage/<consultation>/settings/status")
@requires(Permission.CHANGE_PROGRAMME)
def status(consultation: Consultation) -> ResponseReturnValue:
    """Publish, close or open again."""
    act = request.form.get("act")
    if act == "publish":
        operations.publish(consultation)
        flash(_("The consultation is public, and so are its published sessions."))
    elif act in ("close", "reopen"):
        wanted = "closed" if act == "close" else "published"
        operations.change(consultation, {"status": wanted})
        flash(_("Saved."))
    return redirect(url_for(".settings", consultation=consultation.slug), 303)


@bp.post("/manage/<consultation>/settings/preview")
@requires(Permission.CHANGE_PROGRAMME)
def renew_preview(consultation: Consultation) -> ResponseReturnValue:
    """Make the preview link anew; the old one stops working."""
    operations.renew_preview(consultation)
    flash(_("The preview link is new; the old one no longer works."))
    return redirect(url_for(".settings", consultation=consultation.slug), 303)


def preview_address(consultation: Consultation) -> str:
    """Return the secret address that shows the draft programme to whoever has it."""
    secret = links.derive(
        current_app.config["LINK_KEY"],
        links.Purpose.PREVIEW,
        consultation.slug,
        consultation.preview_version,
    )
    return external("portal.preview", consultation=consultation.slug, token=secret)
