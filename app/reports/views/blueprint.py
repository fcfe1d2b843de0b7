"""The blueprint of the document's public pages."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
