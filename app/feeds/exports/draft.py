"""A feed being put together: its entries, when it last changed, and when it will next."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app

from app.core.ical import feed as calendars
from app.core.ical.entry import Entry
from app.core.ical.render import Rendered, render
from app.programme.models import Session
from app.web import documents
from app.web.documents import Document

log = logging.getLogger("app.feeds")
COLOR = "teal"
LIMIT = 10_000_000  # bytes; Google takes none that is larger
KEPT_ENTRIES = 20_000
TRY_AGAIN = timedelta(minutes=5)  # what could not be rendered


@dataclass
class Draft:
    """A feed being put together: its entries, and the instants at which time changes it.

    ``changed`` are the instants at which what it shows, or what belongs to it, changed; ``flaws``
    name the sessions that could not be rendered.
    """

    now: datetime
    language: str
    events: list[Rendered] = field(default_factory=list)
    changed: list[datetime] = field(default_factory=list)
    turns: list[datetime] = field(default_factory=list)
    ahead: bool = False
    flaws: list[int] = field(default_factory=list)

    @property
    def last_turn(self) -> datetime | None:
        """When time alone last changed it."""
        return max((turn for turn in self.turns if turn <= self.now), default=None)

    @property
    def next_turn(self) -> datetime | None:
        """When time alone will change it next; what could not be rendered is tried again soon."""
        later = [turn for turn in self.turns if turn > self.now]
        return min([*later, *([self.now + TRY_AGAIN] if self.flaws else [])], default=None)

    @property
    def last_modified(self) -> datetime:
        """When its content or membership last changed."""
        return max([*self.changed, *([self.last_turn] if self.last_turn else [])])

    def add(
        self, session: Session, kept: Hashable, version: Hashable, make: Callable[[], Entry]
    ) -> None:
        """Add an entry, kept under ``kept`` for as long as ``version`` is its own.

        What cannot be rendered never fails the feed: its last good copy, else nothing, and an
        alarm for whoever reads the log.
        """
        try:
            rendered = entries.take(kept, version)
            if rendered is None:
                rendered = render(make())
                entries.put(kept, version, rendered)
        except Exception:
            log.exception("session %s cannot be put into a calendar", session.id)
            self.flaws.append(session.id)
            rendered = entries.last_good(kept)
        if rendered is not None:
            self.events.append(rendered)

    def note_end(self, session: Session) -> None:
        """Note when ``session`` ends: after the last one clients need not ask every hour."""
        self.turns.append(session.ends_at)
        self.ahead = self.ahead or session.ends_at > self.now


class Entries:
    """Rendered entries, one per key, the least used going first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Hashable, Rendered]] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, key: Hashable, version: Hashable) -> Rendered | None:
        """Return the entry made of ``version``."""
        with self._guard:
            found = self._kept.get(key)
            return found[1] if found is not None and found[0] == version else None

    def last_good(self, key: Hashable) -> Rendered | None:
        """Return the entry as it was when it could last be rendered."""
        with self._guard:
            found = self._kept.get(key)
            return found[1] if found is not None else None

    def put(self, key: Hashable, version: Hashable, rendered: Rendered) -> None:
        """Keep an entry in place of an older one."""
        with self._guard:
            self._kept[key] = (version, rendered)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_ENTRIES:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything (tests)."""
        with self._guard:
            self._kept.clear()


entries = Entries()


def site() -> str:
    """Return the public address of the house."""
    return current_app.config["SITE_URL"]


def finish(
    draft: Draft,
    state: Hashable,
    shown: Sequence[object],
    *,
    name: str,
    about: str,
    page: str,
    source: str | None,
    zone: str,
    headers: dict[str, str],
    dated: bool = True,
) -> Document:
    """Return the document: its ETag is made of ``shown``, the last turn of time, and any flaw.

    One that is not ``dated`` changes without leaving a date (somebody's roles): its ETag is made
    of its bytes, and it has no Last-Modified.
    """
    headers = {"Content-Type": "text/calendar; charset=utf-8", **headers}
    last_modified = draft.last_modified
    refresh = calendars.HOURLY if draft.ahead else calendars.DAILY
    body = calendars.feed(
        name=name,
        description=about,
        url=page,
        source=source,
        refresh=refresh,
        last_modified=last_modified,
        color=COLOR,
        events=within_limit(draft.events),
        empty_zone=zone,
    )
    if not dated:
        return documents.make(documents.etag_of("feed", *shown, body), body, headers, state=state)
    return documents.make(
        documents.etag_of("feed", *shown, site(), last_modified, draft.last_turn, draft.flaws),
        body,
        headers,
        last_modified=last_modified,
        state=state,
        next_change_at=draft.next_turn,
    )


def within_limit(events: Iterable[Rendered]) -> list[Rendered]:
    """Return as many entries as clients take, the newest first to stay, and say what was left."""
    kept, size = [], 0
    for each in sorted(events, key=lambda event: event.dtstart, reverse=True):
        size += len(each.body)
        if size > LIMIT:
            log.error("a feed is larger than %d bytes: it ends before %s", LIMIT, each.uid)
            break
        kept.append(each)
    return kept


def named(stem: str) -> dict[str, str]:
    """Return the header that names the file (slugs are ASCII: both spellings are the same)."""
    file = f"{stem}.ics"
    return {"Content-Disposition": f"inline; filename=\"{file}\"; filename*=UTF-8''{file}"}
