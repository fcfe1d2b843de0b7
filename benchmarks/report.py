"""What was measured: ratios against the floor of the same run, and the bounds they must keep."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from benchmarks import load
from benchmarks.house import Server


@dataclass(frozen=True)
class Line:
    """One row of the table. ``ok`` is whether the bound was kept; ``note`` is printed behind it."""

    what: str
    floor: str
    ours: str
    ratio: str
    bound: str
    ok: bool
    note: str = ""


def compare(
    what: str,
    floor: tuple[Server, load.Task],
    ours: tuple[Server, load.Task],
    *,
    bound: float,
    rounds: int = 9,
    tail: float | None = None,
    status: str = "200",
) -> list[Line]:
    """Measure both in turn, ``rounds`` times; the ratio is the median of the rounds' ratios.

    ``tail`` bounds how many times the median the slowest hundredth may take. Answers of ours with
    another status than ``status`` fail the benchmark.
    """
    ratios, costs, floors, ourses = [], [], [], []
    for turn in range(rounds):
        below, below_cost = measured(*floor, turn)
        own, own_cost = measured(*ours, turn)
        if set(own.statuses) != {status}:
            raise SystemExit(f"{what}: answers were {own.statuses}, not all {status}")
        ratios.append(own.rate / below.rate)
        costs.append(below_cost / own_cost if own_cost else 0.0)
        floors.append(below)
        ourses.append(own)
    ratio = median(ratios)
    lines = [
        Line(
            what,
            f"{median(each.rate for each in floors):,.0f}/s",
            f"{median(each.rate for each in ourses):,.0f}/s",
            f"{ratio:.2f}" if bound >= 0.1 else f"{ratio:.3f}",
            f"≥ {bound:.2f}",
            ratio >= bound,
            f"by processor time {median(costs):.2f}",
        )
    ]
    if tail is not None:
        p50, p99 = (median(getattr(each, name) for each in ourses) for name in ("p50", "p99"))
        lines.append(
            Line(
                f"{what}, slowest hundredth",
                f"p50 {p50 * 1000:.1f} ms",
                f"p99 {p99 * 1000:.1f} ms",
                f"{p99 / p50:.1f}",
                f"≤ {tail:.0f}",
                p99 <= tail * p50,
            )
        )
    return lines


def measured(server: Server, task: load.Task, turn: int) -> tuple[load.Result, float]:
    """Return one round and the processor time each answer took."""
    before = server.cpu_seconds()
    result = load.run(load.Task(**{**task.__dict__, "first": task.first + turn * load.MOST}))
    return result, (server.cpu_seconds() - before) / max(result.count, 1)


def table(lines: list[Line]) -> str:
    """Return ``lines`` as a table."""
    rows = [("", "floor", "ours", "ratio", "bound", "")]
    rows += [
        (each.what, each.floor, each.ours, each.ratio, each.bound,
         ("" if each.ok else "MISSED ") + each.note)
        for each in lines
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, 5) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
