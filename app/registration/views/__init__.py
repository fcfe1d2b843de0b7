"""Pages for attendees: the form, the page after it, and everything behind their links."""

from app.registration.views import form, joining, my
from app.registration.views.blueprint import bp

__all__ = ["bp", "form", "joining", "my"]
