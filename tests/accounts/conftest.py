"""What tests of accounts share."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.extensions import db


@pytest.fixture
def statements(app):
    """Collect the SQL that is sent inside ``with statements() as sent``."""

    @contextmanager
    def collect():
        sent: list[str] = []

        def note(_connection, _cursor, text, *_rest):
            sent.append(text)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return collect
