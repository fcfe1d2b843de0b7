"""Live pages for everybody and for one person; each module adds its own to the blueprint."""

from app.live.views import documents, personal, public  # noqa: F401
from app.live.views.blueprint import bp

__all__ = ["bp"]
