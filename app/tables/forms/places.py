"""Tables as they are put up: so many more, or one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.core.refusals import FieldError
from app.core.seating import MOST_TABLES
from app.core.vocabulary import Mode
from app.tables.forms.card import questions
from app.tables.models import CafeTable
from app.tables.operations import Place
from app.tables.operations.places import MOST_NUMBER
from app.tables.panels import Cafe, People
from app.web import choices
from app.web.staff_forms import Line, Ruled, StaffForm, web_address, whole_number

WHERE = {Mode.ON_SITE: _l("In the room"), Mode.ONLINE: _l("Online")}
NUMBER = {"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}


class AddForm(StaffForm):
    """So many tables more."""

    room = Ruled(
        _l("Tables in the room"), whole_number(0, MOST_TABLES), required=_l("Enter how many"),
        render_kw=NUMBER,
    )  # fmt: skip
    online = Ruled(
        _l("Tables online"), whole_number(0, MOST_TABLES), required=_l("Enter how many"),
        render_kw=NUMBER,
    )  # fmt: skip
    least = Ruled(
        _l("People at a table, at least"), whole_number(1, 1_000), required=_l("Enter how many"),
        render_kw=NUMBER,
    )  # fmt: skip
    most = Ruled(
        _l("and at most"), whole_number(1, 1_000), required=_l("Enter how many"), render_kw=NUMBER
    )

    def places(self, standing: list[CafeTable]) -> Iterator[Place]:
        """Yield the new tables: numbers go on, room and online ones are twins in turn."""
        first = max((table.number for table in standing), default=0) + 1
        room, online = self.room.value, self.online.value
        size = {"min": self.least.value, "max": self.most.value}
        for each in range(room):
            twin = first + room + each if each < online else None
            yield Place(first + each, Mode.ON_SITE.value, twin=twin, **size)
        for each in range(online):
            twin = first + each if each < room else None
            yield Place(first + room + each, Mode.ONLINE.value, twin=twin, **size)


class PlaceForm(StaffForm):
    """One table: where, for how many, who hosts it, what about, in which language."""

    paths = {"min": "least", "max": "most", "place": "spot"}
    number = Ruled(
        _l("Number"), whole_number(1, MOST_NUMBER), required=_l("Enter a number"), render_kw=NUMBER
    )
    mode = SelectField(_l("Where"), choices=[SelectChoice(m.value, w) for m, w in WHERE.items()])
    host = Line(_l("Host"), render_kw={"list": "people", "autocomplete": "off", "dir": "auto"})
    guiding_question = SelectField(_l("Question"), default="")
    language = SelectField(_l("Language"), default="", validate_choice=False)
    least = Ruled(
        _l("At least"), whole_number(1, 1_000), required=_l("Enter how many"), render_kw=NUMBER
    )
    most = Ruled(
        _l("At most"), whole_number(1, 1_000), required=_l("Enter how many"), render_kw=NUMBER
    )
    twin = Ruled(_l("Twin table"), whole_number(1, MOST_NUMBER), render_kw=NUMBER)
    spot = Line(_l("Where it stands"), limit=100, render_kw={"dir": "auto"})
    join_url = Ruled(_l("Its online room"), web_address, render_kw={"type": "url", "dir": "ltr"})
    gone = BooleanField(_l("Take this table away"))

    def __init__(self, formdata: Any = None, *, now: Cafe, people: People, **kwargs: Any):
        super().__init__(formdata, **kwargs)
        self.known = people
        self.guiding_question.choices = questions(now, _("As the round has it"))
        spoken = [SelectChoice("", _("Any")), *choices.spoken()]
        if self.language.data and self.language.data not in [each.value for each in spoken]:
            spoken.append(SelectChoice(self.language.data, self.language.data))
        self.language.choices = spoken

    def validate_host(self, field):
        """A host is somebody we know."""
        if field.data and self.known.find(field.data) is None:
            raise ValidationError(_("Nobody here is called so"))

    def place_as(self, name: str, error: FieldError) -> bool:
        """Attach an error to the field called ``name`` in the API; say whether there is one."""
        return self.place(replace(error, field=name))

    def place_of(self) -> Place:
        """Return the table."""
        number = self.guiding_question.data
        return Place(
            number=self.number.value,
            mode=self.mode.data,
            host=self.known.find(self.host.data) if self.host.data else None,
            guiding_question=int(number) if number else None,
            language=self.language.data or None,
            min=self.least.value,
            max=self.most.value,
            twin=self.twin.value,
            join_url=self.join_url.value,
            place=self.spot.data or "",
        )


def stored(table: CafeTable, people: People) -> dict[str, Any]:
    """Return a table as its form has it."""
    return {
        "number": str(table.number),
        "mode": table.mode,
        "host": people.called(table.host.public_id) if table.host else "",
        "guiding_question": str(table.guiding_question or ""),
        "language": table.language or "",
        "least": str(table.least),
        "most": str(table.most),
        "twin": str(table.twin or ""),
        "spot": table.place,
        "join_url": table.join_url or "",
    }
