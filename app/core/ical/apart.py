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


def ask(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one answer per job, worked out in a new process within limits of time and memory.

    A job has ``start`` and ``end`` (wall clocks as 20281010T181500), ``vtimezone`` (text, or
    ``None`` for plain wall clocks), ``rrule`` (without UNTIL) or ``None``, ``until`` or ``None``,
    ``rdates`` and ``exdates``; these three may end in Z where there is a ``vtimezone``.
    An answer has ``starts``: [[wall clock, seconds ahead of UTC or ``None``]], ``start_offset``
    and ``end_offset``; or ``error``: ``too_many``, ``unreadable``, ``too_much`` (the one job
    that broke a limit) or ``skipped`` (those after it).
    """
    try:
        output = subprocess.run(  # noqa: S603  # this file, no words of others
            [sys.executable, "-I", __file__],
            input=json.dumps(jobs).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout or b""
    whole = output[: output.rfind(b"\n") + 1].splitlines()
    answers = [json.loads(line) for line in whole]
    unanswered = len(jobs) - len(answers)
    return answers + [{"error": "too_much"}, *[{"error": "skipped"}] * unanswered][:unanswered]


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _parsed(text: str) -> datetime:
    return datetime.fromisoformat(text.rstrip("Z"))


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    zone = _zone(job["vtimezone"]) if job["vtimezone"] else None
    starts = _occurrences(job, zone)
    if len(starts) > MAX_OCCURRENCES:
        return {"error": "too_many"}
    return {
        "starts": [[f"{start:%Y%m%dT%H%M%S}", _offset(start, zone)] for start in starts],
        "start_offset": _offset(_parsed(job["start"]), zone),
        "end_offset": _offset(_parsed(job["end"]), zone),
    }


def _zone(text: str) -> Any:
    from icalendar import Timezone

    definition: Any = Timezone.from_ical(text)
    return definition.to_tz(lookup_tzid=False)  # by its own rules, whatever its name


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
    """Read jobs from stdin, write answers to stdout, one a line."""
    _limit()
    for job in json.load(sys.stdin):
        try:
            answer = _answer(job)
        except Exception:  # whatever a stranger's text provokes is this job's answer
            answer = {"error": "unreadable"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
