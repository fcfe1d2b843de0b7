"""The gate and the shares: what keeps an edition from being frozen, and who is cited how often."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from app.consultations.models import Consultation
from app.core.synthesis import coverage as shares
from app.core.synthesis import gate
from app.core.synthesis.coverage import Coverage
from app.core.synthesis.gate import Cited, Drafted, Facts, Point
from app.reports.queries.material import Material, material


def blocking(found: Material, *, compilation: bool = False) -> list[Point]:
    """Return everything that keeps an edition from being frozen."""
    return found.once(
        f"blocking, compilation {compilation}",
        lambda: gate.blocking(facts(found), compilation=compilation),
    )


def of(consultation: Consultation) -> tuple[list[Point], Coverage]:
    """Return what blocks, and the shares cited by group, mode and language."""
    found = material(consultation)
    return blocking(found), cited(found)


def facts(found: Material) -> Facts:
    """Return all that the gate looks at."""
    return Facts(
        tuple(
            Drafted(
                row.number,
                tuple(row.text.values()),
                row.reviewed_at is not None,
                tuple(citations(found, row)),
            )
            for row in found.statements
        ),
        tuple((theme.number, len(found.unheard(theme.id))) for theme in found.standing),
        tuple(
            voice.reference
            for number, voice in found.voices.items()
            if voice.is_living and number not in found.answers
        ),
        tuple(public_words(found)),
    )


def citations(found: Material, row: Row[Any]) -> Iterator[Cited]:
    """Yield what a statement cites, with what each contribution says now.

    Where nothing can be wrong only the first: it says that there is a source. That is nearly
    everywhere, and a document has tens of thousands.
    """
    cites = list(found.citations.get(row.id, ()))
    words = {word for text in row.text.values() for word in gate.tokens(text)}
    names_nobody = words.isdisjoint(found.voices.hidden_words)
    if names_nobody and found.odd.isdisjoint(cites):
        cites = cites[:1]
    for number in cites:
        excerpt = found.excerpts[number]
        voice = found.voices[excerpt.contribution_id]
        yield Cited(
            voice.reference,
            excerpt.quote,
            excerpt.start,
            voice.row.text,
            voice.is_living,
            voice.hidden,
            voice.shown,
            voice.shown,
        )


def public_words(found: Material) -> Iterator[str]:
    """Yield the consultation's own words, which give nobody away by being repeated."""
    consultation = found.consultation
    for text in (consultation.title, consultation.receiving_body, consultation.convenor):
        yield from (text or {}).values()
    for question in consultation.guiding_questions:
        yield from question.text.values()
    for theme in found.themes:
        yield from theme.title.values()


def cited(found: Material) -> Coverage:
    """Return which share of the contributors of each group, mode and language is cited."""
    return found.once("cited", lambda: shares_of(found))


def shares_of(found: Material) -> Coverage:
    """Return those shares, counted."""
    heard = {
        found.excerpts[number].contribution_id for number in set().union(*found.citations.values())
    }
    return shares.coverage(found.voices.sides, heard)
