"""Everything that can be seen of a material, as values: two that look alike are alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.consultations.models import Consultation
from app.reports import queries
from app.reports.queries import keeping
from app.reports.staff_views import desk

AT = datetime(2014, 2, 3, 12, tzinfo=UTC)


def kept(home: Consultation) -> dict[str, Any]:
    """What the kept material shows now."""
    return look(keeping.with_sessions(home))


def fresh(home: Consultation) -> dict[str, Any]:
    """What a material shows of which every row was read this moment."""
    return look(queries.material(home))


def look(found: queries.Material) -> dict[str, Any]:
    """The rows in their order, what counts, and all that pages and the freeze conclude of them."""
    numbers = [each.number for each in found.standing]
    return {
        "title": found.consultation.title,
        "voices": list(found.voices.items()),
        "who": dict(found.who),
        "sides": found.voices.sides,
        "hidden words": found.voices.hidden_words,
        "themes": [tuple(each) for each in found.themes],
        "excerpts": list(found.excerpts.items()),
        "statements": [tuple(each) for each in found.statements],
        "citations": {key: list(each.items()) for key, each in found.citations.items()},
        "answers": {key: tuple(each) for key, each in found.answers.items()},
        "counting": dict(found.counting),
        "in theme": {key: list(each) for key, each in found.in_theme.items() if each},
        "odd": set(found.odd),
        "blocking": queries.coverage.blocking(found),
        "blocking alone": queries.coverage.blocking(found, compilation=True),
        "cited": queries.coverage.cited(found),
        "desk": [
            desk.desk(found, theme=each, order="uncited", stance="", start=0) for each in numbers
        ],
        "document": queries.document.compose(found, edition=0, at=AT).as_json(),
        "figures": queries.figures.figures(found),
    }
