"""The join link: one registration's way into one session's room, and nothing else."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask_babel import gettext as _

from app.core import clocks, joining
from app.registration import operations
from app.registration.models import Registration
from app.registration.views.blueprint import bp, page
from app.web import access, public_forms, viewer


@bp.route("/join/<join>", methods=["GET", "POST"])
@access.personal
def join(registration: Registration):
    """Say when the room opens; inside the window a POST reveals its address."""
    session = registration.session
    viewer.speak(registration.participant.language)
    zone = registration.participant.timezone
    window = joining.window(session.starts_at, session.ends_at)
    state = operations.state_of(registration)
    room = None
    if request.method == "POST":
        public_forms.refuse_other_sites()
        if state is joining.State.OPEN:
            room = operations.join(registration)
            if not room:
                return redirect(url_for("live.joined", **(request.view_args or {})), 303)
    return page(
        "join",
        registration=registration,
        session=session,
        clocks=session.clocks(zone),
        opening=clocks_of_opening(registration, window, zone),
        state=state.value,
        room=room,
        title=_("Join %(title)s", title=session.words("title", viewer.language())),
    )


def clocks_of_opening(registration: Registration, window, zone):
    """Return the clocks of the moment the room opens."""
    session = registration.session
    return clocks.clocks(window.starts_at, window.ends_at, session.timezone, session.city, zone)
