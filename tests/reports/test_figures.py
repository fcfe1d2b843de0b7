"""The tables of a consultation as a system: whoever adds one meets these tests."""

from __future__ import annotations

from collections import Counter

import pytest

from app.attendance import imports as attendance
from app.core import linked, participations
from app.core.document import Figures
from app.core.vocabulary import Mode, StakeholderGroup
from app.floor import operations as floor
from app.reports import queries
from app.reports.queries import figures
from tests import make
from tests.core.test_linked import read

pytestmark = pytest.mark.engines("sqlite")
COPIES = {"seconds_by_group_and_mode"}  # hidden where the turns are
COUNTRIES = ("KE", "CH", "BR", "IN", None)


@pytest.fixture
def session(app, clock):
    """A round and a town hall with people of every group, few of some; half of them wrote."""
    here = make.online_round(settings={"moderation": "after"})
    hall = make.town_hall("hall")
    for number, group in enumerate(StakeholderGroup):
        for one in range(2 + 3 * (number % 4)):
            mode = Mode.ON_SITE if one % 3 else Mode.ONLINE
            country = COUNTRIES[(number + one) % len(COUNTRIES)]
            row = make.registration(hall, mode=mode, stakeholder_group=group, country=country)
            attendance.fill(hall, [row])
            if one % 2:
                make.idea(here, who=row.participant, guiding_question=1 if one % 3 else None)
    clock.time = hall.starts_at
    turn = floor.ask(hall, floor.Wish(), name="Ana")
    floor.give(turn)
    clock.go_on(minutes=2)
    floor.done(turn)
    return here


@pytest.fixture
def found(session) -> tuple[Figures, ...]:
    """All its tables."""
    return figures.figures(queries.material(session.consultation))


def fact(table: Figures) -> tuple[str, str]:
    """Return what a table counts, as its name and its unit say: people who attended, turns."""
    return table.code.partition("_by_")[0], table.unit


def test_tables_of_the_same_facts_are_drawn_together_and_none_is_drawn_otherwise(
    session, monkeypatch
):
    """A table drawn by itself would tell what the others hide."""
    draws: list[list[Figures]] = []

    def spied(call, listed):
        def drawing(*given, **named):
            draws.append(listed(call(*given, **named)))
            return call(*given, **named)

        return drawing

    monkeypatch.setattr(linked, "tables", spied(linked.tables, list))
    one = spied(participations.by_session, lambda table: [table])
    monkeypatch.setattr(participations, "by_session", one)
    found = figures.figures(queries.material(session.consultation))

    drawn = [each.code for draw in draws for each in draw]
    assert sorted([*drawn, *COPIES]) == sorted(each.code for each in found)
    facts = Counter(each for draw in draws for each in {fact(table) for table in draw})
    assert set(facts.values()) == {1}
    assert len(facts) == len(draws)


def test_equal_quantities_are_equal_cells_in_every_table_of_the_same_facts(found):
    shared = 0
    for each in {fact(table) for table in found}:
        for key, cells in read([table for table in found if fact(table) == each]).items():
            assert len(set(cells)) == 1, (each, key)
            shared += len(cells) > 1

    assert shared > 10  # people by mode; contributions by kind, by question, by group


def test_no_small_figure_is_shown_and_a_copy_hides_what_its_model_hides(found):
    for table in found:
        if table.code not in COPIES:
            shown = [each.value for each in cells_of(table) if each.hidden is None]
            assert min(shown, default=5) >= 5, table.code
    turns, seconds = (
        next(each for each in found if each.code == f"{unit}_by_group_and_mode")
        for unit in ("turns", "seconds")
    )
    hidden = [[each.hidden is not None for each in cells_of(one)] for one in (turns, seconds)]
    assert hidden[0] == hidden[1]
    assert any(hidden[0])


def cells_of(table: Figures) -> list:
    inner = [each for row in table.cells for each in row]
    return [*inner, *table.row_totals, *table.column_totals, table.total, table.base]
