"""The way out of optional mail: one button for people, one click for mail programs (RFC 8058)."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from app.registration import operations
from app.registration.models import Participant
from app.registration.views.blueprint import bp, page
from app.web import access


@bp.route("/unsubscribe/<unsubscribe>", methods=["GET", "POST"])
@access.personal
def unsubscribe(participant: Participant):
    """Stop reminders, or send them again. Looking at the page changes nothing.

    Mail programs post from anywhere, without Origin: the token is all the authority there is.
    """
    if request.method == "POST":
        operations.choose_reminders(participant, wanted=request.form.get("reminders") == "on")
    off = participant.reminders_off_at is not None
    return page(
        "unsubscribe",
        participant=participant,
        consultation=participant.consultation,
        off=off,
        title=_("You get no more reminders") if off else _("Reminders"),
    )
