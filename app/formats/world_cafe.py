"""World Café: small tables, several rounds, new company in each, then a harvest."""

from wtforms import IntegerField
from wtforms.validators import NumberRange

from app.formats.base import N_, AgendaPart, CommonSettings, Mode, SessionFormat, fill


class WorldCafe(SessionFormat):
    """One room with tables, and tables online."""

    key = "world_cafe"
    name = N_("World Café")
    summary = N_("Small tables, three rounds, new company in each round.")
    rank = 1
    glyph = "world-cafe"
    color = "teal"
    modes = (Mode.ON_SITE, Mode.ONLINE)
    default_capacity = {Mode.ON_SITE: 50, Mode.ONLINE: 20}
    tools = ("tables",)

    class SettingsForm(CommonSettings):
        """How the tables turn."""

        rounds = IntegerField(N_("Rounds"), [NumberRange(1, 6)], default=3)
        round_minutes = IntegerField(N_("Minutes a round"), [NumberRange(5, 90)], default=20)
        table_size = IntegerField(N_("People at a table"), [NumberRange(3, 10)], default=5)

    def agenda(self, minutes, settings):
        """Welcome, the rounds, then the harvest with what is left."""
        rounds = [
            AgendaPart(N_("Round %(number)s"), settings["round_minutes"], {"number": number})
            for number in range(1, settings["rounds"] + 1)
        ]
        return fill(minutes, [(N_("Welcome"), 15), *rounds, (N_("Harvest"), ...)])
