"""What a session is and how it stands, in words: state, places, the one button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.capacity import Places
from app.core.clocks import Clocks
from app.core.vocabulary import Mode, SessionStatus
from app.programme.models import Change, Session
from app.programme.panels.times import Reader, clocks, is_recent, moment
from app.web import filters


@dataclass(frozen=True)
class PlacesRow:
    """How many places one mode of a session has left (`places` of _parts.html)."""

    mode: str
    places: Places
    waiting_list: bool
    written: bool


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


def mode_words(session: Session, mode: Mode) -> str:
    """Return how one takes part in ``session`` by ``mode``, in words."""
    if session.kind.written:
        return _("In writing")
    return _("On site") if mode is Mode.ON_SITE else _("Online")
