"""Freezing an edition, and taking out of it what people take back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

from sqlalchemy import delete, insert, select, update

from app import clock
from app.consultations.models import Consultation
from app.contributions import operations as contributions
from app.contributions import queries as said
from app.contributions.models import Contribution
from app.core.refusals import ChangedMeanwhile
from app.core.synthesis import sealing
from app.core.synthesis.gate import NotReady
from app.database import Localized, db, lock, operation
from app.registration.models import Participant
from app.reports import queries
from app.reports.models import Edition, EditionPart, Excerpt, Paper, Redaction
from app.reports.operations import files
from app.reports.operations.base import hold, note, who
from app.reports.queries import editions as kept

SALT_BYTES = 16
BATCH = 500  # parts in one statement: SQLite takes only so many values


@operation
def freeze(consultation: Consultation, *, compilation: bool = False) -> Edition:
    """Freeze the next edition: one snapshot of everything, in one transaction, all or nothing.

    Nobody sends, answers, codes, writes or withdraws meanwhile: they wait for the consultation.
    The authors whose answers name a statement of it are told, each once. Raises `NotReady` with
    every point that blocks it.
    """
    hold(consultation)
    now = clock.now().replace(microsecond=0)
    found = queries.material(consultation)
    if points := queries.coverage.blocking(found, compilation=compilation):
        raise NotReady.because(points)
    last = queries.latest(consultation)
    document = queries.document.compose(
        found,
        edition=(last.number if last else 0) + 1,
        at=now,
        compilation=compilation,
        before=kept.document(last) if last else None,
        figures=queries.figures.figures(found),
        reviewed_by=who(),
    )
    sealed = sealing.seal(document.as_json(), lambda: secrets.token_hex(SALT_BYTES))
    sha256 = sealed["sha256"]
    rest, parts = kept.split(sealed)
    edition = Edition(
        consultation=consultation,
        number=document.edition,
        snapshot_at=now,
        sha256=sha256,
        compilation=compilation,
        sentences={each.number: dict(each.text) for each in document.statements},
        document=json.dumps(rest, ensure_ascii=False, separators=(",", ":")),
        revision=1,
        changed_at=now,
    )
    db.session.add(edition)
    db.session.flush()
    rows = [
        {"edition_id": edition.id, "reference": reference, "said": part}
        for reference, part in parts.items()
    ]
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(EditionPart), rows[start : start + BATCH])
    tell_authors(consultation, edition)
    note(consultation, "edition_frozen", edition, number=edition.number, sha256=edition.sha256)
    return edition


def tell_authors(consultation: Consultation, edition: Edition) -> None:
    """Tell those whose answer names a statement of this edition; their pages say it too."""
    contributions.tell(said.untold(consultation, edition.sentences))
    contributions.turn_answers_naming(consultation, edition.sentences)


@operation
def write_paper(
    consultation: Consultation,
    words: Mapping[str, Localized | str | None],
    *,
    revision: int | None = None,
) -> Paper:
    """Keep what the document says around its sentences; named fields are replaced whole.

    Raises `ChangedMeanwhile` where ``revision`` is an older one.
    """
    hold(consultation)
    paper = queries.paper_of(consultation)
    if paper.revision:
        lock(paper)
    if revision is not None and revision != paper.revision:
        raise ChangedMeanwhile
    paper.words = {
        name: text
        for name, text in (paper.words | dict(words)).items()
        if text not in (None, "", {})
    }
    paper.revision += 1
    paper.changed_at = clock.now()
    db.session.add(paper)
    db.session.flush()
    note(consultation, "paper_written", f"paper:{consultation.id}", fields=sorted(words))
    return paper


# --- Taking back ------------------------------------------------------------------------------


def forget_passages(contribution: Contribution) -> None:
    """Take the words of a withdrawn contribution out of excerpts and editions.

    Called inside the operation that withdraws it, which holds the consultation. What cites it
    stays, and its review; it no longer counts.
    """
    db.session.execute(
        update(Excerpt)
        .where(Excerpt.contribution_id == contribution.id)
        .values(quote="")
        .execution_options(synchronize_session="fetch")
    )
    mark_redacted(contribution.consultation_id, contribution.reference, passage=True)
    found = editions_with(contribution.reference)
    db.session.execute(delete(EditionPart).where(EditionPart.reference == contribution.reference))
    count_up(found)


def forget_names(participant: Participant) -> None:
    """Take the name of somebody who asked to be erased out of every edition; words stay.

    Called inside the operation that erases them; holds the consultation, so that no edition is
    being frozen with the name meanwhile.
    """
    mine = [each for each in said.of_participant(participant) if each.is_published]
    if not mine:
        return
    hold(participant.consultation)
    for each in mine:
        mark_redacted(each.consultation_id, each.reference, passage=False)
        query = select(EditionPart).where(EditionPart.reference == each.reference)
        for part in db.session.scalars(query):
            part.said = kept.nameless(part.said)
        count_up(editions_with(each.reference))


def mark_redacted(consultation_id: int, reference: str, *, passage: bool) -> None:
    """Remember since when something was taken back."""
    if db.session.get(Redaction, (consultation_id, reference, passage)) is None:
        row = Redaction(consultation_id=consultation_id, reference=reference, passage=passage)
        row.at = clock.now()
        db.session.add(row)
    db.session.flush()


def editions_with(reference: str) -> list[int]:
    """Return the ids of the editions that hold something of a contribution."""
    query = select(EditionPart.edition_id).where(EditionPart.reference == reference)
    return list(db.session.scalars(query))


def count_up(edition_ids: list[int]) -> None:
    """Count a change of the bytes of these editions: nothing but taking back does that."""
    if edition_ids:
        db.session.execute(
            update(Edition)
            .where(Edition.id.in_(edition_ids))
            .values(revision=Edition.revision + 1, changed_at=clock.now())
            .execution_options(synchronize_session="fetch")
        )
        files.drop(edition_ids)
