"""The Information Document as content: what every format (HTML, DOCX, PDF, Markdown, JSON) says.

A `Document` is one frozen edition: plain values, no addresses, nothing that a clock changes.
Formats add headings, labels and links, and no fact. `as_json` and `from_json` are each other's
reverse; `as_json` is what a snapshot stores, what is hashed (`synthesis.sealing`) and what is
redacted after a withdrawal (`synthesis.redaction`), before anything is rendered.

Words (`Words`) are texts by language code; the authentic one is in ``Document.original``, others
are unofficial. Instants are ``2013-11-05T10:00:00Z``, days ``2013-11-05``, wall clocks
``2013-10-08T18:15``. Codes (kinds, groups, dispositions, quantity words) are the glossary's own;
formats have their words. Order of every list: as printed.

Chapters of the paper: I mandate, questions, scope_note · II method, sessions · III figures ·
IV questions · V views_of_few · VI proposals · VII treatment · VIII next_steps · annexes: sources
of the sentences, contributions with their answers, figures; at the end the list of changes.
A *compilation* has no questions' themes, no views of few and no convergence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core import languages, plain
from app.core.attribution import NOBODY, Author

Words = Mapping[str, str]
SCHEMA = 1
WITHDRAWN = "[withdrawn]"  # stands for a passage and a name, in every language and format


@dataclass(frozen=True)
class Seal:
    """How one text stands in the manifest: ``digest`` is SHA-256 of ``salt`` and the text.

    After a withdrawal the salt is gone and the digest stays, so that nobody can try out texts.
    """

    digest: str
    salt: str = ""


@dataclass(frozen=True)
class Source:
    """One excerpt cited by a statement (or listed against it).

    ``role`` is supports, opposes or illustrates; ``stance`` for, against, mixed, question, fact.
    ``kind``, ``session`` (slug) say where it was said, ``mode`` how its author took part there
    (on_site, online; empty where unknown). ``withdrawn`` is the instant of its withdrawal: then
    quote and author's name are `WITHDRAWN`; ``erased`` the instant from which only the name is.
    Formats print the day beside it. ``campaign`` is how many people sent the same text (0: no
    campaign). ``start`` and ``end`` are offsets in code points in the contribution's text.
    """

    reference: str
    quote: str
    language: str
    direction: str
    stance: str
    role: str
    kind: str
    session: str
    mode: str = ""
    start: int = 0
    end: int = 0
    author: Author = NOBODY
    withdrawn: str | None = None
    erased: str | None = None
    campaign: int = 0
    seals: Mapping[str, Seal] = field(default_factory=dict)


@dataclass(frozen=True)
class Statement:
    """One numbered sentence with its sources.

    ``text`` is what the rapporteur wrote; ``word`` the quantity word's code (`quantity.Word`),
    ``None`` where nothing supports it; ``n`` of ``base`` contributors of the theme support it;
    ``people_in_campaigns`` are counted apart. ``opposing`` names the statements in which what was
    said against this one is cited; ``reviewed_by`` who reviewed it.
    """

    number: str
    text: Words
    word: str | None
    n: int
    base: int
    sources: tuple[Source, ...] = ()
    opposing: tuple[str, ...] = ()
    people_in_campaigns: int = 0
    reviewed_by: str = ""


@dataclass(frozen=True)
class Difference:
    """A difference of view on statement ``statement``: how many for, how many against.

    ``answered_in`` are the statements that cite what was said against; ``sources`` those excerpts
    against that no statement cites.
    """

    statement: str
    n_for: int
    n_against: int
    answered_in: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Theme:
    """A theme: ``contributors`` counts each person and organisation once over all channels.

    ``channels`` are the same by format (world_cafe, town_hall, online_round), each counted once in
    each; ``in_several`` how many were in more than one. ``merged`` are numbers of themes that went
    into this one.
    """

    number: int
    title: Words
    contributors: int
    guiding_question: int | None = None
    channels: Mapping[str, int] = field(default_factory=dict)
    in_several: int = 0
    statements: tuple[Statement, ...] = ()
    differences: tuple[Difference, ...] = ()
    merged: tuple[int, ...] = ()


@dataclass(frozen=True)
class Question:
    """A guiding question with the themes of five contributors and more."""

    number: int
    text: Words
    themes: tuple[Theme, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A figure of a table: ``value``, or why it is hidden: ``fewer`` (than 5) or ``withheld``."""

    value: int | None = None
    hidden: str | None = None


@dataclass(frozen=True)
class Axis:
    """One side of a table: what it lists (``stakeholder_group``, ``mode``, ``session`` …), its
    keys as printed (``not_stated`` always among those of people), and words for keys that no
    format knows by itself (sessions, questions, themes). Keys are codes, numbers or slugs."""

    name: str
    keys: tuple[str, ...]
    words: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """A table of counts with small cells hidden; formats print it and draw it.

    ``code`` names it (``attended_by_group_and_mode``), ``unit`` what is counted: people,
    participations, contributions, turns, seconds. ``cells[row][column]``; ``row_totals``,
    ``column_totals`` and ``total`` are hidden like cells. Without ``columns`` each row has one
    cell and no totals but ``total``. ``base`` is how many were counted, ``notes`` codes of the
    words on the quality of the figures.
    """

    code: str
    unit: str
    rows: Axis
    cells: tuple[tuple[Cell, ...], ...]
    total: Cell
    columns: Axis | None = None
    row_totals: tuple[Cell, ...] = ()
    column_totals: tuple[Cell, ...] = ()
    base: Cell = Cell()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Channel:
    """One channel of a convergence table and how many people contributed in it: its base."""

    key: str
    base: int


@dataclass(frozen=True)
class Convergence:
    """One guiding question, its themes side by side in each channel.

    ``rows`` are theme number, title, contributors by channel (0: not raised there) and the
    channels that raised it.
    """

    guiding_question: int
    channels: tuple[Channel, ...]
    rows: tuple[ConvergenceRow, ...] = ()


@dataclass(frozen=True)
class ConvergenceRow:
    """A theme in each channel; every contributor counted once in each."""

    theme: int
    title: Words
    contributors: Mapping[str, int]
    raised_in: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What became of a contribution; ``disposition`` as in the contract."""

    disposition: str
    statement: str | None
    text: Words
    published_at: str


@dataclass(frozen=True)
class Entry:
    """One contribution in the annexes, as attributed, with its answer.

    ``status`` is published or withdrawn; ``cited_in`` are statement numbers. ``withdrawn`` and
    ``erased`` as in `Source`; a withdrawn one has no title.
    """

    reference: str
    kind: str
    session: str
    sent_at: str
    language: str
    direction: str
    text: str
    title: str = ""
    status: str = "published"
    mode: str = ""
    guiding_question: int | None = None
    author: Author = NOBODY
    answer: Answer | None = None
    cited_in: tuple[str, ...] = ()
    withdrawn: str | None = None
    erased: str | None = None
    seals: Mapping[str, Seal] = field(default_factory=dict)


@dataclass(frozen=True)
class Meeting:
    """A session as chapter II lists it; wall clocks of ``timezone`` beside the instants."""

    slug: str
    title: Words
    format: str
    starts: str
    ends: str
    timezone: str
    starts_at: str
    ends_at: str
    place: str = ""
    modes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    attribution: str = "named"
    registered: Cell = Cell()
    attended: Cell = Cell()


@dataclass(frozen=True)
class Treatment:
    """How contributions were treated: counts; ``rejected`` by number of the public rule."""

    received: int = 0
    published: int = 0
    withdrawn: int = 0
    not_published: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    dispositions: Mapping[str, int] = field(default_factory=dict)
    excerpts: int = 0
    coders: int = 0


@dataclass(frozen=True)
class Citation:
    """A document that the box on top refers to, with its address where there is one."""

    text: Words
    url: str | None = None


@dataclass(frozen=True)
class Change:
    """One line of the list of changes to the edition before.

    ``what`` is added, changed, removed or withdrawn; ``object`` theme, statement or source;
    ``key`` its number (``3``, ``3.1``) or a source's reference; ``before``/``after`` its words;
    ``statements`` where a source is cited; ``at`` the instant of a withdrawal.
    """

    what: str
    object: str
    key: str
    before: Words = field(default_factory=dict)
    after: Words = field(default_factory=dict)
    statements: tuple[str, ...] = ()
    at: str | None = None


@dataclass(frozen=True)
class Document:
    """One edition. ``consultation`` is the slug; see the head of this module for the chapters.

    ``document_number`` is the receiving body's (``CWG-Internet 3/INF/2``), ``source`` the line of
    origin above the title ("Note by the Secretary-General"), ``meeting`` the second line under
    ``receiving_body``. ``original`` is the language of the authentic text. ``salt`` and
    ``sha256`` are empty until sealed. ``compilation`` says that there is no synthesis.
    """

    consultation: str
    edition: int
    title: Words
    snapshot_at: str
    original: str = "en"
    languages: tuple[str, ...] = ("en",)
    schema: int = SCHEMA
    compilation: bool = False
    prefix: str = ""
    date: str = ""
    document_number: str = ""
    receiving_body: Words = field(default_factory=dict)
    meeting: Words = field(default_factory=dict)
    convenor: Words = field(default_factory=dict)
    source: Words = field(default_factory=dict)
    summary: Words = field(default_factory=dict)
    action_required: Words = field(default_factory=dict)
    references: tuple[Citation, ...] = ()
    caution: Words = field(default_factory=dict)
    mandate: Words = field(default_factory=dict)
    scope_note: Words = field(default_factory=dict)
    method: Words = field(default_factory=dict)
    sessions: tuple[Meeting, ...] = ()
    figures: tuple[Figures, ...] = ()
    questions: tuple[Question, ...] = ()
    convergence: tuple[Convergence, ...] = ()
    views_of_few: tuple[Theme, ...] = ()
    proposals: Words = field(default_factory=dict)
    treatment: Treatment = Treatment()
    next_steps: Words = field(default_factory=dict)
    contact: str = ""
    contributions: tuple[Entry, ...] = ()
    changes: tuple[Change, ...] = ()
    prepared_by: str = ""
    reviewed_by: str = ""
    salt: str = ""
    sha256: str = ""

    @property
    def themes(self) -> tuple[Theme, ...]:
        """All themes: those under the questions, then the views of few."""
        return (*(t for question in self.questions for t in question.themes), *self.views_of_few)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, as printed."""
        return tuple(each for theme in self.themes for each in theme.statements)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values: dictionaries, lists, texts, numbers, ``None``."""
        return plain.values(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Document:
        """Return the document of ``values``; what an older schema lacked has its default."""
        return plain.build(cls, values)


def say(words: Words, language: str, original: str) -> tuple[str, str]:
    """Return a text and the language it is in: ``language``, else the original, else any."""
    for code in (language, original, *sorted(words)):
        if words.get(code):
            return words[code], code
    return "", original


def direction(language: str) -> str:
    """Return ``ltr`` or ``rtl``; ``auto`` for languages the house does not speak."""
    known = languages.known(language)
    if known:
        return known.direction
    return "rtl" if language.split("-")[0] in OTHER_RTL else "auto"


OTHER_RTL = ("he", "fa", "ur", "ps", "sd", "ug", "yi", "dv", "ckb")
