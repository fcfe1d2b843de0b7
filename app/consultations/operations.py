"""What can happen to a consultation. One function per verb, one transaction each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.announcements import announce
from app.consultations import queries
from app.consultations.announcements import ConsultationChanged, ConsultationClosing
from app.consultations.models import Consultation, GuidingQuestion
from app.core import slugs
from app.core.refusals import N_, ChangedMeanwhile, Invalid, Refusal
from app.core.vocabulary import ConsultationStatus
from app.database import Localized, db, lock, operation

SECOND = timedelta(seconds=1)
CONTENT = (
    "title", "summary", "languages", "receiving_body", "scope_note", "convenor",
    "document_deadline", "contact_email", "hashtag", "controller", "purpose", "timezone",
)  # fmt: skip


class SlugFrozen(Refusal):
    """Addresses that the public knows do not change."""

    code = "slug_frozen"
    message = N_("The short name is part of published addresses and cannot change any more.")


class NotPublishedAgain(Refusal):
    """What was public cannot be made a draft."""

    code = "already_public"
    message = N_("A published consultation cannot become a draft again; close it instead.")


@operation
def create(
    *,
    slug: str,
    title: Localized,
    timezone: str,
    languages: Sequence[str] = ("en",),
    guiding_questions: Sequence[Localized] = (),
    prefix: str | None = None,
    status: str = ConsultationStatus.DRAFT,
    rehearsal_of: int | None = None,
    **content: Any,
) -> Consultation:
    """Make a consultation; ``content`` are the optional columns of `CONTENT`.

    ``rehearsal_of`` is the id of the session it is a copy of, with a slug of its own kind.
    Raises `Invalid` (`duplicate_slug`, `reserved_slug`, `duplicate_prefix`).
    """
    if rehearsal_of is None:
        slugs.checked(slug)
    if queries.by_slug(slug) is not None:
        raise Invalid.field(
            "slug", "duplicate_slug", "“%(slug)s” is the name of another consultation", slug=slug
        )
    now = clock.now()
    consultation = Consultation(
        slug=slug,
        title=title,
        timezone=timezone,
        languages=list(languages),
        prefix=free_prefix(slug, prefix),
        rehearsal_of=rehearsal_of,
        created_at=now,
        changed_at=now,
        **{name: content.get(name) for name in CONTENT if name in content},
    )
    set_questions(consultation, guiding_questions)
    db.session.add(consultation)
    db.session.flush()
    announce(ConsultationChanged(consultation, "consultation_created"))
    if status == ConsultationStatus.PUBLISHED:
        publish(consultation)
    return consultation


@operation
def change(
    consultation: Consultation, changes: dict[str, Any], *, revision: int | None = None
) -> Consultation:
    """Replace the named fields whole. ``revision`` is the one the changes were made from.

    Raises `ChangedMeanwhile` where it is an older one, `SlugFrozen`, `NotPublishedAgain`.
    """
    lock(consultation)
    if revision is not None and revision != consultation.revision:
        raise ChangedMeanwhile
    changes = dict(changes)
    status = changes.pop("status", consultation.status)
    questions = changes.pop("guiding_questions", None)
    if "slug" in changes and changes["slug"] != consultation.slug:
        rename(consultation, changes["slug"])
    if "prefix" in changes and changes["prefix"] != consultation.prefix:
        consultation.prefix = free_prefix(consultation.slug, changes["prefix"])
    for name in CONTENT:
        if name in changes:
            setattr(consultation, name, changes[name])
    if questions is not None:
        set_questions(consultation, questions)
    if status != consultation.status:
        enter(consultation, status)
    touch(consultation)
    fields = sorted([*changes, *(["guiding_questions"] if questions is not None else [])])
    announce(ConsultationChanged(consultation, "consultation_changed", tuple(fields)))
    return consultation


def enter(consultation: Consultation, status: str) -> None:
    """Publish it, close it, or open it again; whoever still owes something refuses the closing."""
    if status == ConsultationStatus.DRAFT:
        raise NotPublishedAgain
    if status == ConsultationStatus.CLOSED:
        announce(ConsultationClosing(consultation))
    if consultation.status == ConsultationStatus.DRAFT:
        publish(consultation)
    consultation.status = status


@operation
def was_closed(consultation: Consultation) -> None:
    """Take over one that was closed elsewhere, as its file says: nothing is asked of it again."""
    lock(consultation)
    consultation.status = ConsultationStatus.CLOSED.value
    touch(consultation)
    announce(ConsultationChanged(consultation, "consultation_changed", ("status",)))


@operation
def publish(consultation: Consultation) -> None:
    """Let everybody read it; its addresses freeze."""
    lock(consultation)
    if consultation.published_at is None:
        consultation.published_at = clock.now()
    consultation.status = ConsultationStatus.PUBLISHED.value
    touch(consultation)
    announce(ConsultationChanged(consultation, "consultation_published"))


@operation
def renew_preview(consultation: Consultation) -> None:
    """Make the secret preview link anew; the old one stops working."""
    lock(consultation)
    consultation.preview_version += 1


def rename(consultation: Consultation, slug: str) -> None:
    """Give it another slug while nobody knows the old one."""
    if consultation.published_at is not None:
        raise SlugFrozen
    slugs.checked(slug)
    if queries.by_slug(slug) is not None:
        raise Invalid.field(
            "slug", "duplicate_slug", "“%(slug)s” is the name of another consultation", slug=slug
        )
    consultation.slug = slug


def set_questions(consultation: Consultation, texts: Sequence[Localized]) -> None:
    """Replace the guiding questions, numbered from 1."""
    kept = list(consultation.guiding_questions)[: len(texts)]
    for question, text in zip(kept, texts, strict=False):
        question.text = text
    new = [
        GuidingQuestion(number=number, text=text)
        for number, text in enumerate(texts[len(kept) :], len(kept) + 1)
    ]
    consultation.guiding_questions = [*kept, *new]


def touch(consultation: Consultation, *, at: datetime | None = None) -> None:
    """Raise the revision of its content or membership: called last in the transaction.

    Its date moves on by at least a second per transaction, and to ``at`` (the date of what
    changed in it): whoever asks by date misses nothing.
    """
    db.session.flush()
    consultation.revision = Consultation.revision + 1
    least = consultation.changed_at + (timedelta(0) if touched(consultation) else SECOND)
    consultation.changed_at = max(at or clock.now(), clock.now(), least)
    db.session.flush()
    db.session.refresh(consultation, ["revision"])


def touched(consultation: Consultation) -> bool:
    """Say whether this transaction touched it before; from now on it did."""
    session = db.session()
    root, seen = session.info.get("touched", (None, set()))
    if root is not session.get_transaction():
        root, seen = session.get_transaction(), set()
        session.info["touched"] = (root, seen)
    before = consultation.id in seen
    seen.add(consultation.id)
    return before


def touch_places(consultation_id: int) -> None:
    """Raise the revision of the displayed words about places: called last in the transaction."""
    db.session.flush()
    db.session.execute(
        db.update(Consultation)
        .where(Consultation.id == consultation_id)
        .values(places_revision=Consultation.places_revision + 1)
    )


def free_prefix(slug: str, wanted: str | None) -> str:
    """Return the prefix of references: as ``wanted``, else made from ``slug``; unique here."""
    taken = queries.prefixes()
    if wanted:
        if not re.fullmatch(r"[A-Z0-9]{2,10}", wanted):
            raise Invalid.field(
                "prefix", "invalid_prefix", "Prefix must be 2 to 10 capital letters and digits"
            )
        if wanted in taken:
            raise Invalid.field(
                "prefix",
                "duplicate_prefix",
                "“%(prefix)s” is the prefix of another consultation",
                prefix=wanted,
            )
        return wanted
    base = default_prefix(slug)
    number = 2
    prefix = base
    while prefix in taken:
        prefix = f"{base}{number}" if not base[-1].isdigit() else f"{base}X{number}"
        number += 1
    return prefix


def default_prefix(slug: str) -> str:
    """Return initials and the last two digits of a year: ``open-talks-2013`` gives ``OT13``."""
    initials, digits = "", ""
    for part in slug.split("-"):
        if part.isdigit():
            digits = part[-2:]
        elif part:
            initials += part[0].upper()
    prefix = (initials + digits)[:8]
    return prefix if len(prefix) > 1 else (slug.replace("-", "").upper() + "XX")[:3]
