"""Calendar files of others, for the import: every event as wall clock and IANA zone, or why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from app.core import timing
from app.core.ical import moments, series
from app.core.ical.contentlines import Component, NotACalendar, components
from app.core.ical.moments import Moment, Trouble, Zones
from app.core.ical.text import clean
from app.core.refusals import N_

MAX_BYTES = 2_000_000
MAX_EVENTS = 1_000


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
                "too_large", N_("The file has more than %(limit)s bytes."), limit=MAX_BYTES
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


@dataclass(frozen=True)
class _Draft:
    """An event that is understood except for what must be worked out apart."""

    component: Component
    title: str
    start: Moment
    end: Moment
    replaces: Moment | None  # the one date of a series that this event stands for
    job: dict[str, Any]

    @property
    def uid(self) -> str:
        return clean(self.component.text("UID")).strip()


class _Reader:
    def __init__(self, timezone: str | None) -> None:
        self.timezone = timezone
        self.events: list[Event] = []
        self.problems: list[Remark] = []
        self.notes: list[Remark] = []

    def problem(self, line: int, title: str, trouble: Trouble) -> None:
        self.problems.append(Remark(line, title, trouble.code, trouble.message, trouble.values))

    @contextmanager
    def _blaming(self, event: Component) -> Iterator[None]:
        """Write trouble down under the event's title, and go on with the next one."""
        try:
            yield
        except Trouble as trouble:
            self.problem(trouble.line or event.line, _title(event), trouble)

    def read(self, calendars: list[Component]) -> None:
        drafts: list[_Draft] = []
        for calendar in calendars:
            if calendar.name != "VCALENDAR":
                raise NotACalendar(calendar.line)
            zones = Zones(calendar, self.timezone)
            for event in (each for each in calendar.children if each.name == "VEVENT"):
                with self._blaming(event):
                    drafts.append(_draft(event, zones))
        if not drafts and not self.problems:
            raise Trouble("no_events", N_("The file holds no event."))
        if len(drafts) > MAX_EVENTS:
            raise _too_many()
        replaced: dict[str, set[datetime]] = {}
        for draft in drafts:
            if draft.replaces:
                with self._blaming(draft.component):
                    replaced.setdefault(draft.uid, set()).add(draft.replaces.instant())
        answers = series.answers([draft.job for draft in drafts])
        for draft, answer in zip(drafts, answers, strict=True):
            with self._blaming(draft.component):
                self._add(draft, answer, replaced.get(draft.uid, set()))

    def _add(self, draft: _Draft, answer: dict[str, Any], replaced: set[datetime]) -> None:
        if "error" in answer:
            if answer["error"] == "skipped":
                return  # the file is refused for the one before
            raise series.trouble(answer["error"])
        opening = draft.start.with_offset(answer["start_offset"]).instant()
        length = draft.end.with_offset(answer["end_offset"]).instant() - opening
        if length <= timedelta(0):
            raise Trouble("ends_before_start", N_("The event ends before it starts."))
        for text, offset in answer["starts"]:
            wall = datetime.fromisoformat(text)
            start = replace(draft.start, wall=wall).with_offset(offset)
            if draft.replaces or start.instant() not in replaced:
                self._event(draft, start, length, of_series=len(answer["starts"]) > 1)

    def _event(self, draft: _Draft, start: Moment, length: timedelta, *, of_series: bool) -> None:
        if len(self.events) == MAX_EVENTS:
            raise _too_many()
        zone = start.stored_zone(self.timezone)
        starts, fold = moments.placed(start.instant(), zone)
        ends, ends_fold = moments.placed(start.instant() + length, zone)
        self._say_what_was_assumed(draft, start, zone)
        event, url = draft.component, draft.component.first("URL")
        self.events.append(
            Event(
                line=event.line,
                uid=f"{draft.uid}#{starts:%Y-%m-%d}" if of_series or draft.replaces else draft.uid,
                title=draft.title,
                description=clean(event.text("DESCRIPTION")),
                location=clean(event.text("LOCATION")).strip(),
                url=clean(url.value).strip() if url else "",
                status=event.text("STATUS").strip().upper(),
                starts=starts,
                ends=ends,
                timezone=zone,
                fold=fold,
                ends_fold=ends_fold,
            )
        )

    def _say_what_was_assumed(self, draft: _Draft, start: Moment, zone: str) -> None:
        if start.assumed:
            code, message = "assumed_timezone", N_("“%(tzid)s” is read as %(zone)s.")
        elif start.zone is None:
            code = "fixed_offset"
            message = N_(
                "“%(tzid)s” is no zone we know: the times are stored in %(zone)s, "
                "which no change of law moves."
            )
        else:
            return
        values = {"tzid": start.tzid[:80], "zone": zone}
        remark = Remark(draft.component.line, draft.title, code, message, values)
        if remark not in self.notes[-2:]:  # once for a series
            self.notes.append(remark)


def _title(event: Component) -> str:
    return clean(event.text("SUMMARY")).strip()


def _draft(event: Component, zones: Zones) -> _Draft:
    if not _title(event):
        raise Trouble("no_title", N_("The event has no SUMMARY."))
    start, end = moments.period(event, zones)
    replaces = event.first("RECURRENCE-ID")
    if replaces and "RANGE" in replaces.parameters:
        raise moments.unsupported(replaces)
    return _Draft(
        component=event,
        title=_title(event),
        start=start,
        end=end,
        replaces=_replaced(zones.moments(replaces, start)[0], start) if replaces else None,
        job=series.job(event, start, end, zones),
    )


def _replaced(moment: Moment, start: Moment) -> Moment:
    if moment.is_date and not start.is_date:
        raise Trouble("unsupported", N_("Its RECURRENCE-ID is a date, its start a time."))
    if moment.definition:
        raise Trouble("unsupported", N_("A changed date of a series needs a zone we know."))
    return moment


def _too_many() -> Trouble:
    return Trouble(
        "too_many_events", N_("The file has more than %(limit)s events."), limit=MAX_EVENTS
    )
