"""Pages of staff about registrations: the list, one of them, adding somebody."""

from app.registration.staff_views import decisions, lists, single
from app.registration.staff_views.blueprint import bp

__all__ = ["bp", "decisions", "lists", "single"]
