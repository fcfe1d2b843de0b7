"""What the tests of registrations share."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.database import db
from app.mail.models import OutboxMail


@pytest.fixture
def new_mails(app):
    """A function that returns the mails put since it was last asked: (kind, address) in order."""
    last = 0

    def put() -> list[tuple[str, str]]:
        nonlocal last
        rows = db.session.execute(
            select(OutboxMail.id, OutboxMail.kind, OutboxMail.to_address)
            .where(OutboxMail.id > last)
            .order_by(OutboxMail.id)
        ).all()
        last = max([last, *(number for number, _, _ in rows)])
        return [(kind, address) for _, kind, address in rows]

    return put
