"""Pages of the door, and the address in the ticket's QR."""

from app.attendance.views import door, ticket
from app.attendance.views.blueprint import bp

__all__ = ["bp", "door", "ticket"]
