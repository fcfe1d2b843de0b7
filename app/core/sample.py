"""The invented sample of a consultation's contributions, as its file tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from app.core import yamltext
from app.core.invented import Somebody
from app.core.vocabulary import Mode


@dataclass(frozen=True)
class Invented(Somebody):
    """One of the sample's people; ``id`` is what the rest of the file calls them.

    ``cafe`` and ``hall`` are how they took part there, empty for not at all.
    """

    id: str
    cafe: str = ""
    hall: str = ""


@dataclass(frozen=True)
class Words:
    """Something said by ``by`` when the clock at the session's place showed ``at``."""

    by: str
    at: datetime
    text: str
    language: str
    attribution: str
    question: int | None = None
    title: str = ""
    stance: str | None = None
    read: datetime | None = None
    answered: datetime | None = None
    supports: tuple[str, ...] = ()
    comments: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Point:
    """One point of a table."""

    text: str
    tag: str


@dataclass(frozen=True)
class Note:
    """What a table wrote down in a round."""

    table: int
    round: int
    at: datetime
    language: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Table:
    """A table of the café; ``host`` is somebody's id, ``twin`` another table's number."""

    number: int
    mode: str
    host: str
    guiding_question: int
    language: str
    twin: int | None = None
    place: str = ""


@dataclass(frozen=True)
class Round:
    """From when until when a round ran."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Cafe:
    """A World Café that is over."""

    session: str
    tables: tuple[Table, ...]
    rounds: tuple[Round, ...]
    notes: tuple[Note, ...]
    cards: tuple[Words, ...]


@dataclass(frozen=True)
class Turn:
    """One turn at the microphone; ``goes_on`` is when it went on after a lost connection."""

    by: str
    mode: str
    asked: datetime
    starts: datetime
    seconds: int
    text: str
    language: str
    attribution: str
    question: int | None = None
    kind: str = "voice"
    needs_time: bool = False
    because: str | None = None
    answer_seconds: int | None = None
    goes_on: datetime | None = None
    goes_on_seconds: int = 0


@dataclass(frozen=True)
class Floor:
    """A town hall that is over."""

    session: str
    turns: tuple[Turn, ...]
    questions: tuple[Words, ...]


@dataclass(frozen=True)
class Board:
    """An online round that is over."""

    session: str
    ideas: tuple[Words, ...]


@dataclass(frozen=True)
class Sample:
    """All of it. Times are naive: what the clocks at each session's place showed."""

    consultation: str
    people: tuple[Invented, ...]
    cafe: Cafe
    floor: Floor
    board: Board

    def took_part(self) -> dict[str, dict[str, Mode]]:
        """Return who took part in each session, and how: by its slug, then by their ids."""
        return {
            self.cafe.session: {each.id: Mode(each.cafe) for each in self.people if each.cafe},
            self.floor.session: {each.id: Mode(each.hall) for each in self.people if each.hall},
            self.board.session: {each.id: Mode.ONLINE for each in self.people},
        }


@dataclass(frozen=True)
class Passage:
    """Words of the contribution ``of`` (its reference without the prefix), or all of them."""

    of: str
    stance: str
    words: str = ""


@dataclass(frozen=True)
class Sentence:
    """A sentence of the document on the passages of its theme, each named by its reference."""

    text: str
    supports: tuple[str, ...]
    illustrates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Theme:
    """A theme under a guiding question, with what was marked in it and what is said of it."""

    question: int
    title: str
    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Reply:
    """What became of a contribution that no sentence cites."""

    of: str
    disposition: str
    text: str
    statement: str | None = None


@dataclass(frozen=True)
class Around:
    """What the document says around its sentences."""

    title: str
    document_number: str
    meeting: str
    source: str
    summary: str
    action_required: str
    caution: str
    mandate: str
    method: str
    next_steps: str
    prepared_by: str


@dataclass(frozen=True)
class Synthesis:
    """The invented document of a sample."""

    consultation: str
    paper: Around
    themes: tuple[Theme, ...]
    answers: tuple[Reply, ...]


KINDS = {
    kind.__name__: kind
    for kind in (
        Invented, Words, Point, Note, Table, Round, Cafe, Turn, Floor, Board,
        Passage, Sentence, Theme, Reply, Around,
    )
}  # fmt: skip
SCALARS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "datetime": datetime.fromisoformat,
    "bool": lambda text: text == "true",
}


EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FILE = EXAMPLES / "open-talks-2013-sample.yaml"
DOCUMENT = EXAMPLES / "open-talks-2013-document.yaml"


@cache
def told() -> Sample:
    """Return the sample that comes with the house."""
    return read(FILE.read_bytes())


@cache
def document() -> Synthesis:
    """Return the document made of that sample."""
    return built(Synthesis, parsed(DOCUMENT.read_bytes()))


def read(data: bytes) -> Sample:
    """Return the sample in a file of ours; raises `ValueError` where it is not as it should be."""
    return built(Sample, parsed(data))


def parsed(data: bytes) -> Any:
    """Return the values of a file of ours; raises `ValueError` where it cannot be read."""
    document = yamltext.read(data)
    if document.problems:
        raise ValueError(str(document.problems[0]))
    return document.value


def built(kind: type, value: Mapping[str, Any]) -> Any:
    """Return an object of ``kind`` from a mapping of the file, nested ones included."""
    known = {each.name: str(each.type) for each in fields(kind)}
    if unknown := value.keys() - known.keys():
        raise ValueError(f"{kind.__name__} knows no {', '.join(sorted(unknown))}")
    return kind(**{name: converted(known[name], value[name]) for name in value})


def converted(kind: str, value: Any) -> Any:
    """Return one value of the file as its field's annotation says."""
    if kind.startswith("tuple["):
        inner = kind.removeprefix("tuple[").removesuffix(", ...]")
        return tuple(converted(inner, each) for each in value)
    kind = kind.removesuffix(" | None")
    return built(KINDS[kind], value) if kind in KINDS else SCALARS[kind](value.text)
