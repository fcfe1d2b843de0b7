"""A process of its own for what a calendar file could use to hang or to mislead this one.

Zone definitions and repetition rules are small programs: ``FREQ=SECONDLY`` never ends, and
icalendar remembers each definition it read by name, for every later file. This file is both
ends: ``ask`` starts it as a script, which imports nothing of the application.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

SECONDS = 5
MEMORY = 1 << 29
MAX_OCCURRENCES = 366


class TooMuch(Exception):
    """The work did not end within its limits of time and memory, or broke down."""


def ask(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one answer per job, worked out in a new process; raise ``TooMuch``.

    A job has ``start`` and ``end`` (wall clocks as 20281010T181500), ``vtimezone`` (text, or
    ``None`` for plain wall clocks), ``rrule`` (without UNTIL) or ``None``, ``until`` or ``None``,
    ``rdates`` and ``exdates``; these three may end in Z where there is a ``vtimezone``.
    The answer has ``starts``: [[wall clock, seconds ahead of UTC or ``None``]], and
    ``end_offset``; or ``error``: ``too_many``, ``unreadable``.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__],
            input=json.dumps(jobs).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as fault:
        raise TooMuch from fault


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _parsed(text: str) -> datetime:
    return datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    zone = _zone(job["vtimezone"]) if job["vtimezone"] else None
    starts = _occurrences(job, zone)
    if len(starts) > MAX_OCCURRENCES:
        return {"error": "too_many"}
    return {
        "starts": [[f"{start:%Y%m%dT%H%M%S}", _offset(start, zone)] for start in starts],
        "end_offset": _offset(_parsed(job["end"]), zone),
    }


def _zone(text: str) -> Any:
    from icalendar import Timezone

    return Timezone.from_ical(text).to_tz(lookup_tzid=False)


def _offset(wall: datetime, zone: Any) -> int | None:
    if zone is None:
        return None
    offset = wall.replace(tzinfo=zone).utcoffset()
    return int((offset or timedelta(0)).total_seconds())


def _occurrences(job: dict[str, Any], zone: Any) -> list[datetime]:
    def wall(text: str) -> datetime:
        if not text.endswith("Z"):
            return _parsed(text)
        return _parsed(text).replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)

    start = _parsed(job["start"])
    until = wall(job["until"]) if job["until"] else None
    found = {start, *map(wall, job["rdates"])}
    if job["rrule"]:
        from dateutil.rrule import rrulestr

        for each in rrulestr(job["rrule"], dtstart=start):
            if until and each > until:
                break
            found.add(each)
            if len(found) > MAX_OCCURRENCES + len(job["exdates"]):
                break
    return sorted(found - set(map(wall, job["exdates"])))


def main() -> None:
    """Read jobs from stdin, write answers to stdout."""
    _limit()
    answers = []
    for job in json.load(sys.stdin):
        try:
            answers.append(_answer(job))
        except Exception:  # whatever a stranger's text provokes is this job's answer
            answers.append({"error": "unreadable"})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
