"""Redaction: what a later withdrawal or erasure takes out of a frozen edition, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core import plain
from app.core.attribution import NOBODY
from app.core.document import WITHDRAWN

PASSAGES = ("quote", "text", "title")
NAMELESS = {**plain.values(NOBODY), "name": WITHDRAWN}


@dataclass(frozen=True)
class Removal:
    """A contribution that was withdrawn, or whose author had themselves erased, ``at`` an instant.

    With ``passage`` words and name go; without, only the name does: somebody erased is nobody,
    what they had published stays.
    """

    reference: str
    at: str
    passage: bool = True


def redact(values: Mapping[str, Any], removals: Iterable[Removal]) -> dict[str, Any]:
    """Return a sealed document's JSON without what was taken back.

    Quote, text and the author's name become ``[withdrawn]``, a title goes, the salts of what went
    go, and the instant stands beside it. Numbers, sentences, counts, answers and sha256 stay as
    they are. What is redacted already keeps its date. The given values are not changed.
    """
    by_reference: dict[str, list[Removal]] = {}
    for each in sorted(removals, key=lambda each: (each.at, not each.passage)):
        by_reference.setdefault(each.reference, []).append(each)
    return redacted(values, by_reference)


def redacted(part: Any, removals: Mapping[str, list[Removal]]) -> Any:
    """Return a part of the document without what was taken back."""
    if isinstance(part, list):
        return [redacted(each, removals) for each in part]
    if not isinstance(part, Mapping):
        return part
    made = {name: redacted(value, removals) for name, value in part.items()}
    if "seals" in part:
        for each in removals.get(part["reference"], ()):
            take_out(made, each)
    return made


def take_out(part: dict[str, Any], removal: Removal) -> None:
    """Take words and name, or the name alone, out of one source or entry; nothing twice."""
    if part["withdrawn"] or (part["erased"] and not removal.passage):
        return
    gone = ["author"]
    part["author"] = dict(NAMELESS)
    if removal.passage:
        gone += [name for name in PASSAGES if name in part]
        part |= {name: "" if name == "title" else WITHDRAWN for name in gone[1:]}
        part |= {"withdrawn": removal.at} | ({"status": "withdrawn"} if "status" in part else {})
    else:
        part["erased"] = removal.at
    for name in gone:
        if name in part["seals"]:
            part["seals"][name] = {**part["seals"][name], "salt": ""}
