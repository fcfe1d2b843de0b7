"""The blueprint of pages made of many features."""

from flask import Blueprint

bp = Blueprint("portal", __name__)
