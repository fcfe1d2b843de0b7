"""The outbox: what is to be told to whom, written in the transaction that made it true."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Instant, JsonObject

STATUSES = ("queued", "sending", "sent", "failed", "held", "dropped")


class OutboxMail(Base):
    """One mail to one person.

    The row states kind, recipient and frozen ``facts`` in the transaction of the change; the job
    renders it before the first attempt, stores the body and resends exactly that. Stored bodies
    carry placeholders where personal links go. ``person`` orders one person's mails
    (``participant:12``); ``dtstamp`` and ``sequence`` are the calendar part's. ``attempts`` counts
    conversations with the server, ``faults`` how often our own part of the work broke.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'failed', 'held', 'dropped')", name="status"
        ),
        Index("ix_outbox_mail_due", "status", "next_attempt_at"),
        Index("ix_outbox_mail_person", "person", "id"),
        Index("ix_outbox_mail_consultation", "consultation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(60))
    person: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int | None]
    to_address: Mapped[str] = mapped_column(String(320))
    to_name: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(12))
    timezone: Mapped[str | None] = mapped_column(String(64))
    facts: Mapped[JsonObject]
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    dtstamp: Mapped[Instant]
    sequence: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(12), default="queued")
    subject: Mapped[str | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(default=0)
    faults: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[Instant]
    not_after: Mapped[Instant | None]
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    claimed_at: Mapped[Instant | None]
    sent_at: Mapped[Instant | None]
    error: Mapped[str | None]
