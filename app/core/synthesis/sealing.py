"""Sealing an edition: a sha256 that no later withdrawal changes.

The hash is over a manifest: the document's JSON in which each text is a salted SHA-256. What
people said (quotes, titles, texts, names) has a salt each; a withdrawal removes text and salt and
leaves the digest, so the manifest stays the same and nobody can try out what the text was. All
other texts share the document's salt. When something was withdrawn or erased is not in the
manifest, nor are the salts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

PEOPLES = ("quote", "title", "text", "author")  # what of a source or entry its author can take back
LATER = ("seals", "withdrawn", "erased", "status")  # what a withdrawal changes beside them


def canonical(values: Any) -> str:
    """Return plain values as JSON in one spelling, whatever order a database kept keys in."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(salt: str, text: Any) -> str:
    """Return the SHA-256 of a text (or of a name's parts) with its salt, in hexadecimal."""
    words = text if isinstance(text, str) else canonical(text)
    return hashlib.sha256(f"{salt}:{words}".encode("utf-8", "surrogatepass")).hexdigest()


def seal(values: Mapping[str, Any], salt: Callable[[], str]) -> dict[str, Any]:
    """Return a document's JSON (`Document.as_json`) with seals, salt and sha256.

    ``salt`` returns a new random text at each call (128 bits and more, hexadecimal).
    """
    sealed = sealed_part({**values, "salt": salt()}, salt)
    sealed["sha256"] = sha256(sealed)
    return sealed


def sealed_part(part: Any, salt: Callable[[], str]) -> Any:
    """Return a part of a document in which everything people said has its seal."""
    if isinstance(part, list):
        return [sealed_part(each, salt) for each in part]
    if not isinstance(part, Mapping):
        return part
    if "seals" not in part:
        return {name: sealed_part(value, salt) for name, value in part.items()}
    seals = {}
    for name in PEOPLES:
        if name in part:
            own = salt()
            seals[name] = {"digest": digest(own, part[name]), "salt": own}
    return {**part, "seals": seals}


def manifest(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest of a sealed document's JSON, whatever was withdrawn of it since."""
    rest = {name: value for name, value in values.items() if name not in ("salt", "sha256")}
    return hashed(rest, values["salt"])


def hashed(part: Any, salt: str) -> Any:
    """Return a part of the manifest."""
    if isinstance(part, str):
        return digest(salt, part)
    if isinstance(part, list):
        return [hashed(each, salt) for each in part]
    if not isinstance(part, Mapping):
        return part
    seals = part.get("seals")
    if seals is None:
        return {name: hashed(value, salt) for name, value in part.items()}
    return {
        name: seals[name]["digest"] if name in seals else hashed(value, salt)
        for name, value in part.items()
        if name not in LATER
    }


def sha256(values: Mapping[str, Any]) -> str:
    """Return the hash of a sealed document's manifest, in hexadecimal."""
    return hashlib.sha256(canonical(manifest(values)).encode("ascii")).hexdigest()


def is_whole(values: Mapping[str, Any]) -> bool:
    """Say whether a sealed document is what was frozen, apart from what was withdrawn since."""
    return values["sha256"] == sha256(values) and all(
        not one["salt"] or one["digest"] == digest(one["salt"], part[name])
        for part in parts(values)
        for name, one in part["seals"].items()
    )


def parts(values: Any) -> Iterator[Mapping[str, Any]]:
    """Return every source and entry of a document's JSON."""
    if isinstance(values, list):
        for each in values:
            yield from parts(each)
    elif isinstance(values, Mapping):
        if "seals" in values:
            yield values
        for each in values.values():
            yield from parts(each)
