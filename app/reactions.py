"""Who reacts to what: the whole table, one line each, inside the transaction of the news."""

from __future__ import annotations

from app.announcements import listen
from app.audit import operations as audit
from app.consultations.announcements import ConsultationChanged


def register() -> None:
    """Connect every reaction."""
    listen(ConsultationChanged, audit_consultation)


def audit_consultation(news: ConsultationChanged) -> None:
    """Note what happened to a consultation."""
    audit.record(
        news.action,
        news.consultation,
        consultation_id=news.consultation.id,
        details={"fields": list(news.fields)} if news.fields else None,
    )
