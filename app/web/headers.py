"""The headers every answer carries."""

from __future__ import annotations

import re

from flask import Flask, Response, request

from app.core import slugs
from app.web import assets

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy(**changes: str) -> str:
    """Return the content security policy, with single directives replaced (``script_src=…``)."""
    directives = POLICY | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


STRICT = policy()
REHEARSED = re.compile(
    rf"/(?:live/|door/|manage/|api/v1/consultations/)?{slugs.REHEARSAL.pattern}(?:/|$)"
)


def register(app: Flask) -> None:
    """Set what is missing on every answer."""
    secure = app.config["SITE_URL"].startswith("https://")

    @app.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        if request.endpoint == "static":
            return assets.send(response)
        headers.setdefault("Content-Security-Policy", STRICT)
        if REHEARSED.match(request.path):
            headers["X-Robots-Tag"] = "noindex"
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response
