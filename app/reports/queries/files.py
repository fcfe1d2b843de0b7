"""Which files of editions are kept, and which editions lack some."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.consultations.models import Consultation
from app.core import languages
from app.database import db
from app.reports.exports.files import FORMS
from app.reports.models import Edition, EditionFile

EF = EditionFile


@dataclass(frozen=True)
class Kept:
    """A form of an edition in one language; see `EditionFile`. ``body`` is as it is sent."""

    form: str
    language: str
    is_original: bool
    title: str
    media: str
    body: bytes


def find(edition_id: int, form: str, language: str | None) -> Kept | None:
    """Return a kept file; without ``language`` in the one the edition speaks by itself."""
    query = select(EF.form, EF.language, EF.is_original, EF.title, EF.media, EF.body).where(
        EF.edition_id == edition_id,
        EF.form == form,
        EF.is_original if language is None else EF.language == language,
    )
    row = db.session.execute(query).one_or_none()
    return None if row is None else Kept(*row[:-1], body=zlib.decompress(row.body))


def revision(edition_id: int) -> int | None:
    """Return how often something was taken out of an edition, counted from 1; ``None``: no such."""
    return db.session.scalar(select(Edition.revision).where(Edition.id == edition_id))


def spoken(codes: Iterable[str]) -> list[str]:
    """Return the languages in which the house says what is written in ``codes``, each once."""
    return list(dict.fromkeys(languages.nearest(code).code for code in codes))


def incomplete() -> list[int]:
    """Return the ids of editions that lack a file in a language of theirs, oldest first."""
    have: set[tuple[int, str, str | None]] = set()
    for row in db.session.execute(select(EF.edition_id, EF.form, EF.language, EF.is_original)):
        have.add((row.edition_id, row.form, row.language))
        if row.is_original:
            have.add((row.edition_id, row.form, None))
    editions = (
        select(Edition.id, Consultation.languages)
        .join(Consultation, Edition.consultation_id == Consultation.id)
        .order_by(Edition.id)
    )
    return [
        key
        for key, codes in db.session.execute(editions)
        if any((key, form, code) not in have for form in FORMS for code in (None, *spoken(codes)))
    ]
