"""How far a freeze is, and who may take it up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.synthesis.freezing import BEGINS, ENDED, PATIENCE, Stage, is_abandoned, percent

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
IN_ORDER = [stage for stage in Stage if stage not in (Stage.REFUSED, Stage.FAILED)]


def test_each_stage_begins_further_on():
    assert list(BEGINS) == IN_ORDER
    assert sorted(set(BEGINS.values())) == list(BEGINS.values())


@given(st.integers(0, 500), st.integers(0, 500))
def test_files_move_it_on_and_only_the_end_is_all(done, total):
    now, before = percent(Stage.FILES, done, total), percent(Stage.FILES, max(done - 1, 0), total)

    assert BEGINS[Stage.FILES] <= before <= now < percent(Stage.DONE) == 100


@pytest.mark.parametrize("stage", sorted(ENDED - {Stage.DONE}))
def test_what_ended_without_an_edition_is_nowhere(stage):
    with pytest.raises(KeyError):
        percent(stage)


@pytest.mark.parametrize(
    ("gone", "silent", "abandoned"),
    [
        (True, timedelta(0), True),
        (False, timedelta(0), False),
        (False, PATIENCE - timedelta(seconds=1), False),
        (False, PATIENCE, True),
    ],
)
def test_it_is_taken_over_from_who_ended_or_fell_silent(gone, silent, abandoned):
    assert is_abandoned(is_gone=gone, touched_at=NOON - silent, now=NOON) is abandoned
