"""Content lines: escaping, control characters, and folding at 75 octets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import quote

LIMIT = 75
_LINE_ENDS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
# Controls, and the halves of surrogate pairs, which have no UTF-8 at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_URI_KEPT = ":/?#[]@!$&'()*+,;=%~-._"


def clean(text: str) -> str:
    """Return ``text`` with line ends as LF, tabs as blanks and no other control character."""
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def escape(text: str) -> str:
    """Return ``text`` as a TEXT value."""
    return clean(text).translate(_ESCAPES)


def parameter(text: str) -> str:
    """Return ``text`` as a quoted parameter value; quotes themselves cannot be written."""
    return '"' + clean(text).replace("\n", " ").replace('"', "").strip() + '"'


def uri(text: str) -> str:
    """Return ``text`` as a URI value: ASCII, and nothing that ends a line."""
    return quote(_FORBIDDEN.sub("", _LINE_ENDS.sub("", text)).strip(), safe=_URI_KEPT)


def utc(instant: datetime) -> str:
    """Return ``instant`` as a DATE-TIME in UTC."""
    return local(instant.astimezone(UTC)) + "Z"


def local(wall: datetime) -> str:
    """Return a wall clock as a DATE-TIME without zone."""
    return wall.strftime("%Y%m%dT%H%M%S")


def fold(line: str) -> bytes:
    """Return ``line`` as physical lines of at most 75 octets, each ended by CRLF.

    A fold divides neither a UTF-8 character nor an escape pair.
    """
    octets = line.encode("utf-8")
    if len(octets) <= LIMIT:
        return octets + b"\r\n"
    pieces, start, room = [], 0, LIMIT
    while len(octets) - start > room:
        end = _boundary(octets, start, start + room)
        pieces.append(octets[start:end])
        start, room = end, LIMIT - 1  # the blank that marks a continuation counts
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def _boundary(octets: bytes, start: int, end: int) -> int:
    while octets[end] & 0xC0 == 0x80:  # inside a character
        end -= 1
    backslashes = 0
    while end - backslashes > start and octets[end - backslashes - 1] == 0x5C:
        backslashes += 1
    return end - backslashes % 2


def lines(pairs: list[tuple[str, str]]) -> bytes:
    """Return folded ``NAME:value`` lines, in the order given."""
    return b"".join(fold(f"{name}:{value}") for name, value in pairs)
