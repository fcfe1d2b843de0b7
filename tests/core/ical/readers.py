"""Five independent readers of calendar text; ``read_with_all`` for every test that makes some.

Two of them (vobject, ical.js) believe our VTIMEZONE, the others go by the IANA name.
"""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import ics
import recurring_ical_events
import vobject
from playwright._impl._driver import compute_driver_executable

from app.core import timing

timing.use_one_database()  # icalendar asks zoneinfo, which would take the system's older copy
HERE = Path(__file__).parent
Event = tuple[str, str, str, str, str, int]


def read_with_all(data: bytes, *, without: tuple[str, ...] = ()) -> dict[str, list[Event]]:
    """Return reader → sorted [(uid, start, end, summary, status, sequence)], times as …Z."""
    readers = {
        "icalendar": _icalendar,
        "recurring_ical_events": _recurring,
        "vobject": _vobject,
        "ics": _ics,
        "ical.js": _ical_js,
    }
    return {name: sorted(read(data)) for name, read in readers.items() if name not in without}


def read_alike(data: bytes) -> list[Event]:
    """Return what all readers agree on; fail where one reads something else."""
    answers = read_with_all(data)
    agreed = answers["icalendar"]
    assert answers == dict.fromkeys(answers, agreed)
    return agreed


def _z(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _of_component(event) -> Event:
    return (
        str(event["UID"]),
        _z(event["DTSTART"].dt),
        _z(event["DTEND"].dt),
        str(event["SUMMARY"]),
        str(event["STATUS"]),
        int(event["SEQUENCE"]),
    )


def _icalendar(data: bytes) -> list[Event]:
    calendar = icalendar.Calendar.from_ical(data)
    assert not any(component.errors for component in calendar.walk())
    return [_of_component(event) for event in calendar.walk("VEVENT")]


def _recurring(data: bytes) -> list[Event]:
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(data))
    return [_of_component(event) for event in found.between((1970, 1, 1), (2100, 1, 1))]


def _vobject(data: bytes) -> list[Event]:
    calendar = vobject.readOne(data.decode())
    return [
        (
            event.uid.value,
            _z(event.dtstart.value),
            _z(event.dtend.value),
            event.summary.value,
            event.status.value,
            int(event.sequence.value),
        )
        for event in calendar.contents.get("vevent", [])
    ]


def _ics(data: bytes) -> list[Event]:
    events = ics.Calendar(data.decode()).events
    return [
        (
            event.uid,
            _z(event.begin.datetime),
            _z(event.end.datetime),
            event.name or "",
            event.status,
            int(next(line.value for line in event.extra if line.name == "SEQUENCE")),
        )
        for event in events
    ]


def _ical_js(data: bytes) -> list[Event]:
    node, _ = compute_driver_executable()
    done = subprocess.run(
        [node, str(HERE / "read.mjs")], input=data, capture_output=True, check=True, timeout=60
    )
    return [tuple(event) for event in json.loads(done.stdout)]
