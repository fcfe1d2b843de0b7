"""What making a page anew costs: its time beside the same page with little, and its statements."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from sqlalchemy import event

from benchmarks.report import Line

BOUND = 40  # times the page with nothing
ROUNDS = 5
Get = Callable[[str], None]


def compared(what: str, get: Get, *, sizes: dict[str, int], note: str = "") -> list[Line]:
    """Return the lines of one page; ``get(slug)`` fetches it where there is as much as
    ``sizes[slug]`` says.

    ``sizes`` go from nothing to much, and has little before much where the statements of the
    first differ for a reason. ``note`` stands behind the line.
    """
    slugs = list(sizes)
    none, little, much = slugs[0], slugs[-2], slugs[-1]
    few, many = taken(partial(get, none)), taken(partial(get, much))
    one, other = statements(partial(get, little)), statements(partial(get, much))
    return [
        Line(what, f"{few * 1000:.1f} ms", f"{many * 1000:.1f} ms", f"{many / few:.1f}",
             f"≤ {BOUND}", many <= BOUND * few, note),
        Line(f"statements of {what}", f"{one} for {sizes[little]:,}",
             f"{other} for {sizes[much]:,}", f"{other / one:.2f}", "= 1.00", one == other),
    ]  # fmt: skip


def after_acts(
    what: str, get: Get, acts: dict[str, Callable[[], None]], *, sizes: dict[str, int]
) -> Line:
    """Return the line of the first fetch of a page right after an act where there is much.

    What pages share is kept, as far as it is still right. The act after which it takes longest
    is bound, and named.
    """
    few = taken(partial(get, next(iter(sizes))))
    times = {name: taken(partial(get, [*sizes][-1]), before=act) for name, act in acts.items()}
    name = max(times, key=lambda name: times[name])
    many = times[name]
    return Line(
        f"right after an act, {what}", f"{few * 1000:.1f} ms", f"{many * 1000:.1f} ms",
        f"{many / few:.1f}", f"≤ {BOUND}", many <= BOUND * few, f"after {name}",
    )  # fmt: skip


def taken(call: Callable[[], None], before: Callable[[], None] | None = None) -> float:
    """Return the median seconds of making a page anew; what pages share is kept.

    ``before`` is done each time beforehand, and not measured.
    """
    call()
    times = []
    for _ in range(ROUNDS):
        forget_pages()
        if before:
            before()
        times.append(once(call))
    return median(times)


def once(call: Callable[[], None]) -> float:
    """Return the seconds one call takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def statements(call: Callable[[], None]) -> int:
    """Return how many statements a page asks for where nothing is kept."""
    from app.database import db

    asked: list[str] = []

    def note(*told: object) -> None:
        if str(told[2]).startswith(("SELECT", "WITH")):
            asked.append(str(told[2]))

    forget()
    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", note)
    call()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def forget_pages() -> None:
    """Forget documents and what is computed once a revision for one page alone."""
    from app.floor import queries
    from app.web.documents import shelf

    shelf.clear()
    queries._boards = queries.Boards()


def forget() -> None:
    """Forget everything that is kept, also between two changes."""
    from app.reports.queries import keeping

    forget_pages()
    keeping.forget()
