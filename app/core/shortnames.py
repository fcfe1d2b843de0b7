"""Names for a wall: the given name and an initial, a little more where two would be the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping


def short(names: Mapping[str, str]) -> dict[str, str]:
    """Return each name short: "Ana L"; where two people would be called the same, letters of the
    last word are added until they differ ("Ana Li", "Ana Lo"), in the end the whole name."""
    found = {key: shortened(name, 1) for key, name in names.items()}
    letters = 1
    while alike := same(found, names):
        letters += 1
        for key in alike:
            longer = shortened(names[key], letters)
            found[key] = names[key] if longer == found[key] else longer
    return found


def same(found: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """Return whose short name is also that of somebody with another name, and can be longer."""
    holders: dict[str, set[str]] = {}
    for key, text in found.items():
        holders.setdefault(text, set()).add(names[key])
    return [key for key, text in found.items() if len(holders[text]) > 1 and text != names[key]]


def shortened(name: str, letters: int) -> str:
    """Return the first word and the beginning of the last; a name of one word is kept whole."""
    words = name.split()
    return name if len(words) < 2 else f"{words[0]} {beginning(words[-1], letters)}"


def beginning(word: str, letters: int) -> str:
    """Return the first ``letters`` letters of a word, each with the marks that belong to it."""
    found = ""
    for sign in word:
        is_mark = unicodedata.category(sign).startswith("M")
        if not is_mark and letters == 0:
            break
        letters -= sign.isalpha()
        found += sign if found or sign.isalpha() else ""
    return found or word
