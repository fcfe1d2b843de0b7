"""Where organisers begin: their consultations, and the overview of one."""

from __future__ import annotations

from flask import Blueprint, render_template

from app import clock
from app.attendance import queries as attendance
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.core.permissions import Permission
from app.portal import panels, queries
from app.portal.panels import overview as overviews
from app.programme import queries as programmes
from app.registration import queries as registrations
from app.web import access
from app.web.access import requires, signed_in

bp = Blueprint("portal_staff", __name__)


@bp.get("/manage/")
@signed_in
def dashboard() -> str:
    """List the consultations one works in; on a new installation, say how to begin."""
    every = consultations.every()
    mine = [each for each in every if any(access.may(p, each) for p in Permission)]
    may_create = access.may(Permission.INSTALLATION)
    return render_template(
        "portal/dashboard.html",
        cards=panels.cards(mine, clock.now()),
        may_create=may_create,
        first_run=may_create and not every,
        readiness=overviews.readiness(queries.administrators()) if may_create else [],
    )


@bp.get("/manage/<consultation>/")
@requires(Permission.SEE_DRAFTS)
def overview(consultation: Consultation) -> str:
    """Say what needs somebody now, and how many people each session has."""
    sessions = programmes.all_of(consultation)
    reader = panels.reader(sessions)
    places = registrations.places_of(sessions)
    rows = panels.rows(consultation, sessions, reader, with_strip=False)
    return render_template(
        "portal/overview.html",
        consultation=consultation,
        needs=overviews.needs(consultation, sessions, places, reader),
        sessions=overviews.sums(rows, places, attendance.sums(sessions), reader),
        running=overviews.running(consultation)
        if access.may(Permission.OUTBOX, consultation)
        else [],
        steps=panels.path(consultation, sessions, reader),
        may_change=access.may(Permission.CHANGE_PROGRAMME, consultation),
    )
