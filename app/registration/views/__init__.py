"""Pages for attendees: the form, the page after it, the way into the room."""

from app.registration.views import form, joining, reminders
from app.registration.views.blueprint import bp

__all__ = ["bp", "form", "joining", "reminders"]
