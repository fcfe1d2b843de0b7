"""A NUL in an address: PostgreSQL takes none, so nothing is asked for it, and nothing is found."""

from __future__ import annotations

import pytest

from tests import make

ADDRESSES = (
    "/pro%00be/", "/probe/ca%00fe/", "/my/%00/", "/join/%00", "/calendar/%00.ics",
    "/live/probe/%00/", "/live/probe/%00/state.json", "/probe/%00/ideas", "/probe/%00/calendar.ics",
    "/api/v1/consultations/%00", "/api/v1/consultations/probe/sessions/%00",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_nul_names_nothing(app, client, clock, address):
    make.cafe()

    assert client.get(address).status_code == 404
