"""Scans and attendance under `/api/v1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from app.attendance import exports, operations, queries
from app.attendance.operations import guessing
from app.attendance.queries import Row
from app.attendance.schemas import AttendanceOut, BatchIn, VerdictsOut, shown
from app.consultations.models import Consultation
from app.core.permissions import Permission
from app.core.refusals import Invalid
from app.programme.models import Session
from app.web import access, api
from app.web.access import requires
from app.web.openapi import documented

bp = Blueprint(
    "attendance_api", __name__, url_prefix="/api/v1/consultations/<consultation>/sessions/<session>"
)


@bp.post("/scans")
@documented("Record what a door scanned, up to 500 at once", takes=BatchIn, gives=VerdictsOut)
@requires(Permission.DOOR)
def scans(consultation: Consultation, session: Session):
    """Keep every scan and answer each."""
    body = api.json_body()
    if not isinstance(body, dict):
        raise Invalid.field("scans", "invalid_value", "This must be a list")
    device = guessing.key(access.actor_key(), body.get("device"))
    guessing.refuse(device)
    told: dict[str, Any] = {}

    def act() -> tuple[int, api.Ids]:
        told.update(operations.record_scans(session, body, actor=access.actor_key()))
        return 200, {}

    def show() -> dict[str, Any]:
        return {"verdicts": told or operations.verdicts(session, body)}

    answer = api.perform(act, show)
    guessing.count(device, told)
    return answer


@bp.get("/attendance")
@documented("List who is registered and whether they came", lists=AttendanceOut, also=("text/csv",))
@requires(Permission.SEE_NAMES)
def attendance(consultation: Consultation, session: Session):
    """Answer with a page of the list, or the whole of it as CSV."""
    if request.accept_mimetypes.best_match(["application/json", "text/csv"]) == "text/csv":
        text = exports.attendance(queries.attendance(session), bom=False)
        response = Response(text, content_type="text/csv; charset=utf-8")
        response.headers["Vary"] = "Accept, Authorization"
        return response
    start = api.after(int)
    rows = queries.attendance(session, after=start[0] if start else 0, limit=api.limit() + 1)
    return api.page(rows, place, listed)


def place(row: Row) -> tuple[int]:
    """Return where a row stands in the list."""
    return (row.registration.id,)


def listed(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows as they are answered."""
    return [shown(row) for row in rows]
