"""The board as files: open data in CSV and JSON, the newest ideas as Atom."""

from __future__ import annotations

import re
from typing import Any

from flask import render_template

from app import clock
from app.board import queries
from app.consultations import queries as consultations
from app.contributions import panels, schemas
from app.contributions import queries as contributions
from app.core.refusals import NotFound
from app.programme import queries as programme
from app.programme.models import Session
from app.web import urls, viewer

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def session_of(consultation: str, session: str) -> Session:
    """Return the session a file is about; raises `NotFound` where it has no board."""
    found = consultations.by_slug(consultation)
    row = programme.by_slug(found, session) if found else None
    if row is None or "board" not in row.kind.tools:
        raise NotFound
    return row


def items(session: Session) -> list[dict[str, Any]]:
    """Return what anybody may read of a session, in the order of sending.

    Supports are part of it from the close on.
    """
    rows = contributions.listed(session.consultation, inside=False, session=session)
    shows = contributions.supports_are_shown(session, at=clock.now())
    counts = contributions.supports_of([row.id for row in rows]) if shows else {}
    return [schemas.shown(row, counts.get(row.id, 0) if shows else None) for row in rows]


def as_csv(session: Session) -> str:
    """Return it as CSV, one row a contribution."""
    return schemas.csv_text(items(session), bom=True)


def as_json(session: Session) -> dict[str, Any]:
    """Return it as JSON, with how much cannot be read."""
    found = queries.numbers(session)
    return {
        "consultation": session.consultation.slug,
        "session": session.slug,
        "title": session.title,
        "counts": {
            "ideas": found.ideas,
            "comments": found.comments,
            "withdrawn": found.withdrawn,
            "rejected": found.rejected,
        },
        "items": items(session),
    }


def as_atom(session: Session) -> str:
    """Return the newest ideas as an Atom feed."""
    slugs = {"consultation": session.consultation.slug, "session": session.slug}
    rows = queries.newest(session)
    dates = [row.changed_at for row in rows]
    entries = [
        (
            panels.shown(row),
            row,
            urls.external(
                "board.contribution",
                consultation=slugs["consultation"],
                reference=row.reference,
            ),
        )
        for row in rows
    ]
    text = render_template(
        "board/ideas.xml",
        title=session.words("title", viewer.language()),
        consultation=session.consultation.words("title", viewer.language()),
        url=urls.external("board.ideas", **slugs),
        own=urls.external("board.atom", **slugs),
        language=viewer.language(),
        entries=entries,
        updated=max(dates, default=session.changed_at),
    )
    return NOT_XML.sub("\ufffd", text)
