"""What the synthesis page shows: themes, the sentences of one, excerpts to cite, the gate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from app.contributions import panels as said
from app.core import document as paper
from app.core.contributions import Kind
from app.core.synthesis import statements as rules
from app.core.synthesis.coverage import Coverage, Share
from app.core.synthesis.excerpts import Stance
from app.core.synthesis.gate import Point
from app.reports.exports import synthesis as wording
from app.reports.exports.parts import Line
from app.reports.forms import side_of
from app.reports.queries import Material
from app.reports.queries import coverage as gate

PAGE, SOURCES = 30, 12
ORDERS = ("against", "marked", "uncited")


@dataclass(frozen=True)
class ThemeRow:
    """A theme in the list of all: its number, its title and how many contributed."""

    number: int
    title: dict[str, str]
    people: int


@dataclass(frozen=True)
class Source:
    """An excerpt as the page lists it; ``cited_in`` are the sentences that cite it."""

    id: int
    reference: str
    about: str
    quote: str
    language: str
    direction: str
    stance: str
    is_living: bool
    is_answered: bool
    cited_in: tuple[str, ...]
    theme: int


@dataclass(frozen=True)
class Sentence:
    """A sentence with its count in words, the first of its ``cites`` sources, where it stands."""

    number: str
    text: dict[str, str]
    beginning: Line
    n: int
    base: int
    sources: tuple[Source, ...]
    cites: int
    revision: int
    reviewed_by: str
    reviewed_at: Any
    changed_by: str
    has_source: bool


@dataclass(frozen=True)
class Desk:
    """The whole page."""

    questions: list[tuple[int, dict[str, str], list[ThemeRow]]]
    theme: ThemeRow | None
    sentences: list[Sentence] = field(default_factory=list)
    stances: list[tuple[str, int]] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    first: int = 0
    total: int = 0
    unheard: int = 0
    uncited: int = 0
    points: list[Point] = field(default_factory=list)
    unanswered: int = 0
    coverage: Coverage | None = None
    share: Share | None = None
    reviewed: tuple[int, int] = (0, 0)


def desk(found: Material, *, theme: int, order: str, stance: str, start: int) -> Desk:
    """Return the page at a theme (0: the first one), its excerpts filtered and from ``start``."""
    numbered = {row.number: row for row in found.standing}
    current = numbered.get(theme) or next(iter(found.standing), None)
    points = gate.blocking(found)
    unanswered = sum(each.code == "contribution_without_answer" for each in points)
    cited = found.once("cited in", lambda: cited_in(found))
    made = Desk(
        questions=found.once("themes", lambda: list(by_question(found))),
        theme=theme_row(found, current) if current else None,
        uncited=found.once("uncited", lambda: uncited_in(found, cited)),
        points=[each for each in points if each.code != "contribution_without_answer"],
        unanswered=unanswered,
        coverage=gate.cited(found),
        share=found.once("share", lambda: share_of_all(found, cited)),
        reviewed=(
            sum(row.reviewed_at is not None for row in found.statements),
            len(found.statements),
        ),
    )
    if current is None:
        return made
    listed = list(sources_of(found, current, cited, order=order, stance=stance))
    return replace(
        made,
        sentences=[sentence(found, row, cited) for row in found.statements_in.get(current.id, ())],
        stances=list(people_by_stance(found, current)),
        sources=[source(found, number, cited) for number in listed[start : start + PAGE]],
        first=start,
        total=len(listed),
        unheard=len(found.unheard(current.id)),
    )


# --- Themes -----------------------------------------------------------------------------------


def by_question(found: Material) -> Iterator[tuple[int, dict[str, str], list[ThemeRow]]]:
    """Yield each guiding question with its themes; those under none at the end."""
    asked = {each.number: each.text for each in found.consultation.guiding_questions}
    rows = [(row.guiding_question, theme_row(found, row)) for row in found.standing]
    for number, text in asked.items():
        yield number, text, [each for question, each in rows if question == number]
    if rest := [each for question, each in rows if question not in asked]:
        yield 0, {}, rest


def theme_row(found: Material, row: Any) -> ThemeRow:
    """Return one theme with how many contributed to it."""
    return ThemeRow(row.number, row.title, len(rules.people(found.in_theme.get(row.id, ()))))


def people_by_stance(found: Material, row: Any) -> Iterator[tuple[str, int]]:
    """Yield the stances taken in a theme with how many took each."""
    for stance in Stance:
        count = len(rules.people(found.in_theme.get(row.id, ()), stance))
        if count:
            yield stance.value, count


# --- Sentences --------------------------------------------------------------------------------


def sentence(found: Material, row: Any, cited: dict[int, tuple[str, ...]]) -> Sentence:
    """Return one sentence as the page shows it."""
    cites, numbers = found.cites(row.id), found.citations.get(row.id, ())
    quantity = rules.counted(cites, found.in_theme.get(row.theme_id, ()))
    word = quantity.word.value if quantity.word else None
    counted = paper.Statement(row.number, row.text, word, quantity.n, quantity.base)
    return Sentence(
        number=row.number,
        text=row.text,
        beginning=wording.beginning(counted) if word else (),
        n=quantity.n,
        base=quantity.base,
        sources=tuple(source(found, each, cited) for each in islice(numbers, SOURCES)),
        cites=len(numbers),
        revision=row.revision,
        reviewed_by=row.reviewed_by or "",
        reviewed_at=row.reviewed_at,
        changed_by=row.changed_by,
        has_source=rules.has_source(cites),
    )


def side(found: Material, statement_id: int) -> str:
    """Return whom a sentence speaks for, from the stances and roles of what it cites."""
    return side_of(
        [
            (found.excerpts[number].stance, role)
            for number, role in found.citations.get(statement_id, {}).items()
        ]
    )


# --- Excerpts ---------------------------------------------------------------------------------


def cited_in(found: Material) -> dict[int, tuple[str, ...]]:
    """Return by excerpt the numbers of the sentences that cite it, as printed."""
    cited: dict[int, tuple[str, ...]] = {}
    for row in found.statements:
        for each in found.citations.get(row.id, ()):
            cited[each] = (*cited.get(each, ()), row.number)
    return cited


def sources_of(
    found: Material, row: Any, cited: dict[int, tuple[str, ...]], *, order: str, stance: str
) -> Iterator[int]:
    """Yield the ids of a theme's excerpts: what is against first, or as marked, or uncited ones."""
    marked = found.in_theme.get(row.id, ())
    rows = [each for each in marked if not stance or each.stance == stance]
    if order == "uncited":
        rows = [each for each in rows if each.id not in cited]
    if order == "against":
        rows.sort(key=lambda each: each.stance != Stance.AGAINST)  # stable: else as marked
    for each in rows:
        yield int(str(each.id))


def source(found: Material, number: int, cited: dict[int, tuple[str, ...]]) -> Source:
    """Return one excerpt; its author as attributed, of a withdrawn one nothing."""
    row, voice = found.excerpts[number], found.voice_of(number)
    facts = [said.author_words(voice.shown), str(said.KINDS[Kind(voice.row.kind)])]
    return Source(
        id=number,
        reference=voice.reference,
        about=" · ".join(facts) if voice.is_living else "",
        quote=row.quote if voice.is_living else paper.WITHDRAWN,
        language=voice.row.language,
        direction=paper.direction(voice.row.language),
        stance=row.stance,
        is_living=voice.is_living,
        is_answered=row.answered,
        cited_in=cited.get(number, ()),
        theme=row.theme_id,
    )


# --- The gate ---------------------------------------------------------------------------------


def uncited_in(found: Material, cited: dict[int, tuple[str, ...]]) -> int:
    """Return how many living excerpts no sentence cites."""
    return sum(each.living and number not in cited for number, each in found.counting.items())


def share_of_all(found: Material, cited: dict[int, tuple[str, ...]]) -> Share:
    """Return how many contributors are cited, of all who have something published."""
    everybody = {found.who[each.reference] for each in found.voices.values() if each.is_living}
    heard = {
        each.contributor
        for number, each in found.counting.items()
        if each.living and number in cited
    }
    return Share(len(heard), len(everybody))
