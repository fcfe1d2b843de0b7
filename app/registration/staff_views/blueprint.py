"""The blueprint of staff pages about registrations, and how they are rendered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.consultations.models import Consultation
from app.registration.models import Registration
from app.web import choices

bp = Blueprint("registration_staff", __name__, url_prefix="/manage/<consultation>")


def page(name: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Render a staff page about registrations."""
    html = render_template(
        f"registration/staff/{name}.html", group_name=choices.group_name, **context
    )
    return html, status


def address(consultation: Consultation, registration: Registration) -> str:
    """Return the page of one registration."""
    return url_for(
        "registration_staff.registration",
        consultation=consultation.slug,
        registration=registration.public_id,
    )
