"""Single rows and short lists: themes, excerpts, statements, editions, what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.consultations.models import Consultation
from app.contributions.models import Contribution
from app.database import db
from app.reports.models import (
    Citation,
    Edition,
    Excerpt,
    Freezing,
    Outcome,
    Paper,
    Statement,
    Theme,
)

CHUNK = 500  # of ids in one statement: SQLite takes only so many


def themes(consultation: Consultation) -> list[Theme]:
    """Return the themes of a consultation by number, those that went into others among them."""
    query = select(Theme).where(Theme.consultation_id == consultation.id)
    return list(db.session.scalars(query.order_by(Theme.number)))


def theme(consultation: Consultation, number: int) -> Theme | None:
    """Return the theme with this number."""
    query = select(Theme).where(Theme.consultation_id == consultation.id, Theme.number == number)
    return db.session.scalar(query)


def last_theme(consultation: Consultation) -> int:
    """Return the highest number ever given to a theme; rows are never removed."""
    query = select(func.max(Theme.number)).where(Theme.consultation_id == consultation.id)
    return db.session.scalar(query) or 0


def statements_of(theme: Theme) -> list[Statement]:
    """Return the statements of a theme in their order."""
    query = select(Statement).where(Statement.theme_id == theme.id)
    return list(db.session.scalars(query.order_by(Statement.place, Statement.id)))


def excerpt_ids(theme: Theme) -> list[int]:
    """Return the ids of a theme's excerpts."""
    query = select(Excerpt.id).where(Excerpt.theme_id == theme.id).order_by(Excerpt.id)
    return list(db.session.scalars(query))


def excerpt(consultation: Consultation, number: int) -> Excerpt | None:
    """Return the excerpt with this id."""
    query = select(Excerpt).where(Excerpt.consultation_id == consultation.id, Excerpt.id == number)
    return db.session.scalar(query)


def same_excerpt(
    contribution: Contribution, theme: Theme, *, start: int, end: int, stance: str
) -> Excerpt | None:
    """Return the excerpt that says the very same."""
    return db.session.scalars(
        select(Excerpt).where(
            Excerpt.contribution_id == contribution.id,
            Excerpt.theme_id == theme.id,
            Excerpt.start == start,
            Excerpt.end == end,
            Excerpt.stance == stance,
        )
    ).first()


def excerpts(
    consultation: Consultation,
    *,
    theme: int | None = None,
    contribution: str | None = None,
    stance: str | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[Excerpt]:
    """Return excerpts by id above ``after``, each with its contribution and theme."""
    query = (
        select(Excerpt)
        .join(Excerpt.theme)
        .join(Excerpt.contribution)
        .where(Excerpt.consultation_id == consultation.id, Excerpt.id > after)
        .options(joinedload(Excerpt.theme), joinedload(Excerpt.contribution))
    )
    for column, value in (
        (Theme.number, theme),
        (Contribution.reference, contribution),
        (Excerpt.stance, stance),
    ):
        if value is not None:
            query = query.where(column == value)
    return list(db.session.scalars(query.order_by(Excerpt.id).limit(limit)))


def excerpts_by_ids(consultation: Consultation, ids: Sequence[int]) -> dict[int, Excerpt]:
    """Return the excerpts of a consultation with these ids, by id."""
    found: dict[int, Excerpt] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(Excerpt).where(
            Excerpt.consultation_id == consultation.id, Excerpt.id.in_(ids[start : start + CHUNK])
        )
        query = query.options(joinedload(Excerpt.contribution))
        found |= {each.id: each for each in db.session.scalars(query)}
    return found


def cited_by(excerpt: Excerpt) -> list[str]:
    """Return the numbers of the statements that cite an excerpt."""
    query = select(Statement.number).join(Citation, Citation.statement_id == Statement.id)
    return list(db.session.scalars(query.where(Citation.excerpt_id == excerpt.id)))


def statements(consultation: Consultation) -> list[Statement]:
    """Return the statements of a consultation as printed, each with its citations."""
    query = (
        select(Statement)
        .join(Statement.theme)
        .where(Statement.consultation_id == consultation.id)
        .options(
            selectinload(Statement.citations),
            joinedload(Statement.theme),
            joinedload(Statement.consultation),
        )
        .order_by(Theme.number, Statement.place, Statement.id)
    )
    return list(db.session.scalars(query))


def statement(consultation: Consultation, number: str) -> Statement | None:
    """Return the statement with this number."""
    query = select(Statement).where(
        Statement.consultation_id == consultation.id, Statement.number == number
    )
    return db.session.scalar(query)


def known_numbers(consultation: Consultation, numbers: Iterable[str]) -> set[str]:
    """Return which of these numbers are a statement's, in the draft."""
    wanted = set(numbers)
    query = select(Statement.number).where(Statement.consultation_id == consultation.id)
    return {number for number in db.session.scalars(query) if number in wanted}


def editions(consultation: Consultation) -> list[Edition]:
    """Return the editions of a consultation, the first one first; without their documents."""
    query = select(Edition).where(Edition.consultation_id == consultation.id)
    return list(db.session.scalars(query.order_by(Edition.number)))


def edition(consultation: Consultation, number: int) -> Edition | None:
    """Return the edition with this number."""
    query = select(Edition).where(
        Edition.consultation_id == consultation.id, Edition.number == number
    )
    return db.session.scalar(query)


def latest(consultation: Consultation) -> Edition | None:
    """Return the newest edition."""
    query = select(Edition).where(Edition.consultation_id == consultation.id)
    return db.session.scalars(query.order_by(Edition.number.desc()).limit(1)).first()


def freezing(consultation: Consultation) -> Freezing | None:
    """Return the freeze that somebody asked for last, and how far it is."""
    return db.session.get(Freezing, consultation.id)


def outcomes(consultation: Consultation) -> list[Outcome]:
    """Return what the receiving body did, by edition."""
    query = select(Outcome).where(Outcome.consultation_id == consultation.id)
    return list(db.session.scalars(query.order_by(Outcome.edition)))


def paper_of(consultation: Consultation) -> Paper:
    """Return what the document says around its sentences; an empty one where nothing is kept."""
    found = db.session.get(Paper, consultation.id)
    if found is not None:
        return found
    return Paper(consultation_id=consultation.id, words={}, revision=0, changed_at=clock.now())
