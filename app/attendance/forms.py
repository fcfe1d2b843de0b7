"""The shape of what the desk types about somebody who walks in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.core import people, texts
from app.web import choices
from app.web.staff_forms import Line, Ruled, StaffForm


class WalkInForm(StaffForm):
    """Who walked in: a name; an address if they want to hear from us."""

    name = Line(
        _l("Full name"), limit=people.LONGEST["name"], required=_l("Enter the person's full name")
    )
    stakeholder_group = SelectField(_l("Stakeholder group"))
    email = Ruled(
        _l("Email address"), texts.address, description=_l("We then send the ticket there")
    )

    def __init__(self, formdata=None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.stakeholder_group.choices = [SelectChoice("", _("Not said")), *choices.groups()[1:]]

    def person(self) -> dict[str, Any]:
        """Return what was typed, as an item of a batch carries it."""
        return {
            "name": self.name.data,
            "stakeholder_group": self.stakeholder_group.data or None,
            "email": self.email.value,
        }
