"""What was said, as the document reads it: every contribution, its author as attributed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.contributions.models import Contribution, cap_of
from app.core.attribution import Author, author
from app.core.contributions import Kind, Status, series_of_note
from app.core.synthesis import contributors
from app.core.synthesis.contributors import Contributor
from app.core.synthesis.coverage import Heard, Sides, by_side
from app.core.synthesis.gate import tokens
from app.database import db
from app.programme.models import Session
from app.registration.models import Registration
from app.reports.models import Redaction
from app.tables.models import CafeTable

C = Contribution
READABLE = (Status.PUBLISHED.value, Status.WITHDRAWN.value)
NAMES = ("name", "organisation")


class Sent(NamedTuple):
    """What is read of a contribution; ``parent_status`` is that of what it answers."""

    id: int
    reference: str
    kind: str
    series: str
    session_id: int
    participant_id: int | None
    author: dict[str, Any] | None
    attribution: str
    language: str
    guiding_question: int | None
    title: str
    text: str
    status: str
    sent_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None
    changed_at: datetime
    revision: int
    parent_status: str | None


@dataclass(frozen=True, slots=True)
class Where:
    """The session in which something was said, as far as the document tells."""

    slug: str
    format: str
    timezone: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """A contribution as the document reads it; its author never goes beyond ``shown``.

    ``is_living``: anybody may read it, and it was not withdrawn. ``mode`` is on_site, online,
    written or "" where unknown.
    """

    row: Sent
    session: Where
    shown: Author
    hidden: tuple[str, ...]
    is_living: bool
    mode: str
    erased_at: datetime | None

    @property
    def reference(self) -> str:
        """Its reference."""
        return self.row.reference

    @property
    def counts_as(self) -> tuple[Any, ...]:
        """What `Voices.sides` and `Voices.hidden_words` are made of."""
        return self.is_living, self.group, self.mode, self.row.language, self.hidden

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author took it back."""
        return self.row.status == Status.WITHDRAWN

    @property
    def group(self) -> str | None:
        """The stakeholder group of whoever said it."""
        return (self.row.author or {}).get("stakeholder_group") or None


class Voices(dict[int, Voice]):
    """The contributions of a consultation by id, in the order in which they were sent.

    ``who`` counts behind each, by reference. What follows from them alone is found out once.
    """

    def __init__(
        self, voices: Mapping[int, Voice], who: Mapping[str, Contributor] | None = None
    ) -> None:
        super().__init__(voices)
        if who is None:
            who = contributors.contributors(said(each.row) for each in self.values())
        self.who = who

    def after(self, spoken: Mapping[int, Voice]) -> Voices:
        """Return them with what was ``spoken``, or changed, since; what cannot differ is kept."""
        if not spoken:
            return self
        were = {number: self.get(number) for number in spoken}
        made = {**self, **spoken}
        pairs = [(before, spoken[number]) for number, before in were.items()]
        if not all(before and before.row.sent_at == now.row.sent_at for before, now in pairs):
            made = in_order(made)
        if not all(before and said(before.row) == said(now.row) for before, now in pairs):
            return Voices(made)
        found = Voices(made, self.who)
        if all(before and before.counts_as == now.counts_as for before, now in pairs):
            concluded = ("sides", "hidden_words")
            vars(found).update({each: vars(self)[each] for each in concluded if each in vars(self)})
        return found

    @cached_property
    def sides(self) -> Sides:
        """Whose each living contribution is, by group, mode and language."""
        return by_side(
            Heard(
                number,
                self.who[voice.reference],
                voice.group,
                voice.mode or None,
                voice.row.language,
            )
            for number, voice in self.items()
            if voice.is_living
        )

    @cached_property
    def hidden_words(self) -> frozenset[str]:
        """The words of all names that may not be said."""
        names = {name for each in self.values() for name in each.hidden}
        return frozenset(tokens("\n".join(names)))


def in_order(voices: Mapping[int, Voice]) -> dict[int, Voice]:
    """Return voices in the order in which they were sent."""
    return dict(sorted(voices.items(), key=lambda item: (item[1].row.sent_at, item[0])))


def all_voices(key: int, sessions: Mapping[int, Session]) -> Voices:
    """Return all contributions of a consultation."""
    return Voices(voices_of(all_contributions(key), sessions, key))


def all_sessions(key: int) -> dict[int, Session]:
    """Return the sessions of a consultation by id, in the order in which they begin."""
    query = select(Session).where(Session.consultation_id == key).order_by(Session.starts_at)
    return {each.id: each for each in db.session.scalars(query)}


def all_contributions(key: int, *only: Any) -> list[Sent]:
    """Return the contributions of a consultation in the order in which they were sent."""
    parent = aliased(C)
    columns = [getattr(C, name) for name in Sent._fields[:-1]]
    query = select(*columns, parent.status).outerjoin(parent, C.parent_id == parent.id)
    query = query.where(C.consultation_id == key, *only).order_by(C.sent_at, C.id)
    return [Sent._make(row) for row in db.session.execute(query)]


def said(row: Sent) -> contributors.Said:
    """Return what counting needs of one contribution."""
    facts = row.author or {}
    return contributors.Said(
        row.reference,
        row.kind,
        row.session_id,
        row.participant_id,
        facts.get("name") or "",
        facts.get("organisation") or "",
        row.series,
    )


def where(session: Session) -> Where:
    """Return what the document tells of a session at what was said in it."""
    return Where(session.slug, session.format, session.timezone, session.is_public)


def voices_of(rows: Iterable[Sent], sessions: Mapping[int, Session], key: int) -> dict[int, Voice]:
    """Return each contribution with what may be said of its author and how they took part."""
    caps = {number: cap_of(session) for number, session in sessions.items()}
    places = {number: where(session) for number, session in sessions.items()}
    modes = modes_of(key)
    tables = tables_of(key)
    erased = erased_at(key)
    found = {}
    for row in rows:
        session = sessions[row.session_id]
        shown = author(row.author, row.attribution, caps[row.session_id])
        found[row.id] = Voice(
            row,
            places[row.session_id],
            shown,
            hidden_of(row.author or {}, shown),
            row.status == Status.PUBLISHED
            and row.parent_status in (None, *READABLE)
            and session.is_public,
            mode_of(row, session, modes, tables),
            erased.get(row.reference),
        )
    return found


def hidden_of(facts: Mapping[str, Any], shown: Author) -> tuple[str, ...]:
    """Return the names of an author that may not be said."""
    return tuple(facts[name] for name in NAMES if facts.get(name) and not getattr(shown, name))


def mode_of(
    row: Sent,
    session: Session,
    modes: Mapping[tuple[int, int], str],
    tables: Mapping[tuple[int, int], str],
) -> str:
    """Return how its author took part; what is sent in writing is "written"."""
    if row.kind == Kind.WRITTEN or session.kind.written:
        return "written"
    if row.kind == Kind.NOTE:
        table, _round = series_of_note(row.series)
        return tables.get((session.id, table), "")
    return modes.get((session.id, row.participant_id or 0), "")


def modes_of(key: int) -> dict[tuple[int, int], str]:
    """Return the mode of everybody registered, by (session id, participant id)."""
    query = select(Registration.session_id, Registration.participant_id, Registration.mode)
    query = query.join(Session, Registration.session_id == Session.id)
    found = db.session.execute(query.where(Session.consultation_id == key))
    return {(row[0], row[1]): row[2] for row in found}


def tables_of(key: int) -> dict[tuple[int, int], str]:
    """Return the mode of each table of a café, by (session id, number)."""
    query = select(CafeTable.session_id, CafeTable.number, CafeTable.mode)
    query = query.join(Session, CafeTable.session_id == Session.id)
    found = db.session.execute(query.where(Session.consultation_id == key))
    return {(row[0], row[1]): row[2] for row in found}


def erased_at(key: int) -> dict[str, datetime]:
    """Return by reference since when its author is nobody, at their own wish."""
    query = select(Redaction.reference, Redaction.at).where(
        Redaction.consultation_id == key, Redaction.passage.is_(False)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
