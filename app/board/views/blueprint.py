"""The blueprint of the board's pages."""

from flask import Blueprint, render_template

bp = Blueprint("board", __name__)
POSTS = "600/minute"  # for one address: a whole venue behind it must get through


def page(name: str, status: int = 200, **context: object):
    """Return the page ``board/<name>.html``."""
    return render_template(f"board/{name}.html", **context), status
