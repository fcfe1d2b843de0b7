"""Storing what a file asks for: the whole of it in one transaction, or nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import current_app

from app.consultations import operations as consultations
from app.consultations import queries as consultation_queries
from app.consultations.models import Consultation
from app.core import timing
from app.core.refusals import Invalid
from app.core.vocabulary import ConsultationStatus, SessionStatus
from app.database import operation
from app.programme import operations
from app.programme.imports.plan import BrokenFile, Finding, Plan, collecting
from app.programme.models import Session


class OnlyTried(Exception):
    """A dry run came to its end: the transaction is given up."""


def store(plan: Plan, consultation: Consultation | None = None, *, dry_run: bool) -> list[str]:
    """Make what ``plan`` asks for and return a line on each session, alike in a dry run.

    Raises `BrokenFile`; then, and in a dry run, nothing is stored.
    """
    lines: list[str] = []
    with suppress(OnlyTried):
        carry_out(plan, consultation, lines, dry_run=dry_run)
    return lines


@operation
def carry_out(
    plan: Plan, consultation: Consultation | None, lines: list[str], *, dry_run: bool
) -> None:
    """Make the consultation, then its sessions, then what they are called off or closed to."""
    lines.clear()
    findings: list[Finding] = []
    status = ConsultationStatus.DRAFT.value
    if plan.consultation is not None:
        content = dict(plan.consultation)
        status = content.pop("status", status)
        with collecting(findings, plan.blame):
            consultation = consultations.create(**content)
    if consultation is None:
        raise BrokenFile(findings)
    lines.append(f"{consultation.slug}: {consultation.words('title', consultation.language)}")
    for entry in plan.sessions:
        with collecting(findings, entry.blame):
            lines.append(line_on(add(consultation, entry.named)))
    if findings:
        raise BrokenFile(findings)
    if status != ConsultationStatus.DRAFT:
        consultations.publish(consultation)
    if status == ConsultationStatus.CLOSED:
        consultations.was_closed(consultation)
    if dry_run:
        raise OnlyTried


def add(consultation: Consultation, named: dict[str, Any]) -> Session:
    """Add one session with the status it has in the file."""
    named = dict(named)
    status = named.pop("status", SessionStatus.DRAFT.value)
    reason = named.pop("cancel_reason", None)
    first = status if status == SessionStatus.DRAFT else SessionStatus.PUBLISHED.value
    host = current_app.config["UID_HOST"]
    session = operations.create(consultation, uid_host=host, status=first, **named)
    if status == SessionStatus.CANCELLED:
        operations.cancel(session, reason=reason)
    elif status != first:
        operations.change(session, {"status": status})
    return session


def line_on(session: Session) -> str:
    """Return what is said of a session that was, or would be, made."""
    title = session.words("title", session.consultation.language)
    starts, ends = (
        clock.isoformat(sep=" ", timespec="minutes") for clock in (session.starts, session.ends)
    )
    at, until = map(timing.isoformat_z, (session.starts_at, session.ends_at))
    return (
        f"  {session.slug}: {title}, {session.kind.name}, {session.status}, "
        f"{starts} to {ends} {session.timezone} ({at} to {until})"
    )


def target(slug: str | None) -> Consultation:
    """Return the consultation that a calendar's sessions join; without a name the only one."""
    if slug is not None:
        found = consultation_queries.by_slug(slug)
        if found is None:
            raise Invalid.field(
                "consultation", "not_found", "There is no consultation “%(slug)s”", slug=slug
            )
        return found
    every = consultation_queries.every()
    if len(every) != 1:
        raise Invalid.field(
            "consultation",
            "missing_field",
            "Say which consultation the sessions belong to: --consultation SLUG",
        )
    return every[0]
