"""What the programme shows on pages made of many features: rows, days, states, in words."""

from app.programme.panels.rows import MANY, Day, Row, agenda, days, row
from app.programme.panels.standing import has_date, has_venue, mode_words, open_modes
from app.programme.panels.times import CHANGED_FOR, Reader, cities, city, moment

__all__ = [
    "CHANGED_FOR", "MANY", "Day", "Reader", "Row", "agenda", "cities", "city", "days", "has_date",
    "has_venue", "mode_words", "moment", "open_modes", "row",
]  # fmt: skip
