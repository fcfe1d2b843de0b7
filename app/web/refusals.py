"""Refusals become answers: problem details under `/api/`, a page everywhere else."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, jsonify, render_template
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, InternalServerError

from app.core.refusals import Invalid, Refusal
from app.extensions import db
from app.web.access import is_api

PAGES = {403, 404, 409, 410, 413, 422, 429, 500, 503}
CODES = {
    400: "bad_request", 401: "unauthenticated", 403: "forbidden", 404: "not_found",
    405: "method_not_allowed", 406: "not_acceptable", 409: "conflict", 410: "gone",
    413: "too_large", 415: "unsupported_media_type", 422: "invalid", 429: "too_many_requests",
    500: "internal_error", 503: "busy",
}  # fmt: skip


def register(app: Flask) -> None:
    """Let every refusal and every fault end in a clear answer."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, fault)


def problem(status: int, code: str, title: str, detail: str, errors=(), more=None):
    """Return RFC 9457 problem details, with members of its own where the refusal has ``more``."""
    body = (more or {}) | {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": list(errors),
    }
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(refusal: Refusal):
    """Answer a refusal of the house."""
    db.session.rollback()
    status = refusal.status
    if is_api():
        errors = [
            {"field": error.field, "code": error.code, "message": error.text()}
            for error in refusal.errors
        ]
        is_about_fields = isinstance(refusal, Invalid) and errors
        code = errors[0]["code"] if is_about_fields else refusal.code
        more = getattr(refusal, "extra", None)
        response = problem(status, code, type(refusal).message, refusal.text(), errors, more)
    else:
        response = page(status, refusal.text(gettext), [e.text(gettext) for e in refusal.errors])
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        response.headers["Retry-After"] = str(refusal.values.get("retry_after", 5))
    return response


def http_error(error: HTTPException):
    """Answer what the framework refuses (no such address, wrong method, too large …)."""
    status = error.code or 500
    if error.response is not None:  # a redirect, or an answer made by hand
        return error.response
    if is_api():
        response = problem(status, CODES.get(status, "error"), error.name, error.description or "")
    elif status in (405,):
        response = error.get_response()
    else:
        response = page(status, "")
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def fault(error: Exception):
    """Answer a fault of ours: log it under a reference, show the reference, keep the secret."""
    reference = secrets.token_hex(4).upper()
    current_app.logger.error("fault %s", reference, exc_info=error)
    if current_app.testing and current_app.config.get("RAISE_FAULTS", True):
        raise error
    db.session.rollback()
    if is_api():
        detail = f"Reference {reference}"
        return problem(500, "internal_error", InternalServerError.description or "", detail)
    return page(500, "", reference=reference)


def page(status: int, message: str, errors=(), **context):
    """Return an error page that leads on."""
    name = status if status in PAGES else (404 if 400 <= status < 500 else 500)
    html = render_template(
        f"errors/{name}.html", message=message, errors=list(errors), status=status, **context
    )
    response = current_app.make_response((html, status))
    response.headers["Cache-Control"] = "no-store"
    return response
