"""What authors are told: a button to press, a receipt with the reference, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import update

from app.contributions import panels, queries
from app.contributions.models import Answer, Contribution
from app.core import languages, timing
from app.core.contributions import RULES, Decision, Kind, Source, Status
from app.core.links import Purpose
from app.core.timing import isoformat_z
from app.database import db
from app.mail import kinds
from app.mail import operations as outbox
from app.mail.kinds import Envelope, Facts, Mail
from app.mail.models import OutboxMail
from app.programme.models import Session
from app.registration import queries as registrations
from app.registration.models import Participant
from app.web import filters, urls

ABOUT_CONTRIBUTIONS = ("contribution_received", "contribution_decided", "answer_published")
TO_CONFIRM = ("idea_to_confirm",)


# --- Intents ----------------------------------------------------------------------------------


def received(contribution: Contribution) -> None:
    """Send the receipt, with the reference and what happens next."""
    waits = contribution.status != Status.PUBLISHED
    tell("contribution_received", contribution, {"waits": waits})


def decided(contribution: Contribution, decision: Decision) -> None:
    """Tell the author what a moderator decided and why; of a publication only for an idea."""
    if decision is Decision.PUBLISH and contribution.kind != Kind.IDEA:
        return
    tell("contribution_decided", contribution, {"decision": decision.value})


def answered(answers: Sequence[Answer]) -> None:
    """Tell authors what became of what they said; their records are read at once."""
    ids = [each.contribution.participant_id for each in answers]
    known = queries.authors([number for number in ids if number is not None])
    for each in answers:
        said = each.contribution
        if said.source == Source.SAMPLE:
            continue
        facts = {"disposition": each.disposition}
        author = known.get(said.participant_id or 0)
        put("answer_published", author, said.session, said.id, facts)


def tell(kind: str, contribution: Contribution, facts: dict[str, Any]) -> None:
    """Put a mail to whoever sent ``contribution``, if we know them."""
    author = db.session.get(Participant, contribution.participant_id or 0)
    put(kind, author, contribution.session, contribution.id, facts)


def ask_owner(participant: Participant, session: Session, number: int, lapses_at: datetime) -> None:
    """Ask the owner of an address whether an idea is theirs; ``number`` is what is kept."""
    facts = {"press_by": isoformat_z(lapses_at)}
    put("idea_to_confirm", participant, session, number, facts, not_after=lapses_at)


def put(
    kind: str,
    participant: Participant | None,
    session: Session,
    subject_id: int,
    facts: dict[str, Any],
    *,
    not_after: datetime | None = None,
) -> None:
    """Put one mail to ``participant``; without an address there is nobody to tell."""
    if participant is None or participant.email is None:
        return
    consultation, spoken = session.consultation, participant.language
    common = {
        "consultation": consultation.words("title", spoken),
        "contact": consultation.contact_email,
        "timezone": consultation.timezone,
        "opened": participant.is_opened,
        "session": session.words("title", spoken),
        "slug": session.slug,
        "has_board": "board" in session.kind.tools,
        "press_by": None,
    }
    outbox.put(
        kind,
        person=participant.person,
        to_address=participant.email,
        to_name=participant.name,
        language=spoken,
        timezone=participant.timezone,
        facts=common | facts,
        consultation_id=consultation.id,
        subject_id=subject_id,
        not_after=not_after,
    )


def forget(subject_id: int, names: Sequence[str]) -> None:
    """Empty the stored mails about something that was withdrawn, and send no more of them."""
    mails = update(OutboxMail).where(
        OutboxMail.kind.in_(names), OutboxMail.subject_id == subject_id
    )
    for statement in (
        mails.where(OutboxMail.status.not_in(["sent", "dropped"])).values(status="dropped"),
        mails.values(subject=None, body=None, error=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session="fetch"))


# --- Words ------------------------------------------------------------------------------------


@kinds.link("live")
def live_link(mail: Envelope) -> str | None:
    """The person's own page of the session."""
    participant = db.session.get(Participant, int(mail.person.partition(":")[2]))
    if participant is None or participant.email != mail.to_address:
        return None
    manage = registrations.token(participant, Purpose.MANAGE)
    return urls.external("live.my", manage=manage, slug=mail.facts["slug"])


@kinds.link("contribution")
def contribution_words(mail: Envelope) -> str | None:
    """Which contribution it is about: reference and title, or gone once it was withdrawn."""
    found = about(mail)
    if found is None:
        return None
    return f"{found.reference} · {found.title}" if found.title else found.reference


@kinds.link("contribution_page")
def contribution_page(mail: Envelope) -> str | None:
    """Its public page."""
    found = about(mail)
    if found is None:
        return None
    return urls.external(
        "board.contribution",
        consultation=found.consultation.slug,
        reference=found.reference,
    )


@kinds.link("ruling")
def ruling_words(mail: Envelope) -> str | None:
    """By which rule it was decided, and the moderator's reason; empty without either."""
    found = about(mail)
    if found is None:
        return None
    ruling = queries.rulings_of(found)[0]
    lines = [ruling.reason] if ruling.reason else []
    if ruling.rule:
        with force_locale(languages.nearest(mail.language).locale):
            rule = _("Rule %(number)s of the board:", number=ruling.rule)
            lines.insert(0, f"{rule} {_(RULES[ruling.rule - 1])}")
    return "\n".join(lines)


@kinds.link("answer")
def answer_words(mail: Envelope) -> str | None:
    """What became of it and why, as it is now; gone where the answer was taken back."""
    found = about(mail)
    answer = queries.answer_to(found, published=True) if found else None
    if answer is None:
        return None
    spoken = languages.nearest(mail.language)
    with force_locale(spoken.locale):
        lines = [panels.disposition_words(answer), answer.words(spoken.code)]
    return "\n".join(line for line in lines if line)


def about(mail: Envelope) -> Contribution | None:
    """Return what a mail is about, unless it was withdrawn."""
    found = db.session.get(Contribution, mail.subject_id or 0)
    return None if found is None or found.is_withdrawn else found


@kinds.kind("idea_to_confirm")
@kinds.kind("contribution_received")
@kinds.kind("contribution_decided")
@kinds.kind("answer_published")
def words(mail: Envelope, facts: Facts) -> Mail:
    """Return what the templates of these kinds name.

    What is told of a contribution are marks, filled in at sending: neither the stored mail nor
    those who look after the outbox connect it with an address.
    """
    context = facts | {
        "title": facts["session"],
        "name": mail.to_name,
        "press_by": moment(facts["press_by"], mail.timezone or facts["timezone"]),
        "times": [],
        "where": "",
        "about": "",
    }
    return Mail(context, sender=facts["consultation"])


def moment(instant: str | None, zone: str) -> str:
    """Return "Thu 3 Sep, 10:00 (Zurich, CEST)" in ``zone``."""
    if instant is None:
        return ""
    at = datetime.fromisoformat(instant)
    wall, letters = timing.wall(at, zone), timing.abbreviation(at, zone)
    where = filters.listed((filters.city(zone), letters))
    return f"{filters.listed((filters.day(wall), filters.hhmm(wall)))} ({where})"
