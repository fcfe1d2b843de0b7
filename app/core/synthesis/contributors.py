"""Who counts: a person once per theme over all channels, an organisation once, a table once.

- Whoever spoke for an organisation counts as that organisation, together with everybody else who
  did. One person is one contributor whatever they said and where: if their contributions name an
  organisation in one place and none in another, or two, the first one named is theirs in all.
- A speaker without participant is the participant of the same name and representation (the floor's
  rule); without any, the name and representation themselves.
- Notes of tables are written by a table, not by a person, and nobody knows whose words they are.
  A table counts as one contributor per theme, whatever its rounds (its host stays), and is never
  taken for one of the people who sat there. The document says so.
- Where nobody is known at all (a card on paper without a name) each contribution counts alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from app.core.contributions import Kind, series_of_note
from app.core.floor.queue import comparable

Contributor = tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """What counting needs of one contribution; give them in the order in which they were sent.

    ``participant`` is any opaque key (``None``: unknown), ``name`` and ``organisation`` what the
    author's record said, ``series`` what a note is counted in (``T4-R2``). Attribution plays no
    part: counting tells nobody's name.
    """

    reference: str
    kind: str
    session: Hashable
    participant: Hashable | None = None
    name: str = ""
    organisation: str = ""
    series: str = ""


def contributors(everything: Iterable[Said]) -> dict[str, Contributor]:
    """Return by reference who counts behind each contribution of a consultation.

    Takes all contributions of the consultation, whatever their status, so that who counts behind
    one never depends on which others are cited, withdrawn or in a theme.
    """
    said = list(everything)
    owners: dict[tuple[str, str], Hashable] = {}
    organisations: dict[Hashable, str] = {}
    for each in said:
        if each.participant is not None:
            owners.setdefault(label(each), each.participant)
            if comparable(each.organisation):
                organisations.setdefault(each.participant, comparable(each.organisation))
    return {each.reference: who(each, owners, organisations) for each in said}


def who(
    said: Said, owners: dict[tuple[str, str], Hashable], organisations: dict[Hashable, str]
) -> Contributor:
    """Return who counts behind one contribution."""
    if said.kind == Kind.NOTE:
        table, _round = series_of_note(said.series)
        return ("table", str(said.session), str(table))
    name, organisation = label(said)
    person = said.participant
    if person is None and name:
        person = owners.get((name, organisation))
    organisation = organisations.get(person, "") if person is not None else organisation
    if organisation:
        return ("organisation", organisation)
    if person is not None:
        return ("participant", str(person))
    return ("name", name) if name else ("alone", said.reference)


def label(said: Said) -> tuple[str, str]:
    """Return name and organisation as they are compared."""
    return comparable(said.name), comparable(said.organisation)
