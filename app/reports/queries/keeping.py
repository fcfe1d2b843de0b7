"""The material kept between two changes: a rapporteur turns many pages and saves one sentence.

What a page shows is read anew as soon as one statement says that anything moved. The look-up
counts acts (every one of coding, writing, answering, merging, erasing is in the audit) and what
people do without one. Numbers alone would not do: two transactions may commit in another order
than that of their numbers, hence counts and sums. Freezing never asks here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from copy import copy
from typing import Any

from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.consultations.models import Consultation
from app.contributions.models import Answer, Contribution
from app.database import db
from app.programme.models import Session
from app.registration.models import Registration
from app.reports.models import Citation, Excerpt, Statement
from app.reports.queries.material import Material, material

MOST = 2  # consultations; a large one weighs some 30 MB
C = Consultation


def of(row: Any, *what: Any) -> list[Any]:
    """Return figures about the rows of the consultation that is looked up."""
    return [
        select(each).select_from(row).where(row.consultation_id == C.id).scalar_subquery()
        for each in what
    ]


STATE = select(
    C.id,
    C.revision,
    *of(AuditEntry, func.count(), func.max(AuditEntry.id)),
    *of(Contribution, func.count(), func.sum(Contribution.revision)),
    *of(Excerpt, func.count(), func.max(Excerpt.id)),
    *of(Statement, func.count(), func.sum(Statement.revision), func.count(Statement.reviewed_at)),
    *of(Answer, func.count(), func.count(Answer.published_at)),
    *of(Session, func.count(), func.sum(Session.revision)),
    select(func.count())
    .select_from(Citation)
    .join(Statement, Citation.statement_id == Statement.id)
    .where(Statement.consultation_id == C.id)
    .scalar_subquery(),
    select(func.count())
    .select_from(Registration)
    .join(Session, Registration.session_id == Session.id)
    .where(Session.consultation_id == C.id)
    .scalar_subquery(),
    select(func.max(Registration.changed_at))
    .select_from(Registration)
    .join(Session, Registration.session_id == Session.id)
    .where(Session.consultation_id == C.id)
    .scalar_subquery(),
)

_kept: OrderedDict[Any, tuple[Any, Material]] = OrderedDict()
_guard = threading.Lock()


def kept(consultation: Consultation) -> Material:
    """Return the material of a consultation as it is now: read anew only if anything moved."""
    key = str(db.engine.url), consultation.id
    state = tuple(db.session.execute(STATE.where(C.id == consultation.id)).one())
    with _guard:
        known = _kept.get(key)
        if known is not None and known[0] == state:
            _kept.move_to_end(key)
            return belonging(known[1], consultation)
    found = material(consultation)
    with _guard:
        _kept[key] = state, found
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found


def belonging(found: Material, consultation: Consultation) -> Material:
    """Return ``found`` with the row of this request, and all that was concluded of it.

    Rows of sessions stay behind: they belong to the request that read them.
    """
    mine = copy(found)
    object.__setattr__(mine, "consultation", consultation)
    object.__setattr__(mine, "sessions", {})
    return mine


def forget() -> None:
    """Forget everything (tests)."""
    with _guard:
        _kept.clear()
