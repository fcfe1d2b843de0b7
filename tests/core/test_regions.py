"""Regions follow from countries; who is in no group has none."""

from __future__ import annotations

import pytest

from app.core import regions


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("KE", "africa"), ("jp", "asia_pacific"), ("EE", "eastern_europe"),
        ("BR", "latin_america_caribbean"), ("CH", "western_europe_others"),
        ("US", "western_europe_others"), ("TW", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_country_is_in_its_regional_group(country, region):
    assert regions.region(country) == region


def test_every_member_is_in_one_group_only():
    listed = " ".join(regions.GROUPS.values()).split()

    assert len(listed) == len(set(listed)) == 195  # 193 members, two observers
