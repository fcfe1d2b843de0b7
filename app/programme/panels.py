"""What the programme shows on pages made of many features: rows, days, states, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clocks as two_clocks
from app.core import daystrip, languages, timing
from app.core.capacity import Places
from app.core.clocks import Clock, Clocks
from app.core.daystrip import Strip
from app.core.refusals import Invalid
from app.core.vocabulary import Mode, SessionStatus
from app.programme.models import Change, Session
from app.web import filters

CHANGED_FOR = timedelta(days=14)
MANY = 8  # above it one strip a day, and rows of one line
PlacesBySession = Mapping[int, Mapping[Mode, Places]]


@dataclass(frozen=True)
class Reader:
    """Who a page is for, as far as its address says, and when; ``cities`` name the zones."""

    at: datetime
    language: str
    zone: str | None
    cities: Mapping[str, str]

    @property
    def rtl(self) -> bool:
        """Whether the page runs from right to left."""
        return languages.nearest(self.language).direction == "rtl"


@dataclass(frozen=True)
class PlacesRow:
    """How many places one mode of a session has left (`places` of _parts.html)."""

    mode: str
    places: Places
    waiting_list: bool
    written: bool


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


# --- When -------------------------------------------------------------------------------------


def cities(sessions: Sequence[Session]) -> dict[str, str]:
    """Return a city for each zone of a programme: that of a venue there, else the zone's own.

    An online session in Europe/Zurich is then "Geneva" where the others meet in Geneva.
    """
    found: dict[str, str] = {}
    for session in sessions:
        if Mode.ON_SITE in session.modes and (city := (session.venue or {}).get("city")):
            found.setdefault(session.timezone, city)
    return found


def city(session: Session, reader: Reader) -> str:
    """Return the city a session's times are named after."""
    own = (session.venue or {}).get("city") if Mode.ON_SITE in session.modes else None
    zone = session.timezone
    return own or reader.cities.get(zone) or filters.city(zone)


def clocks(session: Session, reader: Reader) -> Clocks:
    """Return the two clocks of a session; of one over 24 hours its closing time counts."""
    return two_clocks.clocks(
        session.starts_at,
        session.ends_at,
        session.timezone,
        city(session, reader),
        reader.zone,
        deadline=session.is_long,
    )


def second_zone(session: Session, reader: Reader) -> str | None:
    """Return the zone of the strip's second row; ``None`` where the reader's day is the venue's."""
    other = reader.zone or "UTC"
    same = timing.utc_offset(session.starts_at, other) == timing.utc_offset(
        session.starts_at, session.timezone
    )
    return None if same and reader.zone else other


def strip(session: Session, reader: Reader) -> Strip:
    """Return the day strip of a session."""
    return daystrip.day_strip(
        session.starts_at,
        session.ends_at,
        session.timezone,
        None if clocks(session, reader).same else reader.zone or "UTC",
        deadline=session.is_long,
        rtl=reader.rtl,
    )


def moment(at: datetime, session: Session, reader: Reader) -> str:
    """Return an instant in words, on the venue's clocks and on the reader's, each with its date."""
    venue = timing.wall(at, session.timezone)
    letters = timing.abbreviation(at, session.timezone)
    words = _(
        "%(day)s, %(time)s %(city)s (%(zone)s)",
        day=filters.day(venue),
        time=filters.hhmm(venue),
        city=city(session, reader),
        zone=letters,
    )
    if not reader.zone:
        return words
    yours = timing.wall(at, reader.zone)
    if yours == venue:
        return words
    day, time = filters.day(yours), filters.hhmm(yours)
    return words + " · " + _("%(day)s, %(time)s your time", day=day, time=time)


def clocks_before(session: Session, changes: Sequence[Change], reader: Reader) -> Clocks | None:
    """Return the clocks before the changes of the last fortnight; ``None`` if they are the same.

    ``changes`` are the newest first; each says only what it changed, so they are undone in turn.
    """
    wall = {"starts": session.starts, "ends": session.ends, "timezone": session.timezone}
    for change in changes:
        if is_recent(change, session, reader):
            before = change.before or {}
            wall |= {name: before[name] for name in wall if name in before}
    starts, ends = (as_wall(wall[name]) for name in ("starts", "ends"))
    zone = str(wall["timezone"])
    if (starts, ends, zone) == (session.starts, session.ends, session.timezone):
        return None
    try:
        period = timing.instant(starts, zone, fold=0), timing.instant(ends, zone, fold=0)
    except Invalid:
        return None
    return two_clocks.clocks(
        *period, zone, city(session, reader), reader.zone, deadline=session.is_long
    )


def as_wall(value: Any) -> datetime:
    """Return a wall clock from a row or from the text a change keeps."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def is_recent(change: Change, session: Session, reader: Reader) -> bool:
    """Whether a change of this session is still news."""
    return (
        change.session_id == session.id
        and change.kind == "changed"
        and reader.at < change.at + CHANGED_FOR
    )


# --- What it is, how it stands ----------------------------------------------------------------


def facts(session: Session) -> list[str]:
    """Return what stands after the format's name: how one takes part, in which languages."""
    if session.kind.written:
        how = _("in writing")
    elif session.is_hybrid:
        how = _("on site and online")
    else:
        how = _("on site") if Mode.ON_SITE in session.modes else _("online")
    return [how, spoken(session)]


def spoken(session: Session) -> str:
    """Return the languages of a session in words: their names, or how many there are."""
    if len(session.languages) > 3:
        return ngettext("%(num)s language", "%(num)s languages", len(session.languages))
    return filters.listed(filters.language(code) for code in session.languages)


def has_date(session: Session) -> bool:
    """Whether its date is settled."""
    return "date" not in session.to_be_announced


def has_venue(session: Session) -> bool:
    """Whether its place is settled, and known."""
    unsettled = {"venue", "place"} & set(session.to_be_announced)
    return bool(session.venue) and not unsettled and Mode.ON_SITE in session.modes


def standing(
    session: Session, reader: Reader, was: Clocks | None, changes: Sequence[Change] = ()
) -> tuple[str, str]:
    """Return how a session stands: a status of `tag` in _parts.html, and its words if special."""
    status, at = session.status, reader.at
    if status in (SessionStatus.CANCELLED, SessionStatus.DRAFT):
        return str(status), ""
    if status == SessionStatus.POSTPONED:
        return "postponed", _("Postponed: the new date will be announced")
    if not has_date(session):
        return "attention", _("Date to be announced")
    if status == SessionStatus.CLOSED or at >= session.ends_at:
        return "done", _("Ended")
    if at >= session.starts_at:
        return live(session, reader)
    if was is not None:
        return "changed", _("Changed: another time")
    if any(is_recent(c, session, reader) and "venue" in (c.before or {}) for c in changes):
        return "changed", _("Changed: another place")
    return "", ""


def live(session: Session, reader: Reader) -> tuple[str, str]:
    """Return the words of a session that goes on now."""
    if session.is_long:
        return "open", _("Open now")
    both = clocks(session, reader)
    ends = filters.hhmm(both.venue.ends)
    if both.you is None or both.same:
        return "live", _("Live now, until %(time)s %(city)s", time=ends, city=both.venue.city)
    return "live", _(
        "Live now, until %(time)s %(city)s (%(yours)s your time)",
        time=ends,
        city=both.venue.city,
        yours=filters.hhmm(both.you.ends),
    )


def open_modes(session: Session, reader: Reader) -> list[Mode]:
    """Return the modes one can register for now."""
    return [mode for mode in session.modes if session.takes_registrations(mode, at=reader.at)]


def places_rows(session: Session, places: Mapping[Mode, Places], reader: Reader) -> list[PlacesRow]:
    """Return the places of the modes that are open, or of all while none is open yet."""
    if reader.at >= session.ends_at or session.status != SessionStatus.PUBLISHED:
        return []
    modes = open_modes(session, reader) or session.modes
    return [
        PlacesRow(mode.value, places[mode], session.waiting_list, session.kind.written)
        for mode in modes
        if mode in places
    ]


def action(
    session: Session, places: Mapping[Mode, Places], reader: Reader, url: str
) -> tuple[str, str, str] | None:
    """Return the row's one button: (kind, label, target or, for ``not_yet``, when)."""
    if session.status != SessionStatus.PUBLISHED or reader.at >= session.ends_at:
        return None
    label = _("Take part in writing") if session.kind.written else _("Register")
    modes = open_modes(session, reader)
    if modes:
        lost = not session.waiting_list and all(places[m].is_full for m in modes if m in places)
        return None if lost else ("", label, url)
    opens_at = session.registration_opens_at
    if opens_at is not None and reader.at < opens_at:
        return "not_yet", label, _("opens %(when)s", when=moment(opens_at, session, reader))
    if session.consultation.status != "published":
        return None
    return "not_yet", label, _("Registration is closed.")


# --- Rows and days ----------------------------------------------------------------------------


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


# --- Agenda -----------------------------------------------------------------------------------


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
    return _(text) if text else ""
