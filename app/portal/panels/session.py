"""The session page's parts: where, what is good to know, until when, what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.core import agenda as agendas
from app.core.vocabulary import Mode, SessionStatus
from app.portal.panels.programme import session_url
from app.programme import panels as programme
from app.programme.models import Session
from app.web import filters, share, subscribe, urls, viewer

MAP = "https://www.openstreetmap.org"


@dataclass(frozen=True)
class Where:
    """How to get there: the venue as lines of text and a map; whether there is an online way."""

    on_site: bool
    venue: list[str]
    map_url: str
    online: bool
    written: bool


def where(session: Session, reader: programme.Reader) -> Where:
    """Return where a session takes place; never the room's own address."""
    venue = (session.venue or {}) if programme.has_venue(session) else {}
    lines = [str(venue.get(name) or "").strip() for name in ("name", "address", "city")]
    if venue.get("country"):
        lines.append(filters.country(venue["country"]))
    lines = list(dict.fromkeys(line for line in lines if line))
    return Where(
        on_site=Mode.ON_SITE in session.modes,
        venue=lines,
        map_url=map_url(venue, lines),
        online=Mode.ONLINE in session.modes,
        written=session.kind.written,
    )


def map_url(venue: dict, lines: Sequence[str]) -> str:
    """Return the place on a free map: by its position, else by its words; empty without either."""
    latitude, longitude = venue.get("latitude"), venue.get("longitude")
    if latitude is not None and longitude is not None:
        query = urlencode({"mlat": latitude, "mlon": longitude})
        return f"{MAP}/?{query}#map=17/{latitude}/{longitude}"
    return f"{MAP}/search?{urlencode({'query': ', '.join(lines)})}" if lines else ""


def good_to_know(session: Session) -> list[tuple[str, str]]:
    """Return facts about how the session is held, as (term, words)."""
    settings = session.kind.settings(session.settings)
    names = [filters.language(code) for code in session.languages]
    found = [(_("Languages"), filters.listed(names)), (_("Format"), _(session.kind.summary))]
    if "turn_seconds" in settings:
        found.append((_("Speaking"), turns(settings)))
    if "rounds" in settings:
        found.append(
            (
                _("Tables"),
                _(
                    "%(rounds)s rounds of %(minutes)s minutes, about %(people)s people at a table.",
                    rounds=settings["rounds"],
                    minutes=settings["round_minutes"],
                    people=settings["table_size"],
                ),
            )
        )
    if settings.get("moderation") == "before":
        found.append((_("Moderation"), _("A moderator reads each idea before it is published.")))
    return found


def turns(settings: dict) -> str:
    """Return how long people talk, in words."""
    minutes, seconds = divmod(settings["turn_seconds"], 60)
    if seconds:
        length = _("%(seconds)s seconds a turn", seconds=settings["turn_seconds"])
    else:
        length = _("%(minutes)s min a turn", minutes=minutes)
    if settings.get("follow_up"):
        return _("%(length)s, then one follow-up. Room and online speak in turn.", length=length)
    return _("%(length)s. Room and online speak in turn.", length=length)


def window(session: Session, reader: programme.Reader) -> list[str]:
    """Return until when one can register, in words; one sentence where all modes close alike."""
    if not programme.open_modes(session, reader):
        return []
    closes = {m: session.registration_closes_at(m) for m in programme.open_modes(session, reader)}
    if len(set(closes.values())) == 1:
        at = next(iter(closes.values()))
        if at == session.starts_at:
            return [_("Registration closes when it starts.")]
        if at == session.ends_at:
            return [_("Registration is open until it ends.")]
        return [_("Registration closes on %(when)s.", when=programme.moment(at, session, reader))]
    return [_("Registration for the room closes when it starts, online when it ends.")]


def nearby(
    session: Session, sessions: Sequence[Session], reader: programme.Reader, preview: str = ""
) -> list[tuple[str, str, str, str]]:
    """Return what comes before, after and at the same time, as (how, title, when, address)."""
    gone = (SessionStatus.CANCELLED, SessionStatus.POSTPONED)
    dated = [s for s in sessions if programme.has_date(s)]
    if session not in dated:
        return []
    place = dated.index(session)
    others = [s for s in dated if s.status not in gone or s is session]
    before = [s for s in dated[:place] if s in others]
    after = [s for s in dated[place + 1 :] if s in others]
    parallel = [s for s in others if s is not session and agendas.clash(s.period, session.period)]
    found = [(_("At the same time"), each) for each in parallel]
    if earlier := [s for s in before if s not in parallel]:
        found.append((_("Before"), earlier[-1]))
    if later := [s for s in after if s not in parallel]:
        found.append((_("After"), later[0]))
    return [
        (
            how,
            each.words("title", reader.language),
            programme.moment(each.starts_at, each, reader),
            session_url(each, preview),
        )
        for how, each in found
    ]


def session_calendar(session: Session) -> dict:
    """Return the ways to put a session into a calendar, its own file among them."""
    slugs = {"consultation": session.consultation.slug, "session": session.slug}
    asked = urls.carried().get("lang")
    feed = urls.external("feeds.session", **slugs, lang=asked)
    name = session.words("title", viewer.language())
    return {"urls": subscribe.addresses(feed, name=name, file=feed), "qr": subscribe.qr(feed)}


def shared_session(session: Session, reader: programme.Reader) -> share.Share:
    """Return how a session's page is passed on."""
    slugs = {"consultation": session.consultation.slug, "session": session.slug}
    return share.of_page(
        urls.external("portal.session", **slugs),
        session.words("title", reader.language),
        session.consultation.hashtag,
    )
