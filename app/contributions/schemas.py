"""The shape of contributions as JSON, in and out; names only as `core.attribution` lets them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.contributions.models import Answer, Contribution
from app.contributions.operations import Given, Sent
from app.core import answers, people, sheets, timing
from app.core.answers import Disposition
from app.core.attribution import Attribution
from app.core.contributions import ON_BEHALF, REASON, TEXT, TITLE, Decision, Stance
from app.web import shapes
from app.web.shapes import Input

WITHDRAWN = "[withdrawn]"
Chosen = Annotated[str, *shapes.one_of(tuple(Attribution), "invalid_attribution")]
Number = Annotated[int, Field(ge=0, le=10_000, description="A guiding question's, from 1")]
TextIn = Annotated[str, *shapes.text(TEXT, lines=True)]


class AuthorIn(Input):
    """Somebody for whom staff enter something, and of whom no participant is known."""

    name: Annotated[str, *shapes.text(people.LONGEST["name"], empty=True)] = ""
    organisation: Annotated[str, *shapes.text(people.LONGEST["organisation"], empty=True)] = ""
    country: shapes.Country | None = None
    stakeholder_group: Annotated[Any, *shapes.by(people.stakeholder_group, shapes.STRING)] = None


class ContributionNew(Input):
    """A card or something in writing.

    With a token, ``source`` says that staff enter it for somebody: from paper, a mail or a post;
    then the participant may be left out for ``author``.
    """

    participant: Annotated[str, *shapes.text(60)] | None = None
    text: TextIn
    guiding_question: Number | None = None
    attribution: Chosen = Attribution.ANONYMOUS.value
    language: shapes.Language | None = None
    source: Annotated[str, *shapes.one_of(ON_BEHALF, "invalid_source")] | None = None
    source_url: shapes.Url | None = None
    author: AuthorIn | None = None

    def sent(self) -> Sent:
        """Return what was written."""
        return Sent(
            text=self.text,
            title=getattr(self, "title", None) or "",
            guiding_question=self.guiding_question,
            attribution=self.attribution,
            language=self.language,
        )


class TitledNew(ContributionNew):
    """An idea or a question."""

    title: Annotated[str, *shapes.text(TITLE, empty=True)] | None = None


class CommentNew(Input):
    """A comment; without a stance it is neutral."""

    participant: Annotated[str, *shapes.text(60)] | None = None
    stance: Annotated[str, *shapes.one_of(tuple(Stance), "invalid_stance")] = Stance.NEUTRAL.value
    text: TextIn
    attribution: Chosen = Attribution.ANONYMOUS.value
    language: shapes.Language | None = None


class SupportNew(Input):
    """Who supports it."""

    participant: Annotated[str, *shapes.text(60)] | None = None


class ReportNew(Input):
    """What is wrong with it."""

    reason: Annotated[str, *shapes.text(REASON, lines=True)]


class ModerationIn(Input):
    """A decision; a rejection names the number of a public rule."""

    decision: Annotated[str, *shapes.one_of(tuple(Decision), "invalid_decision")]
    rule: int | None = None
    reason: Annotated[str, *shapes.text(REASON, lines=True, empty=True)] | None = None


class AnswerIn(Input):
    """What became of a contribution. ``publish`` left out changes nothing about who reads it."""

    disposition: Annotated[str, *shapes.one_of(tuple(Disposition), "invalid_disposition")]
    statement: Annotated[str, *shapes.text(12)] | None = None
    text: Annotated[Any, *shapes.localised(answers.TEXT, lines=True)] | None = None
    publish: bool | None = None

    def given(self, language: str) -> Given:
        """Return the answer; a bare text is in ``language``, the consultation's first."""
        text = shapes.spoken(self.text, language) or {}
        return Given(self.disposition, self.statement, text, self.publish)


class AnswerToIn(AnswerIn):
    """An answer among several: to which contribution."""

    reference: Annotated[str, *shapes.text(40)]


class AnswersIn(Input):
    """Several answers: all are kept, or none."""

    items: Annotated[list[AnswerToIn], Field(min_length=1, max_length=answers.MOST)]


class AnswerOut(BaseModel):
    """An answer; `told_at` is when its author was told of it."""

    reference: str
    disposition: str
    statement: str | None
    text: str | dict[str, str] | None
    published: bool
    published_at: str | None
    told_at: str | None


class AnswersOut(BaseModel):
    """Several answers, as they are now."""

    items: list[AnswerOut]


def answered(answer: Answer) -> dict[str, Any]:
    """Return an answer as staff read it."""
    said = answer.contribution
    return {
        "reference": said.reference,
        "disposition": answer.disposition,
        "statement": answer.statement,
        "text": shapes.plain(answer.text, said.consultation.language) or None,
        "published": answer.is_published,
        "published_at": instant(answer.published_at),
        "told_at": instant(answer.told_at),
    }


def instant(at: datetime | None) -> str | None:
    """Return an instant as answers have it."""
    return timing.isoformat_z(at) if at else None


class MadeOut(BaseModel):
    """What was made: its reference, and whether it waits for a moderator (`submitted`)."""

    reference: str
    status: str


class AuthorOut(BaseModel):
    """What may be said of its author: nothing beyond choice and session."""

    name: str | None
    organisation: str | None
    stakeholder_group: str | None
    country: str | None


class ContributionOut(BaseModel):
    """A contribution as it is answered; of a withdrawn one reference, kind, date and status stay.

    `supports` is null before the close for everybody but staff; `in_reply_to` is a reference.
    """

    reference: str
    kind: str
    session: str
    status: str
    date: str
    language: str | None
    guiding_question: int | None
    attribution: str | None
    author: AuthorOut | None
    source: str | None
    source_url: str | None
    title: str | None
    text: str | None
    in_reply_to: str | None
    stance: str | None
    tag: str | None
    comments: int
    supports: int | None


def shown(contribution: Contribution, supports: int | None) -> dict[str, Any]:
    """Return ``contribution`` as it is answered, to anybody."""
    kept = not contribution.is_withdrawn
    parent = contribution.parent
    return {
        "reference": contribution.reference,
        "kind": contribution.kind,
        "session": contribution.session.slug,
        "status": contribution.status,
        "date": date_of(contribution),
        "language": contribution.language if kept else None,
        "guiding_question": contribution.guiding_question if kept else None,
        "attribution": contribution.shown_author.attribution.value if kept else None,
        "author": contribution.shown_author.as_json() if kept else None,
        "source": contribution.source if kept else None,
        "source_url": contribution.shown_source_url if kept else None,
        "title": (contribution.title or None) if kept else None,
        "text": contribution.text if kept else WITHDRAWN,
        "in_reply_to": parent.reference if parent else None,
        "stance": contribution.stance if kept else None,
        "tag": contribution.tag if kept else None,
        "comments": contribution.comments,
        "supports": supports,
    }


def date_of(contribution: Contribution) -> str:
    """Return the day on which it was sent, where the session is: a time of day tells too much."""
    return timing.wall(contribution.sent_at, contribution.session.timezone).date().isoformat()


COLUMNS = (
    "reference", "kind", "session", "status", "date", "language", "guiding_question",
    "attribution", "name", "organisation", "stakeholder_group", "country", "source",
    "source_url", "title", "text", "in_reply_to", "stance", "tag", "comments", "supports",
)  # fmt: skip


def csv_text(items: Iterable[dict[str, Any]], *, bom: bool) -> str:
    """Return answers (`shown`) as CSV, one row a contribution; ``bom`` for people who open it."""
    rows = ([(item | (item["author"] or {})).get(name) for name in COLUMNS] for item in items)
    return sheets.csv_text(COLUMNS, rows, bom=bom)
