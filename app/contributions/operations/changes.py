"""What authors do afterwards: change it until the close, take it back at any time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update

from app import clock
from app.announcements import announce
from app.contributions import mails, queries
from app.contributions.announcements import ContributionWithdrawn
from app.contributions.models import Answer, Contribution, Report, Ruling, Version, cap_of
from app.contributions.operations.pages import turn_inside, turn_page
from app.contributions.operations.sending import (
    ContributionsClosed,
    Sent,
    check_open,
    checked,
    facts_of,
    note,
)
from app.core import attribution, contributions
from app.core.contributions import Kind, Status
from app.database import db, lock, operation
from app.registration.models import Participant

CHANGEABLE = (Status.SUBMITTED, Status.HELD, Status.PUBLISHED)


@operation
def change(contribution: Contribution, sent: Sent, participant: Participant) -> Contribution:
    """Replace what its author wrote; what it said before is kept as a version.

    Where a moderator reads first, the new words wait to be read. Raises `Invalid`,
    `ContributionsClosed`.
    """
    now = clock.now()
    lock(contribution.consultation)
    lock(contribution)
    check_open(contribution.session, Kind(contribution.kind), at=now)
    if contribution.status not in CHANGEABLE:
        raise ContributionsClosed
    words = checked(contribution.session, sent)
    was_public = contribution.is_published
    if (words.title, words.text) != (contribution.title, contribution.text):
        keep_version(contribution, now)
    contribution.title, contribution.text = words.title, words.text
    contribution.guiding_question = words.guiding_question
    contribution.language = words.language or contribution.language
    contribution.author = facts_of(participant)
    cap = cap_of(contribution.session)
    contribution.attribution = attribution.lower(words.attribution, cap).value
    if queries.is_moderated_before(contribution.session, Kind(contribution.kind)):
        contribution.status = Status.SUBMITTED.value
    contribution.changed_at = now
    if was_public:
        turn_page(contribution)
    else:
        turn_inside(contribution)
    return contribution


@operation
def write_down(contribution: Contribution, text: str) -> Contribution:
    """Keep what was said in a turn as staff noted it; what stood there before is a version.

    Raises `Invalid`, `ContributionsClosed` for what was withdrawn or is no turn.
    """
    now = clock.now()
    lock(contribution.consultation)
    lock(contribution)
    if contribution.kind != Kind.TURN or contribution.is_withdrawn:
        raise ContributionsClosed
    words = contributions.words("", text)[1]
    if words == contribution.text:
        return contribution
    if contribution.text:
        keep_version(contribution, now)
    contribution.text = words
    contribution.changed_at = now
    note(contribution, "turn_written_down")
    turn_page(contribution)
    return contribution


def keep_version(contribution: Contribution, now: datetime) -> None:
    """Keep what a contribution says now as its next version."""
    contribution.versions.append(
        Version(
            number=len(contribution.versions) + 1,
            title=contribution.title,
            text=contribution.text,
            was_public=contribution.is_published,
            replaced_at=now,
        )
    )


@operation
def withdraw(contribution: Contribution, *, by_staff: bool = False) -> Contribution:
    """Take it back: text, title, name, versions, reasons and stored mails go, from everything.

    Reference, kind, date and status stay. Done twice it is done once.
    """
    lock(contribution.consultation)
    lock(contribution)
    if contribution.is_withdrawn:
        return contribution
    announce(ContributionWithdrawn(contribution))
    forget_words(contribution)
    contribution.status = Status.WITHDRAWN.value
    contribution.withdrawn_at = clock.now()
    if by_staff:
        note(contribution, "contribution_withdrawn")
    turn_page(contribution)
    return contribution


def forget_words(contribution: Contribution) -> None:
    """Remove everything somebody said, wherever it is kept."""
    contribution.title = contribution.text = ""
    contribution.author = {}
    contribution.source_url = contribution.participant_id = None
    contribution.versions.clear()
    for gone in (Report, Answer):
        db.session.execute(delete(gone).where(gone.contribution_id == contribution.id))
    db.session.execute(
        update(Ruling).where(Ruling.contribution_id == contribution.id).values(reason="")
    )
    mails.forget(contribution.id, mails.ABOUT_CONTRIBUTIONS)
