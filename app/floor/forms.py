"""The shape of what people and moderators send to the floor."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from app.contributions.models import cap_of
from app.contributions.operations import Sent
from app.contributions.panels import WAYS
from app.core import attribution, floor, texts
from app.core.attribution import Attribution
from app.core.contributions import TEXT
from app.core.floor import Kind
from app.core.refusals import Refusal
from app.core.vocabulary import Mode
from app.floor.operations import Wish
from app.programme.models import Session
from app.web import choices
from app.web.person_forms import NAME_LIMIT, ORGANISATION_LIMIT
from app.web.person_forms import Line as NameLine
from app.web.staff_forms import Lines

WORDS_A_MINUTE = 120
PLACES = {Mode.ON_SITE: _l("The room"), Mode.ONLINE: _l("Online")}
HUB = "hub"


class FloorForm(Form):
    """A form that comes back with everything typed; ``refused`` says why as a whole."""

    status = 200
    refused = ""

    def note(self, refusal: Refusal) -> None:
        """Put a refusal's errors at their fields, else above the form."""
        self.status = refusal.status
        for error in refusal.errors:
            if error.field in self:
                self[error.field].errors = [error.text(_)]
            else:
                self.refused = error.text(_)
        if not refusal.errors:
            self.refused = refusal.text(_)


class AskForm(FloorForm):
    """From where somebody speaks, how they are named, whether they need more time, their words."""

    mode = RadioField(_l("You speak from"))
    needs_time = BooleanField(_l("I need more time: half as much again"))
    attribution = RadioField(
        _l("How may we name you?"),
        description=_l(
            "What is said aloud is heard by everybody. Your choice holds for the screens and for "
            "what is published, also after your own data is deleted."
        ),
    )
    text = Lines(_l("Your turn in writing"), limit=TEXT)

    def __init__(self, formdata: Any = None, *, session: Session, mode: str, **kwargs: Any):
        data = {"mode": mode, "attribution": most(session)}
        super().__init__(formdata, data=data, **kwargs)
        self.mode.choices = places(session)
        self.attribution.choices = ways(session)
        self.text.description = hint(session)

    def wish(self) -> Wish:
        """Return how they want to speak: in writing where they wrote something."""
        return Wish(
            mode=Mode(self.mode.data),
            kind=Kind.TEXT if self.text.data else Kind.VOICE,
            text=self.text.data or "",
            needs_time=self.needs_time.data,
            attribution=self.attribution.data,
        )


class WriteForm(FloorForm):
    """A turn in writing, by somebody who waits."""

    text = Lines(_l("Your turn in writing"), limit=TEXT, required=_l("Write your turn"))

    def __init__(self, formdata: Any = None, *, session: Session, text: str = "", **kwargs: Any):
        super().__init__(formdata, data={"text": text}, prefix="write", **kwargs)
        self.text.description = hint(session)


class QuestionForm(FloorForm):
    """A question in writing."""

    text = Lines(_l("Your question"), limit=TEXT, required=_l("Write your question"))
    attribution = RadioField(_l("How may we name you?"))

    def __init__(self, formdata: Any = None, *, session: Session, **kwargs: Any):
        super().__init__(formdata, prefix="question", **kwargs)
        self.attribution.choices = ways(session)

    def sent(self) -> Sent:
        """Return what was written."""
        return Sent(text=self.text.data or "", attribution=self.attribution.data)


class AddForm(FloorForm):
    """Somebody without a device, whom staff put into the line."""

    name = NameLine(_l("Full name"), limit=NAME_LIMIT, clean=texts.clean_name)
    representation = NameLine(
        _l("Speaks for"), limit=ORGANISATION_LIMIT, clean=texts.clean_name,
        description=_l("Organisation, or empty for a personal capacity"),
    )  # fmt: skip
    stakeholder_group = SelectField(_l("Stakeholder group"), default="")
    where = RadioField(_l("Speaks from"), default=Mode.ON_SITE.value)
    needs_time = BooleanField(_l("Needs more time"))

    def __init__(self, formdata: Any = None, *, session: Session, **kwargs: Any):
        super().__init__(formdata, prefix="add", **kwargs)
        self.stakeholder_group.choices = choices.groups()
        hub = [SelectChoice(HUB, _("A hub"))] if Mode.ONLINE in session.modes else []
        self.where.choices = [*places(session), *hub]
        if len(session.modes) == 1:
            self.where.default = session.modes[0].value
            self.where.data = self.where.data or session.modes[0].value

    def wish(self) -> Wish:
        """Return how they want to speak; a hub is online under its own name."""
        at_hub = self.where.data == HUB
        return Wish(
            mode=Mode.ONLINE if at_hub else Mode(self.where.data),
            needs_time=self.needs_time.data,
            hub=(self.representation.data or self.name.data or "") if at_hub else "",
        )


class NoteForm(FloorForm):
    """What was said in a turn, noted by staff."""

    text = Lines(_l("What was said"), limit=TEXT, required=_l("Write what was said"))


def places(session: Session) -> list[SelectChoice]:
    """Return from where one can speak in a session."""
    return [SelectChoice(mode.value, str(PLACES[mode])) for mode in session.modes]


def ways(session: Session) -> list[SelectChoice]:
    """Return how one can be named in a session, from the most that it allows to nothing."""
    allowed = attribution.LADDER[attribution.LADDER.index(Attribution(cap_of(session))) :]
    return [SelectChoice(way.value, str(WAYS[way])) for way in allowed]


def most(session: Session) -> str:
    """Return the most that a session says of anybody."""
    return cap_of(session)


def words_of(session: Session) -> int:
    """Return how many words are read aloud in one turn: 240 in two minutes."""
    seconds = session.kind.settings(session.settings).get("turn_seconds", 120)
    return seconds * WORDS_A_MINUTE // 60


def hint(session: Session) -> str:
    """Return what a written turn should keep to."""
    return _("Up to %(words)s words. The online moderator reads it aloud.", words=words_of(session))


def reasons() -> list[tuple[str, str]]:
    """Return the words that say why somebody else speaks, the empty one first."""
    return [("", _("because …")), *((word.value, _(text)) for word, text in floor.BECAUSE.items())]
