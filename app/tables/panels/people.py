"""People as those who run a café see them: in full where they may, else as on the wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core import texts
from app.core.permissions import Permission
from app.core.vocabulary import Mode
from app.programme.models import Session
from app.registration.models import Participant
from app.tables import queries
from app.tables.panels.cafe import Cafe
from app.tables.panels.rows import seated, short_names
from app.tables.queries.people import confirmed
from app.web import access, choices, filters


@dataclass(frozen=True)
class People:
    """Everybody of a café by opaque id.

    ``here`` are those present, ``short`` what all are called on the wall, ``labels`` the full
    names of whom the reader may name so, each different from the others.
    """

    known: Mapping[str, Participant]
    here: Mapping[str, tuple[Participant, Mode]]
    short: Mapping[str, str]
    labels: Mapping[str, str]
    found: dict[str, str] = field(default_factory=dict)

    def called(self, public_id: str) -> str:
        """Return what somebody is called here."""
        return self.labels.get(public_id) or self.short.get(public_id, "?")

    def find(self, text: str) -> str | None:
        """Return who is called ``text``, in full or as on the wall; ``None`` where nobody is."""
        if not self.found:
            self.found.update({key(label): each for each, label in self.short.items()})
            self.found.update({key(label): each for each, label in self.labels.items()})
        return self.found.get(key(text))

    def in_order(self, public_ids) -> list[tuple[str, str]]:
        """Return (id, label) of those who may be named in full, by name."""
        pairs = [(each, self.labels[each]) for each in public_ids if each in self.labels]
        return sorted(pairs, key=lambda pair: texts.folded(pair[1]))


def key(text: str) -> str:
    """Return a label as it is looked up."""
    return " ".join(texts.folded(text).split())


def people_of(now: Cafe, session: Session) -> People:
    """Return who has to do with a café: seated, present, hosting, or holding a place.

    Who may see names sees them all; who runs the session, those of the people present.
    """
    here = queries.present(session)
    known = seated(now) | {each: who for each, (who, _mode) in here.items()}
    known |= {table.host.public_id: table.host for table in now.tables if table.host}
    if access.may(Permission.SEE_NAMES, session.consultation, session):
        known |= {each: who for each, (who, _mode) in confirmed(session).items()}
        named = set(known)
    else:
        named = set(here)
    known = {each: who for each, who in known.items() if who.erased_at is None}
    return People(
        known, here, short_names(known.values()), labels({e: known[e] for e in known if e in named})
    )


def labels(people: Mapping[str, Participant]) -> dict[str, str]:
    """Return a name for each that nobody else has, with organisation or number if need be."""
    found = {each: who.name for each, who in people.items()}
    for more in (with_organisation, with_number):
        times = Counter(key(label) for label in found.values())
        found |= {each: more(each, people, found) for each in found if times[key(found[each])] > 1}
    return found


def with_organisation(each: str, people: Mapping[str, Participant], found: Mapping) -> str:
    """Return "Ana Lind (Net Nordic)"."""
    who = people[each]
    return f"{who.name} ({who.organisation})" if who.organisation else who.name


def with_number(each: str, people: Mapping[str, Participant], found: Mapping) -> str:
    """Return "Ana Lind (2)": the second in the order in which they registered."""
    alike = [other for other in found if key(found[other]) == key(found[each])]
    alike.sort(key=lambda other: people[other].id)
    return f"{found[each]} ({alike.index(each) + 1})"


def about(who: Participant) -> str:
    """Return what a facilitator needs to know of somebody: "Government, Jordan"."""
    parts = (
        choices.group_name(who.stakeholder_group),
        filters.country(who.country) if who.country else "",
    )
    return filters.listed(part for part in parts if part)
