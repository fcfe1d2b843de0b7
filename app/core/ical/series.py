"""Repetition: the job that works an event's dates out, and its answer."""

from __future__ import annotations

from typing import Any

from app.core.ical import apart, moments
from app.core.ical.contentlines import Component, Property
from app.core.ical.moments import Moment, Trouble, Zones
from app.core.refusals import N_

_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_TOO_FINE = ("BYHOUR", "BYMINUTE", "BYSECOND")


def job(event: Component, start: Moment, end: Moment, zones: Zones) -> dict[str, Any]:
    """Return what ``apart.ask`` needs to know about ``event``; raise ``Trouble``."""
    rules = event.all("RRULE")
    if len(rules) > 1 or event.first("EXRULE"):
        raise moments.unsupported(event.first("EXRULE") or rules[1])
    rrule, until = _rule(rules[0], start) if rules else (None, None)
    return {
        "start": start.wall.strftime(moments.FORM),
        "end": end.wall.strftime(moments.FORM),
        "vtimezone": start.definition,
        "rrule": rrule,
        "until": until,
        "rdates": _listed(event, "RDATE", start, zones),
        "exdates": _listed(event, "EXDATE", start, zones),
    }


def _rule(written: Property, start: Moment) -> tuple[str, str | None]:
    parts = dict(part.partition("=")[::2] for part in written.value.upper().split(";") if part)
    if parts.get("FREQ") not in _FREQUENCIES or any(name in parts for name in _TOO_FINE):
        raise Trouble(
            "series_too_fine",
            N_("A series repeats by days, weeks, months or years."),
            written.line,
        )
    until = parts.pop("UNTIL", None)
    if until is None and "COUNT" not in parts:
        raise Trouble("series_endless", N_("The series has no end."), written.line)
    rrule = ";".join(f"{name}={value}" for name, value in parts.items())
    return rrule, until and moments.until(until.strip(), start)


def _listed(event: Component, name: str, start: Moment, zones: Zones) -> list[str]:
    found = event.all(name)
    if any(each.parameters.get("VALUE", "").upper() == "PERIOD" for each in found):
        raise moments.unsupported(found[0])
    return [moments.aligned(each, start) for line in found for each in zones.moments(line, start)]


def answers(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the answer to each job; only what can do harm goes to a process of its own."""
    hard = [each for each in jobs if _is_hard(each)]
    worked_out = iter(apart.ask(hard) if hard else ())
    return [next(worked_out) if _is_hard(each) else _plain(each) for each in jobs]


def _is_hard(each: dict[str, Any]) -> bool:
    return bool(each["vtimezone"] or each["rrule"])


def _plain(each: dict[str, Any]) -> dict[str, Any]:
    starts = sorted({each["start"], *each["rdates"]} - set(each["exdates"]))
    if len(starts) > apart.MAX_OCCURRENCES:
        return {"error": "too_many"}
    return {
        "starts": [[start, None] for start in starts],
        "start_offset": None,
        "end_offset": None,
    }


def trouble(error: str) -> Trouble:
    """Return the refusal behind an answer's ``error``."""
    if error == "too_many":
        return Trouble(
            "series_too_long",
            N_("The series has more than %(limit)s dates."),
            limit=apart.MAX_OCCURRENCES,
        )
    if error == "too_much":
        return Trouble("too_costly", N_("Its zone or its repetition cannot be worked out in time."))
    return Trouble("unreadable", N_("Its zone or its repetition cannot be read."))
