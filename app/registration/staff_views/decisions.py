"""What staff decide for several people at once: confirm, decline, cancel."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.consultations.models import Consultation
from app.core.permissions import Permission
from app.core.refusals import Refusal
from app.registration import operations, search
from app.registration.models import Registration
from app.registration.staff_views.blueprint import bp, page
from app.web.access import requires
from app.web.urls import is_local_path

ACTS: dict[str, Callable[[Registration], object]] = {
    "confirm": operations.confirm,
    "decline": operations.decline,
    "cancel": lambda registration: operations.cancel(registration, by="staff"),
}


@bp.post("/registrations/decide")
@requires(Permission.CHANGE_REGISTRATIONS)
def decide(consultation: Consultation) -> ResponseReturnValue:
    """Do it, after a page that names everybody where it takes something away."""
    back = request.form.get("back", "")
    if not is_local_path(back):
        back = url_for(".registrations", consultation=consultation.slug)
    act = request.form.get("act", "")
    chosen = search.by_public_ids(consultation, request.form.getlist("chosen"))
    if act not in ACTS or not chosen:
        flash(_("Nobody was selected."), "warn")
        return redirect(back, 303)
    if act != "confirm" and "sure" not in request.form:
        return page("decide", consultation=consultation, act=act, chosen=chosen, back=back)
    told = each_of(chosen, ACTS[act])
    for category, message in told:
        flash(message, category)
    return redirect(back, 303)


def each_of(
    chosen: list[Registration], act: Callable[[Registration], object]
) -> list[tuple[str, str]]:
    """Do ``act`` to each alone; return what to say: how many it was done to, and who was refused.

    The first reason is enough: it is the same for everybody in a session.
    """
    done, refused, reason = 0, [], ""
    for registration in chosen:
        try:
            act(registration)
            done += 1
        except Refusal as refusal:
            refused.append(registration.participant.name)
            reason = reason or refusal.text(_)
    told = []
    if done:
        told.append(("ok", ngettext("Done for %(num)s person.", "Done for %(num)s people.", done)))
    if refused:
        told.append(("warn", _("Not for %(names)s: %(why)s", names=", ".join(refused), why=reason)))
    return told
