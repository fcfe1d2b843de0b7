"""What changed in the programme, line by line: before and now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core import timing
from app.core.vocabulary import Mode
from app.database import words
from app.programme import panels as programme
from app.programme.models import Change
from app.web import filters


@dataclass(frozen=True)
class Difference:
    """One thing that is different; either side may be empty."""

    label: str
    before: str
    now: str


@dataclass(frozen=True)
class Entry:
    """One change: when, of which session (without a link once it is no longer public), what."""

    at: datetime
    when: str
    title: str
    url: str
    words: str
    differences: list[Difference]


def changes(found: Sequence[Change], reader: programme.Reader) -> list[Entry]:
    """Return ``found`` in words, in the same order."""
    return [entry(change, reader) for change in found]


def entry(change: Change, reader: programme.Reader) -> Entry:
    """Return one change in words; what is a draft again keeps its name to itself."""
    session = change.session
    title, url = _("A session that is no longer in the programme"), ""
    if session is not None and session.is_public:
        title = session.words("title", reader.language)
        url = url_for(
            "portal.session", consultation=session.consultation.slug, session=session.slug
        )
    return Entry(
        at=change.at,
        when=when(change.at, reader),
        title=title,
        url=url,
        words=kind_words(change.kind),
        differences=differences(change, reader) if url else [],
    )


def when(at: datetime, reader: programme.Reader) -> str:
    """Return an instant on the reader's clock, else in UTC."""
    wall = timing.wall(at, reader.zone or "UTC")
    day, time = filters.day_long(wall), filters.hhmm(wall)
    if reader.zone:
        return _("%(day)s, %(time)s your time", day=day, time=time)
    return _("%(day)s, %(time)s UTC", day=day, time=time)


def kind_words(kind: str) -> str:
    """Return what happened."""
    return {
        "published": _("Added"),
        "withdrawn": _("Withdrawn"),
        "restored": _("Takes place after all"),
        "cancelled": _("Cancelled"),
        "postponed": _("Postponed"),
        "closed": _("Closed"),
    }.get(kind, _("Changed"))


def differences(change: Change, reader: programme.Reader) -> list[Difference]:
    """Return what is different, field by field; a new status is said by the words alone."""
    before, after = change.before or {}, change.after or {}
    labels = {
        "title": _("Title"),
        "starts": _("Begins"),
        "ends": _("Ends"),
        "timezone": _("Time zone"),
        "venue": _("Place"),
        "capacity": _("Places"),
    }
    return [
        Difference(label, shown(name, before.get(name), reader), shown(name, after[name], reader))
        for name, label in labels.items()
        if name in after
    ]


def shown(name: str, value: Any, reader: programme.Reader) -> str:
    """Return one value as a reader understands it."""
    if not value:
        return ""
    if name == "title":
        return words(value, reader.language)
    if name in ("starts", "ends"):
        wall = datetime.fromisoformat(value)
        return _("%(day)s, %(time)s", day=filters.day_long(wall), time=filters.hhmm(wall))
    if name == "timezone":
        return filters.city(value)
    if name == "venue":
        return filters.listed(value[part] for part in ("name", "city") if value.get(part))
    return filters.listed(capacity_words(mode, places) for mode, places in value.items())


def capacity_words(mode: str, places: int | None) -> str:
    """Return the places of one mode: "On site: 50"."""
    name = _("On site") if mode == Mode.ON_SITE else _("Online")
    number = _("no limit") if places is None else filters.number(places)
    return _("%(mode)s: %(number)s", mode=name, number=number)
