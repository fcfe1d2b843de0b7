"""Small efforts: properties hold whatever the budget."""

import pytest

from app.core.seating import engine


@pytest.fixture(autouse=True, scope="module")
def _small_effort():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"PER_GUEST": 200, "MIX_PER_GUEST": 60}.items():
            patch.setattr(engine, name, value)
        yield
