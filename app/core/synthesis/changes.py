"""What changed from one edition to the next: themes, statements, and sources withdrawn since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from app.core.document import Change, Document, Statement
from app.core.synthesis.statements import parts

T = TypeVar("T")


def changes(before: Document, after: Document) -> tuple[Change, ...]:
    """Return the list of changes of ``after`` to ``before``, in the order of the paper.

    Themes, then statements, then sources. ``before`` may have been redacted meanwhile: a source
    counts as withdrawn by its date, not by what is left of it.
    """
    return (
        *compared(
            "theme",
            {each.number: each for each in before.themes},
            {each.number: each for each in after.themes},
            lambda theme: theme.title,
            lambda theme: (theme.title, theme.guiding_question, theme.merged),
            key_of=int,
        ),
        *compared(
            "statement",
            {each.number: each for each in before.statements},
            {each.number: each for each in after.statements},
            lambda statement: statement.text,
            content,
            key_of=parts,
        ),
        *withdrawn(before, after),
    )


def content(statement: Statement) -> Any:
    """Return what of a statement, when it differs, makes it a changed one."""
    cited = sorted((each.reference, each.start, each.end, each.role) for each in statement.sources)
    return (
        dict(statement.text),
        statement.word,
        statement.n,
        statement.base,
        cited,
        statement.opposing,
        statement.people_in_campaigns,
    )


def compared(
    kind: str,
    before: Mapping[Any, T],
    after: Mapping[Any, T],
    words: Callable[[T], Mapping[str, str]],
    content: Callable[[T], Any],
    *,
    key_of: Callable[[Any], Any],
) -> Iterable[Change]:
    """Return what was added, changed or removed between two mappings by number."""
    for key in sorted({*before, *after}, key=key_of):
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            yield Change("added", kind, str(key), after=words(new))
        elif new is None and old is not None:
            yield Change("removed", kind, str(key), before=words(old))
        elif old is not None and new is not None and content(old) != content(new):
            yield Change("changed", kind, str(key), before=words(old), after=words(new))


def withdrawn(before: Document, after: Document) -> Iterable[Change]:
    """Return the sources of ``before`` that were withdrawn after it was frozen."""
    frozen = datetime.fromisoformat(before.snapshot_at)
    cited: dict[str, dict[str, None]] = {}
    for statement in before.statements:
        for source in statement.sources:
            cited.setdefault(source.reference, {})[statement.number] = None
    for reference, at in sorted(dates(after).items()):
        if reference in cited and datetime.fromisoformat(at) > frozen:
            yield Change(
                "withdrawn", "source", reference, statements=tuple(cited[reference]), at=at
            )


def dates(document: Document) -> dict[str, str]:
    """Return when each withdrawn contribution of a document was withdrawn."""
    found = {each.reference: each.withdrawn for each in document.contributions}
    for statement in document.statements:
        for source in statement.sources:
            found[source.reference] = found.get(source.reference) or source.withdrawn
    return {reference: at for reference, at in found.items() if at}
