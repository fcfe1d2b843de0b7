"""The shape of what hosts, participants and facilitators type about tables."""

from app.tables.forms.card import CardForm
from app.tables.forms.places import AddForm, PlaceForm, stored
from app.tables.forms.seats import SeatsForm
from app.tables.forms.sheet import Sheet, row_of

__all__ = ["AddForm", "CardForm", "PlaceForm", "SeatsForm", "Sheet", "row_of", "stored"]
