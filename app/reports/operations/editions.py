"""Freezing an edition, and taking out of it what people take back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from app import clock
from app.consultations.models import Consultation
from app.contributions import operations as contributions
from app.contributions import queries as said
from app.contributions.models import Contribution
from app.core.refusals import ChangedMeanwhile
from app.core.synthesis import sealing
from app.core.synthesis.freezing import Stage
from app.core.synthesis.gate import NotReady
from app.database import Localized, after_commit, db, lock, one_moment, operation
from app.registration.models import Participant
from app.reports import queries
from app.reports.models import Edition, EditionPart, Excerpt, Paper, Redaction
from app.reports.operations import files
from app.reports.operations.base import hold, note, ring, who
from app.reports.queries import editions as kept

SALT_BYTES = 16
BATCH = 500  # parts in one statement: SQLite takes only so many values
Report = Callable[[Stage], object]


@dataclass(frozen=True)
class Prepared:
    """The next edition, read, checked and sealed as of one moment, in plain values.

    ``known`` is what had been taken back until then: (reference, whether words too).
    """

    number: int
    at: datetime
    compilation: bool
    sha256: str
    sentences: dict[str, dict[str, str]]
    document: str
    parts: dict[str, kept.Said]
    known: frozenset[tuple[str, bool]]
    actor: str | None


def freeze(consultation: Consultation, *, compilation: bool = False) -> Edition:
    """Freeze the next edition here and now: whoever asked waits, nobody else does.

    Raises `NotReady` with every point that blocks it. Inside an operation it is part of that.
    """
    while True:
        made = prepare(consultation, compilation=compilation)
        try:
            return publish(consultation, made)
        except ChangedMeanwhile:  # somebody else's has got its number: there is one after it
            continue


def prepare(
    consultation: Consultation,
    *,
    compilation: bool = False,
    by: str = "",
    actor: str | None = None,
    report: Report = lambda stage: None,
) -> Prepared:
    """Make the next edition of what is there at one moment, and hold nobody up.

    What is sent, coded, written or answered meanwhile is for the edition after it. ``by`` is who
    reviewed it and ``actor`` their key (by default whoever acts), ``report`` hears where it is.
    Raises `NotReady` with every point that blocks it.
    """
    by = by or who()
    report(Stage.READING)
    with one_moment():
        now = clock.now().replace(microsecond=0)
        found = queries.material(consultation)
        if points := queries.coverage.blocking(found, compilation=compilation):
            raise NotReady.because(points)
        report(Stage.COMPOSING)
        last = queries.latest(consultation)
        document = queries.document.compose(
            found,
            edition=(last.number if last else 0) + 1,
            at=now,
            compilation=compilation,
            before=kept.document(last) if last else None,
            figures=queries.figures.figures(found),
            reviewed_by=by,
        )
        known = frozenset(kept.taken_back(consultation.id))
    report(Stage.SEALING)
    sealed = sealing.seal(document.as_json(), lambda: secrets.token_hex(SALT_BYTES))
    sha256 = sealed["sha256"]
    rest, parts = kept.split(sealed)
    return Prepared(
        number=document.edition,
        at=now,
        compilation=compilation,
        sha256=sha256,
        sentences={each.number: dict(each.text) for each in document.statements},
        document=json.dumps(rest, ensure_ascii=False, separators=(",", ":")),
        parts=parts,
        known=known,
        actor=actor,
    )


@operation
def publish(consultation: Consultation, made: Prepared) -> Edition:
    """Freeze what was prepared: all of it or nothing, in one short transaction.

    What was taken back since it was read goes first. The authors whose answers name a statement of
    it are told, each once. Raises `ChangedMeanwhile` where its number is another edition's.
    """
    hold(consultation)
    last = queries.latest(consultation)
    if made.number != (last.number if last else 0) + 1:
        raise ChangedMeanwhile
    edition = Edition(
        consultation=consultation,
        number=made.number,
        snapshot_at=made.at,
        sha256=made.sha256,
        compilation=made.compilation,
        sentences=made.sentences,
        document=made.document,
        revision=1,
        changed_at=made.at,
    )
    db.session.add(edition)
    db.session.flush()
    parts = still_said(made, kept.taken_back(consultation.id))
    rows = [
        {"edition_id": edition.id, "reference": reference, "said": part}
        for reference, part in parts.items()
    ]
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(EditionPart), rows[start : start + BATCH])
    tell_authors(consultation, edition)
    note(consultation, "edition_frozen", edition, actor=made.actor,
         number=edition.number, sha256=edition.sha256)  # fmt: skip
    after_commit(ring)
    return edition


def still_said(made: Prepared, gone: Iterable[tuple[str, bool]]) -> dict[str, kept.Said]:
    """Return what people said without what was taken back since it was read."""
    parts = dict(made.parts)
    for reference, words in set(gone) - made.known:
        if words:
            parts.pop(reference, None)
        elif reference in parts:
            parts[reference] = kept.nameless(parts[reference])
    return parts


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
        after_commit(ring)  # their files are made again
