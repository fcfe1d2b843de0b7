"""How a facilitator wants seats to be made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import ValidationError

from app.core.seating import MOST_ROUNDS, Policy
from app.tables.models import Seating
from app.tables.operations import Wish
from app.tables.panels import Cafe, People
from app.web.staff_forms import Lines, Ruled, StaffForm, choices_of, whole_number

MOST_SEED = 999_999_999
POLICIES = {
    Policy.FAIR: _l("Fair: nobody meets anybody often"),
    Policy.NEW_FACES: _l("Most new faces, at the price of a few pairs that stay together"),
}
NUMBER = {"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}


class SeatsForm(StaffForm):
    """How seats are to be made."""

    rounds = Ruled(
        _l("Rounds"), whole_number(1, MOST_ROUNDS), required=_l("Enter how many"), render_kw=NUMBER
    )
    seed = Ruled(
        _l("Seed"), whole_number(0, MOST_SEED), required=_l("Enter a number"), render_kw=NUMBER,
        description=_l("The same seed and the same people give the same seats."),
    )  # fmt: skip
    people = RadioField(_l("Who is seated"))
    policy = RadioField(_l("What counts most"))
    together = Lines(
        _l("Sit together"),
        description=_l("One line for each group, a semicolon between the names"),
    )
    apart = Lines(
        _l("Never at one table"),
        description=_l("One line for each pair, a semicolon between the names"),
    )

    def __init__(self, formdata: Any = None, *, people: People, counts: tuple[int, int], **kwargs):
        super().__init__(formdata, **kwargs)
        self.known = people
        self.people.choices = choices_of(
            [
                ("present", _("Everybody who is here (%(count)s)", count=counts[0])),
                ("confirmed", _("Everybody who holds a place (%(count)s)", count=counts[1])),
            ]
        )
        self.policy.choices = choices_of((each.value, str(POLICIES[each])) for each in Policy)
        self.blocking: list[str] = []

    @classmethod
    def of(cls, now: Cafe, people: People, counts: tuple[int, int]) -> SeatsForm:
        """Return the form as it is shown: as seats were made before, with the next seed."""
        return cls(people=people, counts=counts, data=as_made(now, people))

    def validate_together(self, field):
        """Everybody named is known."""
        groups(field.data or "", self.known)

    def validate_apart(self, field):
        """Everybody named is known."""
        groups(field.data or "", self.known)

    def wish(self) -> Wish:
        """Return what is asked."""
        apart = groups(self.apart.data or "", self.known)
        return Wish(
            rounds=self.rounds.value,
            seed=self.seed.value,
            policy=self.policy.data,
            people=self.people.data,
            together=groups(self.together.data or "", self.known),
            apart=[pair for group in apart for pair in combinations(group, 2)],
        )


def as_made(now: Cafe, people: People) -> dict[str, str]:
    """Return how seats were made before, as the form has it."""
    plan: Seating | None = now.plan
    if plan is None:
        return {"rounds": str(now.total), "seed": "1", "people": "present", "policy": "fair"}
    return {
        "rounds": str(plan.problem["rounds"]),
        "seed": str((plan.seed + 1) % (MOST_SEED + 1)),
        "people": plan.people,
        "policy": plan.policy,
        "together": lines_of(plan.problem["together"], people),
        "apart": lines_of(plan.problem["apart"], people),
    }


def lines_of(groups: Iterable[Iterable[str]], people: People) -> str:
    """Return groups of ids as they are typed."""
    return "\n".join("; ".join(people.called(each) for each in group) for group in groups)


def groups(text: str, people: People) -> list[list[str]]:
    """Return the ids named in each line. Raises `ValidationError`."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        named = [name.strip() for name in re.split("[;\u061b\uff1b]", line) if name.strip()]
        ids = [(name, people.find(name)) for name in named]
        for name, known in ids:
            if known is None:
                words = _("Line %(line)s: nobody here is called “%(name)s”", line=number, name=name)
                raise ValidationError(words)
        if len(ids) == 1:
            raise ValidationError(_("Line %(line)s: name two people at least", line=number))
        if ids:
            found.append([known for _name, known in ids if known])
    return found
