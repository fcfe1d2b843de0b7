"""Writing the audit: always inside the transaction of the act."""

from __future__ import annotations

from typing import Any

from flask import has_request_context

from app import clock
from app.audit.models import AuditEntry
from app.database import db, operation
from app.web import access


@operation
def record(
    action: str,
    row: Any,
    *,
    consultation_id: int | None,
    details: dict[str, Any] | None = None,
    actor: str | None = None,
) -> None:
    """Note that ``actor`` (by default whoever acts in this request) did ``action`` to ``row``.

    ``row`` is a row with an ``id``, or its name. ``details`` hold ids, field names and values
    that are about no person.
    """
    if actor is None:
        actor = access.actor_key() if has_request_context() else "system"
    named = row if isinstance(row, str) else f"{row.__tablename__}:{row.id}"
    db.session.add(
        AuditEntry(
            at=clock.now(),
            actor=actor,
            action=action,
            object=named,
            consultation_id=consultation_id,
            details=details,
        )
    )
