"""Pages of the door, and the address in the ticket's QR."""

from app.attendance.views import door, offline, ticket
from app.attendance.views.blueprint import bp

__all__ = ["bp", "door", "offline", "ticket"]
