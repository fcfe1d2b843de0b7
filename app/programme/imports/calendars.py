"""Calendar files of others: their events become drafts of sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app import formats
from app.consultations.models import Consultation
from app.core import slugs
from app.core.ical import reading
from app.core.refusals import N_
from app.core.texts import folded
from app.programme.imports.plan import BrokenFile, Entry, Finding, Plan, collecting
from app.programme.schemas import SessionImport, columns, refuse_impossible_times
from app.web import shapes


def from_ical(
    data: bytes, consultation: Consultation, *, timezone: str | None, format: str | None
) -> Plan:
    """Return the sessions a calendar file asks for, as drafts; raises `BrokenFile`, `Invalid`."""
    found = reading.read(data, timezone)
    plan = Plan(None, lambda _: (1, ""), notes=[as_finding(note) for note in found.notes])
    findings = [as_finding(problem) for problem in found.problems]
    events = [event for event in found.events if event.status != "CANCELLED"]
    for event in found.events:
        if event.status == "CANCELLED":
            text = N_("It is cancelled in the file and left out.")
            plan.notes.append(Finding(event.line, event.title, text))
    names = slugs_for(events)
    for event, slug in zip(events, names, strict=True):
        entry = Entry({}, blame_event(event))
        with collecting(findings, entry.blame):
            body = shapes.checked(SessionImport, session_fields(event, slug, format))
            entry.named.update(columns(body, consultation.language))
            refuse_impossible_times(entry.named)
        plan.sessions.append(entry)
    if findings:
        raise BrokenFile(findings)
    return plan


def as_finding(remark: reading.Remark) -> Finding:
    """Return what the reader of calendars remarked."""
    return Finding(remark.line, remark.title, remark.text())


def blame_event(event: reading.Event) -> Callable[[str], tuple[int, str]]:
    """Return what speaks of ``event`` by its line and title."""
    return lambda _field: (event.line, event.title)


def session_fields(event: reading.Event, slug: str, format: str | None) -> dict[str, Any]:
    """Return ``event`` in the API's fields."""
    fields: dict[str, Any] = {
        "slug": slug,
        "title": event.title,
        "format": format or format_named_in(event.title),
        "starts": event.starts.isoformat(),
        "ends": event.ends.isoformat(),
        "timezone": event.timezone,
        "fold": event.fold,
        "ends_fold": event.ends_fold,
    }
    if event.description.strip():
        fields["description"] = event.description
    if event.location.startswith(("https://", "http://")):
        fields["join_url"] = event.location
    elif event.location:
        fields["venue"] = {"name": event.location}
    return fields


def format_named_in(title: str) -> str:
    """Return the format whose name stands in ``title``, else the town hall."""
    text = folded(title)
    named = (key for key, kind in formats.every().items() if folded(kind.name) in text)
    return next(named, "town_hall")


def slugs_for(events: Sequence[reading.Event]) -> list[str]:
    """Return a slug for each event, from its title; dates tell those of one title apart.

    The same file gives the same slugs, so that importing it twice is noticed.
    """
    bases = [slug_of(event.title) for event in events]
    found: list[str] = []
    for event, base in zip(events, bases, strict=True):
        slug = base if bases.count(base) == 1 else f"{base[:49]}-{event.starts:%Y-%m-%d}"
        if slug in found:
            slug = f"{base[:44]}-{event.starts:%Y-%m-%d-%H%M}"
        found.append(slug)
    return found


def slug_of(title: str) -> str:
    """Return a slug made of ``title``'s Latin letters and digits."""
    letters = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in folded(title)
    )
    slug = "-".join(part for part in letters.split("-") if part)[:60].strip("-")
    return slug if len(slug) > 1 and slug not in slugs.RESERVED else f"session-{slug}".rstrip("-")
