"""Rows and days of a programme, and the public agenda of one session."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from app.core import daystrip, timing
from app.core.capacity import Places
from app.core.clocks import Clock, Clocks
from app.core.daystrip import Strip
from app.core.vocabulary import Mode, SessionStatus
from app.programme.models import Change, Session
from app.programme.panels.standing import (
    PlacesRow,
    action,
    facts,
    has_date,
    has_venue,
    places_rows,
    standing,
)
from app.programme.panels.times import Reader, clocks, clocks_before, second_zone, strip

MANY = 8  # above it one strip a day, and rows of one line


@dataclass(frozen=True)
class Row:
    """One session of a programme, as `session_row` of _parts.html asks for it."""

    session: Session
    url: str
    title: str
    glyph: str
    format_name: str
    facts: list[str]
    clocks: Clocks | None
    strip: Strip | None
    was: Clocks | None
    state: str
    state_words: str
    reason: str
    places: list[PlacesRow]
    action: tuple[str, str, str] | None


@dataclass(frozen=True)
class Day:
    """The rows under one date, or under a range of dates; ``first`` is ``None`` without a date."""

    first: date | None
    last: date | None
    rows: list[Row]

    @property
    def is_range(self) -> bool:
        """Whether its one session lasts for days."""
        return self.last is not None

    def slots(self) -> list[list[Row]]:
        """Return the rows by when they start, for a programme of many sessions."""
        found: dict[tuple, list[Row]] = {}
        for row in self.rows:
            session = row.session
            found.setdefault((session.starts_at, session.timezone), []).append(row)
        return list(found.values())

    def strip(self, reader: Reader) -> Strip:
        """Return one strip over the whole day's programme."""
        sessions = [row.session for row in self.rows]
        return daystrip.day_strip(
            min(session.starts_at for session in sessions),
            max(session.ends_at for session in sessions),
            sessions[0].timezone,
            second_zone(sessions[0], reader),
            rtl=reader.rtl,
        )


def row(
    session: Session,
    reader: Reader,
    *,
    url: str,
    register_url: str,
    places: Mapping[Mode, Places],
    changes: Sequence[Change] = (),
    with_strip: bool = True,
) -> Row:
    """Return what the programme shows of one session."""
    was = clocks_before(session, changes, reader)
    state, words = standing(session, reader, was, changes)
    gone = session.status in (SessionStatus.CANCELLED, SessionStatus.POSTPONED)
    dated = has_date(session)
    reason = session.words("cancel_reason", reader.language) if gone else ""
    if not gone and Mode.ON_SITE in session.modes and not has_venue(session):
        reason = _("The place will be announced.")
    return Row(
        session=session,
        url=url,
        title=session.words("title", reader.language),
        glyph=session.kind.glyph,
        format_name=_(session.kind.name),
        facts=facts(session),
        clocks=clocks(session, reader) if dated else None,
        strip=strip(session, reader) if dated and with_strip and not gone else None,
        was=was if state == "changed" else None,
        state=state,
        state_words=words,
        reason=reason,
        places=places_rows(session, places, reader),
        action=action(session, places, reader, register_url),
    )


def days(rows: Sequence[Row]) -> list[Day]:
    """Return ``rows`` by their date at the venue; those without a date come last."""
    found: dict[tuple[date | None, date | None], Day] = {}
    for each in rows:
        session = each.session
        first = session.starts.date() if has_date(session) else None
        last = session.ends.date() if first and session.is_long else None
        day = found.setdefault((first, last), Day(first, last, []))
        day.rows.append(each)
    undated = found.pop((None, None), None)
    return [*found.values(), *([undated] if undated else [])]


@dataclass(frozen=True)
class AgendaRow:
    """One line of the public agenda (`agenda` of _parts.html); ``second`` is a wall clock."""

    starts_at: datetime
    venue: datetime
    second: datetime | None
    title: str
    detail: str
    minutes: int


def agenda(session: Session, reader: Reader, second: Clock | None) -> list[AgendaRow]:
    """Return the running order on the venue's clocks and on those of ``second``."""
    found = []
    at = session.starts_at
    for item in session.agenda:
        words = (item.title or {}).get(reader.language) or _source(item.title, session)
        found.append(
            AgendaRow(
                starts_at=at,
                venue=timing.wall(at, session.timezone),
                second=timing.wall(at, second.zone) if second else None,
                title=words,
                detail=item.who,
                minutes=item.minutes,
            )
        )
        at += timedelta(minutes=item.minutes)
    return found


def _source(title: Mapping[str, str], session: Session) -> str:
    """Return a title in the language it was written in, in translation where a format gave it."""
    text = title.get(session.consultation.language) or next(iter(title.values()), "")
    if number := re.search(r"\d+", text):  # "Round 2" is translated as "Round %(number)s"
        known = f"{text[: number.start()]}%(number)s{text[number.end() :]}"
        words = _(known)
        return words.replace("%(number)s", number[0]) if words != known else text
    return _(text) if text else ""
