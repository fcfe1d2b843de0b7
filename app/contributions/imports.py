"""An invented sample: its people, what they put on the board and wrote on cards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.audit import operations as audit
from app.consultations.models import Consultation
from app.contributions.models import Contribution, Support
from app.contributions.operations import Sent, submit
from app.core import timing
from app.core.contributions import Kind, Source
from app.core.sample import Sample, Words
from app.database import db, lock, operation
from app.programme import queries as programme
from app.programme.models import Session
from app.registration.models import Participant
from app.registration.operations.people import make_invented

People = Mapping[str, Participant]


@operation
def fill(consultation: Consultation, sample: Sample) -> dict[str, Participant]:
    """Make the people of ``sample``, their cards and the board; return the people by their ids.

    They have no address: nobody can be written to.
    """
    lock(consultation)
    audit.record("sample_added", consultation, consultation_id=consultation.id)
    made = {}
    for each in sample.people:
        made[each.id] = make_invented(consultation, each)
    put_up(session_of(consultation, sample.board.session), sample.board.ideas, made)
    cafe = session_of(consultation, sample.cafe.session)
    for card in sample.cafe.cards:
        say(cafe, Kind.CARD, card, made)
    return made


def put_up(session: Session, ideas: tuple[Words, ...], made: People) -> None:
    """Publish ideas with their supports, then all comments in the order of their times."""
    lock(session)
    comments = []
    for idea in ideas:
        found = say(session, Kind.IDEA, idea, made)
        comments += [(comment, found) for comment in idea.comments]
    for comment, answers in sorted(comments, key=lambda pair: pair[0].at):
        say(session, Kind.COMMENT, comment, made, answers=answers)


def say(
    session: Session,
    kind: Kind,
    words: Words,
    made: People,
    *,
    answers: Contribution | None = None,
) -> Contribution:
    """Publish one thing of the sample as of its own time, with whoever supports it."""
    at = at_place(session, words.at)
    sent = Sent(
        text=words.text,
        title=words.title,
        guiding_question=words.question,
        attribution=words.attribution,
        language=words.language,
    )
    found = submit(
        session,
        kind,
        sent,
        participant=made[words.by],
        answers=answers,
        stance=words.stance,
        sent_at=at,
        source=Source.SAMPLE,
    )
    for who in words.supports:
        db.session.add(Support(contribution_id=found.id, participant_id=made[who].id, at=at))
    return found


def session_of(consultation: Consultation, slug: str) -> Session:
    """Return the session that a part of the sample belongs to; `ValueError` without one."""
    found = programme.by_slug(consultation, slug)
    if found is None:
        raise ValueError(f"{consultation.slug} has no session {slug}")
    return found


def at_place(session: Session, wall: datetime) -> datetime:
    """Return the instant at which the clock at the session's place showed ``wall``."""
    return timing.instant(wall, session.timezone)
