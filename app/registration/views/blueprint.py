"""The blueprint of the pages for attendees."""

from flask import Blueprint, render_template

bp = Blueprint("registration", __name__)


def page(name: str, status: int = 200, **context: object):
    """Return the page ``registration/<name>.html``."""
    return render_template(f"registration/{name}.html", **context), status
