"""The document for everybody: each edition with its files, for ever, and the figures."""

from app.reports.views import editions, results
from app.reports.views.blueprint import bp

__all__ = ["bp", "editions", "results"]
