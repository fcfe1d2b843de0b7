"""Town Hall: one room and one livestream, an opening, then one queue for everybody's questions."""

from wtforms import BooleanField, IntegerField
from wtforms.validators import NumberRange

from app.formats.base import N_, CommonSettings, Mode, SessionFormat, fill


class TownHall(SessionFormat):
    """Hybrid: limited chairs, and an online audience that may be unlimited."""

    key = "town_hall"
    name = N_("Town Hall")
    summary = N_("One floor for the room and for everybody online.")
    rank = 2
    glyph = "town-hall"
    color = "steelblue"
    modes = (Mode.ON_SITE, Mode.ONLINE)
    default_capacity = {Mode.ON_SITE: 100, Mode.ONLINE: None}
    tools = ("floor",)

    class SettingsForm(CommonSettings):
        """How long people talk."""

        turn_seconds = IntegerField(N_("Seconds a turn"), [NumberRange(30, 900)], default=120)
        follow_up = BooleanField(N_("One follow-up each"), default=True)

    def agenda(self, minutes, settings):
        """Welcome, opening, open floor, reading back; the floor takes the rest."""
        return fill(
            minutes,
            [
                (N_("Rules and welcome"), 5),
                (N_("Opening"), 10),
                (N_("Open floor"), ...),
                (N_("Reading back"), 10),
            ],
        )
