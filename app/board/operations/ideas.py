"""Ideas on their way: drafts, and those kept until the owner of an address says yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.board import queries
from app.board.models import Draft, KeptIdea
from app.contributions import operations as contributions
from app.contributions.models import Contribution
from app.contributions.operations import Sent
from app.core import people
from app.core.attribution import Attribution
from app.core.contributions import Kind
from app.core.refusals import N_, Invalid, Refusal
from app.core.vocabulary import Source
from app.database import db, lock, operation
from app.live import operations as live
from app.programme import operations as programme
from app.programme.models import Session
from app.registration import operations as registrations
from app.registration import queries as registration
from app.registration.models import Participant
from app.registration.operations.form import may_write
from app.registration.operations.people import found_or_made

LASTS = timedelta(hours=48)
MOST_KEPT = MOST_DRAFTS = 20


class IdeaLapsed(Refusal):
    """Nobody vouched for it in time, or somebody said it was not theirs."""

    code = "gone"
    status = 410
    message = N_("This idea was not confirmed in time and is gone. Send it again.")


class TooManyDrafts(Refusal):
    """Whoever has so many drafts sends or deletes one first."""

    code = "too_many_drafts"
    message = N_("You have 20 drafts here. Send or delete one of them first.")


# --- Drafts -----------------------------------------------------------------------------------


@operation
def save(
    session: Session, participant: Participant, sent: Sent, draft: Draft | None = None
) -> Draft:
    """Keep an idea that is not sent yet, or ``draft`` as it now reads; nobody else ever sees it.

    Title, text and the choice of a name may still be missing. Raises `Invalid`, `TooManyDrafts`.
    """
    choice = sent.attribution or Attribution.ANONYMOUS.value
    words = contributions.checked(session, replace(sent, attribution=choice), needs_text=False)
    lock(participant)
    if draft is None:
        if len(queries.drafts_of(participant, session)) >= MOST_DRAFTS:
            raise TooManyDrafts
        draft = Draft(participant=participant, session=session)
        db.session.add(draft)
    draft.words = words.as_json() | {"attribution": sent.attribution}
    draft.saved_at = clock.now()
    live.turn(session.id, inner_only=True)
    return draft


@operation
def send(
    session: Session, participant: Participant, sent: Sent, draft: Draft | None = None
) -> Contribution:
    """Send an idea, perhaps written as ``draft``, which is no draft any more.

    Raises `Invalid`, `ContributionsClosed`.
    """
    made = contributions.submit(session, Kind.IDEA, sent, participant=participant)
    if draft is not None:
        db.session.delete(draft)
    return made


@operation
def extend(session: Session, ends: datetime) -> None:
    """Let the round close later, at wall clock ``ends``: page, feed, mail and log follow.

    Raises `Invalid` (`not_later`, times that do not exist), `ContributionsClosed` after the close:
    by then everybody has seen the supports.
    """
    lock(session)
    if clock.now() >= session.ends_at:
        raise contributions.ContributionsClosed
    if ends <= session.ends:
        raise Invalid.field("ends", "not_later", N_("Give a time after the present end"))
    programme.change(session, {"ends": ends})


@operation
def discard(draft: Draft) -> None:
    """Forget a draft."""
    session_id = draft.session_id
    db.session.delete(draft)
    live.turn(session_id, inner_only=True)


# --- Kept until their owner says yes ----------------------------------------------------------


@operation
def keep(session: Session, *, details: Mapping[str, Any], sent: Sent) -> None:
    """Keep an idea until the owner of the address presses the button in the mail.

    What is refused is refused before the address is looked at, and the answer is the same for
    every address. Raises `Invalid`, `ContributionsClosed`.
    """
    now = clock.now()
    person = people.details(details, language=session.consultation.language)
    words = contributions.checked(session, sent)
    contributions.check_open(session, Kind.IDEA, at=now)
    participant, _is_new = found_or_made(session.consultation, person, Source.FORM)
    if queries.waiting(participant.id) >= MOST_KEPT:
        return
    kept = KeptIdea(
        participant=participant,
        session=session,
        words=words.as_json(),
        sent_at=now,
        lapses_at=now + LASTS,
    )
    db.session.add(kept)
    db.session.flush()
    if may_write(participant, news=True):
        contributions.ask_owner(participant, session, kept.id, kept.lapses_at)
    live.turn(session.id, inner_only=True)


@operation
def confirm(kept: KeptIdea) -> Contribution:
    """Make the idea its owner vouches for, as if it had been sent by their own link then.

    Pressing twice makes one. Raises `IdeaLapsed`.
    """
    lock(kept.session.consultation)
    lock(kept)
    if kept.contribution_id is not None:
        return db.session.get_one(Contribution, kept.contribution_id)
    if not kept.words or clock.now() >= kept.lapses_at:
        raise IdeaLapsed
    registrations.open(kept.participant)
    made = contributions.submit(
        kept.session,
        Kind.IDEA,
        Sent(**kept.words),
        participant=kept.participant,
        sent_at=kept.sent_at,
    )
    kept.contribution_id = made.id
    kept.words = {}
    return made


@operation
def refuse(kept: KeptIdea) -> None:
    """Forget an idea whose address was somebody else's."""
    if kept.contribution_id is None:
        session_id = kept.session_id
        forget(kept)
        live.turn(session_id, inner_only=True)


@operation
def forget_lapsed() -> int:
    """Forget what nobody vouched for, and people of whom nothing but such ideas was known."""
    lapsed = queries.lapsed(at=clock.now())
    people_of = {kept.participant_id: kept.participant for kept in lapsed}
    for kept in lapsed:
        forget(kept)
    db.session.flush()
    for participant in people_of.values():
        if is_nobody(participant):
            registrations.erase(participant)
    return len(lapsed)


def is_nobody(participant: Participant) -> bool:
    """Say whether somebody only ever left an address that nobody opened."""
    return (
        not participant.is_opened
        and participant.erased_at is None
        and not registration.of_participant(participant)
        and not registration.open_submissions(participant)
        and not queries.waiting(participant.id)
    )


def forget(kept: KeptIdea) -> None:
    """Remove a kept idea and what was written about it."""
    contributions.forget(kept.id, contributions.TO_CONFIRM)
    db.session.delete(kept)


@operation
def forget_kept(contribution: Contribution) -> None:
    """Remove what a withdrawn idea was made of, and the mail that asked for it."""
    for kept in queries.kept_for(contribution):
        forget(kept)
