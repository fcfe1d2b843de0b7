"""Pages: the programme warm against a bare view, and how many statements a page costs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import event

from benchmarks import house, load
from benchmarks.house import Server
from benchmarks.report import Line, compare

URL = "/probe/"
SECONDS = 0.4
COLD = (
    "/{c}/",
    "/{c}/session-0/",
    "/{c}/register?session=session-0",
    "/{c}/calendar.ics",
    "/api/v1/consultations/{c}/sessions",
)


def prepare(ours: Server, bodies: Path) -> None:
    """Let the floor send the very bytes of our page."""
    (bodies / "page").write_bytes(ours.get(URL)[2])


def measure(floor: Server, ours: Server) -> list[Line]:
    """Compare the programme page with a bare Flask view of the same bytes."""
    for _ in range(20):
        assert ours.get(URL)[0] == 200
    return compare(
        "programme page of 200 sessions, warm",
        (floor, load.Task(floor.port, "/page", SECONDS)),
        (ours, load.Task(ours.port, URL, SECONDS)),
        bound=0.40,
    )


def statements() -> list[Line]:
    """Count the statements of pages rendered anew, for 1 and for 100 sessions."""
    from app.feeds.exports import draft
    from app.web.documents import shelf

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        app = house.build(house.environment(Path(folder), url), JOBS_EMBEDDED=False)
        counts: dict[str, dict[str, int]] = {}
        with app.app_context():
            from app.database import db

            house.programme(1, "one")
            house.programme(100, "hundred")
            db.session.remove()
            asked: list[str] = []
            event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
            client = app.test_client()
            for slug in ("one", "hundred"):
                for path in [*COLD, *COLD]:  # the first time also fills what is kept for good
                    shelf.clear()
                    draft.entries.clear()
                    asked.clear()
                    answer = client.get(path.format(c=slug))
                    assert answer.status_code == 200, (path, answer.status)
                    counts.setdefault(path, {})[slug] = len(asked)
            db.session.remove()
            db.engine.dispose()
    return [
        Line(
            f"statements of {path.format(c='…')}",
            f"{few} for 1",
            f"{many} for 100",
            f"{many / few:.2f}",
            "= 1.00",
            few == many,
        )
        for path, (few, many) in ((path, each.values()) for path, each in counts.items())
    ]
