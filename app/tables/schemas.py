"""The shape of tables, seats, rounds and notes as JSON; people only by their opaque ids."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.core.contributions import MOST_POINTS, POINT, Tag
from app.core.refusals import N_, Invalid
from app.core.seating import MOST_ROUNDS, MOST_TABLES, Policy
from app.core.timing import isoformat_z
from app.core.vocabulary import Mode
from app.tables.models import CafeTable, Seating
from app.tables.operations import Place, Wish
from app.tables.operations.places import MOST_NUMBER
from app.tables.queries import Turn
from app.web import shapes
from app.web.shapes import Input

MOST_WISHES, MOST_PEOPLE = 2_000, 5_000
LARGEST = 2**53 - 1  # what every JSON reader keeps whole
Number = Annotated[int, Field(ge=1, le=MOST_NUMBER)]
Who = Annotated[str, *shapes.text(60)]
People = Annotated[list[Who], Field(max_length=MOST_PEOPLE)]


class TableIn(Input):
    """A table: ``min`` (a wish) and ``max`` (a rule) count everybody, host included."""

    number: Number
    mode: Annotated[str, *shapes.one_of(tuple(Mode), "invalid_mode")]
    host: Who | None = None
    guiding_question: Annotated[int, Field(ge=0, le=10_000)] | None = None
    language: shapes.Language | None = None
    min: Annotated[int, Field(ge=1, le=1_000)] = 3
    max: Annotated[int, Field(ge=1, le=1_000)] = 6
    twin: Number | None = None
    join_url: shapes.Url | None = None
    place: Annotated[str, *shapes.text(100, empty=True)] = ""


class TablesIn(Input):
    """All tables of the session."""

    tables: Annotated[list[TableIn], Field(max_length=MOST_TABLES)]

    def places(self) -> list[Place]:
        """Return what is to be put up."""
        return [Place(**table.model_dump()) for table in self.tables]


class SeatingIn(Input):
    """How seats are made; the same seed and people give the same seats."""

    rounds: Annotated[int, Field(ge=1, le=MOST_ROUNDS)] | None = None
    seed: Annotated[int, Field(ge=0, le=LARGEST)] = 1
    policy: Annotated[str, *shapes.one_of(tuple(Policy), "invalid_policy")] = Policy.FAIR.value
    people: Annotated[str, *shapes.one_of(("present", "confirmed"), "invalid_people")] = "present"
    together: Annotated[list[People], Field(max_length=MOST_WISHES)] = []
    apart: Annotated[
        list[Annotated[list[Who], Field(min_length=2, max_length=2)]],
        Field(max_length=MOST_WISHES),
    ] = []

    def wish(self) -> Wish:
        """Return what is asked."""
        return Wish(**self.model_dump())


def hosts_of(value: Any) -> dict[int, str | None]:
    """Return hosts by table number, which are keys in JSON and so texts."""
    if not isinstance(value, dict):
        raise shapes.refuse("invalid_value", "This must be a group of fields")
    found: dict[int, str | None] = {}
    for number, host in value.items():
        if not re.fullmatch(r"[1-9][0-9]{0,3}", number, re.ASCII):
            raise Invalid.field("hosts", "unknown_table", N_("There is no table %(n)s."), n=number)
        if host is not None and not (isinstance(host, str) and 0 < len(host) <= 60):
            raise shapes.refuse("invalid_value", "A host is named by their id, or null")
        found[int(number)] = host
    return found


class PatchIn(Input):
    """What happened after a round (0: before the first)."""

    after_round: Annotated[int, Field(ge=0, le=MOST_ROUNDS)]
    absent: People = []
    arrived: People = []
    closed_tables: Annotated[list[Number], Field(max_length=MOST_TABLES)] = []
    hosts: Annotated[
        Any,
        *shapes.by(
            hosts_of, {"type": "object", "additionalProperties": {"type": ["string", "null"]}}
        ),
    ] = {}


class SwapIn(Input):
    """Two people who trade seats in one round."""

    round: Annotated[int, Field(ge=1, le=MOST_ROUNDS)]
    people: Annotated[list[Who], Field(min_length=2, max_length=2)]


class ExtendIn(Input):
    """How many seconds more."""

    seconds: Annotated[int, Field(ge=1, le=3_600)] = 120


class PointIn(Input):
    """One point of a table."""

    text: Annotated[str, *shapes.text(POINT, lines=True)]
    tag: Annotated[str, *shapes.one_of(tuple(Tag), "invalid_tag")] | None = None


class NotesIn(Input):
    """What a table wrote down in a round."""

    table: Number
    round: Annotated[int, Field(ge=0, le=MOST_ROUNDS)]
    points: Annotated[list[PointIn], Field(min_length=1, max_length=MOST_POINTS)]
    language: shapes.Language | None = None


class TableOut(BaseModel):
    """A table; without a token `host` and `join_url` are null."""

    number: int
    mode: str
    host: str | None
    guiding_question: int | None
    language: str | None
    min: int
    max: int
    twin: int | None
    join_url: str | None
    place: str


class TablesOut(BaseModel):
    """All tables by number."""

    tables: list[TableOut]


class SeatsOut(BaseModel):
    """Who sits at a table in a round, the host first."""

    table: int
    people: list[str]


class ReportOut(BaseModel):
    """What a plan is worth, each figure beside the least it can be."""

    repeats: int
    repeats_bound: int
    revisits: int
    hard_violations: int
    lost: int
    lost_bound: int
    max_meet: int
    mix_ratio: float | None
    seed: int


class SeatingOut(BaseModel):
    """A plan: `draft` or `published`; the digest is the SHA-256 of it all. Where nobody made one
    there are no rounds, and everything else is null."""

    rounds: list[list[SeatsOut]]
    report: ReportOut | None
    status: str | None
    policy: str | None
    digest: str | None
    version: int | None
    made_at: str | None


class PatchedOut(SeatingOut):
    """A patched plan; future seats at another table, of people already planned who stay."""

    changed_seats: int


class RoundOut(BaseModel):
    """A round; `state` is `to_come`, `running` or `ended`, `ends_at` when it is to end."""

    number: int
    state: str
    guiding_question: int | None
    started_at: str | None
    ends_at: str | None
    ended_at: str | None


class NoteOut(BaseModel):
    """A note that was made."""

    reference: str


class NotesOut(BaseModel):
    """The notes that were made, in the order of the points."""

    items: list[NoteOut]


def table_out(table: CafeTable, *, inside: bool) -> dict[str, Any]:
    """Return a table as it is answered; who hosts it and its room only ``inside``."""
    return {
        "number": table.number,
        "mode": table.mode,
        "host": table.host.public_id if inside and table.host else None,
        "guiding_question": table.guiding_question,
        "language": table.language,
        "min": table.least,
        "max": table.most,
        "twin": table.twin,
        "join_url": table.join_url if inside else None,
        "place": table.place,
    }


def seating_out(plan: Seating | None) -> dict[str, Any]:
    """Return a plan as it is answered."""
    if plan is None:
        return dict.fromkeys(SeatingOut.model_fields) | {"rounds": []}
    return {
        "rounds": plan.document["rounds"],
        "report": {name: plan.report[name] for name in ReportOut.model_fields},
        "status": plan.state,
        "policy": plan.policy,
        "digest": plan.digest,
        "version": plan.version,
        "made_at": isoformat_z(plan.made_at),
    }


def round_out(turn: Turn) -> dict[str, Any]:
    """Return a round as it is answered."""
    row = turn.row
    return {
        "number": turn.number,
        "state": turn.state,
        "guiding_question": turn.guiding_question,
        "started_at": isoformat_z(row.started_at) if row else None,
        "ends_at": isoformat_z(row.ends_at) if row else None,
        "ended_at": isoformat_z(row.ended_at) if row and row.ended_at else None,
    }
