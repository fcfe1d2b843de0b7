"""Online round: in writing, for days, from anywhere, closing at one instant for everybody."""

from wtforms import SelectChoice, SelectField

from app.formats.base import N_, CommonSettings, Mode, SessionFormat


class OnlineRound(SessionFormat):
    """An idea board that opens and closes."""

    key = "online_round"
    name = N_("Online round")
    summary = N_("In writing, at any hour, until it closes.")
    rank = 3
    glyph = "online-round"
    color = "seagreen"
    modes = (Mode.ONLINE,)
    default_capacity = {Mode.ONLINE: None}
    written = True
    tools = ("board",)

    class SettingsForm(CommonSettings):
        """When ideas are read by a moderator."""

        moderation = SelectField(
            N_("Moderation"),
            choices=[
                SelectChoice("before", N_("Before publication")),
                SelectChoice("after", N_("After publication")),
            ],
            default="before",
        )
