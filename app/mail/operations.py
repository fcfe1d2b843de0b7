"""What happens to mails: they are put into the outbox, claimed, sent, put back or given up.

Each operation is a transaction of its own and short; nothing here talks to a mail server.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from app import clock, jobs
from app.consultations import queries as consultations
from app.core import links
from app.database import after_commit, db, lock, operation
from app.mail import queries
from app.mail.kinds import Envelope
from app.mail.models import OutboxMail

LEASE = timedelta(seconds=60)  # longer than the 45 s an SMTP conversation may take
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP = timedelta(days=5)  # as mail servers do
POISON = 5
ERROR_LENGTH = 500


@operation
def put(
    kind: str,
    *,
    person: str,
    to_address: str,
    to_name: str,
    language: str,
    timezone: str | None,
    facts: dict[str, Any],
    consultation_id: int | None = None,
    subject_id: int | None = None,
    sequence: int | None = None,
    not_after: datetime | None = None,
    at: datetime | None = None,
) -> OutboxMail:
    """State that ``person`` is to be told something; a job writes and sends it after the commit.

    ``facts`` are frozen JSON; ``person`` (``participant:12``) keeps one person's mails in order.
    A mail still unsent at ``not_after`` is dropped; ``at`` sends it later than now. Of a rehearsal
    nobody is told anything, whatever address somebody left there: that mail is stored nowhere.
    """
    now = clock.now().replace(microsecond=0)
    mail = OutboxMail(
        kind=kind,
        person=person,
        to_address=to_address,
        to_name=to_name,
        language=language,
        timezone=timezone,
        facts=facts,
        consultation_id=consultation_id,
        subject_id=subject_id,
        sequence=sequence,
        message_id=f"<{links.new_id()}@{message_host()}>",
        dtstamp=now,
        next_attempt_at=at or now,
        not_after=not_after,
    )
    if consultation_id is not None and consultations.is_rehearsal(consultation_id):
        mail.status = "dropped"
        return mail
    db.session.add(mail)
    if at is None:
        after_commit(ring)
    return mail


def ring() -> None:
    """Wake the sender."""
    jobs.ring("mail.send")


def message_host() -> str:
    """Return what stands behind the @ of a Message-ID."""
    return current_app.config["UID_HOST"]


# --- Claiming ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Claim(Envelope):
    """A mail in the hands of one sender, as plain values: no row, hence no open transaction."""

    subject: str | None
    body: bytes | None
    attempts: int


COPIED = tuple(Claim.__dataclass_fields__)


def copy(mail: OutboxMail) -> Claim:
    """Return the values of ``mail``."""
    return Claim(**{name: getattr(mail, name) for name in COPIED})


@operation
def claim() -> Claim | None:
    """Take the next mail that is due, or ``None``. It is ours until LEASE has passed.

    One person's mails leave in order: an earlier one that is on its way, due, or being tried again
    holds the later ones. A mail whose time has passed is dropped on the way.
    """
    now = clock.now()
    while (mail := queries.next_due(now, lapsed=now - LEASE)) is not None:
        if mail.not_after is not None and now >= mail.not_after:
            mail.status = "dropped"
            db.session.flush()
            continue
        mail.status = "sending"
        mail.attempts += 1
        mail.claimed_by = jobs.this_process()
        mail.claimed_at = now
        db.session.flush()
        return copy(mail)
    return None


@operation
def free_claims() -> int:
    """Put back what processes held that are gone; a starting worker need not wait for the lease."""
    freed = 0
    for mail in queries.being_sent():
        if jobs.is_gone(mail.claimed_by or ""):
            put_back(mail, at=clock.now())
            if mail.body is None:  # it died while the mail was being written
                count_fault(mail, "the process ended while writing this mail")
            freed += 1
    return freed


# --- What became of it ------------------------------------------------------------------------


@operation
def store_body(mail_id: int, claimed_attempt: int, *, subject: str, body: bytes) -> bool:
    """Keep what is about to be sent; later attempts send exactly this."""
    mail = held(mail_id, claimed_attempt)
    if mail is None:
        return False
    mail.subject, mail.body = subject, body
    return True


@operation
def mark_sent(mail_id: int, claimed_attempt: int) -> None:
    """Note that the server took it."""
    if mail := held(mail_id, claimed_attempt):
        mail.status = "sent"
        mail.sent_at = clock.now()
        mail.error = mail.claimed_by = mail.claimed_at = None


@operation
def try_later(mail_id: int, claimed_attempt: int, error: str) -> None:
    """Put it back after a passing fault: a minute first, then twice as long, at most an hour."""
    if mail := held(mail_id, claimed_attempt):
        now = clock.now()
        mail.error = error[:ERROR_LENGTH]
        put_back(mail, at=now + waiting_time(mail.attempts))
        if now - mail.dtstamp > GIVE_UP:
            mail.status = "failed"


@operation
def give_up(mail_id: int, claimed_attempt: int, error: str) -> None:
    """The server refused it for good: staff see it, nobody tries again by himself."""
    if mail := held(mail_id, claimed_attempt):
        mail.error = error[:ERROR_LENGTH]
        put_back(mail, at=clock.now())
        mail.status = "failed"


@operation
def note_fault(mail_id: int, claimed_attempt: int, error: str) -> None:
    """Our own part broke: try again a few times, then leave it to staff."""
    if mail := held(mail_id, claimed_attempt):
        put_back(mail, at=clock.now() + waiting_time(mail.attempts))
        count_fault(mail, error)


@operation
def drop(mail_id: int, claimed_attempt: int, error: str) -> None:
    """It must not be sent any more, for instance because its links were revoked."""
    if mail := held(mail_id, claimed_attempt):
        mail.error = error[:ERROR_LENGTH]
        put_back(mail, at=clock.now())
        mail.status = "dropped"


@operation
def drop_unsent(person: str, *, to_address: str) -> None:
    """Drop what ``person`` has not been sent yet at ``to_address``."""
    for mail in queries.unsent_of(person):
        if mail.to_address == to_address and mail.status != "sending":
            mail.status = "dropped"


# --- What staff do ----------------------------------------------------------------------------


@operation
def resend(mail: OutboxMail) -> None:
    """Send the very same message again, or a failed one at last."""
    lock(mail)
    if mail.status == "sending":
        return
    put_back(mail, at=clock.now())
    mail.attempts = mail.faults = 0
    mail.error = mail.not_after = None
    after_commit(ring)


@operation
def resend_failed(consultation_id: int) -> int:
    """Try all failed mails of a consultation again."""
    return _requeue(consultation_id, "failed")


@operation
def release_held(consultation_id: int) -> int:
    """Let the mails go that a restore held back."""
    return _requeue(consultation_id, "held")


def _requeue(consultation_id: int, status: str) -> int:
    after_commit(ring)
    result = db.session.execute(
        update(OutboxMail)
        .where(OutboxMail.consultation_id == consultation_id, OutboxMail.status == status)
        .values(status="queued", attempts=0, faults=0, error=None, next_attempt_at=clock.now())
    )
    return result.rowcount  # type: ignore[attr-defined]  # an UPDATE has one


# --- What the verbs share ---------------------------------------------------------------------


def held(mail_id: int, claimed_attempt: int) -> OutboxMail | None:
    """Return the mail if it is still in our hands from that attempt, locked."""
    return db.session.scalars(
        select(OutboxMail)
        .where(
            OutboxMail.id == mail_id,
            OutboxMail.status == "sending",
            OutboxMail.claimed_by == jobs.this_process(),
            OutboxMail.attempts == claimed_attempt,
        )
        .with_for_update()
    ).one_or_none()


def put_back(mail: OutboxMail, *, at: datetime) -> None:
    """Take it out of a sender's hands, to be tried from ``at``."""
    mail.status = "queued"
    mail.next_attempt_at = at
    mail.claimed_by = mail.claimed_at = None


def count_fault(mail: OutboxMail, error: str) -> None:
    """Count a fault of ours; at the fifth the mail is poison and stands aside."""
    mail.faults += 1
    mail.error = error[:ERROR_LENGTH]
    if mail.faults >= POISON:
        mail.status = "failed"


def waiting_time(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts."""
    return min(FIRST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)
