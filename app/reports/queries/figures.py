"""The figures: who took part, what they said, who spoke how long; small cells hidden in all.

Tables that count the same facts go to `core.linked` together, so that none tells what another
hides: people who attended (by group and by region, sharing their totals by mode), contributions
(kind, question and group two by two, and languages), people registered, turns. The lists by session
count participations of those people and are hidden beside their number (`core.participations`);
seconds are hidden where turns are. Everything else that prints these numbers (chapters II and III,
the sums of the results page, CSV and API) repeats cells of these tables and counts nothing anew.

Not protected, because anybody can count it by hand: the contributions themselves with kind,
question and language (each has a public page), places left while registration is open, and who
spoke in public (the floor shows turns and time as they happen).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.attendance import queries as attendance
from app.core import linked, statistics
from app.core import participations as by_sessions
from app.core.contributions import Kind
from app.core.document import Axis, Cell, Figures, Meeting
from app.core.linked import Fact
from app.core.regions import GROUPS, region
from app.core.statistics import WITHHELD, Plan
from app.core.vocabulary import Mode, RegistrationStatus, StakeholderGroup
from app.database import db
from app.floor import queries as floor
from app.programme.models import Session
from app.registration.models import Participant, Registration
from app.reports.queries.material import Material, Voice

HELD = RegistrationStatus.CONFIRMED.value
PEOPLE, SUMS = ("small_cells", "not_stated", "once"), ("small_cells", "not_stated", "sums")
SAID = ("small_cells", "not_stated")
ALWAYS_KNOWN = ("mode", "session", "kind", "language")
Pair = tuple[str | None, str | None]


@dataclass(frozen=True)
class Part:
    """One person's part in one session: how, and whether they came."""

    person: int
    session: str
    mode: str
    group: str | None
    region: str | None
    attended: bool
    held: bool


def figures(found: Material) -> tuple[Figures, ...]:
    """Return every table of a consultation as it is now, in the order in which they are printed.

    Tables of the same people, contributions or turns go to `linked.tables` together, once.
    """
    sessions = [each for each in found.sessions.values() if each.is_public]
    parts = list(parts_of(sessions))
    came = [each for each in parts if each.attended]
    held = [each for each in parts if each.held]
    registered = tables(once(held), [people("registered", groups())])
    attended = tables(once(came), [people("attended", groups()), people("attended", regions())])
    return (
        *registered,
        *attended,
        participations("registered_by_session", held, sessions, beside=registered[0]),
        participations("attended_by_session", came, sessions, beside=attended[0]),
        *said(found, [each for each in found.voices.values() if each.is_living]),
        *spoken(sessions),
    )


def tables(facts: Iterable[Fact], plans: Sequence[Plan]) -> list[Figures]:
    """Return all tables of the same facts; see `core.linked.tables`."""
    return linked.tables(list(facts), plans, ALWAYS_KNOWN)


def people(what: str, rows: Axis) -> Plan:
    """Return the table of people by a side of theirs and by mode."""
    side = {"stakeholder_group": "group"}.get(rows.name, rows.name)
    return Plan(f"{what}_by_{side}_and_mode", "people", rows, modes(), PEOPLE)


def participations(
    code: str, parts: Iterable[Part], sessions: Sequence[Session], *, beside: Figures
) -> Figures:
    """Return the list of participations ``beside`` the table of the same people by mode; see
    `core.participations`."""
    modes_in: dict[int, dict[str, str]] = {}
    for each in parts:
        modes_in.setdefault(each.person, {})[each.session] = each.mode
    offered = {each.slug: {mode.value for mode in each.modes} for each in sessions}
    plan = Plan(code, "participations", by_session(sessions), notes=SUMS)
    return by_sessions.by_session(
        list(modes_in.values()),
        offered,
        plan,
        modes_are_hidden=any(each.hidden for each in beside.column_totals),
    )


def on_sessions(meetings: Iterable[Meeting], tables: Iterable[Figures]) -> Iterator[Meeting]:
    """Yield the sessions with how many were registered and came, as the tables show them."""
    counts = {
        each.code: {key: row[0] for key, row in zip(each.rows.keys, each.cells, strict=True)}
        for each in tables
        if each.rows.name == "session"
    }
    for each in meetings:
        yield replace(
            each,
            registered=counts.get("registered_by_session", {}).get(each.slug, Cell()),
            attended=counts.get("attended_by_session", {}).get(each.slug, Cell()),
        )


# --- Sides of the tables ----------------------------------------------------------------------


def groups() -> Axis:
    """Return the stakeholder groups."""
    return statistics.axis("stakeholder_group", (each.value for each in StakeholderGroup))


def regions() -> Axis:
    """Return the regions of the world."""
    return statistics.axis("region", GROUPS)


def modes() -> Axis:
    """Return the ways of taking part."""
    return statistics.axis("mode", (each.value for each in Mode))


def by_session(sessions: Sequence[Session]) -> Axis:
    """Return the sessions, with their titles."""
    return statistics.axis(
        "session", (each.slug for each in sessions), {each.slug: each.title for each in sessions}
    )


# --- People -----------------------------------------------------------------------------------


def parts_of(sessions: Iterable[Session]) -> Iterator[Part]:
    """Yield everybody's part in every session, from registrations and what the door concludes."""
    for session in sessions:
        came = {
            row.registration.participant_id
            for row in attendance.attendance(session)
            if row.attendance.attended
        }
        query = (
            select(
                Registration.participant_id, Registration.mode, Registration.status,
                Participant.stakeholder_group, Participant.country,
            )
            .join(Participant, Registration.participant_id == Participant.id)
            .where(Registration.session_id == session.id)
        )  # fmt: skip
        for row in db.session.execute(query):
            yield Part(
                row.participant_id,
                session.slug,
                row.mode,
                row.stakeholder_group or None,
                region(row.country),
                row.participant_id in came,
                row.status == HELD,
            )


def once(parts: Iterable[Part]) -> Iterator[Fact]:
    """Yield everybody once: whoever was in any room counts as in the room."""
    people: dict[int, Part] = {}
    for each in parts:
        known = people.get(each.person)
        if known is None or (known.mode != Mode.ON_SITE and each.mode == Mode.ON_SITE):
            people[each.person] = each
    for each in people.values():
        yield {"stakeholder_group": each.group, "region": each.region, "mode": each.mode}


# --- What was said ----------------------------------------------------------------------------


def said(found: Material, living: Sequence[Voice]) -> list[Figures]:
    """Return the published contributions: kind, question and group, two by two; languages."""
    kinds = statistics.axis("kind", kinds_used(living))
    asked = statistics.axis(
        "guiding_question",
        (str(each.number) for each in found.consultation.guiding_questions),
    )
    spoken_in = statistics.axis("language", sorted({each.row.language for each in living}))
    facts = [
        {
            "kind": each.row.kind,
            "guiding_question": str(each.row.guiding_question or "") or None,
            "stakeholder_group": each.group,
            "language": each.row.language,
        }
        for each in living
    ]
    plans = [
        Plan("contributions_by_kind_and_question", "contributions", kinds, asked, SAID),
        Plan("contributions_by_group_and_kind", "contributions", groups(), kinds, SAID),
        Plan("contributions_by_group_and_question", "contributions", groups(), asked, SAID),
        Plan("contributions_by_language", "contributions", spoken_in, notes=SAID),
    ]
    return tables(facts, plans)


def kinds_used(living: Iterable[Voice]) -> list[str]:
    """Return the kinds of contribution there are, in the glossary's order."""
    used = {each.row.kind for each in living}
    return [each.value for each in Kind if each.value in used]


# --- Who spoke --------------------------------------------------------------------------------


def spoken(sessions: Iterable[Session]) -> Iterator[Figures]:
    """Yield turns at the microphone and their whole seconds, by group and mode.

    Seconds are hidden where turns are: how long the only one spoke is nobody's to work out.
    """
    turns = [
        (turn.request.group, turn.request.mode, int(turn.length().total_seconds()))
        for session in sessions
        if "floor" in session.kind.tools
        for turn in floor.board(session).turns
        if turn.ended_at is not None
    ]
    if not turns:
        return
    pairs = [(group.value if group else None, mode.value) for group, mode, _time in turns]
    plan = Plan("turns_by_group_and_mode", "turns", groups(), modes(), SAID)
    (counted,) = tables(({"stakeholder_group": g, "mode": m} for g, m in pairs), [plan])
    yield counted
    times: Counter[Pair] = Counter()
    for pair, (_group, _mode, seconds) in zip(pairs, turns, strict=True):
        times[pair] += seconds
    yield seconds_like(counted, times)


def seconds_like(counted: Figures, times: Counter[Pair]) -> Figures:
    """Return the table of seconds with the very figures hidden that ``counted`` hides."""
    assert counted.columns is not None

    def of(row: str | None, column: str | None) -> int:
        return sum(
            seconds
            for (one, other), seconds in times.items()
            if row in (None, one or statistics.NOT_STATED)
            and column in (None, other or statistics.NOT_STATED)
        )

    def like(shown: Cell, seconds: int) -> Cell:
        return Cell(None, WITHHELD) if shown.hidden else Cell(seconds)

    rows, columns = counted.rows.keys, counted.columns.keys
    return replace(
        counted,
        code="seconds_by_group_and_mode",
        unit="seconds",
        cells=tuple(
            tuple(like(counted.cells[i][j], of(row, column)) for j, column in enumerate(columns))
            for i, row in enumerate(rows)
        ),
        row_totals=tuple(like(counted.row_totals[i], of(row, None)) for i, row in enumerate(rows)),
        column_totals=tuple(
            like(counted.column_totals[j], of(None, column)) for j, column in enumerate(columns)
        ),
        total=like(counted.total, of(None, None)),
        base=like(counted.total, of(None, None)),
    )
