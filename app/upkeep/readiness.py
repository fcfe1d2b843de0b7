"""Is this installation ready, and do all invariants of its data hold? (`flask check`)"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import select

from app import clock
from app.consultations import queries as consultations
from app.core import capacity, timing
from app.core.vocabulary import SessionStatus
from app.database import db
from app.programme.models import Session
from app.registration import queries as registration
from app.registration.models import Registration


def problems() -> Iterator[str]:
    """Yield what is wrong with the settings, one sentence each."""
    config = current_app.config
    host = config["MAIL_SENDER"].rsplit("@", 1)[-1]
    if host in ("localhost", "127.0.0.1", "::1", "0.0.0.0"):  # noqa: S104  (a name to recognise)
        yield (
            f"MAIL_SENDER is {config['MAIL_SENDER']}: invitations from a loopback host are "
            "refused by calendars. Set SITE_URL or MAIL_SENDER."
        )
    if config["MAIL_URL"].startswith("file:"):
        yield "MAIL_URL is a folder: nobody gets a mail. Set it to an SMTP server."
    if config["WEB_WORKERS"] > 1 and not config["REDIS_URL"]:
        yield "Several web processes without REDIS_URL: each counts its rate limits alone."
    keys = Path(config["DATA_DIR"]) / "keys.json"
    if keys.exists() and stat.S_IMODE(keys.stat().st_mode) & 0o077:
        yield f"{keys} can be read by others: chmod 600 it."
    if problem := timing.use_one_database():
        yield problem
    yield from schema_problems()


def schema_problems() -> Iterator[str]:
    """Yield whether the tables are those of this program."""
    directory = current_app.extensions["migrate"].directory
    heads = set(ScriptDirectory(directory).get_heads())
    with db.engine.connect() as connection:
        here = set(MigrationContext.configure(connection).get_current_heads())
    if here != heads:
        yield "The tables are not those of this program: run `flask --app wsgi db upgrade`."
        return
    for consultation in consultations.published():
        missing = [
            name
            for name in ("controller", "purpose", "contact_email")
            if not getattr(consultation, name)
        ]
        if missing:
            yield (
                f"Consultation {consultation.slug}: {', '.join(missing)} missing; its privacy "
                "notice names the site instead."
            )


def broken_data() -> Iterator[str]:
    """Yield every invariant of the data that does not hold, naming rows by id."""
    for session in db.session.scalars(select(Session).order_by(Session.id)):
        yield from broken_times(session)
        yield from broken_places(session)


def broken_times(session: Session) -> Iterator[str]:
    """Yield where the derived instants are no longer those of the wall clocks."""
    for name, fold in (("starts", session.fold), ("ends", session.ends_fold)):
        found = timing.instants(getattr(session, name), session.timezone)
        derived = getattr(session, f"{name}_at")
        if not found or derived != found[min(fold, len(found) - 1)]:
            yield f"session:{session.id}: {name} has moved; run `flask programme rezone`."


def broken_places(session: Session) -> Iterator[str]:
    """Yield where somebody waits for a place that is free, or stands in a mode not offered."""
    now = clock.now()
    places = registration.places(session)
    takes_place = session.status == SessionStatus.PUBLISHED and session.ends_at > now
    for mode, each in places.items():
        if takes_place and each.waiting and capacity.next_in_line(each, [None]):
            yield f"session:{session.id}: somebody waits for {mode.value} while a place is free."
    for row in db.session.scalars(
        select(Registration).where(Registration.session_id == session.id)
    ):
        if row.is_live and row.mode not in session.capacity:
            yield f"registration:{row.id}: holds a mode the session does not offer ({row.mode})."
