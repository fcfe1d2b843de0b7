"""Tables: put up all at once, before the first round; the links of their hosts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import delete

from app.contributions import queries as contributions
from app.core import links
from app.core.links import Purpose, new_id
from app.core.refusals import N_, FieldError, Invalid
from app.core.seating import MOST_TABLES
from app.core.vocabulary import Mode
from app.database import db, operation
from app.live import operations as live
from app.programme.models import Session
from app.registration.models import Participant
from app.tables import queries
from app.tables.models import CafeTable, Seating
from app.tables.operations.base import RoundsBegan, begin, note

MOST_NUMBER = 9_999  # what a table can be called


@dataclass(frozen=True)
class Place:
    """One table as it is to be put up; ``host`` is a participant's opaque id."""

    number: int
    mode: str
    host: str | None = None
    guiding_question: int | None = None
    language: str | None = None
    min: int = 3
    max: int = 6
    twin: int | None = None
    join_url: str | None = None
    place: str = ""

    @property
    def seated(self) -> tuple[object, ...]:
        """What a plan of seats rests on."""
        return self.number, self.mode, self.host, self.language, self.min, self.max


@operation
def place_tables(session: Session, places: Sequence[Place]) -> list[CafeTable]:
    """Put up exactly these tables; a table that stays keeps its host's link.

    Plans made for other tables go: whoever runs the session makes seats again. Raises `Invalid`
    (`too_many`, `duplicate`, `unknown_participant`, `unknown_guiding_question`, `unknown_table`,
    `invalid_twin`, `out_of_range`), `RoundState` once a round began.
    """
    begin(session)
    if queries.begun(session):
        raise RoundsBegan
    hosts = checked(session, places)
    standing = queries.by_numbers(session)
    before = [as_place(standing[number]).seated for number in sorted(standing)]
    if before != sorted(place.seated for place in places):
        db.session.execute(delete(Seating).where(Seating.session_id == session.id))
    wanted = {place.number for place in places}
    for number in standing.keys() - wanted:
        db.session.delete(standing[number])
    for place in places:
        table = standing.get(place.number) or new_table(session, place.number)
        table.mode, table.language = place.mode, place.language
        table.host = hosts[place.host] if place.host else None
        table.guiding_question, table.twin = place.guiding_question, place.twin
        table.least, table.most = place.min, place.max
        table.join_url, table.place = place.join_url, place.place
        db.session.add(table)
    note(session, "tables_placed", {"tables": len(places)})
    live.turn(session.id)
    return queries.tables(session)


def as_place(table: CafeTable) -> Place:
    """Return a table as it was asked for."""
    return Place(
        number=table.number,
        mode=table.mode,
        host=table.host.public_id if table.host else None,
        guiding_question=table.guiding_question,
        language=table.language,
        min=table.least,
        max=table.most,
        twin=table.twin,
        join_url=table.join_url,
        place=table.place,
    )


def new_table(session: Session, number: int) -> CafeTable:
    """Return a new table with its host's link."""
    table = CafeTable(session=session, number=number, public_id=new_id(), link_version=1)
    seal(table)
    return table


def seal(table: CafeTable) -> None:
    """Store of the host's link what it is looked up by."""
    key = current_app.config["LINK_KEY"]
    token = links.derive(key, Purpose.TABLE, table.public_id, table.link_version)
    table.fingerprint = links.fingerprint(token)


@operation
def renew_link(table: CafeTable) -> CafeTable:
    """Make the host's link of ``table`` anew: the old one opens nothing any more."""
    begin(table.session)
    db.session.refresh(table)
    table.link_version += 1
    seal(table)
    note(table.session, "table_link_renewed", {"table": table.number})
    live.turn(table.session_id, inner_only=True)
    return table


def checked(session: Session, places: Sequence[Place]) -> dict[str, Participant]:
    """Return the hosts by opaque id; refuse what cannot stand, naming every wrong field."""
    if len(places) > MOST_TABLES:
        raise Invalid.field(
            "tables", "too_many", N_("At most %(limit)s tables."), limit=MOST_TABLES
        )
    hosts = {
        public_id: who
        for public_id, who in queries.people_called(p.host for p in places if p.host).items()
        if who.consultation_id == session.consultation_id
    }
    questions = {
        number: contributions.has_question(session.consultation, number)
        for number in {p.guiding_question for p in places if p.guiding_question is not None}
    }
    modes = {place.number: place.mode for place in places}
    errors: list[FieldError] = []
    numbers: set[int] = set()
    hosting: set[str] = set()
    for index, place in enumerate(places):
        found = list(wrong(place, modes, hosts, questions))
        if place.number in numbers:
            found.append(("number", "duplicate", N_("There is another table with this number")))
        if place.host in hosting:
            found.append(("host", "duplicate", N_("Nobody can host two tables")))
        numbers.add(place.number)
        hosting |= {place.host} if place.host else set()
        errors += [FieldError(f"tables.{index}.{name}", code, text) for name, code, text in found]
    if errors:
        raise Invalid(errors=errors)
    return hosts


def wrong(
    place: Place,
    modes: dict[int, str],
    hosts: dict[str, Participant],
    questions: dict[int, bool],
):
    """Yield (field, code, words) of what is wrong with one table."""
    if place.mode not in list(Mode):
        yield "mode", "invalid_mode", N_("A table stands in the room or online")
    if place.host and place.host not in hosts:
        yield "host", "unknown_participant", N_("Nobody here has this number")
    if place.guiding_question is not None and not questions[place.guiding_question]:
        text = N_("There is no guiding question with this number")
        yield "guiding_question", "unknown_guiding_question", text
    if not 1 <= place.min <= place.max:
        yield "min", "out_of_range", N_("This must be at least 1 and not more than “max”")
    if place.twin is not None and place.twin not in modes:
        yield "twin", "unknown_table", N_("There is no table with this number")
    elif place.twin is not None and modes[place.twin] == place.mode:
        yield "twin", "invalid_twin", N_("The twin of a room table is online, and the reverse")
