"""The board's pages: for everybody, and one contribution for one person."""

from app.board.views import my, public
from app.board.views.blueprint import bp

__all__ = ["bp", "my", "public"]
