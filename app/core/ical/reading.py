"""Calendar files of others, for the import: every event as wall clock and IANA zone, or why not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from app.core import timing
from app.core.ical import moments
from app.core.ical.contentlines import Component, NotACalendar, components
from app.core.ical.moments import Moment, Trouble
from app.core.ical.text import clean
from app.core.refusals import N_

MAX_BYTES = 2_000_000
MAX_EVENTS = 1_000
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_TOO_FINE = {"BYHOUR", "BYMINUTE", "BYSECOND"}


@dataclass(frozen=True)
class Event:
    """One meeting of the file; ``starts`` and ``ends`` are wall clocks of ``timezone`` (IANA).

    ``fold`` and ``ends_fold`` say which of two equal wall clocks is meant. ``uid`` is the
    file's; of a series each meeting after a ``#`` has its date.
    """

    line: int
    uid: str
    title: str
    description: str
    location: str
    url: str
    status: str
    starts: datetime
    ends: datetime
    timezone: str
    fold: int
    ends_fold: int


@dataclass(frozen=True)
class Remark:
    """Something about one event, or the file (``title`` is then empty); text as in refusals."""

    line: int
    title: str
    code: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, translate=str) -> str:
        """Return the message, translated by ``translate`` and with its values filled in."""
        message = translate(self.message)
        return message % self.values if self.values else message


@dataclass(frozen=True)
class Reading:
    """What a file says. With any problem nothing of it may be imported; notes only inform."""

    events: tuple[Event, ...]
    problems: tuple[Remark, ...]
    notes: tuple[Remark, ...]


def read(data: bytes, timezone: str | None = None) -> Reading:
    """Read a calendar file. ``timezone`` is the zone of times that name none.

    Times in UTC are given in ``timezone`` too, else in UTC. The result depends on these
    arguments alone, never on files read before. Raise ``Invalid`` for an unknown ``timezone``.
    """
    reader = _Reader(timing.canonical_zone(timezone) if timezone else None)
    try:
        if len(data) > MAX_BYTES:
            raise Trouble(
                "too_large", N_("The file is larger than %(limit)s bytes."), limit=MAX_BYTES
            )
        reader.read(components(data.decode("utf-8-sig")))
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        reader.problem(line, "", Trouble("not_utf8", N_("The file is not encoded in UTF-8.")))
    except NotACalendar as fault:
        trouble = Trouble("not_a_calendar", N_("From here on this is not a calendar file."))
        reader.problem(fault.line, "", trouble)
    except Trouble as trouble:
        reader.problem(1, "", trouble)
    events = sorted(reader.events, key=lambda each: (each.line, each.starts))
    return Reading(tuple(events), tuple(reader.problems), tuple(reader.notes))


@dataclass
class _Draft:
    """An event that is understood except for what must be worked out apart."""

    component: Component
    title: str
    start: Moment
    end: Moment
    recurrence: Moment | None
    job: dict[str, Any]


class _Reader:
    def __init__(self, timezone: str | None) -> None:
        self.timezone = timezone
        self.events: list[Event] = []
        self.problems: list[Remark] = []
        self.notes: list[Remark] = []

    def problem(self, line: int, title: str, trouble: Trouble) -> None:
        self.problems.append(Remark(line, title, trouble.code, trouble.message, trouble.values))

    def note(self, draft: _Draft, code: str, message: str, **values: Any) -> None:
        remark = Remark(draft.component.line, draft.title, code, message, values)
        if remark not in self.notes:
            self.notes.append(remark)

    def read(self, calendars: list[Component]) -> None:
        drafts = []
        for calendar in calendars:
            if calendar.name != "VCALENDAR":
                raise NotACalendar(calendar.line)
            zones = moments.definitions(calendar)
            for component in calendar.children:
                if component.name == "VEVENT":
                    drafts.append(
                        self._attempt(component, lambda c=component: self._draft(c, zones))
                    )
        drafts = [draft for draft in drafts if draft]
        if not drafts and not self.problems:
            raise Trouble("no_events", N_("The file holds no event."))
        self._finish(drafts)

    def _attempt(self, component: Component, call: Any) -> Any:
        """Return what ``call`` returns, or ``None`` once its trouble is written down."""
        title = clean(component.text("SUMMARY")).strip()
        try:
            return call()
        except Trouble as trouble:
            self.problem(trouble.line or component.line, title, trouble)
            return None

    def _draft(self, component: Component, zones: dict[str, moments.Definition]) -> _Draft:
        title = clean(component.text("SUMMARY")).strip()
        if not title:
            raise Trouble("no_title", N_("The event has no SUMMARY."))
        start, end = moments.period(component, zones, self.timezone)
        recurrences = moments.listed(component, "RECURRENCE-ID", zones, self.timezone)
        return _Draft(
            component=component,
            title=title,
            start=start,
            end=end,
            recurrence=recurrences[0] if recurrences else None,
            job=_job(component, start, end, zones, self.timezone),
        )

    def _finish(self, drafts: list[_Draft]) -> None:
        answers = _worked_out([draft.job for draft in drafts])
        replaced: dict[str, set[datetime]] = {}
        for draft in drafts:
            if draft.recurrence:
                uid = draft.component.text("UID")
                replaced.setdefault(uid, set()).add(draft.recurrence.instant())
        for draft, answer in zip(drafts, answers, strict=True):
            self._attempt(draft.component, lambda d=draft, a=answer: self._add(d, a, replaced))
            if len(self.events) > MAX_EVENTS:
                raise Trouble(
                    "too_many_events", N_("More than %(limit)s events."), limit=MAX_EVENTS
                )

    def _add(
        self, draft: _Draft, answer: dict[str, Any], replaced: dict[str, set[datetime]]
    ) -> None:
        if "error" in answer:
            raise _series_trouble(answer["error"])
        first = draft.start.with_offset(answer["starts"][0][1]) if answer["starts"] else None
        if first is None:
            return
        length = None
        moved = replaced.get(draft.component.text("UID"), set()) if draft.job["rrule"] else set()
        opening = draft.start.with_offset(answer["start_offset"])
        closing = draft.end.with_offset(answer["end_offset"])
        length = closing.instant() - opening.instant()
        if length <= timedelta(0):
            raise Trouble("ends_before_start", N_("The event ends before it starts."))
        for wall, offset in answer["starts"]:
            each = replace(draft.start, wall=moments.parsed(wall)).with_offset(offset)
            if each.instant() not in moved:
                self._event(draft, each, length, series=len(answer["starts"]) > 1)

    def _event(self, draft: _Draft, start: Moment, length: timedelta, *, series: bool) -> None:
        zone = start.stored_zone(self.timezone)
        begins, ends = start.instant(), start.instant() + length
        starts, fold = moments.placed(begins, zone)
        until, ends_fold = moments.placed(ends, zone)
        if start.fixed:
            self.note(
                draft,
                "fixed_offset",
                N_(
                    "“%(name)s” is no zone we know: the time is stored in %(zone)s, "
                    "which no change of law reaches."
                ),
                name=start.tzid,
                zone=zone,
            )
        component = draft.component
        uid = clean(component.text("UID")).strip()
        self.events.append(
            Event(
                line=component.line,
                uid=f"{uid}#{starts:%Y-%m-%d}" if series or draft.recurrence else uid,
                title=draft.title,
                description=clean(component.text("DESCRIPTION")),
                location=clean(component.text("LOCATION")).strip(),
                url=(component.first("URL").value if component.first("URL") else ""),
                status=component.text("STATUS").upper(),
                starts=starts,
                ends=until,
                timezone=zone,
                fold=fold,
                ends_fold=ends_fold,
            )
        )
