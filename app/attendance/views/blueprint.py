"""The blueprint of the door's pages, and what each of them does."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, make_response, render_template, request

from app import clock
from app.attendance import operations
from app.attendance.operations import guessing
from app.core.timing import isoformat_z
from app.programme.models import Session
from app.web import access, headers

bp = Blueprint("attendance", __name__)
MOST_DESKS = 99


def page(name: str, status: int = 200, **context: Any) -> Response:
    """Render a page of the door."""
    return make_response(render_template(f"attendance/{name}.html", **context), status)


def with_camera(response: Response) -> Response:
    """Let this page alone use the camera, and compile the reader of its pictures."""
    response.headers["Content-Security-Policy"] = headers.policy(
        script_src="'self' 'wasm-unsafe-eval'"
    )
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    return response


def desk_number() -> int:
    """Return which desk this is, by what its form or address says."""
    text = request.values.get("desk", "")
    if text.isascii() and text.isdecimal() and 1 <= int(text[:3]) <= MOST_DESKS:
        return int(text[:3])
    return 1


def record(session: Session, **item: Any) -> tuple[str, dict[str, Any]]:
    """Record one scan of this desk now; return its key and what the desk is told."""
    key = str(uuid4())
    scan = {"id": key, "scanned_at": isoformat_z(clock.now()), **item}
    return key, record_batch(session, {"device": f"desk {desk_number()}", "scans": [scan]})[key]


def record_batch(session: Session, batch: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Record scans of whoever is signed in; wrong tickets are counted per desk."""
    actor = access.actor_key()
    device = guessing.key(actor, batch.get("device"))
    guessing.refuse(device)
    verdicts = operations.record_scans(session, batch, actor=actor)
    guessing.count(device, verdicts)
    return verdicts
