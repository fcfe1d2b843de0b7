"""The invented document of the sample: coded, written, answered and frozen like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g

from app.consultations.models import Consultation
from app.contributions import operations as contributions
from app.contributions import queries as said
from app.contributions.models import Contribution
from app.contributions.operations import Given
from app.core.sample import Passage, Synthesis, Theme
from app.core.synthesis.excerpts import Role
from app.database import Localized, operation
from app.reports import operations

BY = "invented sample"
Cited = dict[str, str]  # the first sentence that cites each contribution, by its reference


@operation
def fill(consultation: Consultation, sample: Synthesis) -> None:
    """Make themes, sentences, answers and edition 1 of ``sample``; all say that they are invented.

    Raises `ValueError` where it names a contribution or words that are not there.
    """
    with written_by(BY):
        cited: Cited = {}
        for theme in sample.themes:
            code(consultation, theme, cited)
        answer(consultation, sample, cited)
        operations.write_paper(consultation, dict(around(consultation, sample)))
        operations.freeze(consultation)


@contextmanager
def written_by(name: str) -> Iterator[None]:
    """Let acts be those of ``name``, who is no person and has no account."""
    before = g.get("participant_key")
    g.participant_key = name
    try:
        yield
    finally:
        g.pop("participant_key", None)
        if before is not None:
            g.participant_key = before


def code(consultation: Consultation, theme: Theme, cited: Cited) -> None:
    """Make one theme with its excerpts and reviewed sentences; note what they cite."""
    made = operations.add_theme(
        consultation,
        title=in_first(consultation, theme.title),
        guiding_question=theme.question,
    )
    excerpts = {}
    for passage in theme.passages:
        contribution = found(consultation, passage.of)
        start = place(contribution, passage)
        end = start + len(passage.words or contribution.text)
        excerpt, _is_new = operations.mark(
            contribution, start=start, end=end, theme=made.number, stance=passage.stance
        )
        excerpts[passage.of] = excerpt.id
    for each in theme.sentences:
        supports = {excerpts[of]: Role.SUPPORTS.value for of in each.supports}
        others = {excerpts[of]: Role.ILLUSTRATES.value for of in each.illustrates}
        statement = operations.write(
            consultation,
            theme=made.number,
            text=in_first(consultation, each.text),
            cites=supports | others,
        )
        operations.review(statement)
        for of in (*each.supports, *each.illustrates):
            cited.setdefault(of, statement.number)


def answer(consultation: Consultation, sample: Synthesis, cited: Cited) -> None:
    """Answer what sentences cite as reflected there, and the rest as the file says."""
    given = [(of, Given("reflected", number, {}, publish=True)) for of, number in cited.items()]
    given += [
        (
            each.of,
            Given(
                each.disposition,
                each.statement,
                in_first(consultation, each.text),
                publish=True,
            ),
        )
        for each in sample.answers
    ]
    contributions.answer_many(
        consultation, [(f"{consultation.prefix}-{of}", each) for of, each in given]
    )


def around(consultation: Consultation, sample: Synthesis) -> Iterator[tuple[str, Localized | str]]:
    """Yield the words around the sentences by the document's field."""
    for name, text in vars(sample.paper).items():
        alone = name in ("document_number", "prepared_by")
        yield name, text if alone else in_first(consultation, text)


def in_first(consultation: Consultation, text: str) -> Localized:
    """Return ``text`` as words in the consultation's first language."""
    return {consultation.language: text}


def found(consultation: Consultation, reference: str) -> Contribution:
    """Return the contribution called so; `ValueError` without one."""
    whole = f"{consultation.prefix}-{reference}"
    row = said.by_references(consultation, [whole]).get(whole)
    if row is None:
        raise ValueError(f"the sample has no {whole}")
    return row


def place(contribution: Contribution, passage: Passage) -> int:
    """Return where a passage begins; `ValueError` where its words are not there."""
    start = contribution.text.find(passage.words)
    if start < 0:
        raise ValueError(f"{contribution.reference} does not say {passage.words!r}")
    return start
