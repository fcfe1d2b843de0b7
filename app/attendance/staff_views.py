"""Pages of staff about attendance: all sessions with three numbers, one session with its people."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.attendance import exports, queries
from app.consultations.models import Consultation
from app.core import scans
from app.core.permissions import Permission
from app.core.timing import wall
from app.programme import queries as programme
from app.programme.models import Session
from app.web import access, filters
from app.web.access import requires

bp = Blueprint("attendance_staff", __name__, url_prefix="/manage/<consultation>")
PAGE = 200


@bp.get("/attendance/")
@requires(Permission.SEE_NAMES)
def attendance(consultation: Consultation) -> ResponseReturnValue:
    """Show registered, checked in and attended of every session."""
    sessions = programme.all_of(consultation)
    sums = queries.sums(sessions)
    return render_template(
        "attendance/attendance.html",
        consultation=consultation,
        sessions=sessions,
        sums=sums,
        total=scans.total(sums.values()),
    )


@bp.get("/<session>/attendance/")
@requires(Permission.SEE_NAMES)
def session(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Show who came to one session, and what that rests on."""
    rows = queries.attendance(session)
    ways = queries.by_way(rows)
    first = (page_number(len(rows)) - 1) * PAGE
    return render_template(
        "attendance/session.html",
        consultation=consultation,
        session=session,
        rows=rows[first : first + PAGE],
        first=first + 1,
        total=len(rows),
        ways=ways,
        most=max((way.registered + way.cancelled for way in ways.values()), default=0) or 1,
        minutes=int(scans.online_threshold(session.ends_at - session.starts_at).total_seconds())
        // 60,
        clock=lambda at: filters.hhmm(wall(at, session.timezone)),
        may_work_at_door=access.may(Permission.DOOR, consultation, session),
    )


def page_number(rows: int) -> int:
    """Return which page of the list is asked for, at most the last there is."""
    text = request.args.get("page", "1")
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 1
    return min(max(asked, 1), max(-(-rows // PAGE), 1))


@bp.get("/<session>/attendance.csv")
@requires(Permission.SEE_NAMES)
def export(consultation: Consultation, session: Session) -> ResponseReturnValue:
    """Send the list as a file."""
    text = exports.attendance(queries.attendance(session), bom=True)
    response = Response(text, content_type="text/csv; charset=utf-8")
    name = f"{consultation.slug}-{session.slug}-attendance.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
