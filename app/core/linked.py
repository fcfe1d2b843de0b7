"""Tables over the same facts: what is hidden in one is told by no other, nor by all together.

Three tables of the same contributions share their totals: a figure hidden in one may stand in
another, or follow by subtraction. So the tables made of the same facts are hidden as one system.
First each by itself (`statistics.hide`); then every figure that is the same quantity, because it
counts the same facts, is hidden in all of them; then for every hidden figure a *witness* is
sought: other facts that would have printed the very same tables, hidden figures within what a
reader knows of them (*fewer* is 0 to 4, *withheld* 5 or more), but for that figure being another.
Where there is none, the figures of the cheapest one are hidden too (inner figures before totals,
small before large). Hiding more never takes a witness away. What no witness saves is withheld
whole, but for the base: its own tables first, then all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from app.core.document import Axis, Cell, Figures
from app.core.statistics import FEWEST, NOT_STATED, Plan, cell, with_not_stated
from app.core.witnesses import BASE, Key, Known

Fact = Mapping[str, str | None]  # one person, contribution or turn: its key on each side


def tables(
    facts: Sequence[Fact], plans: Sequence[Plan], known: Collection[str] = ()
) -> list[Figures]:
    """Return every table of the same ``facts``, small cells hidden in all of them together.

    ``None`` and keys that a side lacks are *not stated*, a row or column of its own which is
    always there; nothing is left out and nothing redistributed. ``known`` names the sides on which
    nobody can leave anything unstated (a mode, a session): those have no such row or column, whose
    zeros would only hide other figures. There a key that the side lacks is a `KeyError`. Tables
    that have a side of the same name have the same side.
    """
    sides = {
        each.name: each if each.name in known and each.keys else with_not_stated(each)
        for plan in plans
        for each in plan.sides
    }
    at = {name: places(each) for name, each in sides.items()}
    stated = [{name: at[name](each.get(name)) for name in sides} for each in facts]
    known_of_them = Known(sides, plans, stated)
    close(known_of_them)
    return [printed(known_of_them, plan) for plan in plans]


def places(axis: Axis) -> Callable[[str | None], str]:
    """Return what says under which key of an axis a fact stands, *not stated* where it has that."""
    keys: dict[str | None, str] = {key: key for key in axis.keys}

    def place(key: str | None) -> str:
        return keys[key] if key in keys or NOT_STATED not in keys else NOT_STATED

    return place


def close(known: Known) -> None:
    """Hide until every hidden figure has a witness."""
    if known.values.get(BASE, 0) < FEWEST:
        return  # everything is hidden, and each figure may be 0 to 4
    seen: set[Key] = set()
    waiting = sorted(known.hidden, key=sorted)
    while waiting:
        key = waiting.pop(0)
        if key in seen:
            continue
        changed = known.witness(key)
        if changed is not None:
            seen |= changed  # it is a witness of each of them
        elif len(known.whole) < len(known.plans):
            changed = withhold(known, key)
            waiting.insert(0, key)
        else:
            continue  # with nothing known but the base, it can be any number
        waiting += sorted(changed - known.hidden, key=sorted)
        known.hidden |= changed


def withhold(known: Known, key: Key) -> frozenset[Key]:
    """Withhold whole the tables that print a figure, else all; return what is hidden by it."""
    mine = known.printed_in[key]
    known.whole |= set(range(len(known.plans))) if mine <= known.whole else mine
    found = (each for each, where in known.printed_in.items() if where & known.whole)
    return frozenset(found) - {BASE}


def printed(known: Known, plan: Plan) -> Figures:
    """Return a table as everybody gets it."""
    rows = known.sides[plan.rows.name]
    columns = known.sides[plan.columns.name] if plan.columns else None

    def at(row: int, column: int) -> Cell:
        key = known.key(plan, (row, column))
        return cell(known.values[key], known.why(key))

    down, across = range(len(rows.keys)), range(len(columns.keys) if columns else 1)
    total = at(-1, -1)
    return Figures(
        plan.code,
        plan.unit,
        rows,
        tuple(tuple(at(row, column) for column in across) for row in down),
        total,
        columns,
        tuple(at(row, -1) for row in down) if columns else (),
        tuple(at(-1, column) for column in across) if columns else (),
        total,
        plan.notes,
    )
