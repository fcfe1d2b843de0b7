"""Notes of tables: points written down together, published at once, without anybody's name."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import clock
from app.contributions import queries
from app.contributions.models import Contribution
from app.contributions.operations.changes import CHANGEABLE, keep_version
from app.contributions.operations.pages import turn_page
from app.contributions.operations.sending import CIRCLE, ContributionsClosed, note
from app.core import contributions
from app.core.attribution import Attribution
from app.core.contributions import Kind, Source, Status, Tag
from app.database import db, lock, operation
from app.programme.models import Session
from app.web import access


@dataclass(frozen=True)
class Point:
    """One thing a table writes down, and what it says of it."""

    text: str
    tag: str | None = None


@operation
def add_notes(
    session: Session,
    points: Sequence[Point],
    *,
    table: int,
    round: int,
    guiding_question: int | None,
    language: str,
    by_staff: bool = False,
    source: Source = Source.PARTICIPANT,
    sent_at: datetime | None = None,
) -> list[Contribution]:
    """Publish what a table wrote down in a round; who may, and how much, its caller decided.

    A note has no author: its table and round say where it comes from. The caller holds the
    session's row. A sample is taken as of ``sent_at``. Raises `Invalid`.
    """
    now = sent_at or clock.now()
    texts = [contributions.point(point.text, index) for index, point in enumerate(points)]
    lock(session.consultation)
    called = contributions.series(Kind.NOTE, table=table, round=round)
    last = queries.last_number(session.consultation, called)
    prefix = session.consultation.prefix
    made = [
        Contribution(
            consultation=session.consultation,
            session=session,
            kind=Kind.NOTE.value,
            series=called,
            number=number,
            reference=contributions.reference(prefix, Kind.NOTE, called, number),
            tag=Tag(point.tag).value if point.tag else None,
            author={},
            attribution=Attribution.ANONYMOUS.value,
            source=source.value,
            entered_by=access.actor_key() if by_staff else None,
            language=language,
            guiding_question=guiding_question,
            text=text,
            status=Status.PUBLISHED.value,
            spin=1 + secrets.randbelow(CIRCLE - 1),
            comments=0,
            revision=1,
            sent_at=now,
            changed_at=now,
            published_at=now,
        )
        for number, (point, text) in enumerate(zip(points, texts, strict=True), start=last + 1)
    ]
    db.session.add_all(made)
    db.session.flush()
    for each in made if by_staff else ():
        note(each, "contribution_entered", {"kind": Kind.NOTE.value})
    if made:
        turn_page(*made)
    return made


@operation
def change_note(contribution: Contribution, point: Point) -> Contribution:
    """Replace a note's words and tag; what it said before is kept as a version.

    Raises `Invalid`, `ContributionsClosed` where it was withdrawn or rejected.
    """
    text = contributions.point(point.text)
    lock(contribution.consultation)
    lock(contribution)
    if contribution.status not in CHANGEABLE:
        raise ContributionsClosed
    if text != contribution.text:
        keep_version(contribution, clock.now())
    contribution.text = text
    contribution.tag = Tag(point.tag).value if point.tag else None
    turn_page(contribution)
    return contribution
