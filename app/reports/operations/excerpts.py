"""Coding: a passage of a contribution is marked with a theme and a stance, or unmarked."""

from __future__ import annotations

from app import clock
from app.consultations.models import Consultation
from app.contributions.models import Contribution
from app.contributions.operations import NotPublished
from app.core.refusals import N_, Refusal
from app.core.synthesis import excerpts
from app.core.synthesis.excerpts import Stance
from app.database import db, operation
from app.reports import queries
from app.reports.models import Excerpt
from app.reports.operations.base import hold, note, standing
from app.web import access


class ExcerptCited(Refusal):
    """A statement stands on it."""

    code = "excerpt_cited"
    message = N_("§ %(numbers)s cites this excerpt. Take it out there first.")


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
