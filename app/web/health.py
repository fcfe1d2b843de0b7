"""What machines ask: does it live, is it ready, how is it doing; robots, security.txt."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import clock, jobs
from app.core.refusals import NotFound
from app.extensions import db
from app.version import BUILD
from app.web.access import Unauthenticated, mark, public

bp = Blueprint("health", __name__)

# Feeds are for calendar services, which obey this file: nothing here may keep them out.
ROBOTS = "User-agent: *\nDisallow: /manage/\nDisallow: /door/\nDisallow: /api/\n"


@dataclass(frozen=True)
class Gauge:
    """One figure of `/metrics`: ``read()`` returns its values by ``label``."""

    name: str
    about: str
    label: str
    read: Callable[[], dict[str, int]]


_gauges: dict[str, Gauge] = {}


def gauge(name: str, about: str, label: str) -> Callable[[Callable], Callable]:
    """Show what the function returns (values by ``label``) as ``open_talks_<name>``."""

    def decorate(read: Callable[[], dict[str, int]]) -> Callable:
        _gauges[name] = Gauge(f"open_talks_{name}", about, label, read)
        return read

    return decorate


def register(app: Flask) -> None:
    """Add the addresses."""
    app.register_blueprint(bp)


def plain(body: str, status: int = 200, *, cache: str = "no-store") -> Response:
    """Return plain text."""
    response = Response(body, status, mimetype="text/plain")
    response.headers["Cache-Control"] = cache
    return response


@bp.get("/healthz")
@public
def alive() -> Response:
    """Say that the process answers."""
    return plain("ok\n")


@bp.get("/readyz")
@public
def ready() -> Response:
    """Say whether database and queue answer; 503 names the one that does not."""
    parts = {"database": database_answers(), "queue": jobs.is_available()}
    lines = [f"{name}: {'ok' if good else 'does not answer'}\n" for name, good in parts.items()]
    return plain("".join(lines), 200 if all(parts.values()) else 503)


def database_answers() -> bool:
    """Say whether the database takes a question."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def metrics() -> Response:
    """Show figures to whoever holds METRICS_TOKEN; without one set there is no such page."""
    expected = current_app.config["METRICS_TOKEN"]
    if not expected:
        raise NotFound
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Unauthenticated
    lines = [
        "# HELP open_talks_build The build that serves.",
        "# TYPE open_talks_build gauge",
        f'open_talks_build{{build="{BUILD}"}} 1',
    ]
    for each in _gauges.values():
        lines += [f"# HELP {each.name} {each.about}", f"# TYPE {each.name} gauge"]
        lines += [f'{each.name}{{{each.label}="{k}"}} {v}' for k, v in sorted(each.read().items())]
    return Response(
        "\n".join(lines) + "\n",
        content_type="text/plain; version=0.0.4; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


bp.get("/metrics")(mark(metrics, metrics, "metrics_token"))


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Tell search engines what is not for them."""
    return plain(ROBOTS, cache="public, max-age=86400")


@bp.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Say whom to tell about a weakness (RFC 9116); good for a year from this month."""
    now = clock.now()
    site, sender = current_app.config["SITE_URL"], current_app.config["MAIL_SENDER"]
    body = (
        f"Contact: mailto:{sender}\n"
        f"Expires: {now.year + 1}-{now.month:02}-01T00:00:00Z\n"
        "Preferred-Languages: en, fr\n"
        f"Canonical: {site}/.well-known/security.txt\n"
    )
    return plain(body, cache="public, max-age=86400")
