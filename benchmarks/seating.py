"""The seating engine against the figures it promises: repeats and revisits, time, mix, replanning.

Time is processor time of one core, the worst of five seeds; so are the figures.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.core.seating import Person, Plan, Problem, Report, Table, evaluate, patch, seat
from app.core.seating.template import template
from app.core.vocabulary import Mode
from benchmarks.report import Line

SEEDS = (1, 2, 3, 4, 5)
GROUPS, SHARES = "abcde", (30, 22, 25, 13, 10)  # per cent; regions and genders are even
# mode, language, tables, people: 150 people at 26 tables
HYBRID = (
    (Mode.ON_SITE, "en", 9, 52),
    (Mode.ON_SITE, "fr", 5, 29),
    (Mode.ON_SITE, "ar", 4, 23),
    (Mode.ONLINE, "en", 4, 23),
    (Mode.ONLINE, "fr", 2, 12),
    (Mode.ONLINE, "ar", 2, 11),
)


@dataclass(frozen=True)
class Case:
    """A café and what is promised for it: seconds, times the bound of repeats, mix ratio."""

    people: int
    tables: int
    rounds: int
    seconds: float
    repeats: float = 0
    mix: float | None = None

    @property
    def name(self) -> str:
        """people/tables/rounds."""
        return f"seating {self.people:,}/{self.tables}/{self.rounds}"


CASES = (
    Case(20, 5, 3, seconds=2),
    Case(40, 8, 4, seconds=2),
    Case(30, 5, 4, seconds=4, repeats=1.05),
    Case(24, 4, 4, seconds=4, repeats=1.05),
    Case(100, 20, 3, seconds=2.5, mix=1.05),
    Case(500, 100, 4, seconds=2, mix=1.10),
    Case(2_000, 400, 4, seconds=10, mix=1.15),
)


def measure() -> list[Line]:
    """Seat every café with five seeds, and patch the one of 500."""
    lines = []
    for case in CASES:
        lines += judged(case, [timed(cafe(case, seed)) for seed in SEEDS])
    lines += [template_alone(), *hybrid(), *replanned()]
    return lines


def timed(problem: Problem) -> tuple[float, Report]:
    """Return the seconds it took to seat ``problem``, and what the plan is worth."""
    begun = time.process_time()
    plan = seat(problem)
    return time.process_time() - begun, evaluate(problem, plan)


def judged(case: Case, results: list[tuple[float, Report]]) -> list[Line]:
    """Return the lines of one café."""
    seconds = max(each for each, _ in results)
    reports = [report for _, report in results]
    repeats, bound = max((each.repeats, each.repeats_bound) for each in reports)
    revisits = max(each.revisits for each in reports)
    mixes = [each.mix_ratio or 0 for each in reports]
    exact = all(each.hard_violations == 0 for each in reports)
    limit = case.repeats * bound
    return [
        Line(
            f"{case.name}, repeats",
            f"≥ {bound}",
            str(repeats),
            f"{repeats / bound:.2f}" if bound else "–",
            f"≤ {limit:g}",
            repeats <= limit and revisits == 0 and exact,
            f"revisits {revisits}, nobody meets more than {max(r.max_meet for r in reports)} times",
        ),
        Line(
            f"{case.name}, mix",
            "1.00",
            f"{max(mixes):.3f}",
            f"{max(mixes):.2f}",
            f"≤ {case.mix:.2f}" if case.mix else "–",
            case.mix is None or max(mixes) <= case.mix,
            f"best {min(mixes):.3f}",
        ),
        took(f"{case.name}, time", seconds, case.seconds),
    ]


def took(name: str, seconds: float, bound: float) -> Line:
    """Return a line of time."""
    return Line(name, "", f"{seconds:.3g} s", "", f"≤ {bound:g} s", seconds <= bound)


def crowd(count: int, seed: int, prefix: str = "p", **told) -> list[Person]:
    """Return people with independent attributes."""
    chance = random.Random(seed)
    return [
        Person(
            f"{prefix}{number:04}",
            told.get("mode", Mode.ON_SITE),
            language=told.get("language"),
            group=chance.choices(GROUPS, SHARES)[0],
            region=chance.choice("vwxyz"),
            gender=chance.choice("fm"),
        )
        for number in range(count)
    ]


def cafe(case: Case, seed: int) -> Problem:
    """Return an even café, one host at each table and one chair to spare."""
    people = crowd(case.people, seed)
    most = -(-case.people // case.tables) + 1
    tables = tuple(
        Table(number + 1, Mode.ON_SITE, host=people[number].id, min=3, max=most)
        for number in range(case.tables)
    )
    return Problem(tuple(people), tables, case.rounds, seed)


def template_alone() -> Line:
    """Return how long the algebra takes for 500 people."""
    template.cache_clear()
    begun = time.process_time()
    template(100, 5, 4)
    return took("seating 500/100/4, template alone", time.process_time() - begun, 0.010)


def hybrid() -> list[Line]:
    """Return what a café in two modes and three languages costs."""
    results = [timed(hybrid_cafe(seed)) for seed in SEEDS]
    worst = max((report for _, report in results), key=lambda each: (each.revisits, each.repeats))
    name = "seating hybrid 150/26/4"
    return [
        Line(
            f"{name}, hard rules broken",
            "",
            str(max(report.hard_violations for _, report in results)),
            "",
            "≤ 0",
            all(report.hard_violations == 0 for _, report in results),
            f"revisits {worst.revisits}, repeats {worst.repeats} (≥ {worst.repeats_bound}),"
            f" mix {worst.mix_ratio:.2f}",
        ),
        took(f"{name}, time", max(seconds for seconds, _ in results), 4),
    ]


def hybrid_cafe(seed: int) -> Problem:
    """Return room and online tables, each in one language, as everybody speaks one."""
    people: list[Person] = []
    tables: list[Table] = []
    for part, (mode, language, count, guests) in enumerate(HYBRID):
        some = crowd(guests, 10 * seed + part, f"{mode}-{language}-", mode=mode, language=language)
        people += some
        tables += [
            Table(len(tables) + n + 1, mode, host=some[n].id, language=language, min=3, max=7)
            for n in range(count)
        ]
    return Problem(tuple(people), tuple(tables), 4, seed)


def replanned() -> list[Line]:
    """Return what 20 who left (3 hosts) and 10 who came late change after round 1."""
    case, moved, worst, clean = CASES[5], 0, 0.0, True
    for seed in SEEDS:
        problem = cafe(case, seed)
        plan = seat(problem)
        chance = random.Random(seed)
        away = chance.sample(range(100), 3) + chance.sample(range(100, 500), 17)
        late = crowd(10, seed, "late")
        problem = replace(problem, people=(*problem.people, *late))
        seconds, (new, changed) = clocked(
            lambda problem=problem, plan=plan, away=away, late=late: patch(
                problem,
                plan,
                after_round=1,
                absent=[f"p{number:04}" for number in away],
                arrived=[person.id for person in late],
            )
        )
        report = evaluate(problem, new)
        clean &= report.hard_violations == 0 and new.rounds[0] == plan.rounds[0]
        moved, worst = max(moved, changed), max(worst, seconds)
    name = "seating replan 500/100/4"
    note = "" if clean else "history or a hard rule was broken"
    return [
        Line(f"{name}, seats moved", "", str(moved), "", "≤ 10", moved <= 10 and clean, note),
        took(f"{name}, time", worst, 0.2),
    ]


def clocked(call: Callable[[], tuple[Plan, int]]) -> tuple[float, tuple[Plan, int]]:
    """Return the seconds and the answer of ``call``."""
    begun = time.process_time()
    answer = call()
    return time.process_time() - begun, answer
