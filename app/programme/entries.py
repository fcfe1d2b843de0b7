"""Sessions in RFC 5545's words: the entry everybody may read, and what every other is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import languages, timing
from app.core.ical.entry import Conference, Entry
from app.core.vocabulary import Mode, SessionStatus
from app.programme.models import Session
from app.web import filters

LONGEST_ABSTRACT = 2000
UNSETTLED_TIME = {"date", "time"}
UNSETTLED_PLACE = {"venue", "place"}
CATEGORY = {Mode.ON_SITE: "In person", Mode.ONLINE: "Online"}  # stable: filters rely on them


@dataclass(frozen=True)
class Poster:
    """What is promised of a session: as it stands, or as the public last saw it."""

    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one reader's entry says beyond the session: theirs alone, or everybody's.

    ``modes`` are those the reader takes part in; ``joining`` are lines on how to; ``mark`` goes
    round the title (``%(title)s``); ``site`` is the public address of the house. Whoever
    ``sees_drafts`` sees a withdrawn session as its draft.
    """

    site: str
    modes: tuple[Mode, ...]
    joining: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    mark: str = ""
    gone: bool = False
    tentative: bool = False
    busy: bool = False
    location: str = ""
    klass: Literal["PUBLIC", "PRIVATE"] = "PUBLIC"
    conferences: tuple[Conference, ...] = field(default=())
    sequence: int | None = None
    changed_at: datetime | None = None
    sees_drafts: bool = False

    def sees_tombstone(self, session: Session) -> bool:
        """Whether this reader is told no more than that it was withdrawn."""
        return is_withdrawn(session) and not self.sees_drafts


def entry_for(
    session: Session,
    language: str,
    *,
    site: str | None = None,
    busy: bool = False,
    moved_from: Mapping[str, Any] | None = None,
) -> Entry:
    """Return the entry everybody may read; a session withdrawn since is a cancelled one.

    ``busy`` takes the reader's time (the feed of one session); the programme's does not.
    ``moved_from`` are the wall clock and zone before the last move (`Change.before`).
    """
    site = site or current_app.config["SITE_URL"]
    with speaking(language):
        share = Share(
            site=site,
            modes=session.modes,
            joining=how_to_join(session, site),
            notices=notices(session, language, moved_from),
            gone=is_gone(session),
            tentative=is_tentative(session),
            busy=busy,
        )
        return compose(session, language, share)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write in ``language``, whoever asks."""
    with force_locale(languages.nearest(language).locale):
        yield


def compose(session: Session, language: str, share: Share) -> Entry:
    """Return the entry of ``session`` for the reader ``share`` describes."""
    poster = poster_of(session, language, sees_drafts=share.sees_drafts)
    page = page_url(session, share.site)
    changed_at = max(poster.changed_at, share.changed_at or poster.changed_at)
    held = not share.gone and not share.sees_tombstone(session)
    conferences = share.conferences if held else ()
    return Entry(
        uid=session.uid,
        created=session.created_at,
        last_modified=changed_at,
        sequence=poster.sequence if share.sequence is None else share.sequence,
        dtstart=poster.starts_at,
        dtend=poster.ends_at,
        tzid=poster.timezone,
        summary=summary(poster.title, share),
        url=page,
        description=description(session, language, poster, share, page),
        location=(share.location or location(session, share.modes)) if held else "",
        geo=geo(session, share.modes) if held else None,
        conferences=conferences,
        categories=categories(session),
        status=status(share),
        transp="OPAQUE" if takes_time(session, share) else "TRANSPARENT",
        klass=share.klass,
        color=session.kind.color,
    )


# --- How it stands ----------------------------------------------------------------------------


def is_withdrawn(session: Session) -> bool:
    """Whether the public saw it once and does not any more."""
    return session.status == SessionStatus.DRAFT and session.last_public is not None


def is_gone(session: Session) -> bool:
    """Whether calendars must strike it through."""
    return session.status == SessionStatus.CANCELLED or is_withdrawn(session)


def is_tentative(session: Session) -> bool:
    """Whether its time or place is not settled."""
    return session.status in (SessionStatus.POSTPONED, SessionStatus.DRAFT) or bool(
        session.to_be_announced
    )


def poster_of(session: Session, language: str, *, sees_drafts: bool = False) -> Poster:
    """Return what is promised; of a withdrawn session what was, never what the draft says now."""
    if is_withdrawn(session) and not sees_drafts:
        last = session.last_public or {}
        first = session.consultation.language
        title = last["title"]
        return Poster(
            title=title.get(language) or title.get(first) or next(iter(title.values()), ""),
            starts_at=datetime.fromisoformat(last["starts_at"]),
            ends_at=datetime.fromisoformat(last["ends_at"]),
            timezone=last["timezone"],
            sequence=last["sequence"],
            changed_at=datetime.fromisoformat(last["changed_at"]),
        )
    return Poster(
        title=session.words("title", language),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        timezone=session.timezone,
        sequence=session.sequence,
        changed_at=session.changed_at,
    )


def status(share: Share) -> Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]:
    """Return STATUS: what is gone is gone, whatever else is open."""
    if share.gone:
        return "CANCELLED"
    return "TENTATIVE" if share.tentative else "CONFIRMED"


def takes_time(session: Session, share: Share) -> bool:
    """Whether the reader is busy meanwhile; nobody is for days."""
    return share.busy and not share.gone and not session.is_long


def summary(title: str, share: Share) -> str:
    """Return the title; what is cancelled says so, for clients that show nothing else."""
    if share.gone:
        return _("CANCELLED: %(title)s", title=title)
    return share.mark % {"title": title} if share.mark else title


# --- What it says -----------------------------------------------------------------------------


def notices(
    session: Session, language: str, moved_from: Mapping[str, Any] | None = None
) -> tuple[str, ...]:
    """Return the lines on top: cancelled, postponed, moved, not settled yet."""
    if is_withdrawn(session):
        return (_("This session was withdrawn from the programme."),)
    if session.status == SessionStatus.CANCELLED:
        reason = session.words("cancel_reason", language)
        return (_("This session is cancelled."), *((reason,) if reason else ()))
    unsettled = set(session.to_be_announced)
    lines = []
    if session.status == SessionStatus.POSTPONED:
        lines.append(_("This session is postponed. The new date will be announced."))
    elif unsettled & UNSETTLED_TIME:
        lines.append(_("Date and time are not settled yet."))
    elif moved_from and moved_from.get("starts"):
        lines.append(moved(session, moved_from))
    if unsettled & UNSETTLED_PLACE:
        lines.append(_("The place will be announced."))
    return tuple(lines)


def moved(session: Session, before: Mapping[str, Any]) -> str:
    """Return the line that says when it was to be before it was moved."""
    starts = datetime.fromisoformat(before["starts"])
    return _(
        "Moved. Before: %(when)s, %(zone)s",
        when=filters.comma().join((filters.day_long(starts), filters.hhmm(starts))),
        zone=before.get("timezone") or session.timezone,
    )


def description(session: Session, language: str, poster: Poster, share: Share, page: str) -> str:
    """Return plain text: how it stands, both times, what it is, how to join, where, about what."""
    if share.sees_tombstone(session):
        return paragraphs(share.notices, both_times(poster), (page,))
    abstract = session.words("description", language)
    if len(abstract) > LONGEST_ABSTRACT:
        abstract = abstract[: LONGEST_ABSTRACT - 1].rstrip() + "…"
    return paragraphs(
        share.notices,
        both_times(poster),
        (facts(session),),
        () if share.gone else share.joining,
        (page,),
        (abstract,),
    )


def paragraphs(*blocks: tuple[str, ...]) -> str:
    """Return ``blocks`` of lines, a blank line between those that say something."""
    texts = ("\n".join(line for line in block if line) for block in blocks)
    return "\n\n".join(text for text in texts if text)


def both_times(poster: Poster) -> tuple[str, ...]:
    """Return the time on the clocks of the place, with zone and offset, and in UTC."""
    zone = poster.timezone
    local = period(poster, zone)
    if zone == "UTC":
        return (local,)
    return local, period(poster, "UTC")


def period(poster: Poster, zone: str) -> str:
    """Return "Tue 8 October 2013, 18:15–20:15 (Europe/Zurich, UTC+2)"; over days both dates."""
    starts, ends = timing.wall(poster.starts_at, zone), timing.wall(poster.ends_at, zone)
    begins, finishes = offset(poster.starts_at, zone), offset(poster.ends_at, zone)
    named = zone if zone == "UTC" else filters.listed((zone, begins))
    if begins != finishes:
        named = filters.listed((zone, f"{begins} → {finishes}"))
    first = filters.comma().join((filters.day_long(starts), filters.hhmm(starts)))
    if starts.date() == ends.date():
        return f"{first}–{filters.hhmm(ends)} ({named})"
    last = filters.comma().join((filters.day_long(ends), filters.hhmm(ends)))
    return f"{first} – {last} ({named})"


def offset(at: datetime, zone: str) -> str:
    """Return "UTC+2"."""
    return timing.offset_label(timing.utc_offset(at, zone))


def facts(session: Session) -> str:
    """Return format, modes and languages on one line."""
    spoken = filters.listed(filters.language(code) for code in session.languages)
    return " · ".join(word for word in (_(session.kind.name), how(session), spoken) if word)


def how(session: Session) -> str:
    """Return how one takes part in it."""
    if session.kind.written:
        return _("in writing")
    if session.is_hybrid:
        return _("on site and online")
    if Mode.ON_SITE in session.modes:
        return _("on site")
    return _("online") if session.modes else ""


def how_to_join(session: Session, site: str) -> tuple[str, ...]:
    """Return what everybody may know: where it is, and where to register."""
    where = address(session) if Mode.ON_SITE in session.modes else ""
    form = f"{site}/{session.consultation.slug}/register?session={session.slug}"
    return (
        _("On site: %(place)s", place=where) if where else "",
        _("To take part, register: %(address)s", address=form),
    )


# --- Where it is ------------------------------------------------------------------------------


def page_url(session: Session, site: str) -> str:
    """Return the address of the session's page."""
    return f"{site}/{session.consultation.slug}/{session.slug}/"


def venue(session: Session, modes: tuple[Mode, ...]) -> Mapping[str, Any]:
    """Return the venue as far as it is offered, known and settled; else nothing."""
    if Mode.ON_SITE not in modes or UNSETTLED_PLACE & set(session.to_be_announced):
        return {}
    return session.venue or {}


def location(session: Session, modes: tuple[Mode, ...]) -> str:
    """Return LOCATION: the venue first; "Online" where there is no other place."""
    place = listed(venue(session, modes), "room", "name", "city", "country")
    if Mode.ONLINE not in modes:
        return place
    return _("%(place)s + online", place=place) if place else _("Online")


def address(session: Session) -> str:
    """Return the venue with its street."""
    return listed(venue(session, session.modes), "room", "name", "address", "city", "country")


def listed(place: Mapping[str, Any], *names: str) -> str:
    """Return the named parts of a venue that are known, a country by its name."""
    parts = [str(place.get(name) or "").strip() for name in names]
    if names[-1] == "country" and parts[-1]:
        parts[-1] = filters.country(parts[-1])
    return filters.listed(dict.fromkeys(part for part in parts if part))


def geo(session: Session, modes: tuple[Mode, ...]) -> tuple[float, float] | None:
    """Return latitude and longitude of the venue, if both are known."""
    place = venue(session, modes)
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if latitude is None or longitude is None:
        return None
    return float(latitude), float(longitude)


def categories(session: Session) -> tuple[str, ...]:
    """Return format and mode under labels that no language changes."""
    if session.is_hybrid:
        return session.kind.name, "Hybrid"
    return (session.kind.name, *(CATEGORY[mode] for mode in session.modes))
