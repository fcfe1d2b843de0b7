"""The shape of consultations as JSON, in and out."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.consultations.models import Consultation
from app.core import texts, timing
from app.core.vocabulary import ConsultationStatus
from app.web import shapes
from app.web.shapes import Input

LOCALIZED = ("title", "summary", "receiving_body", "scope_note", "convenor", "purpose")
Status = Annotated[str, *shapes.one_of(("draft", "published"), "invalid_status")]
Prefix = Annotated[str, *shapes.text(40)]
AnyStatus = Annotated[str, *shapes.one_of(tuple(ConsultationStatus), "invalid_status")]


def hashtag_of(value: Any) -> str:
    """Return a hashtag without its sign. Raises `Invalid`."""
    return texts.hashtag(value if isinstance(value, str) else "")


Hashtag = Annotated[str, *shapes.by(hashtag_of, shapes.STRING | {"examples": ["OpenTalks"]})]


class Question(Input):
    """A guiding question; they are numbered from 1 in their order."""

    text: shapes.Text


class ConsultationNew(Input):
    """A consultation to be made."""

    slug: shapes.Slug
    title: shapes.Title
    summary: shapes.Text | None = None
    timezone: shapes.Zone
    languages: shapes.Languages = Field(default=["en"])
    guiding_questions: list[Question] = Field(default=[], max_length=20)
    receiving_body: shapes.Title | None = None
    scope_note: shapes.Text | None = None
    convenor: shapes.Title | None = None
    document_deadline: shapes.Date | None = None
    contact_email: shapes.Email | None = None
    hashtag: Hashtag | None = None
    controller: shapes.Line | None = None
    purpose: shapes.Text | None = None
    prefix: Prefix | None = None
    status: Status = "draft"


ConsultationChange = shapes.partial(
    ConsultationNew,
    "ConsultationChange",
    status=(AnyStatus, Field(default=shapes.LEFT_OUT)),
    prefix=(Prefix, Field(default=shapes.LEFT_OUT)),
    revision=(shapes.Revision, Field(default=shapes.LEFT_OUT)),
)


class ConsultationImport(ConsultationNew):
    """The consultation of a programme file, which may have any status."""

    status: AnyStatus = "draft"


class ConsultationOut(BaseModel):
    """A consultation as it is answered; texts are strings where only the first language exists."""

    slug: str
    title: str | dict[str, str]
    summary: str | dict[str, str] | None
    timezone: str
    languages: list[str]
    guiding_questions: list[dict[str, Any]]
    receiving_body: str | dict[str, str] | None
    scope_note: str | dict[str, str] | None
    convenor: str | dict[str, str] | None
    document_deadline: str | None
    contact_email: str | None
    hashtag: str | None
    controller: str | None
    purpose: str | dict[str, str] | None
    prefix: str
    status: str
    published_at: str | None
    changed_at: str
    revision: int


def columns(body: Input, language: str) -> dict[str, Any]:
    """Return what was named as the operations take it; plain texts are in ``language``."""
    named = body.named()
    for name in LOCALIZED:
        if name in named:
            named[name] = shapes.spoken(named[name], language)
    if "guiding_questions" in named:
        named["guiding_questions"] = [
            shapes.spoken(question["text"], language) for question in named["guiding_questions"]
        ]
    return named


def shown(consultation: Consultation) -> dict[str, Any]:
    """Return ``consultation`` as it is answered."""
    language = consultation.language

    def text(name: str) -> str | dict[str, str] | None:
        return shapes.plain(getattr(consultation, name), language)

    deadline, published = consultation.document_deadline, consultation.published_at
    return {
        "slug": consultation.slug,
        "title": text("title"),
        "summary": text("summary"),
        "timezone": consultation.timezone,
        "languages": list(consultation.languages),
        "guiding_questions": [
            {"text": shapes.plain(question.text, language)}
            for question in consultation.guiding_questions
        ],
        "receiving_body": text("receiving_body"),
        "scope_note": text("scope_note"),
        "convenor": text("convenor"),
        "document_deadline": deadline.isoformat() if deadline else None,
        "contact_email": consultation.contact_email,
        "hashtag": consultation.hashtag,
        "controller": consultation.controller,
        "purpose": text("purpose"),
        "prefix": consultation.prefix,
        "status": consultation.status,
        "published_at": timing.isoformat_z(published) if published else None,
        "changed_at": timing.isoformat_z(consultation.changed_at),
        "revision": consultation.revision,
    }
