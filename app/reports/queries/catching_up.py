"""The material after a few more acts: what they touched is read, all other rows are carried over.

Rows are carried, never what was concluded of them. The audit names the excerpts and statements
that were touched, contributions say themselves that they changed. Where anything else moved, an
act is not known, or the counts do not come out in the end, there is no catching up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from sqlalchemy import Row, or_, select

from app.audit.models import AuditEntry
from app.consultations.models import Consultation
from app.contributions.models import Answer, Contribution
from app.core.synthesis import statements as rules
from app.database import db
from app.reports.models import Citation, Excerpt, Statement
from app.reports.queries import coded
from app.reports.queries.material import Material, kept_whole
from app.reports.queries.rows import CHUNK
from app.reports.queries.said import (
    Voice,
    Voices,
    all_contributions,
    all_sessions,
    voices_of,
)
from app.reports.queries.state import State, counts_of

C = Contribution
MOST = 200  # rows touched; beyond it, reading everything is as fast
# Acts that change nothing but the excerpt or statement they name, themes, and contributions.
KNOWN = frozenset({
    "excerpt_marked", "excerpt_changed", "excerpt_unmarked", "excerpt_listed",
    "statement_written", "statement_changed", "statement_moved", "statement_removed",
    "statement_reviewed", "theme_added", "theme_changed",
    "contribution_answered", "contribution_entered", "contribution_publish", "contribution_hold",
    "contribution_reject", "contribution_withdrawn", "author_looked_at",
    "paper_written", "outcome_recorded",
})  # fmt: skip
Kept = TypeVar("Kept")


def caught_up(
    found: Material, before: State, now: State, consultation: Consultation
) -> Material | None:
    """Return what was ``found`` ``before`` as it is ``now``; ``None``: it has to be read anew.

    To be called in the reading transaction in which it was ``now``.
    """
    key = consultation.id
    acts = acts_since(before, now, key)
    moved = set() if before.said == now.said else moved_contributions(found.voices, key)
    if before.around != now.around or acts is None or moved is None:
        return None
    excerpts, statements = named(acts, Excerpt), named(acts, Statement)
    if len(excerpts) + len(statements) + len(moved) > MOST:
        return None
    with kept_whole():
        made = after(found, consultation, excerpts, statements, moved)
    return made if counts_of(made) == now.counts else None


# --- What was touched -------------------------------------------------------------------------


def acts_since(before: State, now: State, key: int) -> list[Any] | None:
    """Return the acts since ``before``.

    ``None`` where they are many, one is not known, or one was committed late, under a number
    below the last one's.
    """
    many, total = (
        each - (was or 0) for was, each in zip(before.acts[:2], now.acts[:2], strict=True)
    )
    if many > MOST:
        return None
    query = select(AuditEntry.id, AuditEntry.action, AuditEntry.object)
    query = query.where(AuditEntry.consultation_id == key, AuditEntry.id > (before.acts[2] or 0))
    acts: list[Any] = list(db.session.execute(query))
    if (len(acts), sum(each.id for each in acts)) != (many, total):
        return None
    return acts if KNOWN.issuperset(each.action for each in acts) else None


def named(acts: Iterable[Any], kind: Any) -> set[int]:
    """Return the ids of the rows of one kind that acts name."""
    objects = (each.object.partition(":") for each in acts)
    return {int(number) for table, _colon, number in objects if table == kind.__tablename__}


def moved_contributions(voices: Voices, key: int) -> set[int] | None:
    """Return the ids of contributions that are new or changed; ``None`` where one is gone."""
    query = select(C.id, C.revision, C.status, C.changed_at).where(C.consultation_id == key)
    rows = {row[0]: tuple(row[1:]) for row in db.session.execute(query)}
    if not voices.keys() <= rows.keys():
        return None
    known = {
        row.id: (row.revision, row.status, row.changed_at)
        for row in (voice.row for voice in voices.values())
    }
    return {number for number, row in rows.items() if known.get(number) != row}


# --- What it is then --------------------------------------------------------------------------


def after(
    found: Material,
    consultation: Consultation,
    excerpts: Set[int],
    statements: Set[int],
    moved: Set[int],
) -> Material:
    """Return the material with these rows read anew, and what hangs on them."""
    key = consultation.id
    spoken = spoken_anew(moved, key)
    voices = found.voices.after(spoken)
    touched = set(excerpts)
    if spoken:
        touched |= {n for n, each in found.excerpts.items() if each.contribution_id in spoken}
    rows = read(coded.all_excerpts, key, Excerpt.id, touched)
    marked = merged(found.excerpts, touched, rows)
    if voices.who is found.who:
        fresh = coded.counted(rows, voices)
        counting = merged(found.counting, touched, fresh)
        in_theme = regrouped(found, touched, rows, fresh)
    else:
        counting = coded.counted(marked, voices)
        in_theme = coded.by_theme(marked, counting)
    stated = coded.all_statements(key)
    stale = statements | changed_statements(found, stated)
    cites = read(coded.all_citations, key, Citation.statement_id, stale)
    answers = read(coded.all_answers, key, Answer.contribution_id, spoken.keys())
    return Material(
        consultation,
        {},
        voices,
        coded.all_themes(key),
        marked,
        stated,
        merged(found.citations, stale, cites),
        merged(found.answers, spoken.keys(), answers),
        counting,
        in_theme,
        (found.odd - touched) | coded.odd(rows, voices),
    )


def spoken_anew(moved: Set[int], key: int) -> dict[int, Voice]:
    """Return the contributions that moved, and those that answer them."""
    if not moved:
        return {}
    rows = all_contributions(key, or_(C.id.in_(moved), C.parent_id.in_(moved)))
    return voices_of(rows, all_sessions(key), key)


def read(
    what: Callable[..., dict[int, Kept]], key: int, column: Any, ids: Set[int]
) -> dict[int, Kept]:
    """Return ``what`` is read where a column is one of ``ids``; where it is none, nothing is."""
    found: dict[int, Kept] = {}
    order = sorted(ids)
    for start in range(0, len(order), CHUNK):
        found |= what(key, column.in_(order[start : start + CHUNK]))
    return found


def changed_statements(found: Material, stated: Iterable[Row[Any]]) -> set[int]:
    """Return the ids of statements that were saved since, or are new."""
    revisions = {row.id: row.revision for row in found.statements}
    return {row.id for row in stated if revisions.get(row.id) != row.revision}


def merged(
    known: Mapping[int, Kept], gone: Set[int], read: Mapping[int, Kept]
) -> Mapping[int, Kept]:
    """Return what is known, without what is ``gone`` and with what was ``read``, by id in order."""
    if not gone and not read:
        return known
    made = dict(known)
    for number in gone - read.keys():
        made.pop(number, None)
    made.update(read)
    return made if read.keys() <= known.keys() else dict(sorted(made.items(), key=itemgetter(0)))


def regrouped(
    found: Material,
    touched: Set[int],
    rows: Mapping[int, coded.Marked],
    fresh: Mapping[int, rules.Excerpt],
) -> Mapping[int, list[rules.Excerpt]]:
    """Return the excerpts by theme where those ``touched`` left theirs and ``rows`` came in."""
    if not touched:
        return found.in_theme
    made = dict(found.in_theme)
    coming = coded.by_theme(rows, fresh)
    for theme in {found.excerpts[each].theme_id for each in touched & found.excerpts.keys()}:
        made[theme] = [each for each in made[theme] if each.id not in touched]
    for theme, excerpts in coming.items():
        made[theme] = sorted([*made.get(theme, ()), *excerpts], key=attrgetter("id"))
    return made
