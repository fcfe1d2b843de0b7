"""Secrets: made, made anew, revoked, and noted when they are used."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, update

from app import clock
from app.core import links
from app.core.links import Purpose
from app.database import db, lock, operation
from app.registration import queries
from app.registration.models import Participant, Registration, Secret
from app.registration.operations.ledger import touch_people

PERSONAL = (Purpose.MANAGE, Purpose.FEED, Purpose.UNSUBSCRIBE)
NOTED_AFTER = timedelta(minutes=1)
LONGEST_AGENT = 200


def issue(
    participant: Participant,
    purposes: Sequence[Purpose] = PERSONAL,
    *,
    expires_at: datetime | None = None,
) -> None:
    """Store the fingerprints of the present secrets of ``participant``."""
    now = clock.now()
    for purpose in purposes:
        db.session.add(
            Secret(
                fingerprint=links.fingerprint(queries.token(participant, purpose)),
                purpose=purpose.value,
                participant=participant,
                created_at=now,
                expires_at=expires_at if purpose is Purpose.MANAGE else None,
            )
        )


def issue_join(registration: Registration) -> None:
    """Store the fingerprint of the way into one session's room."""
    db.session.add(
        Secret(
            fingerprint=links.fingerprint(queries.join_token(registration)),
            purpose=Purpose.JOIN.value,
            participant=registration.participant,
            registration_id=registration.id,
            created_at=clock.now(),
        )
    )


def revoke(participant: Participant, *purposes: Purpose) -> None:
    """Let secrets answer 410 from now on; all of them where no purpose is named."""
    db.session.flush()
    query = update(Secret).where(
        Secret.participant_id == participant.id, Secret.revoked_at.is_(None)
    )
    if purposes:
        query = query.where(Secret.purpose.in_([purpose.value for purpose in purposes]))
    db.session.execute(query.values(revoked_at=clock.now()))


def make_anew(participant: Participant, *, expires_at: datetime | None = None) -> None:
    """Derive every link of ``participant`` from a new version; what was revoked stays so."""
    participant.link_version += 1
    participant.feed_version += 1
    issue(participant, expires_at=expires_at)
    for registration in queries.of_participant(participant):
        issue_join(registration)


@operation
def renew_feed(participant: Participant) -> None:
    """Make the calendar address anew; the old one answers 410."""
    lock(participant)
    revoke(participant, Purpose.FEED)
    participant.feed_version += 1
    issue(participant, [Purpose.FEED])
    db.session.flush()
    touch_people([participant.id])


# --- Use ------------------------------------------------------------------------------------------

_uses: dict[str, tuple[datetime, datetime, str]] = {}  # first and last use, by what
_oldest: datetime | None = None
_guard = threading.Lock()


def note_use(token: str, user_agent: str = "") -> None:
    """Remember that a secret was used just now; written once a minute, not with every poll."""
    global _oldest
    now = clock.now()
    with _guard:
        first = _uses.get(links.fingerprint(token), (now,))[0]
        _uses[links.fingerprint(token)] = (first, now, user_agent[:LONGEST_AGENT])
        _oldest = _oldest or now
        due = now - _oldest >= NOTED_AFTER
    if due:
        write_uses()


def write_uses() -> None:
    """Write what `note_use` remembered."""
    global _oldest
    with _guard:
        noted, _oldest = dict(_uses), None
        _uses.clear()
    if noted:
        _write(sorted(noted.items()))


@operation
def _write(noted: list[tuple[str, tuple[datetime, datetime, str]]]) -> None:
    for fingerprint, (first, last, user_agent) in noted:
        db.session.execute(
            update(Secret)
            .where(Secret.fingerprint == fingerprint)
            .values(
                first_used_at=func.coalesce(Secret.first_used_at, first),
                last_used_at=last,
                user_agent=user_agent or None,
            )
        )
