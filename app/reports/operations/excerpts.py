"""Coding: a passage of a contribution is marked with a theme and a stance, otherwise, or not."""

from __future__ import annotations

from sqlalchemy import select

from app import clock
from app.consultations.models import Consultation
from app.contributions.models import Contribution
from app.contributions.operations import NotPublished
from app.core.refusals import N_, Refusal
from app.core.synthesis import excerpts
from app.core.synthesis.excerpts import Coding, ExcerptCited, Stance
from app.database import db, lock, operation
from app.reports import queries
from app.reports.models import Citation, Excerpt, Statement
from app.reports.operations.base import hold, note, standing, who
from app.web import access


class AlreadyMarked(Refusal):
    """Another excerpt says the very same."""

    code = "already_marked"
    message = N_("This passage is marked with this theme and stance already.")


@operation
def mark(
    contribution: Contribution, *, start: int, end: int, theme: int, stance: str
) -> tuple[Excerpt, bool]:
    """Mark a passage; return the excerpt, and whether it is new.

    The same passage with the same theme and stance is marked once. Raises `Invalid` (the passage,
    `unknown_theme`), `NotPublished`.
    """
    consultation = contribution.consultation
    hold(consultation)
    db.session.refresh(contribution)
    if not (contribution.is_published and contribution.is_public):
        raise NotPublished
    quote = excerpts.quote(contribution.text, start, end)
    under = standing(consultation, theme)
    known = queries.same_excerpt(
        contribution, under, start=start, end=end, stance=Stance(stance).value
    )
    if known is not None:
        return known, False
    excerpt = Excerpt(
        consultation_id=consultation.id,
        contribution=contribution,
        theme=under,
        marked_in=theme,
        start=start,
        end=end,
        stance=Stance(stance).value,
        quote=quote,
        answered=False,
        coder=access.actor_key(),
        at=clock.now(),
    )
    db.session.add(excerpt)
    db.session.flush()
    note(
        consultation, "excerpt_marked", excerpt,
        reference=contribution.reference, theme=under.number, stance=excerpt.stance,
    )  # fmt: skip
    return excerpt, True


@operation
def change_excerpt(
    consultation: Consultation,
    excerpt: Excerpt,
    *,
    theme: int | None = None,
    stance: str | None = None,
    saw: Coding | None = None,
) -> Excerpt:
    """Mark the same passage with another theme or stance; what is ``None`` stays.

    ``saw`` is what it was marked with for whoever asks. Statements go on citing it in the same
    role; where its stance changes they are to be reviewed again, as they are now. Raises `Invalid`
    (`unknown_theme`), `NotPublished`, `AlreadyMarked`, `ExcerptCited`, `ChangedMeanwhile`.
    """
    hold(consultation)
    lock(excerpt)
    said = excerpt.contribution
    db.session.refresh(said)
    if not (said.is_published and said.is_public):
        raise NotPublished
    if saw is not None:
        saw = Coding(standing(consultation, saw.theme, field="was.theme").number, saw.stance)
    under = excerpt.theme if theme is None else standing(consultation, theme)
    now = Coding(excerpt.theme.number, excerpt.stance)
    wanted = Coding(under.number, Stance(stance or now.stance).value)
    citing = statements_citing(excerpt)
    cited_in = {each.number: each.theme.number for each in citing}
    ends_reviews = excerpts.recode(now, wanted, saw=saw, cited_in=cited_in)
    if wanted == now:
        return excerpt
    passage = {"start": excerpt.start, "end": excerpt.end}
    if queries.same_excerpt(said, under, stance=wanted.stance, **passage) is not None:
        raise AlreadyMarked
    if theme is not None and under.id != excerpt.theme_id:
        excerpt.theme, excerpt.marked_in = under, theme
    excerpt.stance, excerpt.answered = wanted.stance, False
    for each in citing if ends_reviews else ():
        read_again(each)
    note(
        consultation, "excerpt_changed", excerpt, reference=said.reference,
        theme=[now.theme, wanted.theme], stance=[now.stance, wanted.stance],
    )  # fmt: skip
    db.session.flush()
    return excerpt


def statements_citing(excerpt: Excerpt) -> list[Statement]:
    """Return the statements that cite an excerpt, in the order in which they were written."""
    query = select(Statement).join(Citation, Citation.statement_id == Statement.id)
    query = query.where(Citation.excerpt_id == excerpt.id).order_by(Statement.id)
    return list(db.session.scalars(query))


def read_again(statement: Statement) -> None:
    """Take a review away; who read the statement before that reviews an older revision."""
    lock(statement)
    statement.revision += 1
    statement.changed_at, statement.changed_by = clock.now(), who()
    statement.reviewed_at = statement.reviewed_by = None


@operation
def unmark(consultation: Consultation, excerpt: Excerpt) -> None:
    """Take a mark away. Raises `ExcerptCited` while a statement stands on it."""
    hold(consultation)
    if numbers := queries.cited_by(excerpt):
        raise ExcerptCited(numbers=", ".join(numbers))
    note(consultation, "excerpt_unmarked", excerpt, reference=excerpt.contribution.reference)
    db.session.delete(excerpt)
    db.session.flush()


@operation
def list_difference(consultation: Consultation, excerpt: Excerpt, *, answered: bool) -> Excerpt:
    """List what was said against under differences of view, or take it off that list."""
    hold(consultation)
    db.session.refresh(excerpt)
    excerpt.answered = answered
    note(consultation, "excerpt_listed", excerpt, answered=answered)
    return excerpt
