"""Pages made of many features: the public ones, and a participant's own."""

from app.portal.views import my, public
from app.portal.views.blueprint import bp

__all__ = ["bp", "my", "public"]
