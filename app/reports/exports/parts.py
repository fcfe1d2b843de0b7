"""What a document consists of once it is words: plain parts in one language, without any markup."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.core import document as documents
from app.web import filters

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
Kind = Literal["plain", "strong", "figure", "code", "clock"]


@dataclass(frozen=True)
class Run:
    """Words of one kind inside a line; codes, figures and clocks run from left to right always.

    ``href`` is where they lead; ``language`` is empty where it is the paper's own.
    """

    text: str
    kind: Kind = "plain"
    href: str = ""
    language: str = ""

    @property
    def direction(self) -> str:
        """Return ``ltr``, ``rtl`` or ``auto``; empty where it is the paper's own."""
        return documents.direction(self.language) if self.language else ""


Line = tuple[Run, ...]


def fill(pattern: str, **values: Run | Line | str | int) -> Line:
    """Return a translated ``pattern`` with its ``%(name)s`` filled in; numbers become figures."""
    line: list[Run] = []
    for index, text in enumerate(PLACEHOLDER.split(pattern)):
        if index % 2:
            line.extend(runs(values[text]))
        elif text:
            line.append(Run(text))
    return tuple(line)


def runs(value: Run | Line | str | int) -> Line:
    """Return ``value`` as a line."""
    if isinstance(value, Run):
        return (value,)
    if isinstance(value, tuple):
        return value
    if isinstance(value, int):
        return (Run(filters.number(value), "figure"),)
    return (Run(value),) if value else ()


def joined(lines: Sequence[Line], between: str) -> Line:
    """Return several lines as one, with ``between`` between them."""
    found: list[Run] = []
    for line in lines:
        if found and line:
            found.append(Run(between))
        found.extend(line)
    return tuple(found)


def text(line: Line) -> str:
    """Return the words of a line alone."""
    return "".join(run.text for run in line)


def one_language(line: Line) -> str:
    """Return the language of a line that is wholly in another one; else nothing."""
    found = {run.language for run in line if run.text.strip()}
    return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True)
class Place:
    """Where a document is read: the address of the site (empty: links are paths) and its name."""

    url: str = ""
    name: str = ""

    def edition(
        self, document: documents.Document, language: str, *, form: str = "", number: int = 0
    ) -> str:
        """Return the address of this edition, of one of its files, or of edition ``number``."""
        path = f"document/{number or document.edition}{f'.{form}' if form else ''}"
        return self._at(document, path, language)

    def latest(self, document: documents.Document, language: str) -> str:
        """Return the address that leads to the newest edition, whichever that is."""
        return self._at(document, "document/", language)

    def contribution(self, document: documents.Document, reference: str, language: str) -> str:
        """Return the address of one contribution's page."""
        return self._at(document, f"contributions/{reference}", language)

    def _at(self, document: documents.Document, path: str, language: str) -> str:
        query = "" if language == document.original else f"?lang={language}"
        return f"{self.url}/{document.consultation}/{path}{query}"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; those with a number are counted through the whole document."""

    words: Line
    number: int = 0


@dataclass(frozen=True)
class Heading:
    """A question (level 2) or a theme (level 3); ``number`` stands in the rail."""

    words: Line
    level: int
    number: str = ""
    about: Line = ()
    anchor: str = ""


@dataclass(frozen=True)
class Source:
    """What a sentence rests on: a passage as it was said, and who may be named for it."""

    reference: str
    about: str
    quote: str
    language: str
    direction: str
    role: str
    href: str
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Sentence:
    """One statement with its counts and all it rests on.

    ``said`` of ``base`` contributors hold it (dots); both are 0 where nothing is counted.
    ``plain`` are its words without the count, for tables and lists.
    """

    number: str
    anchor: str
    words: Line
    plain: Line
    said: int
    base: int
    dots: str
    against: Line
    summary: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Difference:
    """Two sides of one theme: counts, words for those who cannot see the bar, sentences."""

    number: str
    words: str
    labels: tuple[str, str]
    counts: tuple[int, int]
    sides: tuple[tuple[Line, ...], tuple[Line, ...]]
    summary: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Few:
    """A view held by few: ``said`` dots before its name, then its sentences."""

    anchor: str
    number: str
    said: int
    dots: str
    words: Line
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Field:
    """One field of a table."""

    words: Line
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its head, and rows whose first field names them. ``widths`` are shares.

    ``is_long`` says that it is a list of many rows with texts; ``in_files`` are the columns that
    a page leaves to the files, so that it stays light.
    """

    caption: str
    head: tuple[Field, ...]
    rows: tuple[tuple[Field, ...], ...]
    widths: tuple[int, ...]
    note: str = ""
    anchor: str = ""
    is_long: bool = False
    in_files: tuple[int, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the words of the head, a column each."""
        return tuple(text(field.words) for field in self.head)


@dataclass(frozen=True)
class Points:
    """A list of equal things, or of things that have their place (numbered from 1)."""

    items: tuple[Line, ...]
    is_numbered: bool = False


@dataclass(frozen=True)
class Facts:
    """Words and what they mean, or what there is of each; a page may show them on demand."""

    rows: tuple[tuple[Line, Line], ...]
    title: str = ""
    is_folded: bool = False


Part = Paragraph | Heading | Sentence | Difference | Few | Table | Points | Facts


@dataclass(frozen=True)
class Chapter:
    """A chapter with a Roman numeral, or an annex or the list of changes without one."""

    anchor: str
    numeral: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Paper:
    """A whole document in one language, ready to be written down by any format.

    ``head`` stands on top at the start (the body, its meeting), ``facts`` at the end (number,
    day, language); ``box`` holds summary, action required, references. ``translation`` says that
    the authentic text is in another language, or nothing. ``files`` are the other forms of this
    edition and ``earlier`` the editions before it: their names and addresses.
    """

    language: str
    direction: str
    site_name: str
    title: Line
    origin: Line
    head: tuple[Line, ...]
    facts: tuple[Line, ...]
    box: tuple[tuple[str, Line], ...]
    translation: str
    caution: Line
    chapters: tuple[Chapter, ...]
    edition: str
    snapshot: str
    snapshot_at: str
    prepared: str
    sha256: str
    address: str
    latest: str
    files: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[str, str], ...]
    labels: Mapping[str, str]
