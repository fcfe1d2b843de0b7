"""The blueprint of live pages without sign-in."""

from flask import Blueprint

bp = Blueprint("live", __name__)
