"""The board's pages: for everybody, and for one person behind their link."""

from app.board.views import my, public
from app.board.views.blueprint import bp

__all__ = ["bp", "my", "public"]
