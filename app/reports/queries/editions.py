"""A frozen edition read back: joined with what people said, less what they took back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from sqlalchemy import select

from app.core import plain
from app.core.attribution import NOBODY
from app.core.document import Document
from app.core.synthesis import redaction, sealing
from app.core.synthesis.redaction import Removal
from app.core.timing import isoformat_z
from app.database import db
from app.reports.models import Edition, EditionPart, Redaction

EMPTY = {"author": plain.values(NOBODY)}
Said = list[dict[str, Any]]


def document(edition: Edition) -> Document:
    """Return an edition as it may be read now."""
    return Document.from_json(values(edition))


def values(edition: Edition) -> dict[str, Any]:
    """Return an edition's document as plain values, as it may be read now: three statements."""
    parts = select(EditionPart.reference, EditionPart.said).where(
        EditionPart.edition_id == edition.id
    )
    said = {row[0]: row[1] for row in db.session.execute(parts)}
    whole = joined(json.loads(edition.document), said)
    return redaction.redact(whole, removals(edition))


def removals(edition: Edition) -> list[Removal]:
    """Return what was withdrawn or erased; what an edition knew already it keeps as it was."""
    query = select(Redaction).where(Redaction.consultation_id == edition.consultation_id)
    return [
        Removal(each.reference, isoformat_z(each.at), each.passage)
        for each in db.session.scalars(query.order_by(Redaction.at))
    ]


def taken_back(consultation_id: int) -> list[tuple[str, bool]]:
    """Return what was withdrawn or erased: (reference, whether its words went too)."""
    query = select(Redaction.reference, Redaction.passage)
    query = query.where(Redaction.consultation_id == consultation_id)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def split(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Said]]:
    """Take what people said out of a sealed document (the given one); return both, that by
    reference. `joined` is the reverse, as long as nothing of it was taken back.
    """
    said: dict[str, Said] = {}
    for part in parts_of(values):
        own = {name: part[name] for name in sealing.PEOPLES if name in part}
        salts = {name: seal["salt"] for name, seal in part["seals"].items()}
        said.setdefault(part["reference"], []).append(own | {"salts": salts})
        empty_part(part)
    return values, said


def joined(rest: dict[str, Any], said: Mapping[str, Said]) -> dict[str, Any]:
    """Put what people said back into a document (the given one); what is gone stays empty."""
    left: dict[str, Iterator[dict[str, Any]]] = {
        reference: iter(each) for reference, each in said.items()
    }
    for part in parts_of(rest):
        own = next(left.get(part["reference"], iter(())), None)
        if own is None:
            continue
        for name in sealing.PEOPLES:
            if name in own:
                part[name] = own[name]
        for name, salt in own["salts"].items():
            part["seals"][name]["salt"] = salt
    return rest


def parts_of(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return every source and entry of a document's JSON, to be changed."""
    return cast("Iterator[dict[str, Any]]", sealing.parts(values))


def empty_part(part: dict[str, Any]) -> None:
    """Take words, name and salts out of one source or entry."""
    for name in sealing.PEOPLES:
        if name in part:
            part[name] = EMPTY.get(name, "")
            part["seals"][name]["salt"] = ""


def nameless(said: Iterable[dict[str, Any]]) -> Said:
    """Return what somebody said without their name and its salt."""
    return [
        each | {"author": EMPTY["author"], "salts": each["salts"] | {"author": ""}} for each in said
    ]
