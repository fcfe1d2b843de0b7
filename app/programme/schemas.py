"""The shape of sessions as JSON, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app import formats
from app.core import timing
from app.core.capacity import Places
from app.core.refusals import FieldError, Invalid
from app.core.vocabulary import Mode, SessionStatus
from app.programme.models import Session
from app.web import shapes
from app.web.shapes import Input

MANY = 1_000_000
Format = Annotated[
    str, *shapes.by(lambda key: formats.of(key).key, {"type": "string", "examples": ["town_hall"]})
]
Status = Annotated[str, *shapes.one_of(("draft", "published"), "invalid_status")]
Changed = Annotated[
    str,
    *shapes.one_of(
        tuple(status for status in SessionStatus if status != "cancelled"), "invalid_status"
    ),
]
AnyStatus = Annotated[str, *shapes.one_of(tuple(SessionStatus), "invalid_status")]
Keep = Annotated[str, *shapes.one_of(("wall_clock", "instant"), "invalid_keep")]
Open = Annotated[str, *shapes.one_of(("date", "place"), "invalid_value")]
Count = Annotated[int, Field(ge=0, le=MANY)]


class Venue(Input):
    """Where a session is held."""

    name: Annotated[str, *shapes.text(shapes.TITLE, empty=True)] | None = None
    address: Annotated[str, *shapes.text(1_000, lines=True, empty=True)] | None = None
    city: Annotated[str, *shapes.text(shapes.TITLE, empty=True)] | None = None
    country: shapes.Country | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None


class Capacity(Input):
    """Places by mode: absent is not offered, null unlimited, 0 that everybody waits."""

    on_site: Count | None = None
    online: Count | None = None


class Line(Input):
    """A line of the running order."""

    title: shapes.Title
    minutes: Annotated[int, Field(ge=1, le=1_440)]
    who: Annotated[str, *shapes.text(shapes.TITLE, empty=True)] | None = None


class SessionNew(Input):
    """A session to be made; times are wall clocks in its zone."""

    slug: shapes.Slug
    title: shapes.Title
    description: shapes.Text | None = None
    format: Format
    starts: shapes.Wall
    ends: shapes.Wall
    timezone: shapes.Zone
    fold: shapes.Fold | None = None
    ends_fold: shapes.Fold | None = None
    venue: Venue | None = None
    join_url: shapes.Url | None = None
    stream_url: shapes.Url | None = None
    recording_url: shapes.Url | None = None
    capacity: Capacity = Field(default=shapes.LEFT_OUT)
    waiting_list: bool = True
    languages: shapes.Languages = Field(default=shapes.LEFT_OUT)
    registration_opens: shapes.Wall | None = None
    registration_closes: shapes.Wall | None = None
    to_be_announced: Annotated[list[Open], Field(max_length=2)] = Field(default=[])
    agenda: Annotated[list[Line], Field(max_length=200)] = Field(default=shapes.LEFT_OUT)
    settings: dict[str, Any] = Field(default=shapes.LEFT_OUT)
    status: Status = "draft"


SessionChange = shapes.partial(
    SessionNew,
    "SessionChange",
    status=(Changed, Field(default=shapes.LEFT_OUT)),
    keep=(Keep, Field(default=shapes.LEFT_OUT)),
    revision=(shapes.Revision, Field(default=shapes.LEFT_OUT)),
)


class SessionImport(SessionNew):
    """A session of a programme file, which may have any status."""

    status: AnyStatus = "draft"
    cancel_reason: shapes.Text | None = None


class Cancellation(Input):
    """Why a session is called off."""

    reason: shapes.Text | None = None


class PlacesOut(BaseModel):
    """Places of one mode as displayed; null is unlimited."""

    capacity: int | None
    left: int | None
    waiting: int


class SessionOut(BaseModel):
    """A session as it is answered; `join_url` only to tokens that may see drafts."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    consultation: str
    slug: str
    title: str | dict[str, str]
    description: str | dict[str, str] | None
    format: str
    status: str
    cancel_reason: str | dict[str, str] | None
    starts: str
    ends: str
    timezone: str
    fold: int
    ends_fold: int
    starts_at: str
    ends_at: str
    to_be_announced: list[str]
    venue: dict[str, Any] | None
    join_url: str | None = None
    stream_url: str | None
    recording_url: str | None
    capacity: dict[str, int | None]
    waiting_list: bool
    places: dict[str, PlacesOut]
    languages: list[str]
    registration_opens: str | None
    registration_closes: str | None
    registration_opens_at: str | None
    registration_closes_at: dict[str, str]
    agenda: list[dict[str, Any]]
    settings: dict[str, Any]
    uid: str
    sequence: int
    revision: int
    changed_at: str


def columns(body: Input, language: str) -> dict[str, Any]:
    """Return what was named as the operations take it; plain texts are in ``language``."""
    named = body.named()
    for name in ("title", "description", "reason", "cancel_reason"):
        if name in named:
            named[name] = shapes.spoken(named[name], language)
    if named.get("venue"):
        named["venue"] = without_empty(named["venue"])
    if "agenda" in named:
        named["agenda"] = [
            line | {"title": shapes.spoken(line["title"], language)} for line in named["agenda"]
        ]
    return named


def without_empty(venue: dict[str, Any]) -> dict[str, Any] | None:
    """Return the parts of ``venue`` that say something; none of them is no venue."""
    return {name: value for name, value in venue.items() if value not in (None, "")} or None


def refuse_impossible_times(named: Mapping[str, Any]) -> None:
    """Raise `Invalid` for every wall clock of a new session that is none, all at once."""
    zone = named.get("timezone")
    if zone is None:
        return
    errors: list[FieldError] = []
    found: dict[str, datetime] = {}
    folds = {"starts": named.get("fold"), "ends": named.get("ends_fold")}
    for name in ("starts", "ends", "registration_opens", "registration_closes"):
        if named.get(name) is None:
            continue
        try:
            found[name] = timing.instant(named[name], zone, fold=folds.get(name), field=name)
        except Invalid as refusal:
            errors += refusal.errors
    if "starts" in found and "ends" in found and found["ends"] <= found["starts"]:
        errors.append(FieldError("ends", "ends_before_start", "The end must be after the start"))
    if errors:
        raise Invalid(errors=errors)


def shown(session: Session, places: Mapping[Mode, Places], *, inside: bool) -> dict[str, Any]:
    """Return ``session`` as it is answered; ``inside`` to somebody who may see drafts."""
    language = session.consultation.language

    def text(name: str) -> str | dict[str, str] | None:
        return shapes.plain(getattr(session, name), language)

    answer = {
        "consultation": session.consultation.slug,
        "slug": session.slug,
        "title": text("title"),
        "description": text("description"),
        "format": session.format,
        "status": session.status,
        "cancel_reason": text("cancel_reason"),
        **times(session),
        "to_be_announced": list(session.to_be_announced),
        "venue": session.venue if inside or Mode.ON_SITE in session.modes else None,
        "stream_url": session.stream_url,
        "recording_url": session.recording_url,
        "capacity": session.capacity,
        "waiting_list": session.waiting_list,
        "places": {
            mode.value: {
                "capacity": places[mode].capacity,
                "left": places[mode].left,
                "waiting": places[mode].ahead,
            }
            for mode in session.modes
        },
        "languages": list(session.languages),
        "agenda": [agenda_line(line, language) for line in session.agenda],
        "settings": session.kind.settings(session.settings),
        "uid": session.uid,
        "sequence": session.sequence,
        "revision": session.revision,
        "changed_at": timing.isoformat_z(session.changed_at),
    }
    return answer | ({"join_url": session.join_url} if inside else {})


def times(session: Session) -> dict[str, Any]:
    """Return the wall clocks as they were promised, and the instants they are."""
    opens_at = session.registration_opens_at or public_since(session)
    return {
        "starts": wall(session.starts),
        "ends": wall(session.ends),
        "timezone": session.timezone,
        "fold": session.fold,
        "ends_fold": session.ends_fold,
        "starts_at": timing.isoformat_z(session.starts_at),
        "ends_at": timing.isoformat_z(session.ends_at),
        "registration_opens": wall(session.registration_opens),
        "registration_closes": wall(session.registration_closes),
        "registration_opens_at": timing.isoformat_z(opens_at) if opens_at else None,
        "registration_closes_at": {
            mode.value: timing.isoformat_z(session.registration_closes_at(mode))
            for mode in session.modes
        },
    }


def public_since(session: Session) -> datetime | None:
    """Return since when everybody can see it, which is when registration opens by default."""
    both = (session.published_at, session.consultation.published_at)
    return max(both) if None not in both else None  # type: ignore[type-var]


def wall(clock: datetime | None) -> str | None:
    """Return a wall clock as it is written: seconds only where there are some."""
    if clock is None:
        return None
    return clock.isoformat(timespec="seconds" if clock.second else "minutes")


def agenda_line(line: Any, language: str) -> dict[str, Any]:
    """Return one line of the running order."""
    shown = {"title": shapes.plain(line.title, language), "minutes": line.minutes}
    return shown | ({"who": line.who} if line.who else {})
