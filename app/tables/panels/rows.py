"""Tables as pages show them: dots from above, names, how mixed they are, whether notes are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import cos, pi, sin

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import shortnames, texts
from app.registration.models import Participant
from app.tables import queries
from app.tables.models import CafeTable
from app.tables.panels.cafe import Cafe, Question, table_name
from app.web import filters

RADIUS, SEAT, DISC = 18.0, 4.0, 9.5  # of the glyph's grid of 48
USUAL_SIZE = 5


@dataclass(frozen=True)
class Dot:
    """One place at a table seen from above; ``kind`` is host, taken, free or yours."""

    kind: str
    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Row:
    """A table in one round; names only where the reader may know them."""

    table: CafeTable
    name: str
    count: int
    dots: list[Dot]
    question: Question | None = None
    language: str = ""
    twin: str = ""
    host: str = ""
    people: list[str] = field(default_factory=list)
    unnamed: int = 0
    mix: str = ""
    is_thin: bool = False


# --- Dots -------------------------------------------------------------------------------------


def dots(count: int, chairs: int, *, hosted: bool, yours: int | None = None) -> list[Dot]:
    """Return the places of a table of ``chairs``, ``count`` of them taken, from the top on.

    The first is the host's; ``yours`` is the place (from 0) of whoever looks.
    """
    places = max(count, chairs, 1)
    r = round(min(SEAT, RADIUS * sin(pi / places) * 0.8), 2) if places > 1 else SEAT
    found = []
    for place in range(places):
        turn = 2 * pi * place / places
        kind = "taken" if place < count else "free"
        if place == 0 and hosted and count:
            kind = "host"
        if place == yours:
            kind = "yours"
        x, y = 24 + RADIUS * sin(turn), 24 - RADIUS * cos(turn)
        found.append(Dot(kind, round(x, 2), round(y, 2), r))
    return found


def chairs_of(now: Cafe, table: CafeTable) -> int:
    """Return how many chairs are drawn: the usual size, unless the table is smaller."""
    settings = now.session.kind.settings(now.session.settings)
    return min(table.most, settings.get("table_size", USUAL_SIZE))


# --- Names ------------------------------------------------------------------------------------


def short_names(people: Iterable[Participant]) -> dict[str, str]:
    """Return how people are called on a wall, by opaque id."""
    return shortnames.short({each.public_id: each.name for each in people})


def name_key(name: str) -> str:
    """Return by what a list of names is sorted: no case, no diacritics."""
    return texts.folded(name)


def seated(now: Cafe) -> dict[str, Participant]:
    """Return everybody who has a seat in the plan, by opaque id."""
    if now.plan is None:
        return {}
    rounds = now.plan.document["rounds"]
    return queries.people_called(
        person for seats in rounds for each in seats for person in each["people"]
    )


# --- Rows -------------------------------------------------------------------------------------


def plain_rows(now: Cafe) -> list[Row]:
    """Return the tables as everybody may see them: numbers, question, language, how many."""
    counts = {each["table"]: len(each["people"]) for each in now.seats}
    hosts = queries.hosts_in(now.plan, now.shown) if now.plan is not None and now.seats else {}
    common = now.question
    return [
        plain_row(now, table, counts.get(table.number, 0), table.number in hosts, common)
        for table in now.tables
        if not now.seats or table.number in counts
    ]


def plain_row(
    now: Cafe, table: CafeTable, count: int, hosted: bool, common: Question | None
) -> Row:
    """Return one table without names; its question only where tables work on different ones."""
    twin = now.known.get(table.twin or 0)
    return Row(
        table=table,
        name=table_name(table),
        count=count,
        dots=dots(count, chairs_of(now, table), hosted=hosted),
        question=None if common is not None else now.asked_at(table),
        language=filters.language(table.language) if table.language else "",
        twin=twin_words(twin),
    )


def twin_words(twin: CafeTable | None) -> str:
    """Return whose notes a table shares: "twin of table 1"."""
    if twin is None:
        return ""
    if twin.is_online:
        return _("twin of online %(number)s", number=twin.number)
    return _("twin of table %(number)s", number=twin.number)


def named_rows(now: Cafe, names: Mapping[str, str]) -> list[Row]:
    """Return the tables of the round that is shown with who sits there; ``names`` by opaque id."""
    plain = {row.table.number: row for row in plain_rows(now)}
    if now.plan is None:
        return [replace(row, host=host_name(row.table, names)) for row in plain.values()]
    told = {each["id"]: each for each in now.plan.problem["people"]}
    hosts = queries.hosts_in(now.plan, now.shown) if now.seats else {}
    found = []
    for seat in now.seats:
        row = plain.pop(seat["table"], None)
        if row is None:
            continue
        host = hosts.get(row.table.number, "")
        guests = [names[each] for each in seat["people"] if each in names and each != host]
        nameless = sum(each not in names for each in seat["people"])
        found.append(
            replace(
                row,
                host=names.get(host, ""),
                people=guests,
                unnamed=nameless,
                mix=mix_words([told[each] for each in seat["people"] if each in told]),
                is_thin=row.count < row.table.least,
            )
        )
    return found + list(plain.values())


def host_name(table: CafeTable, names: Mapping[str, str]) -> str:
    """Return what the host of a table is called before there are seats."""
    return names.get(table.host.public_id, "") if table.host is not None else ""


def mix_words(people: list[dict]) -> str:
    """Return how mixed a table is: "4 groups, 3 regions"; what nobody told is not counted."""
    groups = len({each["group"] for each in people} - {None})
    regions = len({each["region"] for each in people} - {None})
    found = []
    if groups:
        found.append(ngettext("%(num)s group", "%(num)s groups", groups))
    if regions:
        found.append(ngettext("%(num)s region", "%(num)s regions", regions))
    return filters.listed(found)
