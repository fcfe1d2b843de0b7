"""What moderators decide, by public rules and with a reason; what readers report."""

from __future__ import annotations

from sqlalchemy import update

from app import clock
from app.contributions import mails
from app.contributions.models import Contribution, Report, Ruling
from app.contributions.operations.pages import turn_inside, turn_page
from app.contributions.operations.sending import NotPublished, note
from app.core import contributions, texts
from app.core.contributions import BECOMES, REASON, Decision, Status
from app.core.refusals import N_, Invalid, Refusal
from app.database import db, lock, operation
from app.registration.models import Participant
from app.web import access

MOST_REPORTS = 100
COUNTED = {Status.PUBLISHED, Status.REJECTED}  # the public reads the first, and how many of both


class AlreadyWithdrawn(Refusal):
    """Its author took it back; there is nothing left to decide."""

    code = "withdrawn"
    message = N_("Its author withdrew it.")


@operation
def moderate(
    contribution: Contribution, decision: Decision, *, rule: int | None = None, reason: str = ""
) -> Contribution:
    """Publish, hold or reject it; its author is told why. Readers' reports are settled with it.

    Raises `Invalid` (`rule_needed`, `unknown_rule`, `too_long`), `AlreadyWithdrawn`.
    """
    number = contributions.rule(rule, decision)
    said = reason_of(reason)
    lock(contribution.consultation)
    lock(contribution)
    if contribution.is_withdrawn:
        raise AlreadyWithdrawn
    now = clock.now()
    before = Status(contribution.status)
    contribution.status = BECOMES[decision].value
    if decision is Decision.PUBLISH and contribution.published_at is None:
        contribution.published_at = now
    db.session.add(
        Ruling(
            contribution_id=contribution.id,
            at=now,
            actor=access.actor_key(),
            decision=decision.value,
            rule=number,
            reason=said,
        )
    )
    settle_reports(contribution)
    note(contribution, f"contribution_{decision.value}", {"rule": number} if number else None)
    is_news = before is not BECOMES[decision]
    if is_news:
        mails.decided(contribution, decision)
    if is_news and COUNTED & {before, BECOMES[decision]}:
        turn_page(contribution)
    else:
        turn_inside(contribution)
    return contribution


def settle_reports(contribution: Contribution) -> None:
    """Take what readers reported as dealt with."""
    db.session.execute(
        update(Report)
        .where(Report.contribution_id == contribution.id, Report.settled_at.is_(None))
        .values(settled_at=clock.now())
    )


@operation
def report(contribution: Contribution, reason: str) -> None:
    """Let a moderator look at it; nothing that is shown changes.

    Raises `Invalid` without a reason, `NotPublished`.
    """
    said = reason_of(reason)
    if not said:
        raise Invalid.field("reason", "missing_field", N_("Say what is wrong with it"))
    if not (contribution.is_published and contribution.is_public):
        raise NotPublished
    waiting = db.session.query(Report).filter_by(contribution_id=contribution.id, settled_at=None)
    if waiting.count() < MOST_REPORTS:
        db.session.add(Report(contribution_id=contribution.id, reason=said, at=clock.now()))
        turn_inside(contribution)


def reason_of(text: str) -> str:
    """Return a reason cleaned. Raises `Invalid` where it is too long."""
    text = (text or "").replace("\r\n", "\n")
    if len(text) > REASON:
        raise Invalid.field("reason", "too_long", contributions.TOO_LONG, limit=REASON)
    return texts.clean(text, lines=True)


@operation
def look_at_author(contribution: Contribution) -> Participant | None:
    """Return who is behind a contribution; each look is written into the audit."""
    note(contribution, "author_looked_at")
    if contribution.participant_id is None:
        return None
    return db.session.get(Participant, contribution.participant_id)
