"""The card everybody is asked for at the end, and the questions to choose from."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from app.contributions.models import Contribution, cap_of
from app.contributions.operations import Sent
from app.contributions.panels import WAYS
from app.core import attribution
from app.core.contributions import TEXT
from app.programme.models import Session
from app.tables.panels import Cafe
from app.web.staff_forms import Lines, StaffForm, choices_of


class CardForm(StaffForm):
    """The one thing somebody wants to carry forward."""

    text = Lines(
        _l("The one thing to carry forward"), limit=TEXT, required=_l("Write one sentence"),
        description=_l("One sentence is best."),
    )  # fmt: skip
    guiding_question = SelectField(_l("Which question does it answer?"), default="")
    attribution = RadioField(
        _l("How may we name you?"),
        description=_l(
            "What is published stays under the name you choose here, also after your own data is "
            "deleted. You can withdraw it at any time."
        ),
    )

    def __init__(self, formdata: Any = None, *, now: Cafe, **kwargs: Any):
        super().__init__(formdata, **kwargs)
        self.guiding_question.choices = questions(now, _("None of them"))
        self.attribution.choices = ways(now.session)

    @classmethod
    def of(cls, now: Cafe, card: Contribution | None) -> CardForm:
        """Return the form as it is shown: empty, or with what somebody wrote before."""
        if card is None:
            return cls(now=now)
        number = str(card.guiding_question or "")
        stored = {"text": card.text, "attribution": card.attribution, "guiding_question": number}
        return cls(now=now, data=stored)

    def sent(self) -> Sent:
        """Return what was written."""
        number = self.guiding_question.data
        return Sent(
            text=self.text.data or "",
            guiding_question=int(number) if number else None,
            attribution=self.attribution.data,
        )


def ways(session: Session) -> list[SelectChoice]:
    """Return how one can be named in a session, from the most that it allows to nothing."""
    allowed = attribution.LADDER[attribution.LADDER.index(cap_of(session)) :]
    return [SelectChoice(way.value, str(WAYS[way])) for way in allowed]


def questions(now: Cafe, nothing: str) -> list[SelectChoice]:
    """Return the guiding questions to choose from; the first choice is ``nothing``."""
    found = [now.asked(each.number) for each in now.session.consultation.guiding_questions]
    numbered = [(str(each.number), f"{each.number}. {each.text}") for each in found if each]
    return choices_of([("", nothing), *numbered])
