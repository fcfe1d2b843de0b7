"""What the console says of seats: what a plan is worth, who is late or missing, thin tables."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.refusals import Refusal
from app.core.seating import Policy, patch, record
from app.programme.models import Session
from app.tables import queries
from app.tables.models import CafeTable
from app.tables.panels.cafe import Cafe, numbered, table_name
from app.tables.panels.people import People, about
from app.tables.panels.rows import Row
from app.web import filters


@dataclass(frozen=True)
class Figure:
    """One figure of a plan beside the least it can be; ``is_best`` where it is that."""

    words: str
    bound: str
    is_best: bool


@dataclass(frozen=True)
class Late:
    """Somebody there without a seat; ``table`` is where they would sit, if there is a chair."""

    id: str
    name: str
    about: str
    table: CafeTable | None
    words: str


@dataclass(frozen=True)
class Thin:
    """A table with too few people; ``merge`` says where they would go, empty if nowhere."""

    table: CafeTable
    words: str
    merge: str


@dataclass(frozen=True)
class NotesState:
    """Whether a table's notes of a round are in."""

    word: str
    is_missing: bool


# --- The plan ---------------------------------------------------------------------------------


def promise(now: Cafe) -> str:
    """Return in a sentence what the plan does for people."""
    assert now.plan is not None
    most = now.plan.report["max_meet"]
    if most <= 1:
        return _("New faces at every table: no pair meets twice.")
    if now.plan.policy == Policy.NEW_FACES:
        return _("As many new faces as possible; a few pairs sit together often.")
    return _("No pair meets more than %(times)s times.", times=most)


def figures(now: Cafe) -> list[Figure]:
    """Return what the plan is worth, figure by figure beside its bound."""
    assert now.plan is not None
    report = now.plan.report
    repeats, bound = report["repeats"], report["repeats_bound"]
    revisits, ratio = report["revisits"], report["mix_ratio"]
    least = _("at least %(bound)s", bound=bound)
    found = [
        Figure(ngettext("%(num)s repeat", "%(num)s repeats", repeats), least, repeats <= bound),
        Figure(
            ngettext("%(num)s return to a table", "%(num)s returns to a table", revisits),
            _("at best 0"),
            revisits == 0,
        ),
    ]
    if ratio is not None:
        words = _("mix of people %(ratio)s", ratio=f"{ratio:.2f}")
        found.append(Figure(words, _("at best 1"), ratio <= 1))
    if report["hard_violations"]:
        broken = report["hard_violations"]
        words = ngettext("%(num)s rule broken", "%(num)s rules broken", broken)
        found.append(Figure(words, _("must be 0"), False))
    return found


def size(now: Cafe, number: int) -> str:
    """Return how many people sit at how many tables in a round: "65 people, 14 tables"."""
    seats = now.seats_in(number)
    people = sum(len(each["people"]) for each in seats)
    return filters.listed(
        [
            ngettext("%(num)s person", "%(num)s people", people),
            ngettext("%(num)s table", "%(num)s tables", len(seats)),
        ]
    )


def here_words(session: Session) -> list[str]:
    """Return how many are there now, by mode."""
    found = queries.counts(session)
    return [
        _("%(count)s in the room", count=found.on_site),
        _("%(count)s online", count=found.online),
    ]


# --- Notes ------------------------------------------------------------------------------------


def noted_round(now: Cafe) -> int:
    """Return the round whose notes are due: the last that ended, else the one that runs; or 0."""
    ended = [each.number for each in now.rounds if not each.is_running]
    return ended[-1] if ended else now.begun


def notes_states(now: Cafe) -> dict[int, NotesState]:
    """Return, by table number, whether the notes of `noted_round` are in."""
    number = noted_round(now)
    if not number:
        return {}
    sent = queries.note_counts(now.session)
    missing = queries.missing_notes(now.session).get(number, [])
    due = now.rounds[number - 1].ended_at is not None
    found = {}
    for table in now.tables:
        if sent.get((table.number, number)):
            found[table.number] = NotesState(_("notes in"), False)
        elif table.number in missing:
            words = _("notes missing") if due else _("no notes yet")
            found[table.number] = NotesState(words, due)
    return found


def missing_elsewhere(rows: list[Row], states: dict[int, NotesState]) -> list[int]:
    """Return the tables that owe notes and are not among ``rows``: they were closed since."""
    shown = {row.table.number for row in rows}
    return [number for number, state in states.items() if state.is_missing and number not in shown]


# --- People late or missing -------------------------------------------------------------------


def late(session: Session, people: People) -> list[Late]:
    """Return who is there without a seat, each with the best one."""
    known = queries.by_numbers(session)
    found = []
    for each in queries.latecomers(session):
        table = known.get(each.table or 0)
        who = each.participant
        words = _("No table has a chair for them.")
        if table is not None:
            words = _("Best seat: %(table)s (a free chair)", table=table_name(table))
        found.append(Late(who.public_id, people.called(who.public_id), about(who), table, words))
    return found


def absent(session: Session, people: People) -> list[tuple[str, str]]:
    """Return (id, name) of who has a seat in the next round and is not there."""
    return [(each.public_id, people.called(each.public_id)) for each in queries.absentees(session)]


# --- Tables -----------------------------------------------------------------------------------


def thin(now: Cafe) -> list[Thin]:
    """Return the tables with too few people next round, and where they would go."""
    found = []
    for each in queries.thin_tables(now.session):
        words = ngettext(
            "%(table)s has %(num)s person.",
            "%(table)s has %(num)s people.",
            each.count,
            table=table_name(each.table),
        )
        goes = merged_into(now, each.table) if each.merge_with is not None else []
        merge = _("Merge with %(tables)s", tables=numbered(goes)) if goes else ""
        found.append(Thin(each.table, words, merge))
    return found


def merged_into(now: Cafe, table: CafeTable) -> list[int]:
    """Return the tables at which the people of ``table`` would sit if it were closed."""
    plan, number = now.plan, now.upcoming
    if plan is None or number is None:
        return []
    leaving = {each for each, at in queries.where(plan, number).items() if at == table.number}
    try:
        mended, _changed = patch(
            record.read(plan.problem),
            plan.plan,
            after_round=number - 1,
            closed_tables=[table.number],
        )
    except Refusal:
        return []
    seats = mended.rounds[number - 1]
    return sorted(at for at, people in seats.items() if leaving & set(people))


def hostless(session: Session) -> list[str]:
    """Return the tables of the next round without a host who is there."""
    return [table_name(each) for each in queries.hostless(session)]
