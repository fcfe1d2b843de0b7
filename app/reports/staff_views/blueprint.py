"""The blueprint of the rapporteurs' pages, and what all of them show."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.consultations.models import Consultation
from app.core.document import say
from app.core.permissions import Permission
from app.web import access, viewer

bp = Blueprint("reports_staff", __name__, url_prefix="/manage/<consultation>/document")
P = Permission


def page(name: str, status: int = 200, *, consultation: Consultation, **context: Any):
    """Render a page of the rapporteurs; ``may_write`` and ``may_freeze`` say what it offers."""
    html = render_template(
        f"reports/staff/{name}.html",
        consultation=consultation,
        may_write=access.may(P.WRITE_DOCUMENT, consultation),
        may_freeze=access.may(P.FREEZE_DOCUMENT, consultation),
        words=lambda text: words(text, consultation),
        **context,
    )
    answer: ResponseReturnValue = (html, status)
    return answer


def words(text: dict[str, str], consultation: Consultation) -> str:
    """Return a text in the reader's language, else in the consultation's first."""
    return say(text, viewer.language(), consultation.language)[0]


def whole(name: str, default: int = 0) -> int:
    """Return a number of the query; ``default`` for anything that is none."""
    return as_number(request.args.get(name, ""), default)


def as_number(text: str, default: int = 0) -> int:
    """Return ``text`` as a whole number; ``default`` for anything that is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default
