"""What the public pages of the document depend on, looked up before anything is rendered."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import bindparam, func, select

from app.attendance.models import Join, Scan
from app.audit.models import AuditEntry
from app.consultations.models import Consultation
from app.contributions.models import Contribution
from app.core.vocabulary import ConsultationStatus
from app.database import db
from app.floor.models import FloorTurn
from app.programme.models import Session
from app.registration.models import Registration
from app.reports.models import Edition, Excerpt
from app.web import pages

C = Consultation
IS_PUBLIC = C.status != ConsultationStatus.DRAFT.value
EDITION = (
    select(Edition.id, Edition.number, Edition.revision, Edition.changed_at)
    .join(C, Edition.consultation_id == C.id)
    .where(C.slug == bindparam("consultation"), IS_PUBLIC)
)
OF_EDITION = EDITION.where(Edition.number == bindparam("edition"))
LATEST = EDITION.order_by(Edition.number.desc()).limit(1)


def in_sessions(what: Any, row: Any) -> Any:
    """Return one figure about the rows that belong to the consultation's sessions."""
    found = select(what).select_from(row).join(Session, row.session_id == Session.id)
    return found.where(Session.consultation_id == C.id).scalar_subquery()


def in_consultation(what: Any, row: Any) -> Any:
    """Return one figure about the rows that belong to the consultation itself."""
    return select(what).select_from(row).where(row.consultation_id == C.id).scalar_subquery()


# Before the first edition the figures are those of the moment: whatever moves them moves one of
# these. Counting costs a reader's first request after a change, as everywhere.
SO_FAR = select(
    C.id,
    C.revision,
    C.changed_at,
    in_consultation(func.sum(Contribution.revision), Contribution).label("said"),
    in_consultation(func.max(Contribution.changed_at), Contribution).label("said_at"),
    in_consultation(func.count(), Excerpt).label("excerpts"),
    in_consultation(func.max(Excerpt.id), Excerpt).label("last_excerpt"),
    in_consultation(func.count(), AuditEntry)
    .where(AuditEntry.action.in_(("excerpt_changed", "theme_changed", "theme_merged")))
    .label("coded_otherwise"),
    in_consultation(func.sum(Session.revision), Session).label("sessions"),
    in_sessions(func.count(), Registration).label("registered"),
    in_sessions(func.max(Registration.changed_at), Registration).label("registered_at"),
    in_sessions(func.count(), Scan).label("scans"),
    in_sessions(func.count(), Join).label("joins"),
    in_sessions(func.count(FloorTurn.ended_at), FloorTurn).label("turns"),
).where(C.slug == bindparam("consultation"), IS_PUBLIC)


def of_edition(consultation: str, edition: str, **_form: str) -> pages.State | None:
    """Return the state of one edition: it changes by what people take back, and by nothing else."""
    found = edition_row(consultation, edition)
    if found is None:
        return None
    version, changed_at = (found.id, found.revision), found.changed_at
    return pages.State(pages.reader_query(request.args), version, changed_at, list)


def edition_row(consultation: str, edition: str) -> Any:
    """Return what an edition's page and files depend on; ``None`` where there is none."""
    if not (edition.isascii() and edition.isdecimal() and len(edition) < 7) or edition[0] == "0":
        return None
    values = {"consultation": consultation, "edition": int(edition)}
    return db.session.execute(OF_EDITION, values).one_or_none()


def file_key(path: str, query: Mapping[str, str]) -> Hashable:
    """Return the key under which a file of an edition is kept: its zone plays no part."""
    return "document", path, query.get("lang", "")


def sheet_key(path: str) -> Hashable:
    """Return the key under which the figures are kept as CSV, the same in every language."""
    return "results", path


def version_of_figures(edition: Any) -> tuple[Any, ...]:
    """Return what the figures of an edition depend on."""
    return "edition", edition.id, edition.revision


def of_results(consultation: str) -> pages.State | None:
    """Return the state of the figures: those of the newest edition, else as they are so far."""
    values = {"consultation": consultation}
    edition = db.session.execute(LATEST, values).one_or_none()
    if edition is not None:
        version = version_of_figures(edition)
        return pages.State(pages.reader_query(request.args), version, edition.changed_at, list)
    found = db.session.execute(SO_FAR, values).one_or_none()
    if found is None:
        return None
    dates: list[datetime | None] = [found.changed_at, found.said_at, found.registered_at]
    changed_at = max(each for each in dates if each is not None)
    return pages.State(pages.reader_query(request.args), tuple(found), changed_at, list)
