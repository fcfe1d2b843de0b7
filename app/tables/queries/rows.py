"""Tables: listed, found by number or by their host's link."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import links
from app.core.links import Purpose
from app.database import db
from app.programme.models import Session
from app.tables.models import CafeTable


def tables(session: Session) -> list[CafeTable]:
    """Return the tables of ``session`` by number, each with its host."""
    return list(
        db.session.scalars(
            select(CafeTable)
            .where(CafeTable.session_id == session.id)
            .options(joinedload(CafeTable.host))
            .order_by(CafeTable.number)
        )
    )


def by_numbers(session: Session) -> dict[int, CafeTable]:
    """Return the tables of ``session`` by their numbers."""
    return {table.number: table for table in tables(session)}


def by_number(session: Session, number: int) -> CafeTable | None:
    """Return the table called ``number``."""
    return db.session.scalar(
        select(CafeTable).where(CafeTable.session_id == session.id, CafeTable.number == number)
    )


def by_link(token: str) -> CafeTable | None:
    """Return the table whose host's link has this secret; a renewed link opens nothing."""
    return db.session.scalar(
        select(CafeTable).where(CafeTable.fingerprint == links.fingerprint(token))
    )


def host_token(table: CafeTable) -> str:
    """Return the secret of the host's link of ``table``, derived anew."""
    key = current_app.config["LINK_KEY"]
    return links.derive(key, Purpose.TABLE, table.public_id, table.link_version)
