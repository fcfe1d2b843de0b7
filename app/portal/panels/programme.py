"""The programme's parts that need several features: rows with places, choosers, notices, feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from flask import url_for
from flask_babel import gettext as _

from app import clock, formats
from app.consultations.models import Consultation
from app.core import timing
from app.core.vocabulary import Mode
from app.portal import queries
from app.programme import panels as programme
from app.programme.models import Session
from app.registration import queries as registrations
from app.web import filters, subscribe, urls, viewer

SAMPLES = 8  # at how many of the programme's dates the chooser asks a zone for its offset


def reader(sessions: Sequence[Session]) -> programme.Reader:
    """Return who reads this page."""
    return programme.Reader(
        at=clock.now(),
        language=viewer.language(),
        zone=viewer.zone(),
        cities=programme.cities(sessions),
    )


def rows(
    consultation: Consultation,
    sessions: Sequence[Session],
    reader: programme.Reader,
    *,
    with_strip: bool = True,
    preview: str = "",
) -> list[programme.Row]:
    """Return the rows of ``sessions`` with their places, whatever their number in few statements.

    ``preview`` is the secret of a preview, whose links stay in it.
    """
    places = registrations.places_of(sessions)
    changes = queries.news(consultation.id, at=reader.at)
    return [
        programme.row(
            session,
            reader,
            url=session_url(session, preview),
            register_url=url_for(
                "registration.register", consultation=consultation.slug, session=session.slug
            ),
            places=places[session.id],
            changes=changes.get(session.id, ()),
            with_strip=with_strip,
        )
        for session in sessions
    ]


def session_url(session: Session, preview: str = "") -> str:
    """Return the address of a session's page, or of its preview."""
    slug = session.consultation.slug
    if preview:
        return url_for(
            "portal.preview_session", consultation=slug, token=preview, session=session.slug
        )
    return url_for("portal.session", consultation=slug, session=session.slug)


# --- Choosers ---------------------------------------------------------------------------------


def filter_bar(
    sessions: Sequence[Session], wanted: Mapping[str, str], reader: programme.Reader
) -> dict:
    """Return what `filter_bar` of _parts.html asks for: zones and filters that find something."""
    query = urls.carried()
    kept = {name: query.get(name, "") for name in ("tz", "lang")}
    return {
        "zones": zone_options(sessions, reader),
        "filters": filter_options(sessions, wanted) if len(sessions) > 1 else [],
        "active": bool(wanted),
        "keep_zone": [("lang", kept["lang"]), *wanted.items()],
        "keep_filters": list(kept.items()),
    }


def filter_options(sessions: Sequence[Session], wanted: Mapping[str, str]) -> list:
    """Return the three filters with what this programme has, each with "All" first."""
    keys = {session.format for session in sessions}
    modes = {mode for session in sessions for mode in session.modes}
    spoken = sorted({code for session in sessions for code in session.languages})
    names = {Mode.ON_SITE: _("On site"), Mode.ONLINE: _("Online")}
    offered = {
        "format": [(k, _(each.name)) for k, each in formats.every().items() if k in keys],
        "mode": [(mode.value, name) for mode, name in names.items() if mode in modes],
        "language": [(code, filters.language(code)) for code in spoken],
    }
    labels = {"format": _("Format"), "mode": _("Take part"), "language": _("Language")}
    found = []
    for name, options in offered.items():
        chosen = wanted.get(name, "")
        everything = ("", _("All"), not chosen)
        rest = [(value, words, value == chosen) for value, words in options]
        found.append((name, labels[name], [("", [everything, *rest])]))
    return found


def zone_options(sessions: Sequence[Session], reader: programme.Reader) -> list:
    """Return the zones to choose from, with their offsets at the programme's own dates."""
    instants = counted(sessions)
    own = sorted({session.timezone for session in sessions} | {"UTC"})
    if reader.zone and reader.zone not in own and reader.zone not in timing.zones():
        own.append(reader.zone)  # a zone that is right but that nobody is offered: Etc/GMT+5
    chosen = reader.zone or ""
    first = [("", _("Not chosen: venue and UTC"), not chosen)]
    here = [
        (zone, zone_words(zone, instants, reader.cities.get(zone)), zone == chosen) for zone in own
    ]
    groups = [("", [*first, *here])]
    for region, offered in zone_groups(instants, str(filters.locale())):
        options = [(zone, words, zone == chosen) for zone, words in offered if zone not in own]
        groups.append((region_words(region), options))
    return groups


def counted(sessions: Sequence[Session]) -> tuple[datetime, ...]:
    """Return instants that stand for the programme's dates: all, or evenly chosen ones."""
    found = sorted({s.ends_at if s.is_long else s.starts_at for s in sessions})
    if len(found) <= SAMPLES:
        return tuple(found)
    step = (len(found) - 1) / (SAMPLES - 1)
    return tuple(found[round(step * n)] for n in range(SAMPLES))


@lru_cache(maxsize=64)
def zone_groups(
    instants: tuple[datetime, ...], _locale: str
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the zones by region, in words of the language being written now (``_locale``)."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in timing.zones():
        if "/" in zone:
            region = zone.split("/", 1)[0]
            regions.setdefault(region, []).append((zone, zone_words(zone, instants)))
    return tuple(
        (region, tuple(sorted(found, key=lambda pair: pair[1].casefold())))
        for region, found in sorted(regions.items())
    )


def zone_words(zone: str, instants: tuple[datetime, ...], city: str | None = None) -> str:
    """Return "New York (UTC−4)", or "(UTC−4, UTC−5)" where the programme meets both."""
    offsets = dict.fromkeys(
        timing.offset_label(timing.utc_offset(instant, zone)) for instant in instants
    )
    name = city or filters.city(zone)
    both = filters.listed(offsets)
    return name if both in ("", name) else f"{name} ({both})"


def region_words(region: str) -> str:
    """Return a region of the zone database in words."""
    return {
        "Africa": _("Africa"),
        "America": _("America"),
        "Antarctica": _("Antarctica"),
        "Arctic": _("Arctic"),
        "Asia": _("Asia"),
        "Atlantic": _("Atlantic"),
        "Australia": _("Australia"),
        "Europe": _("Europe"),
        "Indian": _("Indian Ocean"),
        "Pacific": _("Pacific"),
    }.get(region, region)


# --- Notices, feed ----------------------------------------------------------------------------


def notices(sessions: Sequence[Session], reader: programme.Reader) -> list[str]:
    """Say where clocks change between the sessions shown, and where they do not.

    A change during a session is that row's own notice and not said again here.
    """
    dated = [each for each in sessions if programme.has_date(each)]
    zones = {each.timezone: programme.city(each, reader) for each in dated}
    if reader.zone:
        zones.setdefault(reader.zone, filters.city(reader.zone))
    if not dated or len(zones) < 2:
        return []
    first = min(each.starts_at for each in dated)
    last = max(each.ends_at for each in dated)
    found: dict[str, list[str]] = {}
    for zone, city in zones.items():
        for at, by in timing.changes(first, last, zone):
            if not any(covers(session, at, zone, reader) for session in dated):
                day = filters.day(timing.wall(at, zone) - by)
                found.setdefault(day, []).append(city)
    return [notice(day, cities, list(zones.values())) for day, cities in found.items()]


def covers(session: Session, at: datetime, zone: str, reader: programme.Reader) -> bool:
    """Whether a session's own row says that ``zone`` changes its clocks at ``at``."""
    return session.starts_at < at <= session.ends_at and zone in (session.timezone, reader.zone)


def notice(day: str, changing: list[str], everywhere: list[str]) -> str:
    """Return one sentence about a change of clocks on ``day``."""
    steady = [city for city in everywhere if city not in changing]
    if not steady:
        return _(
            "The clocks change in %(cities)s on %(day)s. Each time shown is the one in force then.",
            cities=filters.listed(changing),
            day=day,
        )
    return _(
        "The clocks change in %(cities)s on %(day)s, but not in %(others)s. "
        "Each time shown is the one in force then.",
        cities=filters.listed(changing),
        others=filters.listed(steady),
        day=day,
    )


def calendar(consultation: Consultation) -> dict:
    """Return the ways to subscribe to the programme under the filters of this page."""
    query = urls.carried()
    values = {name: query[name] for name in (*queries.FILTERS, "lang") if query.get(name)}
    feed = urls.external("feeds.consultation", consultation=consultation.slug, **values)
    name = consultation.words("title", viewer.language())
    return {"urls": subscribe.addresses(feed, name=name), "qr": subscribe.qr(feed)}
