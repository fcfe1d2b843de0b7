"""The steps in which an online round is rehearsed: ideas, moderation, comments, supports, close."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app import clock
from app.contributions import operations as contributions
from app.contributions import queries as contribution_queries
from app.contributions.models import Contribution
from app.contributions.operations import Sent
from app.core import sample, timing
from app.core.contributions import Decision, Kind, Status
from app.core.refusals import N_
from app.live.kinds import Step
from app.programme import operations as programme
from app.programme.models import Session
from app.registration import queries as registrations
from app.registration.models import Participant

IDEAS = 12
OFF_TOPIC = 1  # the number of the public rule for which one idea is not published
REASON = "Rehearsal: this is how an author learns why an idea is not published."


def steps(session: Session) -> Sequence[Step]:
    """Return every step of rehearsing an online round, in order."""
    played = (
        ("ideas", N_("People send their ideas"), send_ideas),
        ("moderate", N_("A moderator publishes most, holds one back, rejects one"), decide),
        ("comments", N_("Ideas are answered, for and against"), comment),
        ("supports", N_("People support what they find right"), support),
        ("withdraw", N_("An author takes an idea back"), take_back),
        ("close", N_("The round closes; everybody sees what was supported"), close),
    )
    return [Step(f"board-{key}", label, partial(act, session)) for key, label, act in played]


def people_of(session: Session) -> list[Participant]:
    """Return who takes part, in the order in which they registered."""
    held = sorted(registrations.live_in(session), key=lambda each: each.id)
    return [each.participant for each in held]


def ideas(session: Session, status: Status) -> list[Contribution]:
    """Return the ideas that stand at ``status``, the oldest first."""
    return contribution_queries.listed(
        session.consultation,
        inside=True,
        kind=Kind.IDEA.value,
        session=session,
        status=status.value,
    )


def is_over(session: Session) -> bool:
    """Whether the round has closed: nothing is sent any more."""
    return clock.now() >= session.ends_at


def send_ideas(session: Session) -> None:
    """Let twelve people send an idea each, in their own languages."""
    if is_over(session):
        return
    for who, idea in zip(people_of(session), sample.told().board.ideas[:IDEAS], strict=False):
        contributions.submit(session, Kind.IDEA, sent(session, idea), participant=who)


def sent(session: Session, words: sample.Words) -> Sent:
    """Return something of the sample as somebody sends it here."""
    known = contribution_queries.has_question(session.consultation, words.question or 0)
    return Sent(
        text=words.text,
        title=words.title,
        guiding_question=words.question if known else None,
        attribution=words.attribution,
        language=words.language,
    )


def decide(session: Session) -> None:
    """Decide about what waits; where everything is published at once, look at the last two."""
    waiting = ideas(session, Status.SUBMITTED) or ideas(session, Status.PUBLISHED)[-2:]
    if len(waiting) < 2:
        return
    *published, held, rejected = waiting
    for each in published:
        contributions.moderate(each, Decision.PUBLISH)
    contributions.moderate(held, Decision.HOLD, reason=REASON)
    contributions.moderate(rejected, Decision.REJECT, rule=OFF_TOPIC, reason=REASON)


def comment(session: Session) -> None:
    """Let others answer what is published, as the sample does; a moderator publishes it."""
    if is_over(session):
        return
    people = people_of(session)[IDEAS:] or people_of(session)
    told = [each for idea in sample.told().board.ideas for each in idea.comments]
    for index, idea in enumerate(ideas(session, Status.PUBLISHED)):
        words = told[index % len(told)]
        made = contributions.submit(
            session,
            Kind.COMMENT,
            sent(session, words),
            participant=people[index % len(people)],
            answers=idea,
            stance=words.stance,
        )
        if not made.is_published:
            contributions.moderate(made, Decision.PUBLISH)


def support(session: Session) -> None:
    """Let people support ideas, some far more than others."""
    if is_over(session):
        return
    people = people_of(session)
    for index, idea in enumerate(ideas(session, Status.PUBLISHED)):
        for who in people[index :: 12 - min(index, 9)]:
            contributions.support(idea, who)


def take_back(session: Session) -> None:
    """Let the author of the last published idea withdraw it."""
    for idea in ideas(session, Status.PUBLISHED)[-1:]:
        contributions.withdraw(idea)


def close(session: Session) -> None:
    """Move the end of the round to the present minute."""
    if is_over(session):
        return
    now = clock.now().replace(second=0, microsecond=0)
    wall = timing.wall(now, session.timezone)
    fold = timing.instants(wall, session.timezone).index(now)
    programme.change(session, {"ends": wall, "ends_fold": fold})
