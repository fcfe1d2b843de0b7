"""How a contribution is named: one rule, used by every page, feed, file, mail and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Attribution(StrEnum):
    """How somebody wants to be named, from the most to the least that is said."""

    NAMED = "named"
    ORGANISATION = "organisation"
    GROUP_COUNTRY = "group_country"
    ANONYMOUS = "anonymous"


LADDER = tuple(Attribution)
SAYS = {
    Attribution.NAMED: ("name", "organisation", "stakeholder_group", "country"),
    Attribution.ORGANISATION: ("organisation", "stakeholder_group", "country"),
    Attribution.GROUP_COUNTRY: ("stakeholder_group", "country"),
    Attribution.ANONYMOUS: (),
}
FACTS = SAYS[Attribution.NAMED]


@dataclass(frozen=True)
class Author:
    """What may be said of an author, and nothing beside it; what may not be said is empty."""

    attribution: Attribution
    name: str = ""
    organisation: str = ""
    stakeholder_group: str = ""
    country: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as answers and files have it."""
        return {name: getattr(self, name) or None for name in FACTS}


NOBODY = Author(Attribution.ANONYMOUS)


def lower(choice: str, cap: str) -> Attribution:
    """Return the one of the two that says less."""
    return max(Attribution(choice), Attribution(cap), key=LADDER.index)


def author(facts: Mapping[str, Any] | None, choice: str, cap: str) -> Author:
    """Return what is said of somebody with these ``facts``: the lower of choice and cap.

    ``facts`` may hold name, organisation, stakeholder_group and country. Where there is nothing
    to say at a level, the next one down is taken, never a higher one.
    """
    known = {name: str((facts or {}).get(name) or "") for name in FACTS}
    for level in LADDER[LADDER.index(lower(choice, cap)) :]:
        if (
            known[SAYS[level][0]]
            if level in (Attribution.NAMED, Attribution.ORGANISATION)
            else (any(known[name] for name in SAYS[level]))
        ):
            return Author(level, **{name: known[name] for name in SAYS[level]})
    return NOBODY
