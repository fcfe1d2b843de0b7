"""Reads of themes, excerpts, statements, the gate, the draft and its editions."""

from app.reports.queries import (
    coding,
    coverage,
    document,
    editions,
    figures,
    keeping,
    published,
    results,
)
from app.reports.queries.material import Material, material
from app.reports.queries.rows import (
    cited_by,
    edition,
    excerpt,
    excerpt_ids,
    excerpts,
    excerpts_by_ids,
    freezing,
    known_numbers,
    last_theme,
    latest,
    outcomes,
    paper_of,
    same_excerpt,
    statement,
    statements,
    statements_of,
    theme,
    themes,
)
from app.reports.queries.rows import editions as all_editions

__all__ = [
    "Material", "all_editions", "cited_by", "coding", "coverage", "document", "edition", "editions",
    "excerpt", "excerpt_ids", "excerpts", "excerpts_by_ids", "figures", "freezing", "keeping",
    "known_numbers",
    "last_theme", "latest", "material", "outcomes", "paper_of", "published", "results",
    "same_excerpt", "statement", "statements",
    "statements_of", "theme", "themes",
]  # fmt: skip
