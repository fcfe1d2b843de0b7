"""What happens to feeds: an organiser's is made and made anew; fetches are noted, in batches."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, update

from app import clock
from app.accounts.models import Person
from app.audit import operations as audit
from app.core import links, texts
from app.core.links import Purpose
from app.database import db, lock, operation
from app.feeds import queries
from app.feeds.models import StaffFeed
from app.registration.models import Secret
from app.web import urls

log = logging.getLogger("app.feeds")
FLUSH_AFTER = timedelta(minutes=1)
REMEMBERED = 50_000


# --- The organisers' feed ---------------------------------------------------------------------


@operation
def staff_feed(person: Person) -> StaffFeed:
    """Return the feed of ``person``, made when it is first asked for."""
    lock(person)
    return queries.staff_feed_of(person.id) or new_staff_feed(person)


@operation
def renew_staff_feed(person: Person) -> StaffFeed:
    """Make the feed's address anew; the old one answers 410."""
    lock(person)
    old = queries.staff_feed_of(person.id)
    if old is not None:
        old.revoked_at = clock.now()
    feed = new_staff_feed(person)
    audit.record("staff_feed_renewed", person, consultation_id=None)
    return feed


def new_staff_feed(person: Person) -> StaffFeed:
    """Add the next secret of a person's feed."""
    version = queries.staff_feed_versions(person.id) + 1
    feed = StaffFeed(
        fingerprint=links.fingerprint(staff_token(person.id, version)),
        person=person,
        version=version,
        created_at=clock.now(),
    )
    db.session.add(feed)
    db.session.flush()
    return feed


def staff_token(person_id: int, version: int) -> str:
    """Return the secret of an organiser's feed, derived anew."""
    key = current_app.config["LINK_KEY"]
    return links.derive(key, Purpose.STAFF_FEED, f"person:{person_id}", version)


def staff_link(person: Person) -> str:
    """Return the whole address of a person's feed, to be shown to them alone."""
    feed = staff_feed(person)
    return urls.external("feeds.staff", token=staff_token(person.id, feed.version))


# --- Who fetches ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fetch:
    """The last fetch of one feed."""

    at: datetime
    user_agent: str


class Fetches:
    """The last fetch of each feed since the last flush: one write a minute, not one a poll."""

    def __init__(self) -> None:
        self._noted: dict[str, Fetch] = {}
        self._flushed_at: datetime | None = None
        self._guard = threading.Lock()

    def note(self, fingerprint: str, user_agent: str) -> None:
        """Remember that the feed behind ``fingerprint`` was fetched just now."""
        fetch = Fetch(clock.now(), texts.clean(user_agent[:200]))
        with self._guard:
            if len(self._noted) < REMEMBERED or fingerprint in self._noted:
                self._noted[fingerprint] = fetch

    @property
    def is_due(self) -> bool:
        """Whether a minute has passed since the last flush."""
        last = self._flushed_at
        return last is None or clock.now() >= last + FLUSH_AFTER

    def take(self) -> dict[str, Fetch]:
        """Return what was noted, and forget it; nothing if somebody else just did."""
        with self._guard:
            if not self.is_due:
                return {}
            noted, self._noted = self._noted, {}
            self._flushed_at = clock.now()
            return noted

    def clear(self) -> None:
        """Forget everything (tests)."""
        with self._guard:
            self._noted, self._flushed_at = {}, None


fetches = Fetches()


def flush_fetches() -> None:
    """Write down who fetched what, at most once a minute; a failure never fails a feed."""
    if not fetches.is_due:
        return
    noted = fetches.take()
    if not noted:
        return
    try:
        write_fetches(noted)
    except Exception:
        log.exception("the fetches of %d feeds could not be noted", len(noted))
        db.session.rollback()


@operation
def write_fetches(noted: Mapping[str, Fetch]) -> None:
    """Note first and last fetch and the app that asked, for the person to see."""
    for table in (Secret, StaffFeed):
        for fingerprint, fetch in sorted(noted.items()):
            db.session.execute(
                update(table)
                .where(table.fingerprint == fingerprint)
                .values(
                    first_used_at=func.coalesce(table.first_used_at, fetch.at),
                    last_used_at=fetch.at,
                    user_agent=fetch.user_agent,
                )
                .execution_options(synchronize_session=False)
            )
