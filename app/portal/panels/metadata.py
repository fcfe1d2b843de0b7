"""What machines read in the head of a page: Open Graph, and schema.org as JSON-LD."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.consultations.models import Consultation
from app.core import languages, timing
from app.core.vocabulary import Mode, SessionStatus
from app.programme import panels as programme
from app.programme.models import Session
from app.web import urls, viewer

MODES = {
    (Mode.ON_SITE,): "Offline",
    (Mode.ONLINE,): "Online",
    (Mode.ON_SITE, Mode.ONLINE): "Mixed",
}
STATUS = {
    SessionStatus.CANCELLED.value: "EventCancelled",
    SessionStatus.POSTPONED.value: "EventPostponed",
}


@dataclass(frozen=True)
class Metadata:
    """The head of a public page; ``feed`` is the address of its calendar."""

    title: str
    description: str
    url: str
    locale: str
    site_name: str
    feed: str
    json_ld: Markup


def metadata_of_consultation(consultation: Consultation, reader: programme.Reader) -> Metadata:
    """Return the head of a programme page."""
    slug = consultation.slug
    return metadata(
        title=consultation.words("title", reader.language),
        description=consultation.words("summary", reader.language),
        url=urls.external("portal.programme", consultation=slug),
        feed=urls.external("feeds.consultation", consultation=slug),
    )


def metadata_of_session(session: Session, reader: programme.Reader) -> Metadata:
    """Return the head of a session page, with the session as a schema.org Event."""
    slugs = {"consultation": session.consultation.slug, "session": session.slug}
    url = urls.external("portal.session", **slugs)
    return metadata(
        title=session.words("title", reader.language),
        description=session.words("description", reader.language),
        url=url,
        feed=urls.external("feeds.session", **slugs),
        data=event(session, reader, url),
    )


def metadata(
    *, title: str, description: str, url: str, feed: str, data: dict[str, Any] | None = None
) -> Metadata:
    """Return the head of a page in the language it is written in."""
    return Metadata(
        title=title,
        description=" ".join(description.split())[:300],
        url=url,
        locale=languages.nearest(viewer.language()).locale,
        site_name=current_app.config["SITE_NAME"],
        feed=feed,
        json_ld=as_json(data) if data else Markup(),
    )


def as_json(data: dict[str, Any]) -> Markup:
    """Return ``data`` as JSON that cannot end the script element around it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for letter, code in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        text = text.replace(letter, code)
    return Markup(text)  # noqa: S704  (escaped just now, for where it stands)


def event(session: Session, reader: programme.Reader, url: str) -> dict[str, Any]:
    """Return a session as a schema.org Event; never the room's own address."""
    consultation = session.consultation
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": session.words("title", reader.language),
        "url": url,
        "eventStatus": f"https://schema.org/{STATUS.get(session.status, 'EventScheduled')}",
        "eventAttendanceMode": (
            f"https://schema.org/{MODES.get(session.modes, 'Mixed')}EventAttendanceMode"
        ),
        "inLanguage": list(session.languages),
        "isAccessibleForFree": True,
        "location": locations(session, url),
        "organizer": {
            "@type": "Organization",
            "name": consultation.words("convenor", reader.language)
            or consultation.controller
            or current_app.config["SITE_NAME"],
            "url": urls.external("portal.programme", consultation=consultation.slug),
        },
    }
    if programme.has_date(session):
        found["startDate"] = with_offset(session.starts_at, session.timezone)
        found["endDate"] = with_offset(session.ends_at, session.timezone)
    if description := session.words("description", reader.language):
        found["description"] = description
    return found


def with_offset(at, zone: str) -> str:
    """Return an instant as the wall clock there with its offset: 2013-10-25T09:00:00+08:00."""
    minutes = int(timing.utc_offset(at, zone).total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{timing.wall(at, zone).isoformat(timespec='seconds')}{sign}{hours:02}:{rest:02}"


def locations(session: Session, url: str) -> list[dict[str, Any]]:
    """Return the venue if it is known, and the page that leads online if one can."""
    found: list[dict[str, Any]] = []
    if programme.has_venue(session):
        venue = session.venue or {}
        address = {
            "streetAddress": venue.get("address"),
            "addressLocality": venue.get("city"),
            "addressCountry": venue.get("country"),
        }
        place: dict[str, Any] = {
            "@type": "Place",
            "name": venue.get("name") or venue.get("city"),
            "address": {
                "@type": "PostalAddress",
                **{name: value for name, value in address.items() if value},
            },
        }
        if venue.get("latitude") is not None and venue.get("longitude") is not None:
            place["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": venue["latitude"],
                "longitude": venue["longitude"],
            }
        found.append(place)
    if Mode.ONLINE in session.modes:
        found.append({"@type": "VirtualLocation", "url": url})
    return found
