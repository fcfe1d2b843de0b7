"""Passages to be marked: the sentences of a text, and exact words within it."""

from __future__ import annotations

import re
from collections.abc import Iterable

Span = tuple[int, int]
# A sentence ends at a stop (of any of our scripts) with whatever closes it, before a blank; the
# ideographic stops end one wherever they stand. A line of its own is one too.
END = re.compile(
    "[.!?\u2026\u061f\u06d4]+[\\])}\"'\u201d\u2019\u00bb]*(?=\\s)"
    "|[\u3002\uff01\uff1f]+[\u300d\u300f\u201d\u2019\uff09]*|\\n+"
)


def sentences(text: str) -> list[Span]:
    """Return the sentences of ``text`` as (start, end) in code points, without blanks around them.

    In order, none empty; together they hold everything but blanks. Abbreviations may split one in
    two: whoever marks ticks both.
    """
    found = []
    start = 0
    for stop in (*(match.end() for match in END.finditer(text)), len(text)):
        if span := trimmed(text, start, stop):
            found.append(span)
        start = stop
    return found


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return the span without blanks at its ends; ``None`` where nothing else is in it."""
    piece = text[start:end]
    if not piece.strip():
        return None
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def runs(ticked: Iterable[int], spans: list[Span]) -> list[Span]:
    """Return the passages of ticked sentences (their places from 0): neighbours are one.

    Places that no sentence has are left out.
    """
    found: list[Span] = []
    last = None
    for place in sorted({each for each in ticked if 0 <= each < len(spans)}):
        start, end = spans[place]
        if found and last == place - 1:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
        last = place
    return found


def exact(text: str, words: str, within: Iterable[Span] = ()) -> Span | None:
    """Return where exactly ``words`` stand: in one of the passages ``within``, else anywhere."""
    words = words.strip()
    if not words:
        return None
    for start, end in (*within, (0, len(text))):
        place = text.find(words, start, end)
        if place >= 0:
            return place, place + len(words)
    return None
