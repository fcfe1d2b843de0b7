"""The files of editions: made once, kept, and from then on given as they are kept.

Making takes seconds, or a minute, and happens outside any transaction; keeping is a short one that
holds the edition. So does taking something out of it (`editions.count_up`), which drops its files:
a file made of words that were taken back meanwhile is never kept nor given, but made again.
"""

from __future__ import annotations

import logging
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.core import document as documents
from app.core.document import Document
from app.core.refusals import N_, NotFound, Refusal
from app.database import Busy, db, end_reading, one_moment, operation
from app.reports.exports import files
from app.reports.exports.parts import Place
from app.reports.models import Edition, EditionFile
from app.reports.queries import editions
from app.reports.queries import files as kept_files
from app.reports.queries.files import Kept

log = logging.getLogger("app.reports")

WAIT_SECONDS = 5  # for somebody else who makes one of the same form: threads are few
TRIES = 5  # so many times in a row somebody took something back
Report = Callable[[int, int], object]

# One of each form at a time in a process: a large one takes much memory, and others want the same.
_presses = {form: threading.Lock() for form in files.FORMS}


class InTheMaking(Refusal):
    """Somebody else's request or the background work makes such a file just now."""

    code = "in_the_making"
    status = 503
    message = N_("This file is being made. Ask for it again in a minute.")


@dataclass(frozen=True)
class Source:
    """An edition as it was read at one moment: what its files are made of."""

    edition_id: int
    revision: int
    document: Document
    languages: list[str]

    @property
    def original(self) -> str:
        """The language of the house in which the edition speaks where nobody asks for another."""
        return kept_files.spoken([self.document.original])[0]


def make_files(edition_id: int, report: Report = lambda done, total: None) -> None:
    """Make what an edition lacks: every form in every language of its consultation.

    ``report`` hears before each how many of how many are there. One that cannot be made is logged
    and left to whoever asks for it; the others are made. An edition that is gone lacks nothing.
    """
    if edition_id not in kept_files.incomplete():
        return
    try:
        source = read(edition_id)
        spoken = dict.fromkeys([source.original, *source.languages])
        wanted = [(form, language) for form in files.FORMS for language in spoken]
        for done, (form, language) in enumerate(wanted):
            report(done, len(wanted))
            source = as_it_is_now(source)
            try:
                give(edition_id, form, language, source=source, patience=-1)
            except NotFound:
                raise
            except Exception:  # whatever a printer says: the others are made all the same
                log.exception("edition %d has no %s in %s yet", edition_id, form, language)
        report(len(wanted), len(wanted))
    except NotFound:
        return


def give(
    edition_id: int,
    form: str,
    language: str | None = None,
    *,
    source: Source | None = None,
    patience: float = WAIT_SECONDS,
) -> Kept:
    """Return a file of an edition as it was kept first, or make it now and keep it.

    Without ``language`` in the one the edition speaks by itself. ``patience`` is how many seconds
    to wait for another of the form to be made (-1: as long as it takes). Raises `InTheMaking`,
    `NotFound`, and `Busy` where things are taken back faster than it is made.
    """
    if (known := kept_files.find(edition_id, form, language)) is not None:
        return known
    end_reading(db.session())
    if not _presses[form].acquire(timeout=patience):
        raise InTheMaking(retry_after=20)
    try:
        return kept_files.find(edition_id, form, language) or make(
            source or read(edition_id), form, language
        )
    finally:
        _presses[form].release()


def make(source: Source, form: str, language: str | None) -> Kept:
    """Make a file of what an edition holds, and keep it; what cannot be kept is given all the same.

    Raises `Busy` where things are taken back faster than it is made.
    """
    for _ in range(TRIES):
        made = render(source, form, language or source.original)
        try:
            kept = keep(made, source)
        except (Busy, SQLAlchemyError):
            log.warning("a file of an edition could not be kept", exc_info=True)
            is_true = kept_files.revision(source.edition_id) == source.revision
            kept = made if is_true else None
        if kept is not None:
            return kept
        source = read(source.edition_id)
    raise Busy


def read(edition_id: int) -> Source:
    """Return what files of an edition are made of, read as of one moment. Raises `NotFound`."""
    with one_moment():
        edition = db.session.get(Edition, edition_id)
        if edition is None:
            raise NotFound
        spoken = kept_files.spoken(edition.consultation.languages)
        return Source(edition_id, edition.revision, editions.document(edition), spoken)


def as_it_is_now(source: Source) -> Source:
    """Return ``source``, read again if something was taken out of its edition since."""
    if kept_files.revision(source.edition_id) == source.revision:
        return source
    return read(source.edition_id)


def render(source: Source, form: str, language: str) -> Kept:
    """Make one file, outside any transaction."""
    end_reading(db.session())
    place = Place(current_app.config["SITE_URL"], current_app.config["SITE_NAME"])
    of = source.document
    body, media = files.file(of, form, language, place)
    title = documents.say(of.title, language, of.original)[0] or of.consultation
    return Kept(form, language, language == source.original, title, media, body)


@operation
def keep(made: Kept, source: Source) -> Kept | None:
    """Keep a file; return the one that is kept, which is the first that anybody made.

    ``None`` where something was taken out of the edition since: the file may hold it.
    """
    held = select(Edition.revision).where(Edition.id == source.edition_id)
    if db.session.scalar(held.with_for_update(key_share=True)) != source.revision:
        return None
    known = kept_files.find(source.edition_id, made.form, made.language)
    if known is not None:
        return known
    row = EditionFile(edition_id=source.edition_id, form=made.form, language=made.language)
    row.is_original, row.title, row.media = made.is_original, made.title, made.media
    row.body, row.made_at = zlib.compress(made.body), clock.now()
    db.session.add(row)
    return made


def drop(edition_ids: list[int]) -> None:
    """Let go of all files of these editions: something was taken out of them.

    Called in the operation that does so, after it counted them up: it holds the editions then, and
    finds every file that was kept before.
    """
    gone = delete(EditionFile).where(EditionFile.edition_id.in_(edition_ids))
    db.session.execute(gone.execution_options(synchronize_session="fetch"))
