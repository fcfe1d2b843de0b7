"""The shape of registrations as JSON, in and out."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.core import languages, links, people
from app.core.people import Details
from app.core.vocabulary import Mode, RegistrationStatus, StakeholderGroup
from app.registration.models import Registration
from app.web import shapes
from app.web.shapes import STRING, Input, by

OneMode = Annotated[str, *shapes.one_of(tuple(Mode), "invalid_mode")]
Name = Annotated[str, *by(people.name, STRING | {"minLength": 1, "maxLength": 120})]
Organisation = Annotated[str, *by(people.organisation, STRING | {"maxLength": 200})]
Country = Annotated[Any, *by(people.country, STRING | {"pattern": "^([A-Za-z]{2})?$"})]
Group = Annotated[
    Any, *by(people.stakeholder_group, STRING | {"enum": ["", *map(str, StakeholderGroup)]})
]
Spoken = Annotated[
    Any,
    *by(
        lambda value: people.known_language(value, "en"),
        STRING | {"enum": [language.code for language in languages.ALL]},
    ),
]
Zone = Annotated[Any, *by(people.zone, STRING | {"examples": ["Europe/Zurich"]})]


class Answers(Input):
    """Answers to the consultation's own questions, by the question's name."""


class RegistrationNew(Input):
    """Somebody to be registered; an empty organisation means in a personal capacity."""

    name: Name
    email: Annotated[str, *by(people.address, STRING | {"format": "email"})]
    mode: OneMode
    waits_for: OneMode | None = None
    language: Spoken | None = None
    timezone: Zone | None = None
    organisation: Organisation | None = None
    country: Country | None = None
    stakeholder_group: Group | None = None
    answers: Answers = Field(default=shapes.LEFT_OUT)


class RegistrationChange(Input):
    """Another mode, or another line to stand in."""

    mode: OneMode = Field(default=shapes.LEFT_OUT)
    waits_for: OneMode | None = None


class ParticipantOut(BaseModel):
    """The person; `ticket` is what is typed at the door."""

    id: str
    name: str
    ticket: str
    email: str | None


class RegistrationOut(BaseModel):
    """A registration as it is answered; `position` counts from 1 in the line it stands in."""

    id: str
    status: str
    mode: str
    waits_for: str | None
    position: int | None
    participant: ParticipantOut


def details(body: RegistrationNew, *, language: str) -> Details:
    """Return who is to be registered; ``language`` is the consultation's first."""
    return Details(
        name=body.name,
        email=body.email,
        organisation=body.organisation or "",
        country=body.country,
        stakeholder_group=body.stakeholder_group,
        language=body.language or languages.nearest(language).code,
        timezone=body.timezone,
    )


def shown(registration: Registration, position: int | None) -> dict[str, Any]:
    """Return ``registration`` as it is answered; ``position`` in its line, if it is in one."""
    participant = registration.participant
    return {
        "id": registration.public_id,
        "status": RegistrationStatus(registration.status).value,
        "mode": registration.mode,
        "waits_for": registration.waits_for,
        "position": position,
        "participant": {
            "id": participant.public_id,
            "name": participant.name,
            "ticket": links.shown_code(participant.ticket_code),
            "email": participant.email,
        },
    }
